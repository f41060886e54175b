--- safetensors files (https://huggingface.co/docs/safetensors): tensors by name, and strings about them.
--
-- `tenor.load` and `tenor.save` take them whole. A reader gives the header at once and
-- single tensors or rows of them when asked, so that a large file costs what is used of it.
-- @module tenor.safetensors
local byteorder = require "tenor.byteorder"
local core = require("tenor.core").safetensors
local harmless = require "tenor.harmless"
local json = require "tenor.json"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local tensor = require "tenor.tensor"

local safetensors = {}

local MAX_HEADER <const> = 100000000 -- as the format's own library
local MAX_RANK <const> = 8

-- dtype → bytes of an element, and what it becomes; those without a kind can be listed but not read
local dtypes = {
  F64 = { 8, "real" }, F32 = { 4, "real" }, F16 = { 2, "real" }, BF16 = { 2, "real" },
  I64 = { 8, "int32" }, I32 = { 4, "int32" }, I16 = { 2, "int32" }, I8 = { 1, "int32" },
  U64 = { 8, "int32" }, U32 = { 4, "int32" }, U16 = { 2, "int32" }, U8 = { 1, "int32" }, BOOL = { 1, "int32" },
  F8_E4M3 = { 1 }, F8_E5M2 = { 1 }, F8_E8M0 = { 1 }, C64 = { 8 },
}

--- An open safetensors file, its header read; `open` makes one. Fields: `path`, `names` in the order of their bytes,
-- `metadata`, `entries`.
local Reader = {}
Reader.__index = Reader
Reader.__name = "tenor.safetensors.Reader"

local List = getmetatable(json.array())

local function is_list(value) return getmetatable(value) == List end
local function is_object(value) return type(value) == "table" and not is_list(value) end
local function is_size(value) return math.type(value) == "integer" and value >= 0 end

-- Elements of a shape, or nil where 64 bits cannot count them, zeros left aside.
local function elements(shape)
  local n, empty = 1, false
  for _, size in ipairs(shape) do
    if size == 0 then
      empty = true
    else
      if n > (1 << 56) // size then return nil end
      n = n * size
    end
  end
  return empty and 0 or n
end

-- One tensor of the header: { name, dtype, shape, first, bytes }; or nil and what is wrong.
local function entry_of(name, given, room)
  if not is_object(given) then return nil, "is not an object" end
  local dtype, shape, place = given.dtype, given.shape, given.data_offsets
  if type(dtype) ~= "string" then return nil, "has no dtype" end
  if not dtypes[dtype] then return nil, "has the unknown dtype " .. quoted(dtype) end
  if not is_list(shape) then return nil, "has no shape" end
  if #shape > MAX_RANK then return nil, ("has %d dimensions, at most %d are read"):format(#shape, MAX_RANK) end
  for i = 1, #shape do
    if not is_size(shape[i]) then return nil, "has a shape that is not of whole numbers" end
  end
  if not is_list(place) or #place ~= 2 or not is_size(place[1]) or not is_size(place[2]) then
    return nil, "needs data_offsets [first, end], two whole numbers"
  end
  local first, last = place[1], place[2]
  if first > last then return nil, ("begins at byte %d and ends at %d"):format(first, last) end
  if last > room then return nil, ("ends at byte %d, the file holds %d"):format(last, room) end
  local n, width = elements(shape), dtypes[dtype][1]
  if not n or n * width ~= last - first then
    return nil, ("is %s (%s), for which %d bytes are wrong"):format(dtype, table.concat(shape, ", "), last - first)
  end
  return { name = name, dtype = dtype, shape = setmetatable(shape, nil), first = first, bytes = last - first }
end

-- The tensors in the order of their bytes, one behind the other without overlap or hole.
local function check_places(list, room)
  table.sort(list, function(a, b)
    if a.first ~= b.first then return a.first < b.first end
    if a.bytes ~= b.bytes then return a.bytes < b.bytes end
    return byteorder(a.name, b.name)
  end)
  local at, before = 0, nil
  for _, entry in ipairs(list) do
    if entry.first < at then return nil, ("the tensors %s and %s overlap"):format(quoted(before.name), quoted(entry.name)) end
    if entry.first > at then
      return nil, ("bytes %d to %d belong to no tensor"):format(at, entry.first - 1)
    end
    at, before = entry.first + entry.bytes, entry
  end
  if at < room then return nil, ("has %d bytes after the last tensor"):format(room - at) end
  return true
end

local function check_metadata(given)
  if given == nil then return {} end
  if not is_object(given) then return nil, "__metadata__ is not an object" end
  for name, value in pairs(given) do
    if type(value) ~= "string" then return nil, ("__metadata__: %s is not a string"):format(quoted(name)) end
  end
  return given
end

-- Fills in what the header says; or nil and what is wrong.
local function parse(self, text, room)
  if text:sub(1, 1) ~= "{" then return nil, "is not a safetensors file: its header does not begin with '{'" end
  local header, why = json.decode(text)
  if not header then return nil, "header: " .. why end
  local metadata
  metadata, why = check_metadata(header.__metadata__)
  if not metadata then return nil, why end
  header.__metadata__ = nil
  local list, entries, names = {}, {}, {}
  for name in pairs(header) do names[#names + 1] = name end
  table.sort(names, byteorder) -- the same fault is named every time
  for _, name in ipairs(names) do
    local entry, reason = entry_of(name, header[name], room)
    if not entry then return nil, ("tensor %s %s"):format(quoted(name), reason) end
    list[#list + 1], entries[name] = entry, entry
  end
  local ok, reason = check_places(list, room)
  if not ok then return nil, reason end
  for i, entry in ipairs(list) do names[i] = entry.name end
  self.metadata, self.entries, self.names = metadata, entries, names
  return self
end

--- Opens a file and reads its header. Close it, or declare it `<close>`; the collector closes it too.
-- @string path
-- @treturn safetensors.Reader a reader with `names` (in the order of their bytes), `metadata` (string → string) and
-- `entries` (name → `{ name, dtype, shape, first, bytes }`); or nil and a message
function safetensors.open(path)
  if type(path) ~= "string" then error(("safetensors.open: path must be a string, got %s"):format(type(path)), 2) end
  local handle, text, room = core.open(path)
  if not handle then return nil, text end
  local self, why = parse({ path = path, handle = handle }, text, room)
  if not self then
    handle:close()
    return nil, ("%s: %s"):format(path, why)
  end
  return setmetatable(self, Reader)
end

local function entry(self, call, name)
  if not self.handle then error(("%s: the reader is closed"):format(call), 3) end
  local found = self.entries[name]
  if not found then
    local close = options.closest(name, self.names)
    error(("%s: %s has no tensor '%s'%s"):format(call, self.path, tostring(name),
      close and (" (did you mean '%s'?)"):format(close) or ""), 3)
  end
  return found
end

-- Reads `bytes` from `first` on into a tensor of this shape.
local function read(self, e, kind, shape, first)
  if not dtypes[e.dtype][2] then
    return nil, ("%s: tensor %s has dtype %s, which cannot be read"):format(self.path, quoted(e.name), e.dtype)
  end
  local t = tensor.zeros(shape, kind)
  local ok, why = self.handle:read(e.dtype, first, t)
  if not ok then return nil, ("%s: tensor %s: %s"):format(self.path, quoted(e.name), why) end
  return t
end

local function kind_of(call, e, given)
  local o = options.fill(call, given, { dtype = options.none }, 4)
  if o.dtype ~= nil and o.dtype ~= "real" then
    error(("%s: dtype must be 'real' or absent, got '%s'"):format(call, tostring(o.dtype)), 3)
  end
  return o.dtype or dtypes[e.dtype][2]
end

--- One tensor. Floats become the build's scalar type, integers and bools int32, a scalar shape (1).
-- @string name
-- @tparam[opt] table given `dtype = "real"` reads integers as reals
-- @return the tensor, or nil and a message
-- @raise when there is no tensor of this name
function Reader:tensor(name, given)
  local e = entry(self, "reader:tensor", name)
  return read(self, e, kind_of("reader:tensor", e, given), #e.shape > 0 and e.shape or { 1 }, e.first)
end

--- Some rows of a matrix, without reading the others.
-- @string name
-- @tparam table rows list of n row numbers, from 1
-- @tparam[opt] table given `dtype = "real"`
-- @return tensor (n, D), or nil and a message
-- @raise when there is no such tensor or row, or it is no matrix
function Reader:rows(name, rows, given)
  local call = "reader:rows"
  local e = entry(self, call, name)
  if #e.shape ~= 2 then error(("%s: '%s' must be a matrix, got (%s)"):format(call, name, table.concat(e.shape, ", ")), 2) end
  if type(rows) ~= "table" then error(("%s: rows must be a list of row numbers, got %s"):format(call, type(rows)), 2) end
  local kind, width, stride = kind_of(call, e, given), e.shape[2], e.shape[2] * dtypes[e.dtype][1]
  for i = 1, #rows do
    if math.type(rows[i]) ~= "integer" or rows[i] < 1 or rows[i] > e.shape[1] then
      error(("%s: row numbers must be from 1 to %d, got %s"):format(call, e.shape[1], tostring(rows[i])), 2)
    end
  end
  if not dtypes[e.dtype][2] then return read(self, e) end
  local out = tensor.zeros({ #rows, width }, kind)
  for i = 1, #rows do
    local ok, why = self.handle:read(e.dtype, e.first + (rows[i] - 1) * stride, out[i])
    if not ok then return nil, ("%s: tensor %s, row %d: %s"):format(self.path, quoted(name), rows[i], why) end
  end
  return out
end

--- Closes the file; what the header says stays.
function Reader:close()
  if self.handle then self.handle:close() end
  self.handle = nil
end

Reader.__close = Reader.close

--- A line for each tensor: name, dtype, shape.
function Reader:__tostring()
  local lines = { ("safetensors %s: %d tensors"):format(self.path, #self.names) }
  for i, name in ipairs(self.names) do
    local e = self.entries[name]
    lines[i + 1] = ("  %s %s (%s)"):format(harmless(name), e.dtype, table.concat(e.shape, ", "))
  end
  local keys = {}
  for key in pairs(self.metadata) do keys[#keys + 1] = key end
  table.sort(keys, byteorder)
  if #keys > 0 then lines[#lines + 1] = "  metadata: " .. harmless(table.concat(keys, ", ")) end
  return table.concat(lines, "\n")
end

--- Reads all tensors.
-- @string path
-- @tparam[opt] table given `dtype = "real"` reads integers as reals
-- @treturn ?table name → tensor; nil where the file cannot be read
-- @treturn table|string the metadata, or the message
function safetensors.load(path, given)
  local reader <close>, why = safetensors.open(path)
  if not reader then return nil, why end
  local tensors = {}
  for _, name in ipairs(reader.names) do
    local reason
    tensors[name], reason = reader:tensor(name, given)
    if not tensors[name] then return nil, reason end
  end
  return tensors, reader.metadata
end

local function metadata_text(given)
  local names = {}
  for name, value in pairs(given) do
    if type(name) ~= "string" or type(value) ~= "string" then
      error(("tenor.save: metadata must map strings to strings, got %s = a %s"):format(tostring(name), type(value)), 3)
    end
    names[#names + 1] = name
  end
  return #names > 0 and json.encode(given)
end

--- Writes tensors by name, as the format's own library does: real tensors first, then by name, so that all
-- are aligned; the header filled up with spaces to a multiple of 8 bytes. Equal content makes equal bytes.
-- @return true, or nil and a message
function safetensors.save(path, tensors, metadata)
  local order, parts, at, values = {}, {}, 0, {}
  for name in pairs(tensors) do order[#order + 1] = name end
  table.sort(order, function(a, b)
    local real_a, real_b = tensors[a]:dtype() ~= "int32", tensors[b]:dtype() ~= "int32"
    if real_a ~= real_b then return real_a end
    return byteorder(a, b)
  end)
  local about = metadata_text(metadata or {})
  if about then parts[1] = '"__metadata__":' .. about end
  for i, name in ipairs(order) do
    local t = tensors[name]
    local kind = t:dtype() == "int32" and "I32" or t:dtype() == "float64" and "F64" or "F32"
    local bytes = t:size() * dtypes[kind][1]
    parts[#parts + 1] = ('%s:{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}'):format(json.encode(name), kind,
      table.concat(t:shape(), ","), at, at + bytes)
    at, values[i] = at + bytes, t
  end
  local header = "{" .. table.concat(parts, ",") .. "}"
  header = header .. (" "):rep(-#header % 8)
  if #header > MAX_HEADER then
    return nil, ("%s: a header of %d bytes is too long; at most %d can be read back"):format(path, #header, MAX_HEADER)
  end
  return core.write(path, header, values)
end

return safetensors
