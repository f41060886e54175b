--- Comparing tensors by the error that rounding explains: the largest difference
-- divided by the largest number of what is expected. (Entry by entry would ask of
-- a sum that nearly cancels more than any order of additions can give.)
--   assert.relative(expected, actual, tolerance[, label])
--   relative.grads(model)   name → gradient
-- Where TENOR_FIGURES names a file, the errors reached are appended to it.
local assert = require "luassert"
local say = require "say"
local tenor = require "tenor"

local relative = { double = tenor.real == "float64" }

function relative.error(expected, actual)
  if expected:size() == 0 then return 0 end
  local scale = expected:abs():max()
  return (actual - expected):abs():max() / (scale > 0 and scale or 1)
end

--- The tolerance of this build.
function relative.by_build(double, float) return relative.double and double or float end

local function compare(state, arguments)
  local expected, actual, tolerance, label = table.unpack(arguments, 1, 4)
  if type(expected) == "table" then expected = tenor.tensor(expected) end
  if type(actual) == "table" then actual = tenor.tensor(actual) end
  local shapes = { table.concat(expected:shape(), ", "), table.concat(actual:shape(), ", ") }
  if shapes[1] ~= shapes[2] then
    state.failure_message = ("%s: expected shape (%s), got (%s)"):format(label or "tensor", shapes[1], shapes[2])
    return false
  end
  local err = relative.error(expected, actual)
  local figures = os.getenv "TENOR_FIGURES"
  if figures and label then
    local file <close> = assert(io.open(figures, "a"))
    file:write(("%s %s %.3g\n"):format(tenor.real, label, err))
  end
  state.failure_message = ("%s: relative error %.3g is above %.3g"):format(label or "tensor", err, tolerance)
  return err <= tolerance -- false for NaN
end

say:set("assertion.relative.positive", "Expected %s\ngot %s\nwithin %s")
assert:register("assertion", "relative", compare, "assertion.relative.positive")

--- All gradients of a model by name.
function relative.grads(model)
  local out = {}
  for _, p in ipairs(model:parameters()) do out[p.name] = p.grad end
  return out
end

--- Compares two tables of tensors name by name; `tolerance` a number or f(name).
function relative.each(expected, actual, tolerance, label)
  for name, t in pairs(expected) do
    assert.is_not_nil(actual[name], name .. " is missing")
    local within = type(tolerance) == "function" and tolerance(name) or tolerance
    assert.relative(t, actual[name], within, (label or "") .. name)
  end
  for name in pairs(actual) do assert.is_not_nil(expected[name], name .. " is not expected") end
end

--- Whether two tensors hold the same bits (neither may hold NaN).
function relative.same(a, b)
  return table.concat(a:shape(), ",") == table.concat(b:shape(), ",") and (a - b):abs():sum() == 0
end

return relative
