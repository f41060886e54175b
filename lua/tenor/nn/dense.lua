--- A fully connected layer, y = f(x Wᵀ + b).
-- @classmod nn.Dense
local core = require "tenor.core"
local init = require "tenor.nn.init"
local options = require "tenor.options"
local Module = require "tenor.nn.module"

local Dense = Module.class "Dense"

local activations = { linear = true, relu = true, tanh = true, sigmoid = true }

--- Makes the layer. Parameters: `weight` (outputs, inputs), Glorot uniform; `bias` (outputs), zero.
-- @int inputs width of x
-- @int outputs width of y
-- @tparam[opt] table opts `activation` "linear" (default), "relu", "tanh" or "sigmoid";
-- `heads` (false), true when the outputs are separate Dense(1) layers side by side, which
-- differs only in the limit of the Glorot initialiser; `rng`, the generator of the first weights; `name`
-- @raise where a size is no whole number from 1, or the activation is unknown
function Dense.new(inputs, outputs, opts)
  local o = options.fill("nn.Dense", opts,
    { activation = "linear", heads = false, rng = options.none, name = options.none })
  init.check_size("nn.Dense", "inputs", inputs)
  init.check_size("nn.Dense", "outputs", outputs)
  if not activations[o.activation] then
    error(("nn.Dense: activation must be linear, relu, tanh or sigmoid, got %s"):format(tostring(o.activation)), 3)
  end
  local self = Module.create(Dense, {
    inputs = inputs, outputs = outputs, activation = o.activation, heads = o.heads, name = o.name,
  })
  self:parameter("weight", outputs, inputs)
  self:parameter("bias", outputs)
  init.draw(self, o.rng)
  return self
end

function Dense:draw(rng)
  init.glorot_uniform(self.values.weight, self.inputs, self.heads and 1 or self.outputs, rng)
  self.values.bias:zero()
end

-- What a saved model says of the layer (nn.architecture).
Dense._saved = {
  fields = { inputs = "size", outputs = "size", activation = activations, heads = "boolean" },
  shapes = function(d) return { weight = { d.outputs, d.inputs }, bias = { d.outputs } } end,
  restored = function(d, rng)
    return Dense.new(d.inputs, d.outputs, { activation = d.activation, heads = d.heads, name = d.name, rng = rng })
  end,
}

function Dense:label() return ("Dense(%d -> %d)"):format(self.inputs, self.outputs) end

function Dense:output_shape(input)
  local shape = {}
  for i = 1, input and #input - 1 or 1 do shape[i] = input and input[i] or "N" end
  shape[#shape + 1] = self.outputs
  return shape
end

-- (N, T, D) is taken as (N·T, D): every step alike.
local function flat(self, x, width, what)
  local shape = Module.is_tensor(x) and x:dtype() ~= "int32" and x:shape()
  if not shape or #shape < 2 or shape[#shape] ~= width then
    self:fail("%s must be (N, %d), got %s", what, width, Module.shape_text(x))
  end
  if #shape == 2 then return x, shape end
  return x:reshape(x:size() // width, width), shape
end

local function unflat(y, shape, width)
  if #shape == 2 then return y end
  shape[#shape] = width
  return y:reshape(shape)
end

--- Runs the layer.
-- @param x (N, inputs) or (N, T, inputs)
-- @treturn Tensor|Sequence (N, outputs) or (N, T, outputs)
function Dense:run(x)
  if type(x) == "table" and x.layout then
    local prefix = x.prefix and {
      steps = x.prefix.steps, key = core.training.fingerprint(x.prefix.key, self.values.weight, self.values.bias),
      rows = function(n) return self:forward(x.prefix.rows(n)) end,
    }
    return x:like(self:run(x.data), prefix)
  end
  local rows, shape = flat(self, x, self.inputs, "x")
  local y = self:buffer("y", rows:size(1), self.outputs)
  core.layers.dense_forward(y, rows, self.values.weight, self.values.bias, self.activation)
  self.x, self.y = rows, y
  return unflat(y, shape, self.outputs)
end

function Dense:run_back(dy)
  if type(dy) == "table" and dy.layout then
    return dy:like(self:run_back(dy.data))
  end
  if not self.x then self:fail("backward comes after forward") end
  local rows, shape = flat(self, dy, self.outputs, "dy")
  local n = self.x:size(1)
  if rows:size(1) ~= n then self:fail("dy must have the %d rows of x, got %d", n, rows:size(1)) end
  local dx = self:buffer("dx", n, self.inputs)
  core.layers.dense_backward(dx, self.grads.weight, self.grads.bias, rows, self.x, self.values.weight, self.y,
    self:buffer("dz", n, self.outputs), self.activation)
  return unflat(dx, shape, self.inputs)
end

return Dense
