--- Dropout (Srivastava et al. 2014), inverted: in training each number is kept
-- with probability 1 - p and scaled by 1/(1 - p); in inference nothing happens.
-- @classmod nn.Dropout
local core = require "tenor.core"
local init = require "tenor.nn.init"
local options = require "tenor.options"
local Module = require "tenor.nn.module"

local Dropout = Module.class "Dropout"
Dropout.uses_rng = true

--- Makes the layer.
-- @number p probability of dropping, 0 <= p < 1
-- @tparam[opt] table opts `rng`: where the masks come from; by default the generator that
-- layers made without one share (`fit` gives the model one of the run's seed); `name`
-- @raise where p is out of range
function Dropout.new(p, opts)
  local o = options.fill("nn.Dropout", opts, { rng = options.none, name = options.none })
  if type(p) ~= "number" or not (p >= 0 and p < 1) then
    error(("nn.Dropout: p must be at least 0 and less than 1, got %s"):format(tostring(p)), 3)
  end
  return Module.create(Dropout, { p = p, name = o.name, rng = o.rng })
end

-- What a saved model says of the layer (nn.architecture).
Dropout._saved = {
  fields = { p = "part" },
  shapes = function() return {} end,
  restored = function(d) return Dropout.new(d.p, { name = d.name }) end,
}

function Dropout:label() return ("Dropout(%g)"):format(self.p) end
function Dropout:text() return self:label() end
function Dropout:output_shape(input) return input or { "..." } end -- luacheck: ignore self (a method, as in each layer)

--- Runs the layer; x may be of any shape, but not a Sequence with shared padding: masks would differ where the
-- padding must not.
-- @treturn Tensor|Sequence
function Dropout:run(x)
  local idle = not self.training or self.p == 0
  self.mask = nil
  if idle then return x end
  if type(x) == "table" and x.layout then
    local _, _, chain = x.layout:info()
    if chain > 0 then self:fail("cannot drop inside shared front padding: use padding = \"none\" or \"dense\"") end
    return x:like(self:run(x.data))
  end
  if not Module.is_tensor(x) or x:dtype() == "int32" then self:fail("x must be a real tensor, got %s", Module.shape_text(x)) end
  local n = x:size()
  local mask = self:buffer("mask", 1, n):reshape(n)
  core.layers.dropout_mask(mask, self.rng or init.generator(), self.p)
  self.mask = mask:reshape(x:shape())
  local y = self:buffer("y", 1, n):reshape(x:shape())
  y:copy_from(x)
  return y:mul(self.mask)
end

function Dropout:run_back(dy)
  if not self.mask then return dy end
  if type(dy) == "table" and dy.layout then return dy:like(self:run_back(dy.data)) end
  if Module.shape_text(dy) ~= Module.shape_text(self.mask) or dy:dtype() == "int32" then
    self:fail("dy must be %s, got %s", Module.shape_text(self.mask), Module.shape_text(dy))
  end
  local dx = self:buffer("dx", 1, dy:size()):reshape(dy:shape())
  dx:copy_from(dy)
  return dx:mul(self.mask)
end

return Dropout
