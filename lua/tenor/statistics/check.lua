--- Checks that the statistics share, each with its message.
local Module = require "tenor.nn.module"

local check = {}

--- A list, or a tensor (N), of finite numbers, as a list. @raise naming the first that is not
function check.numbers(call, what, list, least, level)
  if Module.is_tensor(list) and list:rank() == 1 then list = list:totable() end
  if type(list) ~= "table" or #list < least then
    error(("%s: %s must be a list of at least %d number%s, got %s"):format(call, what, least, least > 1 and "s" or "",
      type(list) == "table" and #list or type(list)), level or 3)
  end
  for i, x in ipairs(list) do
    if type(x) ~= "number" or x ~= x or x == math.huge or x == -math.huge then
      error(("%s: %s[%d] must be a finite number, got %s"):format(call, what, i, tostring(x)), level or 3)
    end
  end
  return list
end

--- One of the names that an option knows.
function check.choice(call, option, value, names, level)
  for _, name in ipairs(names) do
    if value == name then return value end
  end
  error(("%s: %s must be '%s', got '%s'"):format(call, option, table.concat(names, "', '"), tostring(value)), level or 3)
end

--- A whole number in a range.
function check.whole(call, option, value, low, high, level)
  if math.type(value) ~= "integer" or value < low or value > high then
    error(("%s: %s must be a whole number from %d to %d, got %s"):format(call, option, low, high, tostring(value)),
      level or 3)
  end
  return value
end

--- A number strictly between two others.
function check.between(call, option, value, low, high, level)
  if type(value) ~= "number" or not (value > low and value < high) then
    error(("%s: %s must be a number between %g and %g, got %s"):format(call, option, low, high, tostring(value)), level or 3)
  end
  return value
end

--- Two tensors of equal shape as reals (N, K).
-- @return both, and whether they came as (N)
function check.pair(call, pred, gold, level)
  if not Module.is_tensor(pred) or not Module.is_tensor(gold) or pred:rank() > 2
    or Module.shape_text(pred) ~= Module.shape_text(gold) then
    error(("%s: predictions and labels must be tensors, both (N) or (N, K), got %s and %s"):format(call,
      Module.shape_text(pred), Module.shape_text(gold)), level or 3)
  end
  if not pred:isfinite() or not gold:isfinite() then
    error(("%s: the %s hold a number that is not finite"):format(call, pred:isfinite() and "labels" or "predictions"),
      level or 3)
  end
  local flat = pred:rank() == 1
  pred, gold = pred:to "real", gold:to "real"
  if flat then pred, gold = pred:reshape(#pred, 1), gold:reshape(#gold, 1) end
  return pred, gold, flat
end

return check
