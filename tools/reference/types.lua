-- Annotations for editors, in the notation of lua-language-server (LuaCATS): one file that is never run. A type is what the
-- comment says (@tparam, @treturn), or what the name stands for (names.lua), or what the text plainly begins with. What has
-- none is a complaint.
local byteorder = require "tenor.byteorder"
local names = require "names"
local public = require "tenor.public"

local ldoc = { int = "integer", bool = "boolean", tab = "table", func = "fun(...): any", ["function"] = "fun(...): any",
  number = "number", string = "string", integer = "integer", boolean = "boolean", table = "table", any = "any", ["nil"] = "nil",
  ["true"] = "true", userdata = "userdata", self = "self" }

-- What a comment without a type begins with.
local plainly = {
  { "^an? tensor", "Tensor" }, { "^tensor", "Tensor" }, { "^the tensor", "Tensor" }, { "^int32 tensor", "Tensor" },
  { "^list of strings", "string[]" }, { "^list of names", "string[]" }, { "^true, or nil", "true" }, { "^nil", "nil" },
  { "^predictions", "Tensor" }, { "^labels", "Tensor" }, { "^gradient", "Tensor" },
}

local operators = { __add = "add(any)", __sub = "sub(any)", __mul = "mul(any)", __div = "div(any)", __pow = "pow(any)",
  __unm = "unm" }

return function(entries)
  local complaints, lines = {}, { "---@meta tenor", "-- Made by `make reference` from the comments in the sources.", "" }
  local function add(...) lines[#lines + 1] = string.format(...) end

  -- classes and records by their whole name and, where only one has it, by the last part of it
  local known, short = {}, {}
  local function know(id)
    known[id] = true
    local last = id:match "[^.]+$"
    short[last] = short[last] == nil and id or false
  end
  for _, entry in ipairs(entries) do
    if entry.kind == "class" then know(entry.id) end
  end
  for name in pairs(names.records) do know(name) end

  local function resolved(kind, where)
    return (kind:gsub("[%a_][%w_.]*", function(token)
      if known[token] or short[token] then return "tenor." .. (known[token] and token or short[token]) end
      if token:find "^%u" then complaints[#complaints + 1] = ("%s: no class or record '%s'"):format(where, token) end
      return token
    end))
  end

  local function translated(given, where)
    local optional = given:find "^%?" and "?" or ""
    local parts = {}
    for part in given:gsub("^%?", ""):gmatch "[^|]+" do
      local bare, list = part:match "^(.-)([%[%]]*)$"
      if not ldoc[bare] and bare:find "^%l+$" then complaints[#complaints + 1] = ("%s: no type '%s'"):format(where, bare) end
      parts[#parts + 1] = (ldoc[bare] or bare) .. list
    end
    local kind = resolved(table.concat(parts, "|"), where)
    return optional ~= "" and #parts > 1 and "(" .. kind .. ")?" or kind .. optional
  end

  -- owner: the function or class that has it, its methods written with a dot
  local used = {}
  local function of_name(owner, name)
    local exception = names.exceptions[owner .. ":" .. name]
    used[exception and owner .. ":" .. name or name] = true
    local kind = exception or names.types[name]
    return kind and resolved(kind, owner .. ":" .. name)
  end

  local function type_of(owner, name, given, text)
    local by_name = name and of_name(owner, name)
    if given and not (given == "table" and by_name) then return translated(given, owner) end
    if by_name then return by_name end
    for _, hint in ipairs(plainly) do
      if (text or ""):lower():find(hint[1]) then return resolved(hint[2], owner) end
    end
    if name == "..." then return "any" end
    complaints[#complaints + 1] = ("%s: no type is known of %s"):format(owner, name and "'" .. name .. "'"
      or "what it returns: '" .. text:sub(1, 40):gsub("\n", " ") .. "'")
    return "any"
  end

  local function comment(text)
    for line in (text:gsub("@{([^}]+)}", "`%1`") .. "\n"):gmatch "(.-)\n" do
      local bare = line:gsub("^%s+", "")
      add("---%s%s", bare:find "^%-" and " " or "", bare) -- four dashes are no comment for editors
    end
  end
  local function one_line(text) return (text:gsub("@{([^}]+)}", "`%1`"):gsub("%s+", " ")) end
  local function optional(kind) return kind:find "%?$" and kind or kind:find "[|(]" and "(" .. kind .. ")?" or kind .. "?" end

  local function option_class(entry, owner)
    if not entry.options then return nil end
    local id = "tenor." .. owner .. ".Options"
    add("---@class %s", id)
    local keys = {}
    for key in pairs(entry.options) do keys[#keys + 1] = tostring(key) end
    table.sort(keys, byteorder)
    for _, key in ipairs(keys) do
      local default = entry.options[key]
      local kind = math.type(default) or type(default)
      if kind == "float" then kind = "number" end
      local exception = names.exceptions[owner .. ":" .. key]
      if exception or kind == "table" or kind == "function" or kind == "userdata" or kind == "integer" or kind == "string" then
        kind = of_name(owner, key) or kind ~= "table" and kind or "any"
        if type(default) == "string" and not exception and not kind:find "string" then kind = "string" end
        if kind == "any" then complaints[#complaints + 1] = ("%s: no type is known of the option '%s'"):format(owner, key) end
      elseif names.types[key] and kind == "boolean" and names.types[key]:find "boolean" then
        kind = of_name(owner, key)
      end
      local note = ""
      if type(default) == "string" or type(default) == "number" or type(default) == "boolean" then
        note = " default " .. (type(default) == "string" and ("%q"):format(default):gsub("\\\n", "\\n") or tostring(default))
      end
      add("---@field %s? %s%s", key, kind, note)
    end
    add("")
    return id
  end

  local function call(entry, doc, spelled)
    local owner = entry.id:gsub(":", ".")
    local options_kind = option_class(entry, owner)
    comment(doc.text)
    local formal = {}
    for i, a in ipairs(entry.arguments or {}) do
      formal[i] = a.name
      local last = i == #entry.arguments and options_kind
      add("---@param %s%s %s %s", a.name, (a.opt or last) and a.name ~= "..." and "?" or "",
        last or type_of(owner, a.name, a.type, a.text), one_line(a.text))
    end
    for _, r in ipairs(doc.returns or {}) do
      local may_fail = r.text:find "nil and a message" or r.text:find "nil and wh"
      local kind = type_of(owner, nil, r.type, r.text)
      add("---@return %s # %s", may_fail and optional(kind) or kind, one_line(r.text))
      if may_fail then add("---@return string? # the message") end
    end
    local overload = names.overloads[owner]
    if overload then add("---@overload %s", resolved(overload, owner)) end
    add("function %s(%s) end", spelled, table.concat(formal, ", "))
    add("")
  end

  -- `Fields: `rate` in Hz, …` in a class's comment; what it is indexed by; its operators
  local function fields(entry, meta)
    local told = entry.doc.text:match "Fields:(.*)$" or ""
    for name in told:gmatch "`([%a_][%w_]*)`" do
      if name ~= "nil" then add("---@field %s %s", name, type_of(entry.id, name, nil, "")) end
    end
    local element = names.indexed[entry.id]
    if element then add("---@field [integer] %s", resolved(element, entry.id)) end
    local events = {}
    for event in pairs(operators) do events[#events + 1] = event end
    table.sort(events)
    for _, event in ipairs(events) do
      if rawget(meta, event) then add("---@operator %s: tenor.%s", operators[event], entry.id) end
    end
    if rawget(meta, "__len") then add("---@operator len: integer") end
  end

  local function class(entry)
    local variable, meta = entry.id:gsub("%.", "_"), entry.value
    comment(entry.doc.summary)
    local parent = public.parent(meta) and public.class_of(public.parent(meta))
    add("---@class tenor.%s%s", entry.id, parent and ": tenor." .. parent or "")
    fields(entry, meta)
    add("local %s = {}", variable)
    add("")
    for _, method in ipairs(entries) do
      if method.class == entry.id and method.kind == "method" and not method.hidden then
        call(method, method.doc, variable .. (method.static and "." or ":") .. method.id:match ":(.-)$")
      end
    end
    if entry.made then
      entry.made.returns = { { text = "", type = entry.id } }
      call(entry, entry.made, "tenor." .. entry.id)
    elseif entry.id:find "^nn%." then
      add("tenor.%s = %s", entry.id, variable)
      add("")
    end
  end

  local function record(name)
    add("---@class tenor.%s", name)
    for _, field in ipairs(names.records[name]) do
      local key, kind = field:match "^(%S+) (.*)$"
      add("---@field %s %s", key, resolved(kind, name))
    end
    add("")
  end

  add("---@class tenorlib")
  add("local tenor = {}")
  add("")
  for _, entry in ipairs(entries) do
    if entry.kind == "module" then
      comment(entry.doc.summary)
      add("tenor.%s = {}", entry.id)
      add("")
    end
  end
  local records = {}
  for name in pairs(names.records) do records[#records + 1] = name end
  table.sort(records)
  for _, name in ipairs(records) do record(name) end
  for _, entry in ipairs(entries) do
    if entry.kind == "class" then
      class(entry)
    elseif entry.kind == "function" then
      call(entry, entry.doc, "tenor." .. entry.id)
    elseif entry.kind == "value" then
      comment(entry.doc.summary)
      local kind = math.type(entry.value) or type(entry.value)
      if kind == "table" then kind = type(entry.value[1]) == "string" and "string[]" or "table" end
      add("---@type %s", kind == "float" and "number" or kind)
      add("tenor.%s = nil", entry.id)
      add("")
    end
  end
  add("return tenor")
  for _, list in ipairs { names.types, names.exceptions } do
    for name in pairs(list) do
      if not used[name] then complaints[#complaints + 1] = ("names.lua: nothing is called '%s'"):format(name) end
    end
  end
  return table.concat(lines, "\n"):gsub("[ \t]+\n", "\n") .. "\n", complaints
end
