-- Annotations for editors, in the notation of lua-language-server (LuaCATS): one file that is never run.
local options = require "tenor.options"

local plain = { int = "integer", bool = "boolean", string = "string", number = "number", integer = "integer",
  table = "table", boolean = "boolean", ["function"] = "fun(...): any", any = "any", func = "fun(...): any" }

-- What a comment says without a type: "tensor (N, 34)", "list of strings", "a Wave, or …".
local hints = {
  { "^nil", "nil" }, { "^an? tensor", "tenor.Tensor" }, { "^tensor", "tenor.Tensor" }, { "^the tensor", "tenor.Tensor" },
  { "^list of strings", "string[]" }, { "^a? ?list of names", "string[]" }, { "^true, or nil", "true?" },
  { "^from `?model:parameters", "table[]" }, { "^a network", "tenor.nn.Module" }, { "^predictions", "tenor.Tensor" },
  { "^labels %(", "tenor.Tensor" }, { "^labels$", "tenor.Tensor" }, { "^gradient", "tenor.Tensor" }, { "^self", "self" },
}

return function(names)
  local classes, by_short = {}, {}
  for _, entry in ipairs(names) do
    if entry.kind == "class" then
      classes[entry.id] = true
      by_short[entry.id:match "[^.]+$"] = entry.id
    end
  end
  local function type_of(given, text, name)
    if given then
      local parts = {}
      for part in given:gsub("^%?", "nil|"):gmatch "[^|]+" do
        local class = by_short[part] or classes[part] and part
        parts[#parts + 1] = plain[part] or class and "tenor." .. class or (part == "nil" and "nil") or "any"
      end
      return table.concat(parts, "|")
    end
    text = text or ""
    for _, hint in ipairs(hints) do
      if text:lower():find(hint[1]) then return hint[2] end
    end
    local class = text:match "^an? @?{?(%u%w*)}?" or text:match "^the (%u%w*)" or text:match "^(%u%w*)$"
      or text:match "^(%u%w*)[,:]"
    if class and by_short[class] then return "tenor." .. by_short[class] end
    if name == "path" then return "string" end
    return "any"
  end

  local lines = { "---@meta tenor", "-- Made by `make reference` from the comments in the sources.", "" }
  local function add(...) lines[#lines + 1] = string.format(...) end
  local function comment(text)
    for line in (text:gsub("@{([^}]+)}", "`%1`") .. "\n"):gmatch "(.-)\n" do
      add("---%s", line:gsub("^%s+", ""))
    end
  end
  local function one_line(text) return (text:gsub("@{([^}]+)}", "`%1`"):gsub("%s+", " ")) end

  local function option_class(entry)
    if not entry.options then return nil end
    local id = "tenor." .. entry.id:gsub(":", ".") .. ".Options"
    add("---@class %s", id)
    local keys = {}
    for key in pairs(entry.options) do keys[#keys + 1] = tostring(key) end
    table.sort(keys)
    for _, key in ipairs(keys) do
      local default = entry.options[key]
      local kind = default == options.none and "any" or math.type(default) or type(default)
      if kind == "float" then kind = "number" elseif kind == "function" then kind = "fun(...): any" end
      if type(default) == "string" or type(default) == "number" or type(default) == "boolean" then
        add("---@field %s? %s default %s", key, kind, type(default) == "string" and ("%q"):format(default):gsub("\\\n", "\\n")
          or tostring(default))
      else
        add("---@field %s? %s", key, kind)
      end
    end
    add("")
    return id
  end

  local function call(entry, doc, spelled)
    local kind = option_class(entry)
    comment(doc.text)
    local formal = {}
    for i, a in ipairs(entry.arguments or {}) do
      local variadic = a.name == "..."
      formal[i] = a.name
      local optional = (a.opt or i == #entry.arguments and kind) and not variadic
      add("---@param %s%s %s %s", a.name, optional and "?" or "", i == #entry.arguments and kind
        or type_of(a.type, a.text, a.name), one_line(a.text))
    end
    for _, r in ipairs(doc.returns or {}) do
      local text = r.text
      local may_fail = text:find "nil and a message"
      add("---@return %s%s # %s", type_of(r.type, text), may_fail and "?" or "", one_line(text))
      if may_fail then add("---@return string? # the message") end
    end
    add("function %s(%s) end", spelled, table.concat(formal, ", "))
    add("")
  end

  add("---@class tenorlib")
  add("local tenor = {}")
  add("")
  local done = {}
  for _, entry in ipairs(names) do
    if entry.kind == "module" and not done[entry.id] then
      comment(entry.doc.summary)
      add("tenor.%s = {}", entry.id)
      add("")
      done[entry.id] = true
    end
  end
  for _, entry in ipairs(names) do
    if entry.kind == "class" then
      local variable = entry.id:gsub("%.", "_")
      comment(entry.doc.summary)
      local parent = entry.id:find "^nn%." and entry.id ~= "nn.Module" and entry.id ~= "nn.Sequence" and ": tenor.nn.Module" or ""
      add("---@class tenor.%s%s", entry.id, parent)
      for name in (entry.doc.text:match "Fields:(.*)$" or ""):gmatch "`([%a_][%w_]*)`" do add("---@field %s any", name) end
      add("local %s = {}", variable)
      add("")
      for _, method in ipairs(names) do
        if method.class == entry.id and method.kind == "method" and not method.hidden then
          call(method, method.doc, variable .. ":" .. method.id:match ":(.-)$")
        end
      end
      if entry.made then
        entry.made.returns = { { text = "", type = entry.id } }
        call(entry, entry.made, "tenor." .. entry.id)
      elseif entry.id:find "^nn%." then
        add("tenor.%s = %s", entry.id, variable)
        add("")
      end
    elseif entry.kind == "function" then
      call(entry, entry.doc, "tenor." .. entry.id)
    elseif entry.kind == "value" then
      comment(entry.doc.summary)
      local kind = math.type(entry.value) or type(entry.value)
      add("---@type %s", kind == "table" and (type(entry.value[1]) == "string" and "string[]" or "table")
        or kind == "float" and "number" or kind == "userdata" and "any" or kind)
      add("tenor.%s = nil", entry.id)
      add("")
    end
  end
  add("return tenor")
  return table.concat(lines, "\n"):gsub("[ \t]+\n", "\n") .. "\n"
end
