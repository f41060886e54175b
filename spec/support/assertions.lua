--- Assertions on tensors, for all specs: `require "spec.support.assertions"`.
--   assert.near_tensor(expected, actual[, tolerance])   expected: nested table or tensor
--   assert.raises(pattern_or_text, f, ...)              the message holds this text
local assert = require "luassert"
local say = require "say"
local tenor = require "tenor"

-- One rounding of a float is 6e-8; a few of them in a row stay below this.
local default_tolerance = tenor.real == "float64" and 1e-12 or 1e-5

local function same_shape(a, b)
  local s, t = a:shape(), b:shape()
  if #s ~= #t then return false end
  for i = 1, #s do if s[i] ~= t[i] then return false end end
  return true
end

local function near_tensor(state, arguments)
  local expected, actual, tolerance = arguments[1], arguments[2], arguments[3] or default_tolerance
  if type(expected) == "table" then expected = tenor.tensor(expected, actual:dtype()) end
  arguments[1], arguments[2] = tostring(expected), tostring(actual)
  if not same_shape(expected, actual) then return false end
  state.failure_message = ("Expected %s\ngot %s"):format(arguments[1], arguments[2])
  return tenor.allclose(actual, expected, { rtol = tolerance, atol = tolerance, equal_nan = true })
end

local function raises(state, arguments)
  local text, f = arguments[1], arguments[2]
  local ok, message = pcall(f, table.unpack(arguments, 3, arguments.n))
  if ok then
    state.failure_message = ("expected an error with '%s', got none"):format(text)
    return false
  end
  state.failure_message = ("expected an error with '%s', got '%s'"):format(text, tostring(message))
  return type(message) == "string" and message:find(text, 1, true) ~= nil
end

say:set("assertion.near_tensor.positive", "Expected %s\ngot %s")
say:set("assertion.raises.positive", "Expected an error with %s")
assert:register("assertion", "near_tensor", near_tensor, "assertion.near_tensor.positive")
assert:register("assertion", "raises", raises, "assertion.raises.positive")

return assert
