--- Configuration files: a table of plain data as JSON (`.json`) or in Lua's notation (`.lua`).
--
-- A Lua file is read as data and never run: `return { corpus = "manifest.csv", seed = 1, scale = { -1, 1 } }`. Strings,
-- numbers, true, false and tables of them may stand in it, and comments; anything else is an error with its line.
local quoted = require "tenor.quoted"

local config = {}

local Reader = {}
Reader.__index = Reader

function Reader:fail(message, ...)
  local _, breaks = self.text:sub(1, self.at - 1):gsub("\n", "")
  error(setmetatable({ text = ("%s:%d: %s"):format(self.name, breaks + 1, message:format(...)) }, Reader), 0)
end

function Reader:skip()
  while true do
    local after = self.text:match("^%s+()", self.at)
    if self.text:find("^%-%-%[=*%[", self.at) then
      local level = self.text:match("^%-%-%[(=*)%[", self.at)
      local _, close = self.text:find("]" .. level .. "]", self.at, true)
      if not close then self:fail "a comment opens here and never closes" end
      after = close + 1
    elseif self.text:find("^%-%-", self.at) then
      after = self.text:match("^[^\n]*()", self.at)
    end
    if not after then return end
    self.at = after
  end
end

function Reader:take(pattern)
  self:skip()
  local found, after = self.text:match("^(" .. pattern .. ")()", self.at)
  if found then self.at = after end
  return found
end

-- Lua's own rules for what a string or a number says: the token alone is compiled, and holds nothing to run.
local function constant(token)
  local chunk = load("return " .. token, "=constant", "t", {})
  return chunk and chunk()
end

function Reader:string()
  self:skip()
  local quote = self.text:match("^[\"']", self.at)
  local last
  if quote then
    local at = self.at + 1
    while true do
      local next_at = self.text:find("[\\" .. quote .. "\n]", at)
      if not next_at then break end
      if self.text:sub(next_at, next_at) == "\\" then
        at = next_at + 2
      elseif self.text:sub(next_at, next_at) == "\n" then
        break
      else
        last = next_at
        break
      end
    end
  else
    local level = self.text:match("^%[(=*)%[", self.at)
    if not level then return nil end
    local _, close = self.text:find("]" .. level .. "]", self.at, true)
    last = close
  end
  local value = last and constant(self.text:sub(self.at, last))
  if type(value) ~= "string" then self:fail "a string is not finished or not valid" end
  self.at = last + 1
  return value
end

local words = { ["true"] = true, ["false"] = false }
local DEEPEST <const> = 32

function Reader:value(depth)
  if depth > DEEPEST then self:fail("tables are more than %d deep", DEEPEST) end
  if self:take "{" then return self:table(depth) end
  local text = self:string()
  if text then return text end
  local number = self:take "%-?%s*%.?%d[%w.]*[eEpP][-+]%d+" or self:take "%-?%s*%.?%d[%w.]*"
  if number then
    local value = tonumber((number:gsub("%s", "")))
    if not value then self:fail("%s is no number", quoted(number)) end
    return value
  end
  local word = self:take "[%a_][%w_]*"
  if word and words[word] ~= nil then return words[word] end
  self:fail("expected a string, a number, true, false or a table, got %s", word and quoted(word)
    or self.at > #self.text and "the end of the file" or quoted(self.text:sub(self.at, self.at)))
end

function Reader:table(depth)
  local t, n = {}, 0
  while not self:take "}" do
    local from, key = self.at, self:take "[%a_][%w_]*"
    if key and not (words[key] == nil and self:take "=") then
      self.at, key = from, nil
    elseif not key and self.text:find("^%[[^%[=]", self.at) then -- and no long string
      self:take "%["
      key = self:value(depth + 1)
      if not (self:take "%]" and self:take "=") then self:fail "expected ] = after a key" end
    end
    local value = self:value(depth + 1)
    if key == nil then
      n = n + 1
      key = n
    end
    if t[key] ~= nil then self:fail("%s is given twice", quoted(key)) end
    t[key] = value
    if not self:take "[,;]" then
      if not self:take "}" then self:fail "expected , or } in a table" end
      break
    end
  end
  return t
end

local function read_lua(text, name)
  local self = setmetatable({ text = text:gsub("^\xEF\xBB\xBF", ""), name = name, at = 1 }, Reader)
  local ok, value = pcall(function()
    self:take "return%f[^%w_]"
    if not self:take "{" then self:fail "expected return { ... }" end
    local t = self:table(1)
    self:take ";"
    self:skip()
    if self.at <= #self.text then self:fail "nothing may follow the table: it is data, and not run" end
    return t
  end)
  if ok then return value end
  if getmetatable(value) == Reader then return nil, value.text end
  error(value, 0)
end

--- Reads a configuration.
-- @string path ends in .lua or .json
-- @return the table, or nil and a message with file and line
function config.read(path)
  local ending = path:lower():match "%.(%w+)$"
  if ending ~= "lua" and ending ~= "json" then return nil, ("%s: a configuration ends in .lua or .json"):format(path) end
  local text, why = require "tenor.fs".read(path)
  if not text then return nil, why end
  if ending == "lua" then return read_lua(text, path) end
  local value, problem = require "tenor.json".decode(text)
  if problem then return nil, ("%s: %s"):format(path, problem) end
  if type(value) ~= "table" then return nil, path .. ": expected an object" end
  return value
end

return config
