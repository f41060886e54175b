--- JSON, by jansson. Lists become arrays, other tables objects with their keys in the order of their bytes,
-- so that equal values make equal texts. Integers stay integers; a real keeps all its 53 bits.
-- @module json
local core = require("tenor.core").json
local options = require "tenor.options"

local json = {}

--- Stands for `null`, in both directions.
json.null = assert(core.decode "null")

--- Marks a table as a list, so that it is written as `[]` while it is empty.
-- @tparam[opt] table list
-- @treturn table the list
function json.array(list) return setmetatable(list or {}, core.array_type) end

--- Writes a value. An empty table without the mark of `json.array` is an object.
-- @param value a string, a number, a boolean, `json.null` or a table of these
-- @tparam[opt] table given `indent` (0: one line), `digits` of reals, 1 to 17 (17: exact). Where rounding makes
-- one of them infinite, all are exact
-- @treturn string
-- @raise for what JSON cannot hold: functions, NaN, strings that are not UTF-8, keys with a zero byte, mixed keys, cycles
function json.encode(value, given)
  local o = options.fill("json.encode", given, { indent = 0, digits = 17 })
  if value == nil then error("json.encode: value must be given; json.null stands for null", 2) end
  return core.encode(value, o.indent, o.digits)
end

--- Reads one value. A name that stands twice in an object is an error.
-- @string text
-- @treturn any the value, or nil and a message with line and column
function json.decode(text)
  if type(text) ~= "string" then error("json.decode: text must be a string, got " .. type(text), 2) end
  return core.decode(text)
end

return json
