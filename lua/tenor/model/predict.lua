--- From recordings and words to numbers on the label scale, by one model or by those of a cross-validation.
local evaluation = require "tenor.evaluation"
local extraction = require "tenor.features.options"
local data = require "tenor.data"
local features = require "tenor.features"
local Features = require "tenor.corpus.features"
local options = require "tenor.options"
local Predictions = require "tenor.model.predictions"
local tensor = require "tenor.tensor"

local call = "model:predict"

local defaults = {
  batch = 256, features = options.none, jobs = options.none, cache = false, progress = "silent", stream = options.none,
  window = options.none, step = options.none,
}

local fields = { wav = options.none, text = options.none, features = options.none, id = options.none }

local Tensor = getmetatable(tensor.zeros(1))

-- Misuse: `predict` below lets it point at the line that called.
local function fail(message, ...) error(("%s: "):format(call) .. message:format(...), 0) end

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
  if type(item) ~= "table" then fail("%san utterance is a table or a path, got %s", where, type(item)) end
  local o = options.fill(call .. (where ~= "" and ": " .. where:gsub(": $", "") or ""), item, fields, 0)
  if o.wav ~= nil and type(o.wav) ~= "string" and class_of(o.wav) ~= "tenor.Wave" then
    fail("%swav must be a path or a Wave, got %s", where, type(o.wav))
  end
  if o.text ~= nil and type(o.text) ~= "string" then fail("%stext must be a string, got %s", where, type(o.text)) end
  if o.features ~= nil and getmetatable(o.features) ~= Tensor then
    fail("%sfeatures must be a tensor (F), got %s", where, type(o.features))
  end
  return o
end

-- Features that were extracted otherwise than those that the model was trained on.
local function check_extraction(model, given)
  for name, value in pairs(model.features and given.options or {}) do
    if model.features[name] ~= nil and model.features[name] ~= value then
      fail("the features were extracted with %s = %s, those of the model with %s", name, value, model.features[name])
    end
  end
end

-- The features that are there for a corpus: those given, or those that came with it where it names no wav.
local function features_of(model, corpus, given)
  if given == nil then
    if not corpus.at_hand then return nil end
    for _, u in ipairs(corpus.utterances) do
      if u.wav then return nil end
    end
    given = corpus:features()
  end
  if getmetatable(given) ~= Features then
    fail("features must be Features, as corpus:features(path) and corpus:extract give them, got %s", type(given))
  end
  check_extraction(model, given)
  return given
end

-- A corpus as a list of utterances, and what their labels are on -1..1.
local function of_corpus(model, corpus, given)
  local list, gold = {}, {}
  local at_hand = features_of(model, corpus, given)
  for i, u in ipairs(corpus.utterances) do
    local row = at_hand and at_hand:row(u.id)
    list[i] = { id = u.id, wav = u.wav, text = u.text, features = row and at_hand.tensor[row], absent = at_hand and not row }
    for _, name in ipairs(model.labels) do
      if type(u[name]) == "number" then
        gold[i] = gold[i] or {}
        gold[i][name] = data.map_label(u[name], corpus.scale)
      end
    end
  end
  return list, gold
end

-- The utterances, their labels where they have any, and whether there is just the one; or nil and a message.
local function utterances(model, what, o)
  if type(what) == "string" and what:lower():find "%.csv$" then
    local corpus, why = require "tenor.corpus".manifest(what, { scale = model.scale })
    if not corpus then return nil, why end
    what = corpus
  end
  if type(what) == "table" and type(what.utterances) == "table" then return of_corpus(model, what, o.features) end
  if o.features ~= nil then fail "the option features goes with a corpus; an utterance may have features of its own" end
  if type(what) == "table" and (what[1] ~= nil or next(what) == nil) then
    local list = {}
    for i, item in ipairs(what) do list[i] = check_item(item, ("utterance %d: "):format(i)) end
    return list, {}
  end
  return { check_item(what, "") }, {}, true
end

-- Rows of features (n, F), and the reasons of those that have none.
local function feature_rows(model, list, o, width)
  local reasons, paths, any = {}, {}, false
  for i, u in ipairs(list) do
    paths[i] = model.features and not u.features and not u.absent and type(u.wav) == "string" and u.wav or false
    any = any or paths[i]
    if u.absent then
      reasons[i] = "no features"
    elseif not u.features and not model.features then
      reasons[i] = "the model was trained on features made elsewhere: give features"
    elseif not u.features and not u.wav then
      reasons[i] = "no wav"
    end
  end
  local rows = tensor.zeros(#list, width)
  if any then
    local given = { jobs = o.jobs, cache = o.cache, progress = o.progress, stream = o.stream }
    for name, value in pairs(model.features) do given[name] = value end
    local why
    rows, why = features.extract_many(paths, given)
    for i, reason in pairs(why) do reasons[i] = reasons[i] or reason end
  end
  for i, u in ipairs(list) do
    if u.features then
      if u.features:rank() ~= 1 or u.features:size() ~= width or u.features:dtype() == "int32" then
        fail("features of utterance %d must be real numbers (%d)", i, width)
      end
      rows[i]:copy_from(u.features)
    elseif u.wav and type(u.wav) ~= "string" and model.features then
      local row, reason = features.extract(u.wav, model.features)
      if row then rows[i]:copy_from(row) else reasons[i] = reason end
    end
  end
  return rows, reasons
end

-- What one model gives for some of the utterances: (n, K).
local function run(model, list, rows, places, o)
  local by = {}
  if rows then
    by.features = rows:index(places)
    if model.scaler then by.features:sub(model.scaler.mean):div(model.scaler.std) end
  end
  if model.words then
    local texts = {}
    for i, place in ipairs(places) do texts[i] = list[place].text end
    by.ids = model.words:encode_all(texts, { length = model.length })
  end
  local x = {}
  for i, input in ipairs(model.inputs) do x[i] = by[input.kind] end
  return evaluation.predict(model.network, #x == 1 and x[1] or x, { batch = o.batch })
end

-- What the models of a cross-validation give: each utterance by those whose folds held it out, one in no fold by all.
local function run_folds(folds, list, rows, places, o)
  local raw = tensor.zeros(#places, #folds.labels)
  for i, model in ipairs(folds.models) do
    local at, its = {}, {}
    for row, place in ipairs(places) do
      if folds:_predicts(i, list[place].id) then
        at[#at + 1], its[#its + 1] = row, place
      end
    end
    if #its > 0 then
      local part = run(model, list, rows, its, o)
      for j, row in ipairs(at) do raw[row]:add(part[j] / #folds:unseen(list[places[row]].id)) end
    end
  end
  return raw
end

-- A number of the network on the label scale.
local function on_scale(y, scale)
  if not scale then return y end
  return (y + 1) * ((scale[2] - scale[1]) / 2) + scale[1]
end

local function tell_folds(folds, results, kept)
  results.models, results.held_out, results.averaged = #folds, 0, 0
  for _, i in ipairs(kept) do
    local name = folds:_fold(results[i].id)
    results[i].fold = name
    local which = name and "held_out" or "averaged"
    results[which] = results[which] + 1
  end
end

local function predict(model, list, o, gold)
  local acoustic, ids = takes(model, "features"), takes(model, "ids")
  local rows, reasons = nil, {}
  if acoustic then rows, reasons = feature_rows(model, list, o, acoustic.width) end
  local kept = {}
  for i, u in ipairs(list) do
    if ids and not u.text then reasons[i] = reasons[i] or "no text" end
    if not reasons[i] then kept[#kept + 1] = i end
  end
  local raw = #kept == 0 and tensor.zeros(0, #model.labels) or (model.models and run_folds or run)(model, list, rows, kept, o)
  local results = setmetatable({ failures = {}, labels = model.labels, scale = model.scale, raw = raw, gold = gold or {} },
    Predictions)
  for i, u in ipairs(list) do
    results[i] = { id = u.id, wav = u.wav, reason = reasons[i] }
    if reasons[i] then results.failures[#results.failures + 1] = { index = i, id = u.id, wav = u.wav, reason = reasons[i] } end
  end
  for row, i in ipairs(kept) do
    for k, name in ipairs(model.labels) do results[i][name] = on_scale(raw[row][k], model.scale) end
  end
  if model.models then tell_folds(model, results, kept) end
  return results
end

local function checked(model, what, given)
  local o = options.fill(call, given, defaults, 0)
  if math.type(o.batch) ~= "integer" or o.batch < 1 then
    fail("batch must be a whole number from 1, got %s", tostring(o.batch))
  end
  if o.step ~= nil and o.window == nil then fail "step goes with window, the seconds of one prediction" end
  extraction.many(call, { jobs = o.jobs, cache = o.cache, progress = o.progress, stream = o.stream })
  if o.window ~= nil then return require "tenor.model.course"(model, what, o, predict) end
  local list, gold, single = utterances(model, what, o)
  if not list then return nil, gold end
  local results = predict(model, list, o, gold)
  if not single then return results end
  local only = results[1]
  if only.reason then return nil, only.reason end
  only.id, only.wav = nil, nil
  return only
end

return function(model, what, given)
  local results = table.pack(pcall(checked, model, what, given))
  if results[1] then return table.unpack(results, 2, results.n) end
  local why = results[2]
  local misuse = type(why) == "string" and (why:match "^model:predict: .*" or why:match "^[^\n]-:%d+: (model:predict: .*)")
  error(misuse or why, misuse and 2 or 0)
end
