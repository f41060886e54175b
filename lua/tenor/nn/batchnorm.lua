--- Batch normalisation over (N, F) (Ioffe & Szegedy 2015).
-- @classmod nn.BatchNorm
local core = require "tenor.core"
local init = require "tenor.nn.init"
local options = require "tenor.options"
local Module = require "tenor.nn.module"
local tenor = require "tenor"

local BatchNorm = Module.class "BatchNorm"

--- Makes the layer. Parameters: `gamma` (F) ones, `beta` (F) zeros. Kept: `running_mean` (F) zeros,
-- `running_var` (F) ones, moved in training by the batch's mean and unbiased variance.
-- @int features F
-- @tparam[opt] table opts `momentum` 0.99 and `eps` 1e-3, Keras's; `name`
-- @raise where features is no whole number from 1 or an option is out of range
function BatchNorm.new(features, opts)
  local o = options.fill("nn.BatchNorm", opts, { momentum = 0.99, eps = 1e-3, name = options.none })
  init.check_size("nn.BatchNorm", "features", features)
  for _, option in ipairs { "momentum", "eps" } do
    local v, most = o[option], option == "momentum" and 1 or math.huge
    if type(v) ~= "number" or not (v >= 0 and v <= most and v < math.huge) then
      error(("nn.BatchNorm: %s must be a number from 0%s, got %s"):format(option,
        option == "momentum" and " to 1" or "", tostring(v)), 3)
    end
  end
  local self = Module.create(BatchNorm, { features = features, momentum = o.momentum, eps = o.eps, name = o.name })
  self:parameter("gamma", features)
  self:parameter("beta", features)
  self.state.running_mean = tenor.zeros(features)
  self.state.running_var = tenor.ones(features)
  self:draw()
  return self
end

function BatchNorm:draw()
  self.values.gamma:fill(1)
  self.values.beta:zero()
  self.state.running_mean:zero()
  self.state.running_var:fill(1)
end

-- What a saved model says of the layer (nn.architecture).
BatchNorm._saved = {
  fields = { features = "size", momentum = "share", eps = "amount" },
  shapes = function(d)
    local one = { d.features }
    return { gamma = one, beta = one, running_mean = one, running_var = one }
  end,
  restored = function(d) return BatchNorm.new(d.features, { momentum = d.momentum, eps = d.eps, name = d.name }) end,
}

function BatchNorm:label() return ("BatchNorm(%d)"):format(self.features) end

function BatchNorm:output_shape() return { "N", self.features } end

local function check(self, what, x)
  if not Module.is_tensor(x) or x:dtype() == "int32" or x:rank() ~= 2 or x:size(2) ~= self.features then
    self:fail("%s must be (N, %d), got %s", what, self.features, Module.shape_text(x))
  end
end

local function moments(self) return self:buffer("mean", 1, self.features):reshape(self.features),
  self:buffer("inv_std", 1, self.features):reshape(self.features) end

--- x (N, F) → (N, F). One row in training becomes `beta`, as in Keras: its variance is 0.
-- @treturn Tensor
function BatchNorm:run(x)
  check(self, "x", x)
  if self.training and x:size(1) < 1 then self:fail("training needs at least 1 row, got none") end
  local y = self:buffer("y", x:size(1), self.features)
  local v, s = self.values, self.state
  local mean, inv_std = moments(self)
  core.layers.batchnorm_forward(y, x, self.training, v.gamma, v.beta, s.running_mean, s.running_var, mean, inv_std,
    self.momentum, self.eps)
  self.x, self.trained = x, self.training
  return y
end

function BatchNorm:run_back(dy)
  check(self, "dy", dy)
  if not self.x then self:fail("backward comes after forward") end
  if dy:size(1) ~= self.x:size(1) then self:fail("dy must have the %d rows of x, got %d", self.x:size(1), dy:size(1)) end
  local dx = self:buffer("dx", self.x:size(1), self.features)
  local v, s, g = self.values, self.state, self.grads
  local mean, inv_std = moments(self)
  core.layers.batchnorm_backward(dx, g.gamma, g.beta, dy, self.x, self.trained, v.gamma, v.beta, s.running_mean,
    s.running_var, mean, inv_std, self.momentum, self.eps)
  return dx
end

return BatchNorm
