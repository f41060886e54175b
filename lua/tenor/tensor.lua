--- Tensors: what `tenor` offers of them at the top, and the methods that read
-- better in Lua.
local core = require("tenor.core").tensor
local options = require "tenor.options"

local tensor = {
  zeros = core.zeros, ones = core.ones, full = core.full, tensor = core.tensor, arange = core.arange,
  rand = core.rand, randn = core.randn, rng = core.rng, cat = core.cat, stack = core.stack,
  where = core.methods.where,
}

local close_defaults = { rtol = 1e-5, atol = 1e-8, equal_nan = false }
local raw_allclose = core.methods.allclose

--- Whether |a - b| <= atol + rtol |b| for every pair of numbers; a and b
-- broadcast. Also the method `a:allclose(b, options)`.
-- @param a a tensor (or a number, when b is a tensor)
-- @param b a tensor or a number
-- @tparam[opt] table given `rtol` (1e-5), `atol` (1e-8), `equal_nan` (false)
-- @treturn boolean
-- @raise when the shapes do not broadcast
function tensor.allclose(a, b, given)
  local o = options.fill("tenor.allclose", given, close_defaults)
  return raw_allclose(a, b, o.rtol, o.atol, o.equal_nan)
end
core.methods.allclose = tensor.allclose

local class = getmetatable(core.zeros(1))

local function next_row(x, i)
  if i < #x then return i + 1, x[i + 1] end
end

--- Iterates over the first axis: `for i, row in x:rows() do`. (ipairs would run
-- past the end, where `x[#x + 1]` raises.)
-- @treturn function number and row, a view; for rank 1 number and number
function core.methods.rows(x)
  if getmetatable(x) ~= class then error("tensor:rows: x must be a tensor, got " .. type(x), 2) end
  return next_row, x, 0
end

return tensor
