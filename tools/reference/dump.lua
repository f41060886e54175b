-- An ldoc filter: what ldoc has read, as a Lua table in the file $REFERENCE_ITEMS, for tools/reference/generate.lua.
local function trim(s) return (tostring(s or ""):gsub("^%s+", ""):gsub("%s+$", "")) end

local function listed(values)
  local list = {}
  for i, v in ipairs(type(values) == "table" and values or { values }) do list[i] = trim(v) end
  return list
end

local function params(item)
  local list, map = {}, item.params and item.params.map or {}
  local modifiers = item.modifiers and (item.modifiers.param or item.modifiers.field) or {}
  for i, name in ipairs(item.params or {}) do
    local m = modifiers[i] or {}
    list[i] = { name = name, text = trim(map[name]), type = m.type, opt = m.opt,
      default = type(m.opt) == "string" and m.opt or nil }
  end
  return list
end

local function returns(item)
  local list, modifiers = {}, item.modifiers and item.modifiers["return"] or {}
  for i, text in ipairs(item.ret or {}) do list[i] = { text = trim(text), type = (modifiers[i] or {}).type } end
  return list
end

local function described(item)
  return {
    name = item.name, kind = tostring(item.type), line = tonumber(item.lineno), summary = trim(item.summary),
    text = trim(tostring(item.summary or "") .. tostring(item.description or "")), usage = listed(item.usage),
    raises = listed(item.raise),
    also = trim(item.tags and item.tags.also and table.concat(listed(item.tags.also), " ")),
    params = params(item), returns = returns(item), section = type(item.section) == "string" and item.section or nil,
  }
end

local function write(value, indent)
  if type(value) == "table" then
    local keys = {}
    for key in pairs(value) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
    local lines = {}
    for _, key in ipairs(keys) do
      lines[#lines + 1] = ("%s[%s] = %s,\n"):format(indent, type(key) == "number" and key or ("%q"):format(key),
        write(value[key], indent .. " "))
    end
    return "{\n" .. table.concat(lines) .. indent .. "}"
  end
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

return {
  dump = function(modules)
    local list = {}
    for _, module in ipairs(modules) do
      local m = described(module)
      m.file, m.items, m.sections = module.file.filename or module.file, {}, {}
      for section in module.sections and module.sections:iter() or function() end do
        m.sections[#m.sections + 1] = { name = section.name, summary = trim(section.summary),
          text = trim(tostring(section.summary or "") .. tostring(section.description or "")), kind = section.type }
      end
      for item in module.items:iter() do m.items[#m.items + 1] = described(item) end
      list[#list + 1] = m
    end
    local file = assert(io.open(os.getenv "REFERENCE_ITEMS", "w"))
    assert(file:write("return ", write(list, ""), "\n"))
    assert(file:close())
  end,
}
