--- How the interpreter shows a value: what has words of its own by them, a plain table by what is in it, shortened.
local byteorder = require "tenor.byteorder"
local null = require "tenor.json".null

local WIDTH <const>, ITEMS <const>, DEPTH <const> = 100, 24, 3

local function key_text(key)
  if type(key) == "string" and key:find "^[%a_][%w_]*$" then return key end
  return type(key) == "string" and ("[%q]"):format(key) or ("[%s]"):format(tostring(key))
end

local function before(a, b)
  if type(a) == type(b) and type(a) == "number" then return a < b end
  return byteorder(tostring(a), tostring(b))
end

local brief

-- The entries of a table as texts; more than ITEMS are counted.
local function entries(t, depth)
  local list, keys = {}, {}
  for i = 1, math.min(#t, ITEMS) do list[i] = brief(t[i], depth + 1) end
  local left = #t - #list
  for key in next, t do
    if not (math.type(key) == "integer" and key >= 1 and key <= #t) then keys[#keys + 1] = key end
  end
  table.sort(keys, before)
  for _, key in ipairs(keys) do
    if #list < ITEMS then
      list[#list + 1] = key_text(key) .. " = " .. brief(t[key], depth + 1)
    else
      left = left + 1
    end
  end
  if left > 0 then list[#list + 1] = ("… %d more"):format(left) end
  return list
end

local function plainly(value)
  return rawequal(value, null) and "null" or tostring(value)
end

local function has_words(value)
  local meta = debug.getmetatable(value)
  return type(meta) == "table" and rawget(meta, "__tostring")
end

local function table_text(t, depth)
  local list = entries(t, depth)
  if #list == 0 then return "{}" end
  local line = "{ " .. table.concat(list, ", ") .. " }"
  if #line <= WIDTH - 2 * depth and not line:find "\n" then return line end
  -- short entries fill lines, one that has several of its own stands alone
  local indent = ("  "):rep(depth + 1)
  local lines = {}
  for _, entry in ipairs(list) do
    local last = lines[#lines]
    if last and not last:find "\n" and not entry:find "\n" and #last + #entry + 2 <= WIDTH - 2 * depth then
      lines[#lines] = last .. ", " .. entry
    else
      lines[#lines + 1] = entry
    end
  end
  return "{\n" .. indent .. table.concat(lines, ",\n" .. indent) .. "\n" .. ("  "):rep(depth) .. "}"
end

-- The beginning of a text, of whole characters where it is UTF-8.
local function beginning(text, n)
  while n > 0 and text:byte(n + 1) & 0xC0 == 0x80 do n = n - 1 end
  return text:sub(1, n)
end

-- Inside a table: one line of what would be many.
function brief(value, depth)
  if type(value) == "string" then
    return #value > 60 and ("%q…"):format(beginning(value, 57)) or (("%q"):format(value):gsub("\\\n", "\\n"))
  elseif type(value) == "table" and not has_words(value) then
    return depth >= DEPTH and next(value) ~= nil and "{…}" or table_text(value, depth)
  end
  local text = plainly(value)
  return text:match "^([^\n]*)\n" and text:match "^[^\n]*" .. " …" or text
end

--- A value as the interpreter shows it.
-- @param value any
-- @return text
return function(value)
  if type(value) == "table" and not has_words(value) then return table_text(value, 0) end
  return plainly(value)
end
