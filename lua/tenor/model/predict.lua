--- From recordings and words to numbers on the label scale.
local csv = require "tenor.csv"
local evaluation = require "tenor.evaluation"
local extraction = require "tenor.features.options"
local features = require "tenor.features"
local options = require "tenor.options"
local tensor = require "tenor.tensor"

local call = "model:predict"

local defaults = {
  batch = 256, jobs = options.none, cache = false, progress = "silent", stream = options.none, window = options.none,
  step = options.none,
}

local fields = { wav = options.none, text = options.none, features = options.none, id = options.none }

local Tensor = getmetatable(tensor.zeros(1))

--- Predictions of several utterances, a list in their order: each has `id`, `wav` and its labels, or `reason` where it
-- failed. Fields: `failures`, a list of { index, id, wav, reason }; `raw`, a tensor (n, K) of what the network gave for the
-- others; `labels`, `scale`.
local Predictions = { __name = "tenor.model.Predictions" }
Predictions.__index = Predictions

--- Writes id, wav, a column a label, and why one failed.
-- @string path
-- @return true, or nil and a message
function Predictions:write(path)
  local header, records = { "id", "wav" }, {}
  table.move(self.labels, 1, #self.labels, 3, header)
  header[#header + 1] = "reason"
  for i, p in ipairs(self) do
    local record = { id = p.id or "", wav = type(p.wav) == "string" and p.wav or "", reason = p.reason or "" }
    for _, name in ipairs(self.labels) do record[name] = p[name] and ("%.9g"):format(p[name]) or "" end
    records[i] = record
  end
  return csv.write(path, header, records)
end

local MOST <const> = 20

function Predictions:__tostring()
  local lines = { ("Predictions: %d of %d"):format(#self - #self.failures, #self) }
  for i, p in ipairs(self) do
    if i > MOST then
      lines[#lines + 1] = ("  and %d more"):format(#self - MOST)
      break
    end
    local cells = {}
    for k, name in ipairs(self.labels) do cells[k] = p[name] and ("%s %.3f"):format(name, p[name]) end
    lines[#lines + 1] = ("  %s: %s"):format(p.id or type(p.wav) == "string" and p.wav or i, p.reason or table.concat(cells, ", "))
  end
  return table.concat(lines, "\n")
end

-- Which of features and ids the network takes.
local function takes(model, kind)
  for _, input in ipairs(model.inputs) do
    if input.kind == kind then return input end
  end
end

local function class_of(value)
  local class = getmetatable(value)
  return type(class) == "table" and class.__name
end

local function check_item(item, where)
  if type(item) == "string" or class_of(item) == "tenor.Wave" then return { wav = item } end
  if type(item) ~= "table" then error(("%s%s: an utterance is a table or a path, got %s"):format(call, where, type(item)), 4) end
  local o = options.fill(call .. where, item, fields, 5)
  if o.wav ~= nil and type(o.wav) ~= "string" and class_of(o.wav) ~= "tenor.Wave" then
    error(("%s%s: wav must be a path or a Wave, got %s"):format(call, where, type(o.wav)), 4)
  end
  if o.text ~= nil and type(o.text) ~= "string" then
    error(("%s%s: text must be a string, got %s"):format(call, where, type(o.text)), 4)
  end
  if o.features ~= nil and getmetatable(o.features) ~= Tensor then
    error(("%s%s: features must be a tensor (F), got %s"):format(call, where, type(o.features)), 4)
  end
  return o
end

-- The utterances, and whether there is just the one; or nil and a message.
local function utterances(model, what)
  if type(what) == "string" and what:lower():find "%.csv$" then
    local corpus, why = require "tenor.corpus".manifest(what, { scale = model.scale })
    if not corpus then return nil, why end
    what = corpus
  end
  if type(what) == "table" and type(what.utterances) == "table" then
    local list = {}
    for i, u in ipairs(what.utterances) do list[i] = { id = u.id, wav = u.wav, text = u.text } end
    return list
  end
  if type(what) == "table" and (what[1] ~= nil or next(what) == nil) then
    local list = {}
    for i, item in ipairs(what) do list[i] = check_item(item, (": utterance %d"):format(i)) end
    return list
  end
  return { check_item(what, "") }, true
end

-- Rows of features (n, F), and the reasons of those that have none.
local function feature_rows(model, list, o, width)
  local reasons, paths, any = {}, {}, false
  for i, u in ipairs(list) do
    paths[i] = not u.features and type(u.wav) == "string" and u.wav or false
    any = any or paths[i] and model.features
    if not u.features and not u.wav then reasons[i] = "no wav" end
  end
  if not model.features then
    for i, u in ipairs(list) do
      if not u.features then reasons[i] = "the model was trained on features made elsewhere: give features" end
    end
  end
  local rows = tensor.zeros(#list, width)
  if any then
    local given = { jobs = o.jobs, cache = o.cache, progress = o.progress, stream = o.stream }
    for name, value in pairs(model.features) do given[name] = value end
    local why
    rows, why = features.extract_many(paths, given)
    for i, reason in pairs(why) do reasons[i] = reason end
  end
  for i, u in ipairs(list) do
    if u.features then
      if u.features:rank() ~= 1 or u.features:size() ~= width or u.features:dtype() == "int32" then
        error(("%s: features of utterance %d must be real numbers (%d)"):format(call, i, width), 4)
      end
      rows[i]:copy_from(u.features)
    elseif u.wav and type(u.wav) ~= "string" and model.features then
      local row, reason = features.extract(u.wav, model.features)
      if row then rows[i]:copy_from(row) else reasons[i] = reason end
    end
  end
  return rows, reasons
end

local function inputs_of(model, list, o)
  local acoustic, ids = takes(model, "features"), takes(model, "ids")
  local rows, reasons = nil, {}
  if acoustic then rows, reasons = feature_rows(model, list, o, acoustic.width) end
  local kept, texts = {}, {}
  for i, u in ipairs(list) do
    if ids and not u.text then reasons[i] = reasons[i] or "no text" end
    if not reasons[i] then
      kept[#kept + 1] = i
      texts[#kept] = u.text
    end
  end
  if #kept == 0 then return nil, kept, reasons end
  local by = {}
  if rows then
    rows = rows:index(kept)
    if model.scaler then rows:sub(model.scaler.mean):div(model.scaler.std) end
    by.features = rows
  end
  if ids then by.ids = model.words:encode_all(texts, { length = model.length }) end
  local x = {}
  for i, input in ipairs(model.inputs) do x[i] = by[input.kind] end
  return #x == 1 and x[1] or x, kept, reasons
end

-- A number of the network on the label scale.
local function on_scale(y, scale)
  if not scale then return y end
  return (y + 1) * ((scale[2] - scale[1]) / 2) + scale[1]
end

local function predict(model, list, o)
  local x, kept, reasons = inputs_of(model, list, o)
  local raw = x and evaluation.predict(model.network, x, { batch = o.batch }) or tensor.zeros(0, #model.labels)
  local results = setmetatable({ failures = {}, labels = model.labels, scale = model.scale, raw = raw }, Predictions)
  for i, u in ipairs(list) do
    results[i] = { id = u.id, wav = u.wav, reason = reasons[i] }
    if reasons[i] then results.failures[#results.failures + 1] = { index = i, id = u.id, wav = u.wav, reason = reasons[i] } end
  end
  for row, i in ipairs(kept) do
    for k, name in ipairs(model.labels) do results[i][name] = on_scale(raw[row][k], model.scale) end
  end
  return results
end

return function(model, what, given)
  local o = options.fill(call, given, defaults, 4)
  if math.type(o.batch) ~= "integer" or o.batch < 1 then
    error(("%s: batch must be a whole number from 1, got %s"):format(call, tostring(o.batch)), 3)
  end
  if o.step ~= nil and o.window == nil then error(call .. ": step goes with window, the seconds of one prediction", 3) end
  extraction.many(call, { jobs = o.jobs, cache = o.cache, progress = o.progress, stream = o.stream })
  if o.window ~= nil then return require "tenor.model.course"(model, what, o, predict) end
  local list, single = utterances(model, what)
  if not list then return nil, single end
  local results = predict(model, list, o)
  if not single then return results end
  local only = results[1]
  if only.reason then return nil, only.reason end
  only.id, only.wav = nil, nil
  return only
end
