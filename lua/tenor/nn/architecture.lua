--- Networks as plain tables and as files, and back.
--
-- A description is `{ class = "Dense", inputs = 64, outputs = 3, ... }`, that of a container has `layers`. Nothing
-- in it is run: classes are looked up in a list, which knows of each what fields it has, what shapes its tensors
-- then have, and how it is made. So a file is held against its description before anything is allocated.
-- @module tenor.nn.architecture
local byteorder = require "tenor.byteorder"
local containers = require "tenor.nn.containers"
local init = require "tenor.nn.init"
local json = require "tenor.json"
local Module = require "tenor.nn.module"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local safetensors = require "tenor.safetensors"
local tenor = require "tenor"

local architecture = {}

local FORMAT <const> = "1"
local DEPTH <const> = 64
local LONGEST <const> = 500 -- bytes of a layer's path: every tensor within bears it

-- kind of a field → whether a value is of it, and what it must be
local is = {
  size = function(v) return math.type(v) == "integer" and v >= 1 and v <= 0x7FFFFFFF, "a whole number from 1" end,
  steps = function(v) return math.type(v) == "integer" and v >= 0 and v <= 1 << 20, "a whole number from 0 to 1048576" end,
  whole = function(v) return math.type(v) == "integer" and v >= 0 and v <= 0x7FFFFFFF, "a whole number from 0" end,
  share = function(v) return type(v) == "number" and v >= 0 and v <= 1, "a number from 0 to 1" end,
  part = function(v) return type(v) == "number" and v >= 0 and v < 1, "a number from 0, below 1" end,
  amount = function(v) return type(v) == "number" and v >= 0 and v < math.huge, "a number from 0" end,
  boolean = function(v) return type(v) == "boolean", "true or false" end,
}

-- name → { class, fields, shapes, restored }
local classes = {}
for _, class in ipairs {
  require "tenor.nn.dense", require "tenor.nn.lstm", require "tenor.nn.batchnorm", require "tenor.nn.dropout",
  require "tenor.nn.embedding", containers.Sequential, containers.Concat,
} do
  local saved = class._saved
  classes[class.class] = { class = class, fields = saved.fields, shapes = saved.shapes, restored = saved.restored }
end

--- Makes a class of layers of your own known, so that networks with it can be saved and loaded.
-- @function nn.register
-- @tparam table class made by `nn.Module.class`
-- @tparam table recipe how it is described and made again
--
-- - `fields`: name → "size" (a whole number from 1), "whole" (from 0), "steps" (from 0 to 1048576), "share" (a number from 0
--   to 1), "part" (below 1), "amount" (from 0), "boolean" or a set of strings; they are fields of the layer itself
-- - `shapes`: a function of these fields → name of each parameter and buffer → shape, a list
-- - `restored`: a function of the fields (and `name`) → layer
-- @raise where the name of the class is taken
function architecture.register(class, recipe)
  local call = "nn.register"
  if type(class) ~= "table" or type(class.class) ~= "string" then
    error(("%s: expected a class made by nn.Module.class, got %s"):format(call, type(class)), 2)
  end
  local known = classes[class.class]
  if known and known.class ~= class then error(("%s: there is a class %s already"):format(call, class.class), 2) end
  local o = options.fill(call, recipe, { fields = options.none, shapes = options.none, restored = options.none })
  for _, wanted in ipairs { { "fields", "table" }, { "shapes", "function" }, { "restored", "function" } } do
    local name, kind = wanted[1], wanted[2]
    if type(o[name]) ~= kind then error(("%s: %s must be a %s, got %s"):format(call, name, kind, type(o[name])), 2) end
  end
  for field, kind in pairs(o.fields) do
    if type(field) ~= "string" or not (is[kind] or type(kind) == "table") then
      error(("%s: field %s has the unknown kind '%s'"):format(call, tostring(field), tostring(kind)), 2)
    end
  end
  classes[class.class] = { class = class, fields = o.fields, shapes = o.shapes, restored = o.restored }
end

local function describe(module, level)
  local known = classes[module.class]
  if not known or known.class ~= getmetatable(module) then
    error(("describe: %s is of a class that nn.register does not know"):format(module:label()), level)
  end
  local d = { class = module.class, name = module.name }
  for field, kind in pairs(known.fields) do
    if kind == "boolean" then d[field] = module[field] and true or false else d[field] = module[field] end
  end
  if module.list then
    d.layers = json.array {}
    for i, child in ipairs(module.list) do d.layers[i] = describe(child.module, level + 1) end
  end
  return d
end

function architecture.describe(module) return describe(module, 3) end

local function told(v)
  return type(v) == "string" and quoted(v) or type(v) == "table" and "a table" or tostring(v)
end

-- The keys of a table in order, so that the same fault is told every time.
local function sorted(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys, byteorder)
  return keys
end

-- What is wrong with the fields of a description, or nil.
local function fault(class, d, place)
  if d.name ~= nil and (type(d.name) ~= "string" or d.name == "") then
    return ("%s: name must be a string that is not empty, got %s"):format(place, told(d.name))
  end
  for _, field in ipairs(sorted(class.fields)) do
    local kind = class.fields[field]
    local function is_known(v) return type(v) == "string" and kind[v], "one of the known words" end
    local ok, wanted = (is[kind] or is_known)(d[field])
    if not ok then return ("%s: %s must be %s, got %s"):format(place, field, wanted, told(d[field])) end
  end
  local known = { class = true, name = true, layers = true }
  for field in pairs(d) do
    if type(field) ~= "string" then return place .. " is a list" end
  end
  for _, field in ipairs(sorted(d)) do
    if not known[field] and class.fields[field] == nil then
      return ("%s: unknown field %s"):format(place, quoted(field))
    end
  end
end

local function is_container(known) return known.class == containers.Sequential or known.class == containers.Concat end

-- The tree of a description as containers see it, { class, name, list, d }; or nil and what is wrong.
local function tree(d, place, depth)
  if depth > DEPTH then return nil, ("%s: more than %d containers inside one another"):format(place, DEPTH) end
  if type(d) ~= "table" or type(d.class) ~= "string" then return nil, place .. " is not an object with a class" end
  local class = classes[d.class]
  if not class then return nil, ("%s: unknown class %s"):format(place, quoted(d.class)) end
  place = ("%s (%s)"):format(place, d.class)
  local why = fault(class, d, place)
  if why then return nil, why end
  local node = { class = d.class, name = d.name, d = d }
  if not is_container(class) then
    if d.layers ~= nil then return nil, place .. ": layers are inside containers only" end
    return node
  end
  if type(d.layers) ~= "table" or #d.layers == 0 then return nil, place .. ": needs layers, a list that is not empty" end
  node.list = {}
  for i = 1, #d.layers do
    local child, reason = tree(d.layers[i], ("%s.%d"):format(place:match "^%S+", i), depth + 1)
    if not child then return nil, reason end
    node.list[i] = { module = child }
  end
  containers.name_children(node.list)
  return node
end

-- Adds "path.parameter" → shape for all within; nil and what is wrong where two are called alike.
local function shapes_of(node, path, into)
  for _, child in ipairs(node.list or {}) do
    if #path + #child.name >= LONGEST then
      return nil, ("the names of layers inside one another come to more than %d bytes: %s"):format(LONGEST,
        quoted(path ~= "" and path or child.name))
    end
    local ok, why = shapes_of(child.module, Module._join(path, child.name), into)
    if not ok then return nil, why end
  end
  if node.list then return into end
  local shapes = classes[node.class].shapes(node.d)
  for _, name in ipairs(sorted(shapes)) do
    local full = Module._join(path, name)
    if into[full] then return nil, "two tensors would be called " .. quoted(full) end
    into[full] = shapes[name]
  end
  return into
end

local function make(node)
  local layers
  if node.list then
    layers = {}
    for i, child in ipairs(node.list) do layers[i] = make(child.module) end
  end
  return classes[node.class].restored(node.d, init.blank, layers)
end

--- Makes a network of a description. Its weights are zero until `restore` or `initialize` sets them.
-- @function nn.build
-- @tparam table description as `network:describe()` gives it, or JSON back
-- @treturn Module the network in inference mode, or nil and what is wrong
function architecture.build(description)
  local node, why = tree(description, "layer", 0)
  if not node then return nil, why end
  local shapes
  shapes, why = shapes_of(node, "", {})
  if not shapes then return nil, why end
  return make(node):eval()
end

local function text_of(shape) return "(" .. table.concat(shape, ", ") .. ")" end

-- Whether a file has the tensors that a network needs, and no others.
local function compare(shapes, reader)
  for _, name in ipairs(sorted(shapes)) do
    local entry = reader.entries[name]
    if not entry then return nil, "the architecture needs a tensor " .. quoted(name) end
    if text_of(entry.shape) ~= text_of(shapes[name]) then
      return nil, ("tensor %s is %s, the architecture needs %s"):format(quoted(name), text_of(entry.shape), text_of(shapes[name]))
    end
    if not entry.dtype:find "^B?F%d+$" then return nil, ("tensor %s holds no floats but %s"):format(quoted(name), entry.dtype) end
  end
  for _, name in ipairs(reader.names) do
    if not shapes[name] then return nil, "the architecture has no tensor " .. quoted(name) end
  end
  return true
end

local function read_weights(network, reader)
  for _, list in ipairs { network:parameters(), network:buffers() } do
    for _, p in ipairs(list) do
      local t, why = reader:tensor(p.name)
      if not t then return nil, why end
      if not t:isfinite() then
        return nil, ("%s: tensor %s holds a number that is not finite"):format(reader.path, quoted(p.name))
      end
      p.value:copy_from(t)
    end
  end
  return network
end

--- The network of an open safetensors file that `save` wrote.
-- @return the network in inference mode, or nil and a message
function architecture.read(reader)
  local function fail(why) return nil, ("%s: %s"):format(reader.path, why) end
  local metadata = reader.metadata
  if metadata["tenor.format"] == nil or metadata.architecture == nil then
    return fail "has no architecture in its metadata: its tensors are there by tenor.load, but no network"
  end
  if metadata["tenor.format"] ~= FORMAT then
    return fail(("is of format %s, and this tenor (%s) reads format %s"):format(quoted(metadata["tenor.format"]):sub(2, -2),
      tenor._VERSION, FORMAT))
  end
  local description, why = json.decode(metadata.architecture)
  if description == nil then return fail("metadata 'architecture': " .. why) end
  local node
  node, why = tree(description, "layer", 0)
  if not node then return fail("metadata 'architecture': " .. why) end
  local shapes
  shapes, why = shapes_of(node, "", {})
  if not shapes then return fail("metadata 'architecture': " .. why) end
  local ok
  ok, why = compare(shapes, reader)
  if not ok then return fail(why) end
  return read_weights(make(node):eval(), reader)
end

--- Makes a network of a file that `network:save` or `model:save` wrote.
-- @function nn.load
-- @string path
-- @treturn Module the network in inference mode, or nil and a message
function architecture.load(path)
  if type(path) ~= "string" then error("nn.load: path must be a string, got " .. type(path), 2) end
  local reader <close>, why = safetensors.open(path)
  if not reader then return nil, why end
  return architecture.read(reader)
end

function architecture.save(network, path, given)
  local o = options.fill("network:save", given, { metadata = {} }, 4)
  if type(path) ~= "string" or not path:find "%.safetensors$" then
    error(("network:save: path must end in .safetensors, got '%s'"):format(tostring(path)), 3)
  end
  if type(o.metadata) ~= "table" then
    error(("network:save: metadata must be a table of strings, got %s"):format(type(o.metadata)), 3)
  end
  local metadata, tensors = {}, {}
  for name, value in pairs(o.metadata) do metadata[name] = value end
  metadata["tenor.format"], metadata["tenor.version"] = FORMAT, tenor._VERSION
  metadata.architecture = json.encode(describe(network, 4))
  for _, list in ipairs { network:parameters(), network:buffers() } do
    for _, p in ipairs(list) do
      if tensors[p.name] then error(("network:save: two tensors are called '%s': name the layers"):format(p.name), 3) end
      if not p.value:isfinite() then -- `load` would refuse it
        return nil, ("%s: tensor %s holds a number that is not finite"):format(path, quoted(p.name))
      end
      tensors[p.name] = p.value
    end
  end
  return tenor.save(path, tensors, { metadata = metadata })
end

return architecture
