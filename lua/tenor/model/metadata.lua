--- What a model is besides its network, as JSON in the metadata of its file; and back, every value looked at.
local checked = require "tenor.checked"
local data = require "tenor.data"
local extraction = require "tenor.features.options"
local harmless = require "tenor.harmless"
local History = require "tenor.history"
local json = require "tenor.json"
local quoted = require "tenor.quoted"
local tensor = require "tenor.tensor"
local text = require "tenor.text"

local metadata = {}

-- A copy that JSON can hold: NaN, as of a CCC that is not defined, becomes null.
local function plain(value)
  if type(value) == "number" then return value - value == 0 and value or json.null end
  if type(value) ~= "table" then return value end
  local copy = setmetatable({}, getmetatable(value) == getmetatable(json.array()) and getmetatable(value) or nil)
  for k, v in pairs(value) do copy[k] = plain(v) end
  return copy
end

--- @return table string → string
function metadata.of(model)
  local m = { labels = json.encode(model.labels) }
  if model.scale then m.scale = json.encode { model.scale[1], model.scale[2] } end
  if model.features then m.features = json.encode(model.features) end
  if model.scaler then
    m.scaler = json.encode { mean = model.scaler.mean:totable(), std = model.scaler.std:totable() }
  end
  if model.words then m.words = json.encode(model.words:state()) end
  if model.length then m.length = json.encode(model.length) end
  if model.history then m.history = json.encode(plain(model.history)) end
  if model.record then m.record = json.encode(plain(model.record)) end
  if model.fold then m.fold = json.encode(model.fold) end
  return m
end

local function is_number(v) return type(v) == "number" end
local function is_string(v) return type(v) == "string" end
local function is_name(v) return type(v) == "string" and v ~= "" and harmless(v) == v end

local function list_of(value, is)
  if type(value) ~= "table" then return false end
  local n = 0
  for key, v in pairs(value) do
    n = n + 1
    if math.type(key) ~= "integer" or not is(v) then return false end
  end
  return n == #value
end

-- name → function from the decoded value to what the model holds, or nil and what is wrong
local read = {}

function read.labels(v)
  if not list_of(v, is_name) or #v == 0 then return nil, "is no list of names" end
  return table.move(v, 1, #v, 1, {})
end

function read.scale(v)
  if not list_of(v, is_number) or #v ~= 2 then return nil, "is not { low, high }" end
  return checked(data._check_scale, "scale", { v[1], v[2] })
end

function read.features(v)
  if type(v) ~= "table" then return nil, "is no table of options" end
  return checked(extraction.extract, "features", v)
end

function read.scaler(v)
  if type(v) ~= "table" or not list_of(v.mean, is_number) or not list_of(v.std, is_number) or #v.mean ~= #v.std
    or #v.mean == 0 then
    return nil, "is not { mean, std }, two lists of numbers of one length"
  end
  for _, std in ipairs(v.std) do
    if std <= 0 then return nil, "has a deviation that is not above 0" end
  end
  local mean, std = tensor.tensor(v.mean), tensor.tensor(v.std)
  if not (mean:isfinite() and std:isfinite() and tensor.ones(#v.std):div(std):isfinite()) then
    return nil, "has a mean or a deviation that the scalar cannot divide by"
  end
  return { mean = mean, std = std }
end

function read.words(v)
  if type(v) ~= "table" then return nil, "is no table" end
  return text.restore(v)
end

function read.length(v)
  if math.type(v) ~= "integer" or v < 1 or v > 1 << 20 then return nil, "is no whole number from 1 to 1048576" end
  return v
end

-- null stands for NaN in a list of numbers
local function numbers(list)
  local out = {}
  for i, v in ipairs(list) do out[i] = v == json.null and 0 / 0 or v end
  return out
end

local function is_score(v) return v == json.null or is_number(v) end

local function epoch_of(v, number)
  if type(v) ~= "table" or v.epoch ~= number then return nil end
  local entry = {}
  for name, field in pairs(v) do
    if not is_string(name) then return nil end
    if field == json.null then
      entry[name] = 0 / 0
    elseif is_number(field) then
      entry[name] = field
    elseif list_of(field, is_score) then
      entry[name] = numbers(field)
    else
      return nil
    end
  end
  for name, field in pairs { loss = "number", val_loss = "number", val_ccc = "table" } do
    if entry[name] ~= nil and type(entry[name]) ~= field then return nil end
  end
  return entry
end

local function is_position(v)
  return type(v) == "table" and math.type(v.epoch) == "integer" and math.type(v.batch) == "integer"
end

-- What a history has lists of, besides the epochs.
local lists = { resumed = is_position, notes = is_string }

function read.history(v)
  if type(v) ~= "table" or type(v.epochs) ~= "table" then return nil, "has no list of epochs" end
  local fields, kept = {}, {}
  for name, field in pairs(v) do
    if lists[name] and type(field) == "table" and (next(field) == nil or list_of(field, lists[name])) then
      kept[name] = table.move(field, 1, #field, 1, {})
    elseif not is_string(name) or (name ~= "epochs" and type(field) == "table") then
      return nil, "is no record of a training"
    else
      fields[name] = field
    end
  end
  for name, kind in pairs { best_epoch = "number", best_val_loss = "number", stopped = "string" } do
    if fields[name] ~= nil and type(fields[name]) ~= kind then return nil, ("%s must be a %s"):format(name, kind) end
  end
  if fields.best_epoch ~= nil and math.type(fields.best_epoch) ~= "integer" then return nil, "best_epoch must be a whole number" end
  local history = History.new(fields)
  for name, list in pairs(kept) do history[name] = list end
  for i = 1, #v.epochs do
    history.epochs[i] = epoch_of(v.epochs[i], i)
    if not history.epochs[i] then return nil, ("epoch %d is no record of an epoch"):format(i) end
  end
  return history
end

function read.record(v)
  if type(v) ~= "table" then return nil, "is no table" end
  local ok, why = checked(json.encode, v) -- tables inside one another may be more than can be written
  if not ok then return nil, why end
  return v
end

local function is_count(v) return math.type(v) == "integer" and v >= 1 end

function read.fold(v)
  if type(v) ~= "table" or not is_string(v.name) or not is_count(v.number) or not is_count(v.of) or v.number > v.of
    or not list_of(v.held_out, is_string) then
    return nil, "is not { name, number, of, held_out }"
  end
  local seen = {}
  for _, id in ipairs(v.held_out) do -- one is predicted once by each model
    if seen[id] then return nil, ("holds %s out twice"):format(quoted(id)) end
    seen[id] = true
  end
  return { name = v.name, number = v.number, of = v.of, held_out = table.move(v.held_out, 1, #v.held_out, 1, {}) }
end

--- @tparam table m string → string
-- @return the fields of a model, or nil and what is wrong
function metadata.fields(m)
  local fields = { version = m["tenor.version"] }
  if not m.labels then return nil, "holds a bare network, which nn.load opens: its metadata has no 'labels'" end
  for _, name in ipairs { "labels", "scale", "features", "scaler", "words", "length", "history", "record", "fold" } do
    if m[name] then
      local value, why = json.decode(m[name])
      if value ~= nil then value, why = read[name](value) end
      if value == nil then return nil, ("metadata '%s': %s"):format(name, why) end
      fields[name] = value
    end
  end
  return fields
end

return metadata
