--- Reads types/tenor.lua, the annotations for editors: its classes, functions and types, so that tests can hold them against
-- what is there and against what is called.
local public = require "tenor.public"

local annotations = {}

-- ---- types: unions, lists, optional ones, tables with fields, functions, names

local parse_union

local function fail(text, at) error(("'%s' is no type, from column %d"):format(text, at), 0) end

local function skip(text, at) return text:match("^%s*()", at) end

local function parse_base(text, at)
  at = skip(text, at)
  local c = text:sub(at, at)
  if c == "(" then
    local node
    node, at = parse_union(text, at + 1)
    at = skip(text, at)
    if text:sub(at, at) ~= ")" then fail(text, at) end
    return node, at + 1
  elseif c == "{" then
    local node = { kind = "fields", fields = {} }
    at = at + 1
    repeat
      local name, after = text:match("^%s*([%a_][%w_]*)%s*:()", at)
      if not name then fail(text, at) end
      node.fields[name], at = parse_union(text, after)
      local more = text:match("^%s*,()", at)
      at = more or at
    until not more
    at = text:match("^%s*}()", at) or fail(text, at)
    return node, at
  end
  local list = text:match("^fun%(()", at)
  if list then
    at = text:match("^[^)]*%)()", list) or fail(text, at)
    local result = text:match("^%s*:()", at)
    if result then at = select(2, parse_union(text, result)) end
    return { kind = "function" }, at
  end
  local name, after = text:match("^([%a_][%w_.]*%*?)()", at)
  if not name then fail(text, at) end
  local inside = text:match("^<()", after)
  if inside then
    local key, value
    key, at = parse_union(text, inside)
    at = text:match("^%s*,()", at) or fail(text, at)
    value, at = parse_union(text, at)
    at = text:match("^%s*>()", at) or fail(text, at)
    return { kind = "map", key = key, value = value }, at
  end
  return { kind = "name", name = name }, after
end

local function parse_suffixed(text, at)
  local node
  node, at = parse_base(text, at)
  while true do
    if text:find("^%[%]", at) then
      node, at = { kind = "list", of = node }, at + 2
    elseif text:find("^%?", at) then
      node, at = { kind = "union", node, { kind = "name", name = "nil" } }, at + 1
    else
      return node, at
    end
  end
end

function parse_union(text, at)
  local node
  node, at = parse_suffixed(text, at)
  local union = { kind = "union", node }
  while true do
    local after = text:match("^%s*|()", at)
    if not after then return #union > 1 and union or node, at end
    union[#union + 1], at = parse_suffixed(text, after)
  end
end

--- A type at the beginning of a text.
-- @return its tree, and what comes after it
function annotations.type(text)
  local node, at = parse_union(text, 1)
  return node, text:sub(at)
end

-- ---- the file

--- Reads annotations.
-- @string text of the file
-- @return `{ classes = name → { parent, fields }, functions = name → { params, returns, line }, values = name → type }`;
-- functions are "tenor.fit" and "tenor.Tensor:mean"
function annotations.read(text)
  local self = { classes = {}, functions = {}, values = {}, types = {} }
  local class, variables, pending, number = nil, {}, { params = {}, returns = {} }, 0
  local function typed(words)
    local ok, node, rest = pcall(annotations.type, words)
    if not ok then error(("line %d: %s"):format(number, node), 0) end
    self.types[#self.types + 1] = { node = node, line = number }
    return node, rest
  end
  for line in text:gmatch "([^\n]*)\n" do
    number = number + 1
    local tag, words = line:match "^%-%-%-@(%l+) (.*)$"
    if tag == "class" then
      local name, parent = words:match "^([%w_.]+)%s*:?%s*([%w_.]*)$"
      if not name or self.classes[name] then error(("line %d: a class twice, or none: %s"):format(number, words), 0) end
      class = { name = name, parent = parent ~= "" and parent or nil, fields = {}, line = number }
      self.classes[name] = class
    elseif tag == "field" then
      local name, optional, rest = words:match "^([%w_]+)(%??) (.*)$"
      if not name then name, rest = words:match "^(%[%a+%]) (.*)$" end
      if not name or class.fields[name] then error(("line %d: a field twice, or none: %s"):format(number, words), 0) end
      class.fields[name] = { type = typed(rest), optional = optional == "?" }
    elseif tag == "param" then
      local name, optional, rest = words:match "^([%w_.]+)(%??) (.*)$"
      if not name then error(("line %d: no parameter: %s"):format(number, words), 0) end
      table.insert(pending.params, { name = name, optional = optional == "?", type = typed(rest) })
    elseif tag == "return" then
      table.insert(pending.returns, { type = typed(words) })
    elseif tag == "type" then
      pending.type = typed(words)
    elseif tag == "overload" then -- of one form: any number of values of a type
      local rest = words:match "^fun%(.-%.%.%.: (.-)%): .*$"
      pending.each = typed(rest or fail(words, 1))
    elseif tag == "operator" then
      local rest = words:match "^%l+%b():%s*(.*)$" or words:match "^%l+:%s*(.*)$"
      typed(rest or fail(words, 1))
    elseif tag and tag ~= "meta" then
      error(("line %d: the tag @%s is unknown"):format(number, tag), 0)
    elseif not line:find "^%-%-%-" then
      local variable = line:match "^local ([%w_]+) = {}$"
      if variable and class then variables[variable] = class.name end
      local owner, separator, name, list = line:match "^function ([%w_.]-)([.:])([%w_]+)%((.-)%) end$"
      if name then
        local whole = (owner ~= "tenor" and variables[owner] or owner) .. separator .. name
        if self.functions[whole] then error(("line %d: %s is there twice"):format(number, whole), 0) end
        pending.line, pending.list, pending.self = number, list, separator == ":" and variables[owner] or nil
        self.functions[whole] = pending
      end
      local value = line:match "^(tenor%.[%w_.]+) = "
      if value then self.values[value] = pending.type or true end
      pending = { params = {}, returns = {} }
      if line == "" then class = nil end
    end
  end
  return self
end

-- ---- values

local basic = {
  any = function() return true end, self = function() return true end,
  number = function(v) return type(v) == "number" end, integer = function(v) return math.type(v) == "integer" end,
  ["file*"] = function(v) return io.type(v) ~= nil end, ["true"] = function(v) return v == true end,
}
for _, name in ipairs { "nil", "string", "boolean", "table", "userdata", "function" } do
  basic[name] = function(v) return type(v) == name end
end

--- Whether a name stands for a type of Lua's own.
function annotations.is_basic(name) return basic[name] ~= nil end

-- Whether a value has the fields of a class that is a plain table.
local function has_fields(self, class, v)
  if type(v) ~= "table" then return false end
  for name, field in pairs(class.fields) do
    if not (field.optional and v[name] == nil) and not annotations.matches(self, field.type, v[name]) then return false, name end
  end
  if not class.name:find "%.Options$" then return true end
  for name in pairs(v) do
    if not class.fields[name] then return false, name end
  end
  return true
end

--- Whether a value is of a type.
-- @param self what `read` gave
-- @param node a type
-- @param v any value
-- @return true or false
function annotations.matches(self, node, v)
  if v ~= nil and v == self.stand_in then return true end -- that tenor hands itself
  if node.kind == "union" then
    for _, part in ipairs(node) do
      if annotations.matches(self, part, v) then return true end
    end
    return false
  elseif node.kind == "list" then
    if type(v) ~= "table" then return false end
    for i = 1, math.min(#v, 5) do
      if not annotations.matches(self, node.of, v[i]) then return false end
    end
    return true
  elseif node.kind == "map" then
    if type(v) ~= "table" then return false end
    for key, value in next, v do
      if not (annotations.matches(self, node.key, key) and annotations.matches(self, node.value, value)) then return false end
    end
    return true
  elseif node.kind == "fields" then
    return has_fields(self, { name = "", fields = (function()
      local fields = {}
      for name, kind in pairs(node.fields) do fields[name] = { type = kind } end
      return fields
    end)() }, v)
  elseif node.kind == "function" then
    local meta = debug.getmetatable(v)
    return type(v) == "function" or type(meta) == "table" and rawget(meta, "__call") ~= nil
  elseif basic[node.name] then
    return basic[node.name](v)
  end
  local wanted = node.name:gsub("^tenor%.", "")
  local name, meta = public.class_of(v)
  while name do
    if name == wanted then return true end
    meta = public.parent(meta)
    name = meta and public.class_of(meta)
  end
  local class = self.classes[node.name]
  if class == nil or public.class(wanted) ~= nil then return false end
  local good, field = has_fields(self, class, v)
  self.misfit = not good and field or nil -- which field it was, for messages
  return good
end

return annotations
