--- Saving and loading: `tenor.load` and `tenor.save`, by the file's extension.
local byteorder = require "tenor.byteorder"
local core = require("tenor.core").npy
local options = require "tenor.options"
local safetensors = require "tenor.safetensors"
local tensor = require "tenor.tensor"

local files = {}

local Tensor = getmetatable(tensor.zeros(1))

-- An empty tensor may have any sizes besides its zero; readers count them with zeros left aside, to 56 bits.
local function check_shape(what, t, level)
  local n = 1
  for _, size in ipairs(t:size() == 0 and t:shape() or {}) do
    if size > 0 and n > ((1 << 56) - 1) // size then
      error(("tenor.save: %s is empty, but (%s) is more than can be read back"):format(what, table.concat(t:shape(), ", ")),
        level)
    end
    n = n * math.max(size, 1)
  end
  return t
end

local function to_tensor(what, value, level)
  if getmetatable(value) == Tensor then return check_shape(what, value, level) end
  if type(value) == "number" then return tensor.tensor { value } end
  if type(value) == "table" then return tensor.tensor(value) end
  error(("tenor.save: %s must be a tensor, a number or a table of numbers, got %s"):format(what, type(value)), level)
end

local function is_strings(value)
  return type(value) == "table" and getmetatable(value) ~= Tensor and type(value[1]) == "string"
end

-- Strings as NumPy's `<U`: each in UCS-4, filled up with zeros to the longest one's length.
local function to_strings(what, list, level)
  local longest = 1
  for i = 1, #list do
    local s = list[i]
    local n = type(s) == "string" and utf8.len(s)
    if not n or s:find("%z$") then
      error(("tenor.save: %s must be UTF-8 strings that do not end in a zero, got item %d: %s"):format(what, i,
        type(s) == "string" and ("%q"):format(s) or type(s)), level)
    end
    longest = math.max(longest, n)
  end
  local pieces = {}
  for i = 1, #list do
    local characters = {}
    for _, c in utf8.codes(list[i]) do characters[#characters + 1] = string.pack("=I4", c) end
    characters[#characters + 1] = ("\0"):rep(4 * (longest - #characters))
    pieces[i] = table.concat(characters)
  end
  return { table.concat(pieces), longest }
end

-- What an array file can hold. (Tail calls, here and in `files.save`, leave no level of their own: `level` 3 is whoever
-- called tenor.save.)
local function to_content(what, value, level)
  if is_strings(value) then return to_strings(what, value, level) end
  return to_tensor(what, value, level)
end

-- The names of a table name → value, in order.
local function names_of(format, value)
  if type(value) ~= "table" or getmetatable(value) == Tensor then
    error(("tenor.save: the value for %s must be a table name -> tensor, got %s"):format(format,
      getmetatable(value) == Tensor and "a tensor" or type(value)), 3)
  end
  local names = {}
  for name in pairs(value) do
    if type(name) ~= "string" or name == "" or name:find("%z") then
      error(("tenor.save: names in %s must be strings, got %s"):format(format, tostring(name)), 3)
    end
    names[#names + 1] = name
  end
  table.sort(names, byteorder)
  return names
end

local function save_npz(path, value, o)
  local names, list = names_of("an .npz", value), {}
  for i, name in ipairs(names) do list[i] = to_content(("value '%s'"):format(name), value[name], 3) end
  return core.write_zip(path, names, list, o.compress)
end

local function save_safetensors(path, value, o)
  local tensors = {}
  for _, name in ipairs(names_of("a .safetensors", value)) do
    if name == "__metadata__" or not utf8.len(name) then
      error(("tenor.save: names in a .safetensors must be UTF-8 and not __metadata__, got '%s'"):format(name), 2)
    end
    if is_strings(value[name]) then
      error(("tenor.save: value '%s': a .safetensors holds strings in its metadata alone"):format(name), 2)
    end
    tensors[name] = to_tensor(("value '%s'"):format(name), value[name], 3)
  end
  if type(o.metadata) ~= "table" then
    error(("tenor.save: metadata must be a table of strings, got %s"):format(type(o.metadata)), 2)
  end
  return safetensors.save(path, tensors, o.metadata)
end

-- extension → how it is read and written, and with which options; a further format is one more entry
local formats = {
  npy = {
    load = function(path, o) return core.read(path, o.dtype == "real") end,
    save = function(path, value) return core.write(path, to_content("the value", value, 3)) end,
    options = {},
  },
  npz = {
    load = function(path, o) return core.read_zip(path, o.dtype == "real") end,
    save = save_npz,
    options = { compress = false },
  },
  safetensors = {
    load = safetensors.load,
    save = save_safetensors,
    options = { metadata = {} },
  },
}

local function format_of(call, path)
  if type(path) ~= "string" then
    error(("%s: path must be a string, got %s"):format(call, type(path)), 3)
  end
  local extension = path:match("%.([^./]+)$")
  local format = formats[(extension or ""):lower()]
  if not format then
    local known = {}
    for name in pairs(formats) do known[#known + 1] = "." .. name end
    table.sort(known)
    error(("%s: cannot tell the format of '%s'; known extensions are %s"):format(call, path,
      table.concat(known, ", ")), 3)
  end
  return format, extension
end

--- Reads a tensor (`.npy`) or a table name → tensor (`.npz`, `.safetensors`).
-- Floats of any width become the build's scalar type, integers and bools int32;
-- 0-d arrays become shape (1). NumPy's strings become a list of strings.
-- @string path
-- @tparam[opt] table given `dtype = "real"` reads integers as reals, also such as int32 cannot hold
-- @return the tensor or table, or nil and a message with file, member and reason
-- @treturn table of a `.safetensors` the metadata, a table string → string
-- @raise when the extension is unknown
function files.load(path, given)
  local format = format_of("tenor.load", path)
  local o = options.fill("tenor.load", given, { dtype = options.none })
  if o.dtype ~= nil and o.dtype ~= "real" then
    error(("tenor.load: dtype must be 'real' or absent, got '%s'"):format(tostring(o.dtype)), 2)
  end
  return format.load(path, o)
end

--- Writes a tensor (`.npy`) or a table name → tensor (`.npz`, `.safetensors`) for other programs to read.
-- Numbers and nested tables of numbers are made real tensors first; in `.npy` and `.npz` a list of
-- strings becomes NumPy's `<U`. The file
-- appears whole or not at all; equal content makes equal bytes.
-- @string path
-- @param value a tensor; for `.npz` and `.safetensors` a table of them by name
-- @tparam[opt] table given of an `.npz`: `compress = true` deflates the members; of a
-- `.safetensors`: `metadata`, a table string → string
-- @return true, or nil and a message with file and reason
-- @raise when the extension is unknown or the value does not suit it
function files.save(path, value, given)
  local format, extension = format_of("tenor.save", path)
  local o = options.fill(("tenor.save of a .%s"):format(extension), given, format.options)
  return format.save(path, value, o)
end

return files
