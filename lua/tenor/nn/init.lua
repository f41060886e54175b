--- Initialisers, as Keras 2.3 draws them (paper.md, section 5).
local core = require "tenor.core"
local tenor = require "tenor"

local init = {}

-- Layers made without a generator share this one. It starts the same in every
-- process, so that a script without a word about seeds repeats itself;
-- `tenor.seed(n)` starts it elsewhere.
local default = tenor.rng(0)

--- Seeds the generator that layers without one of their own draw their first weights from.
-- @int seed any integer
function init.seed(seed) default = tenor.rng(seed) end

function init.generator(rng) return rng or default end

--- In place of a generator: first weights are not drawn, since others come from a file.
init.blank = setmetatable({}, { __name = "tenor.nn.init.blank" })

--- Draws a new layer's weights, unless `rng` is `init.blank`.
function init.draw(layer, rng)
  if rng ~= init.blank then layer:draw(init.generator(rng)) end
end

function init.check_size(call, what, n)
  if math.type(n) ~= "integer" or n < 1 then
    error(("%s: %s must be a whole number from 1, got %s"):format(call, what, tostring(n)), 4)
  end
end

--- Uniform in ±limit.
function init.uniform(t, limit, rng)
  t:copy_from(tenor.rand(t:shape(), rng))
  t:mul(2 * limit)
  t:sub(limit)
end

--- Uniform in ±sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio 2010).
function init.glorot_uniform(t, fan_in, fan_out, rng) init.uniform(t, math.sqrt(6 / (fan_in + fan_out)), rng) end

--- (rows, cols), rows >= cols, with orthonormal columns, uniform over all such
-- matrices: Q of a Gaussian matrix's QR, signs by R's diagonal (Saxe et al. 2014).
function init.orthogonal(t, rng) core.layers.orthogonal(t, rng) end

return init
