--- From a corpus to a dataset: who takes part, who trains, and the tensors.
local data = require "tenor.data"
local harmless = require "tenor.harmless"
local options = require "tenor.options"
local split = require "tenor.split"
local tensor = require "tenor.tensor"
local validation = require "tenor.corpus.validation"
local Features = require "tenor.corpus.features"
local Speakers = require "tenor.corpus.speakers"

local call = "corpus:dataset"

local defaults = {
  features = options.none, words = options.none, labels = { "valence", "arousal", "dominance" }, split = "paper",
  validation = 0.2, standardize = false, protocol = "paper", length = options.none,
}

local function check(corpus, o)
  if not o.features and not o.words then
    error(call .. ": give features, words or both", 0)
  end
  if type(o.features) == "string" then
    error(("%s: features must be Features or a tensor, got the path '%s'; corpus:features(path) reads it"):format(call,
      o.features), 0)
  elseif o.features and getmetatable(o.features) ~= Features then
    local ok, features = pcall(corpus.features, corpus, o.features)
    if not ok then error(features, 0) end
    o.features = features
  end
  if o.words and (type(o.words) ~= "table" or not o.words.encode_all) then
    error(("%s: words must be a tokenizer, got %s"):format(call, type(o.words)), 0)
  end
  if o.protocol ~= "paper" and o.protocol ~= "clean" then
    error(("%s: protocol must be 'paper' or 'clean', got '%s'"):format(call, tostring(o.protocol)), 0)
  end
  data._check_validation(call, o.validation)
end

-- Why an utterance cannot take part, or nil.
local function lacks(u, o)
  for _, name in ipairs(o.labels) do
    if u[name] == nil then return "no " .. name end
  end
  if o.features and not o.features:row(u.id) then return u.wav and "no features" or "no wav" end
  if o.words and not u.text then return "no text" end
end

-- Utterances that take part, in corpus order, and those that do not.
local function choose(corpus, o)
  local chosen, left_out = {}, { count = 0, reasons = {}, utterances = {} }
  local function leave(u, reason)
    left_out.count = left_out.count + 1
    left_out.reasons[reason] = (left_out.reasons[reason] or 0) + 1
    left_out.utterances[left_out.count] = { id = u.id, reason = reason }
  end
  local complete = {}
  for _, u in ipairs(corpus.utterances) do
    local reason = lacks(u, o)
    if reason then leave(u, reason) else complete[#complete + 1] = u end
  end
  local of, split_name = split.named(call, o.split, complete, corpus.utterances)
  local names = { train = {}, validation = {}, test = {} }
  for _, u in ipairs(complete) do
    local part = of(u)
    if part == nil then
      leave(u, "no split")
    elseif not names[part] then
      error(("%s: split gave '%s' for %s (known: train, validation, test)"):format(call, tostring(part), u.id), 0)
    else
      chosen[#chosen + 1] = u
      table.insert(names[part], #chosen)
    end
  end
  return chosen, names, left_out, split_name
end

-- Mean and population standard deviation of the columns; constant columns are only centred.
local function scaler(x)
  local mean, std = x:mean(1), x:std(1)
  for j = 1, #std do
    if std[j] == 0 then std[j] = 1 end
  end
  return { mean = mean, std = std }
end

local function texts_of(utterances, rows)
  local texts = {}
  for i, row in ipairs(rows) do texts[i] = utterances[row].text end
  return texts
end

-- Words that a tokenizer knows and the training part does not say: a list.
local function words_from_outside(words, texts)
  local inside, outside = {}, {}
  for _, word in ipairs(words:fresh():fit(texts):words()) do inside[word] = true end
  for _, word in ipairs(words:words()) do
    if not inside[word] then outside[#outside + 1] = word end
  end
  return outside
end

-- The fitted tokenizer. One that is not fitted yet stays so: a copy is fitted, over the whole corpus
-- (protocol "paper") or the training part ("clean"), where a fitted one must not know more than that part.
local function fitted(corpus, chosen, places, o)
  local words = o.words
  if words:size() == 0 then
    local texts = o.protocol == "clean" and texts_of(chosen, places.train) or corpus:texts()
    words = words:fresh():fit(texts)
    if words:size() == 0 then error(("%s: no text has a word to fit the tokenizer on"):format(call), 0) end
  elseif o.protocol == "clean" and words.fresh then
    local outside = words_from_outside(words, texts_of(chosen, places.train))
    if #outside > 0 then
      error(("%s: protocol 'clean': %d of the tokenizer's %d words are not in the training part (%s%s); give one that is not "
        .. "fitted yet, tenor.text.Tokenizer(), and take the fitted one from data.words"):format(call, #outside, words:size(),
        table.concat(outside, ", ", 1, math.min(3, #outside)), #outside > 3 and ", ..." or ""), 0)
    end
  end
  return words
end

-- Ids of all rows. The clean protocol's length is that of the longest training text.
local function encode(words, chosen, places, o)
  local length = o.length
  if not length and o.protocol == "clean" then
    length = words:encode_all(texts_of(chosen, places.train)):shape()[2]
  end
  local texts = {}
  for i, u in ipairs(chosen) do texts[i] = u.text end
  return words:encode_all(texts, { length = length })
end

local function inputs_of(chosen, places, o)
  local hsf, scale
  if o.features then
    local rows = {}
    for i, u in ipairs(chosen) do rows[i] = o.features:row(u.id) end
    hsf = o.features.tensor:index(rows)
    if o.standardize then
      scale = scaler(o.protocol == "clean" and hsf:index(places.train) or hsf)
      hsf:sub(scale.mean):div(scale.std)
    end
  end
  return hsf, scale
end

local function labels_of(chosen, o, scale)
  local rows = {}
  for i, u in ipairs(chosen) do
    rows[i] = {}
    for j, name in ipairs(o.labels) do rows[i][j] = data.map_label(u[name], scale) end
  end
  return tensor.tensor(rows)
end

local LeftOut = { __tostring = function(self)
  if self.count == 0 then return "none left out" end
  local items = {}
  for reason, n in pairs(self.reasons) do items[#items + 1] = ("%s (%d)"):format(harmless(reason), n) end
  table.sort(items)
  return ("%d left out: %s"):format(self.count, table.concat(items, ", "))
end }

local Dataset = { __name = "tenor.Dataset", __tostring = function(self)
  local items = {}
  for _, name in ipairs { "train", "validation", "test" } do
    if self[name] then items[#items + 1] = ("%s %d"):format(name, #self[name].y) end
  end
  return ("Dataset: %s; split by %s; %s\n%s"):format(table.concat(items, ", "), harmless(self.split), tostring(self.left_out),
    tostring(self.speakers))
end }

-- Cuts validation rows off training where the split named none; protocol "clean" holds speakers apart.
local function validate(chosen, places, o)
  if #places.validation == 0 and o.validation > 0 then
    local train, held
    if o.protocol == "clean" then
      train, held = validation.apart(chosen, places.train, o.validation)
      if not train then
        error(("%s: protocol 'clean': the training part has one %s, who cannot both train and validate; give a split that "
          .. "names validation rows, or validation = 0"):format(call, held), 0)
      end
    else
      train, held = validation.tail(places.train, o.validation)
    end
    if #train == 0 then error(call .. ": one utterance cannot both train and validate", 0) end
    places.train, places.validation = train, held
  end
  local sides = {}
  for name, rows in pairs(places) do
    sides[name] = {}
    for i, row in ipairs(rows) do sides[name][i] = chosen[row] end
  end
  local speakers = Speakers.new(sides)
  local apart, shared = speakers:apart("train", "validation")
  if o.protocol == "clean" and apart == false then
    error(("%s: protocol 'clean': the split has speakers both in training and in validation (%s)"):format(call,
      table.concat(shared, ", ", 1, math.min(5, #shared))), 0)
  end
  return speakers
end

return function(corpus, given)
  local o = options.fill(call, given, defaults, 0)
  check(corpus, o)
  local chosen, places, left_out, split_name = choose(corpus, o)
  setmetatable(left_out, LeftOut)
  if #places.train == 0 then
    error(("%s: no utterance is left to train on; %s"):format(call, tostring(left_out)), 0)
  end
  local speakers = validate(chosen, places, o)
  local words = o.words and fitted(corpus, chosen, places, o)
  local ids = words and encode(words, chosen, places, o)
  local hsf, scale = inputs_of(chosen, places, o)
  local y = labels_of(chosen, o, corpus.scale)
  local dataset = { labels = o.labels, split = split_name, left_out = left_out, scaler = scale, scale = corpus.scale,
    protocol = o.protocol, words = words, speakers = speakers, extraction = o.features and o.features.options, inputs = {
    features = hsf and hsf:shape()[2], vocabulary = ids and words:size() + 1, length = ids and ids:shape()[2],
  } }
  for name, rows in pairs(places) do
    if #rows > 0 then
      local part = { y = y:index(rows), ids = {}, label_names = o.labels }
      local part_hsf, part_ids = hsf and hsf:index(rows), ids and ids:index(rows)
      part.x = part_hsf and part_ids and { part_hsf, part_ids } or part_hsf or part_ids
      for i, row in ipairs(rows) do part.ids[i] = chosen[row].id end
      dataset[name] = part
    end
  end
  return setmetatable(dataset, Dataset)
end
