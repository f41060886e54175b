-- The options of extraction and of files of features: what there is, what they are by default, what they must be.
local cache = require "tenor.cache"
local named = require "tenor.named"
local options = require "tenor.options"
local training = require "tenor.core".training

local lld = { window = 0.025, step = 0.010, deltas = false, eps = 2.0 ^ -52 }
local hsf = { drop_zeros = false }

local function with(defaults, more)
  local all = {}
  for name, default in pairs(defaults) do all[name] = default end
  for name, default in pairs(more) do all[name] = default end
  return all
end
local extract = with(lld, hsf)
local many = with(extract, {
  jobs = options.none, progress = "silent", stream = options.none, cache = false, verify = false,
})
local corpus = with(many, { cache = true, progress = "auto" })

local modes = { auto = true, bar = true, plain = true, silent = true }

-- What came, which may be out of a file: an address would tell nothing.
local function told(value)
  local plain = type(value) == "number" or type(value) == "string" or type(value) == "boolean"
  return plain and named { value } or "a " .. type(value)
end

-- `level` is that of `error` in the function that has it: 3 is whoever calls the caller.
local function fill(call, given, defaults, level)
  local o = options.fill(call, given, defaults, level + 1)
  for _, name in ipairs { "window", "step", "eps" } do
    local value = o[name]
    if defaults[name] and not (type(value) == "number" and value > 0 and value < math.huge) then
      error(("%s: %s must be a positive number, got %s"):format(call, name, told(value)), level)
    end
  end
  for _, name in ipairs { "deltas", "drop_zeros", "verify" } do
    if defaults[name] ~= nil and type(o[name]) ~= "boolean" then
      error(("%s: %s must be true or false, got %s"):format(call, name, told(o[name])), level)
    end
  end
  return o
end

local function fill_many(call, given, defaults, level)
  local o = fill(call, given, defaults, level + 1)
  o.jobs = o.jobs or training.threads()
  if math.type(o.jobs) ~= "integer" or o.jobs < 1 then
    error(("%s: jobs must be a whole number from 1, got %s"):format(call, tostring(o.jobs)), level)
  end
  o.jobs = math.min(o.jobs, training.threads())
  cache._check(call, o.cache, level)
  if type(o.progress) ~= "function" and not modes[o.progress] then
    error(("%s: progress must be auto, bar, plain, silent or a function, got %s"):format(call, tostring(o.progress)),
      level)
  end
  return o
end

local file_defaults = {
  npz = { features = "features", ids = "ids", names = "names" },
  csv = { id = options.none, columns = options.none, separator = options.none },
}

-- Those of a file of features, by its ending.
local function file(call, path, given, level)
  local ending = type(path) == "string" and path:lower():match "%.(%a+)$"
  local defaults = file_defaults[ending]
  if not defaults then
    error(("%s: path must be a string that ends in .npz or .csv%s, got %s"):format(call,
      call == "corpus:features" and ", or .npy with rows in corpus order" or "", tostring(path)), level)
  end
  local o = options.fill(("%s of a .%s"):format(call, ending), given, defaults, level + 1)
  for name, value in pairs(o) do
    local list = name == "columns"
    if type(value) ~= (list and "table" or "string") then
      error(("%s: %s must be %s, got %s"):format(call, name, list and "a list of names" or "a string", type(value)), level)
    end
  end
  return o
end

-- Each: (call, given) → all options, checked; errors point at the line that called the caller.
-- (A tail call leaves no level of its own.)
return {
  lld = function(call, given) return fill(call, given, lld, 3) end,
  hsf = function(call, given) return fill(call, given, hsf, 3) end,
  extract = function(call, given) return fill(call, given, extract, 3) end,
  many = function(call, given) return fill_many(call, given, many, 3) end,
  corpus = function(call, given) return fill_many(call, given, corpus, 3) end,
  file = function(call, path, given) return file(call, path, given, 3) end, -- (call, path, given)
}
