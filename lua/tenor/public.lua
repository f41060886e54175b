--- The public names, found by looking at what is loaded and not kept in a list: completion, help and the check that
-- every name has its reference go by them.
--
-- Public are the fields of the table `tenor` and of its modules, and the methods of every class whose `__name` begins
-- with "tenor." or "nn." (C classes of `tenor.core` and `tenor.io` are inner ones). Names that begin with an underscore
-- are private everywhere.
local byteorder = require "tenor.byteorder"

local public = {}

local function sorted_keys(t)
  local names = {}
  for name in next, t do
    if type(name) == "string" and not name:find "^_" then names[#names + 1] = name end
  end
  table.sort(names, byteorder)
  return names
end

-- The table behind `__index`, be it a C closure over it.
local function methods_of(meta)
  local index = rawget(meta, "__index")
  if type(index) == "function" then
    local _, upvalue = debug.getupvalue(index, 1)
    index = upvalue
  end
  return type(index) == "table" and index or nil
end

local function class_name(meta)
  local name = type(meta) == "table" and rawget(meta, "__name")
  if type(name) ~= "string" or name:find "^tenor%.core%." or name:find "^tenor%.io%." then return nil end
  if not methods_of(meta) then return nil end
  return name:match "^tenor%.(.+)$" or name:match "^nn%..+$"
end

--- The class of a value, as the reference names it: "Tensor", "nn.LSTM", "Corpus".
-- @param value any; a class itself counts as its own
-- @return the name and the metatable, or nil
function public.class_of(value)
  if type(value) == "table" and class_name(value) then return class_name(value), value end
  local meta = type(value) ~= "string" and debug.getmetatable(value) or nil
  local name = class_name(meta)
  if name then return name, meta end
end

--- The fields and methods that a value answers to, those of its class and of that class's parents too.
-- @param value any
-- @return list of `{ name =, value = }` in the order of the names
function public.members(value)
  local list, seen = {}, {}
  local function add(t, get)
    for _, name in ipairs(sorted_keys(t)) do
      if not seen[name] then
        seen[name] = true
        list[#list + 1] = { name = name, value = get and get[name] or rawget(t, name) }
      end
    end
  end
  local depth, at = 0, value
  while at ~= nil and depth < 8 do
    if type(at) == "table" then
      local meta = debug.getmetatable(at)
      if meta and rawget(meta, "__pairs") and at == package.loaded.tenor then
        for name, field in pairs(at) do
          seen[name] = true
          list[#list + 1] = { name = name, value = field }
        end
      else
        add(at)
      end
    end
    local meta = debug.getmetatable(at)
    at, depth = type(meta) == "table" and methods_of(meta) or nil, depth + 1
  end
  table.sort(list, function(a, b) return byteorder(a.name, b.name) end)
  return list
end

-- Every class that functions of loaded modules hold as upvalues, those of C in the registry.
local function classes()
  local found, seen = {}, { [_G] = true, [package.loaded] = true }
  local look
  local function keep(meta)
    local name = class_name(meta)
    if name then found[name] = meta end
  end
  function look(value)
    if seen[value] then return end
    if type(value) == "table" then
      seen[value] = true
      keep(value)
      if type(debug.getmetatable(value)) == "table" then keep(debug.getmetatable(value)) end
      for _, field in next, value do
        if type(field) == "function" or type(field) == "table" and class_name(field) then look(field) end
      end
    elseif type(value) == "function" then
      seen[value] = true
      local from = debug.getinfo(value, "S")
      if from.what == "C" or not from.source:find "tenor/" then return end
      local i = 1
      while true do
        local name, upvalue = debug.getupvalue(value, i)
        if not name then break end
        if name ~= "_ENV" and (type(upvalue) == "table" or type(upvalue) == "function") then look(upvalue) end
        i = i + 1
      end
    end
  end
  for name, module in pairs(package.loaded) do
    if name == "tenor" or type(name) == "string" and name:find "^tenor%." and name ~= "tenor.core" then look(module) end
  end
  for key, meta in next, debug.getregistry() do
    if type(key) == "string" and key:find "^tenor%." then keep(meta) end
  end
  return found
end

--- The class of this name, such as "nn.LSTM", among what is loaded.
-- @string name
-- @return its metatable, or nil
function public.class(name) return classes()[name] end

--- The class that a class takes what it lacks from, or nil.
-- @tparam table class
function public.parent(class)
  local meta = debug.getmetatable(class)
  local parent = meta and rawget(meta, "__index")
  return type(parent) == "table" and parent or nil
end

--- All public names of what is loaded.
-- @return list of `{ id = "nn.LSTM", kind = "module" | "class" | "function" | "method" | "value", value =, class = }` in the
-- order of the ids; methods are "Tensor:mean", the constructor of a class is the class itself
function public.names()
  local tenor = require "tenor"
  local list, known = {}, {}
  local function add(id, kind, value, class)
    local entry = known[id]
    if entry and kind == "class" and entry.kind == "function" then -- the function that makes it is called like the class
      entry.kind, entry.value, entry.class, entry.make = kind, value, class, entry.value
    elseif not entry then
      known[id] = { id = id, kind = kind, value = value, class = class }
      list[#list + 1] = known[id]
    end
  end
  local function visit(prefix, name, value)
    local id = prefix .. name
    local class = type(value) == "table" and class_name(value)
    if type(value) == "function" then
      add(id, "function", value)
    elseif class then
      add(class, "class", value, class)
    elseif type(value) == "table" and value == package.loaded["tenor." .. id] then
      add(id, "module", value)
      for _, inner in ipairs(sorted_keys(value)) do visit(id .. ".", inner, rawget(value, inner)) end
    else
      add(id, "value", value)
    end
  end
  for name, value in pairs(tenor) do visit("", name, value) end
  for name, meta in pairs(classes()) do
    add(name, "class", meta, name)
    local methods = methods_of(meta)
    for _, method in ipairs(sorted_keys(methods)) do
      local value = rawget(methods, method)
      -- `new` is the class itself where that can be called, and else what the functions of its module call
      if type(value) == "function" and method ~= "new" then add(name .. ":" .. method, "method", value, name) end
    end
  end
  table.sort(list, function(a, b) return byteorder(a.id, b.id) end)
  return list
end

--- Loads every file of the library, so that `names` sees all classes. What people run (`cli`, `repl`) is left out.
function public.load_all()
  local fs = require "tenor.fs"
  local here = assert(package.searchpath("tenor.public", package.path)):match "^(.*)/public%.lua$"
  local function walk(folder, prefix)
    for _, name in ipairs(assert(fs.list(folder))) do
      local stem = name:match "^(.*)%.lua$"
      if stem and name ~= "init.lua" and stem ~= "cli" and stem ~= "repl" then
        require(prefix .. stem)
      elseif not stem and fs.is_folder(folder .. "/" .. name) and name ~= "cli" and name ~= "repl" and name ~= "types" then
        walk(folder .. "/" .. name, prefix .. name .. ".")
      end
    end
  end
  walk(here, "tenor.")
end

return public
