--- Completion: what may stand at the cursor, from the values themselves. Nothing is called; fields are looked up as
-- Lua would, since asking a table of tenor for a module loads it.
local byteorder = require "tenor.byteorder"
local public = require "tenor.public"

local keywords = {
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not",
  "or", "repeat", "return", "then", "true", "until", "while",
}

local function starting(candidates, prefix)
  local list = {}
  for _, name in ipairs(candidates) do
    if name:sub(1, #prefix) == prefix then list[#list + 1] = name end
  end
  table.sort(list, byteorder)
  return list
end

local function get(value, key)
  local ok, field = pcall(function() return value[key] end)
  return ok and field or nil
end

-- The fields of an object made in C, which nothing lists but its reference: "Fields: `rate` in Hz, …".
local function documented_fields(value)
  local list, class = {}, type(value) == "userdata" and public.class_of(value)
  if not class then return list end
  local ok, page = pcall(require "tenor.help", class)
  for name in (ok and page.text or ""):gmatch "`([%a_][%w_]*)`" do
    if get(value, name) ~= nil then list[#list + 1] = name end
  end
  return list
end

local function members(value, separator, prefix)
  local names = separator == "." and documented_fields(value) or {}
  for _, member in ipairs(public.members(value)) do
    local callable = type(member.value) == "function" and member.name ~= "new" -- which objects have, and is for classes
    if separator == "." or callable then names[#names + 1] = member.name end
  end
  local list = {}
  for i, name in ipairs(starting(names, prefix)) do list[i] = name end
  return list
end

-- The file names that a path inside quotes may go on with.
local function files(path)
  local fs = require "tenor.fs"
  local folder, prefix = path:match "^(.*/)([^/]*)$"
  folder, prefix = folder or "", prefix or path
  local list = {}
  for _, name in ipairs(fs.list(folder == "" and "." or folder) or {}) do
    if name:sub(1, #prefix) == prefix and (prefix ~= "" or not name:find "^%.") then
      list[#list + 1] = name .. (fs.is_folder(folder .. name) and "/" or "")
    end
  end
  return list, prefix
end

-- What is inside the quote that is open at the end of a line, or nil.
local function open_string(line)
  local quote, from
  local i = 1
  while i <= #line do
    local c = line:sub(i, i)
    if quote and c == "\\" then
      i = i + 1
    elseif quote and c == quote then
      quote = nil
    elseif not quote and (c == '"' or c == "'") then
      quote, from = c, i + 1
    end
    i = i + 1
  end
  return quote and line:sub(from)
end

--- What may follow.
-- @string line the text before the cursor
-- @tparam table env the globals
-- @return list of whole names; and the part of them that is there already
return function(line, env)
  local inside = open_string(line)
  if inside then return files(inside) end
  local tail = line:match "[%w_.:]*$"
  local path, separator, prefix = tail:match "^(.*)([.:])([%w_]*)$"
  if not path then
    local names = table.move(keywords, 1, #keywords, 1, {})
    for _, from in ipairs { env, _G } do
      for name in next, from do
        if type(name) == "string" and name:find "^[%a_][%w_]*$" then names[#names + 1] = name end
      end
    end
    local list, last = {}, nil
    for _, name in ipairs(starting(names, tail)) do
      if name ~= last then list[#list + 1] = name end
      last = name
    end
    return tail == "" and {} or list, tail
  end
  local value
  for step, name in path:gmatch "([.:]?)([%w_]+)" do
    value = step == "" and value == nil and get(env, name) or value ~= nil and get(value, name) or nil
    if value == nil then return {}, prefix end
  end
  if value == nil then return {}, prefix end
  return members(value, separator, prefix), prefix
end
