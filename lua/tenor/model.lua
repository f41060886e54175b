--- Trained models: a network with all that it takes to predict from a recording and its words.
--
--     local model = tenor.model.new { network = network, data = data, history = history }
--     assert(model:save "model.safetensors")
--     local same = assert(tenor.model.load "model.safetensors")
--     print(same:predict { wav = "hello.wav", text = "well, hello there" }.valence)
-- @module tenor.model
local architecture = require "tenor.nn.architecture"
local data = require "tenor.data"
local extraction = require "tenor.features.options"
local folds = require "tenor.model.folds"
local fs = require "tenor.fs"
local harmless = require "tenor.harmless"
local inputs = require "tenor.model.inputs"
local metadata = require "tenor.model.metadata"
local Module = require "tenor.nn.module"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local safetensors = require "tenor.safetensors"
local tenor = require "tenor"

local model = {}

--- A trained network with the options of its features, their scaler, the vocabulary, the labels and their scale:
-- all that it takes to predict. Fields: `network`, `labels`, `scale`, `features`, `scaler`, `words`, `length`, `history`,
-- `record`, `version` (of the tenor that wrote it), `inputs`; `fold`, what a cross-validation held out from it.
local Model = {}
Model.__index = Model
Model.__name = "tenor.Model"

model.reading = require "tenor.model.reading"

-- What stands beside the labels where predictions are written.
local columns = { id = true, wav = true, fold = true, reason = true, start = true, stop = true }

-- Looks whether the parts of a model fit one another; nil and what is wrong where not.
local function complete(self)
  local taken, why = inputs.of(self.network)
  if not taken then return nil, why end
  self.inputs = taken
  local outputs = inputs.outputs(self.network)
  if outputs ~= #self.labels then
    return nil, ("the network gives %s numbers, and there are %d labels"):format(outputs or "sequences, not", #self.labels)
  end
  local seen = {}
  for _, name in ipairs(self.labels) do
    if name == "" or columns[name] or seen[name] then
      return nil, ("labels must be different names, other than id, wav, fold, reason, start and stop, got %s"):format(quoted(name))
    end
    seen[name] = true
  end
  local by = {}
  for _, input in ipairs(taken) do by[input.kind] = input end
  if self.features then
    local width = self.features.deltas and 136 or 68
    if not by.features then return nil, "the network takes no features" end
    if by.features.width ~= width then
      return nil, ("the network takes %d features, and these options give %d"):format(by.features.width, width)
    end
  end
  if self.scaler then
    if not by.features or self.scaler.mean:size() ~= by.features.width then
      return nil, ("the scaler is of %d features, and the network takes %d"):format(self.scaler.mean:size(),
        by.features and by.features.width or 0)
    end
  end
  if by.ids and not self.words then return nil, "the network takes ids: words must be a fitted tokenizer" end
  if self.words then
    if not by.ids then return nil, "the network takes no words" end
    if self.words:size() == 0 then return nil, "words must be a fitted tokenizer; this one knows no word" end
    if self.words:size() + 1 > by.ids.vocabulary then
      return nil, ("the network's embedding has %d rows; %d words and the padding need %d"):format(by.ids.vocabulary,
        self.words:size(), self.words:size() + 1)
    end
    if not self.length and by.ids.length == 0 and by.ids.padding ~= "none" then
      return nil, "length must be given: the network runs over the padding, so its steps are part of the model"
    end
  end
  return self
end

local defaults = {
  network = options.none, data = options.none, labels = options.none, scale = options.none, features = options.none,
  scaler = options.none, words = options.none, length = options.none, history = options.none, record = options.none,
}

local function check_fields(call, o)
  if type(o.network) ~= "table" or not o.network.run or not o.network.walk then
    error(("%s: network must be a network, such as tenor.nn.Sequential, got %s"):format(call, Module.shape_text(o.network)), 3)
  end
  if o.data ~= nil and (type(o.data) ~= "table" or type(o.data.labels) ~= "table") then
    error(call .. ": data must be a dataset, as corpus:dataset gives it", 3)
  end
  for _, name in ipairs { "labels", "features", "scaler", "words", "history", "record" } do
    if o[name] ~= nil and type(o[name]) ~= "table" then
      error(("%s: %s must be a table, got %s"):format(call, name, type(o[name])), 3)
    end
  end
  if o.length ~= nil and (math.type(o.length) ~= "integer" or o.length < 1) then
    error(("%s: length must be a whole number from 1, got %s"):format(call, tostring(o.length)), 3)
  end
  if o.words and not (o.words.encode_all and o.words.state) then error(call .. ": words must be a fitted tokenizer", 3) end
  if o.scaler then
    local mean, std = o.scaler.mean, o.scaler.std
    if not Module.is_tensor(mean) or not Module.is_tensor(std) or mean:rank() ~= 1 or std:rank() ~= 1
      or mean:size() ~= std:size() then
      error(call .. ": scaler must be { mean =, std = }, two tensors (F), as data.scaler", 3)
    end
  end
  if o.scale ~= nil then data._check_scale(call, o.scale) end
end

--- Puts a trained model together. What a dataset of `corpus:dataset` knows need not be said again.
-- @tparam table given
--
-- - `network`: the trained network
-- - `data`: the dataset that it was trained on: its `labels`, `scale`, `scaler`, `words`, `inputs.length` and
--   `extraction` count where the options below are not given, and `split` and `protocol` go into the record
-- - `labels`: names of the outputs, in order
-- - `scale`: { low, high } that labels are on; without it predictions are as the network gives them, -1 to 1
-- - `features`: the options of extraction (`window`, `step`, `deltas`, `eps`, `drop_zeros`), {} for the defaults, or
--   what `corpus:extract` gave; nil where features were made elsewhere
-- - `scaler`: { mean =, std = }, tensors (F)
-- - `words`: the fitted tokenizer; `length`: steps of its sequences
-- - `history`: what `tenor.fit` returned; `record`: a table of whatever else should be kept, such as JSON holds
-- @treturn Model the model
-- @raise where the parts do not fit one another
function model.new(given)
  local call = "model.new"
  local o = options.fill(call, given, defaults)
  check_fields(call, o)
  local d = o.data or {}
  local self = setmetatable({
    network = o.network, labels = o.labels or d.labels, scale = o.scale or d.scale, scaler = o.scaler or d.scaler,
    words = o.words or d.words, length = o.length or d.inputs and d.inputs.length, history = o.history,
    version = tenor._VERSION, record = o.record,
  }, Model)
  local settings = o.features or d.extraction
  if settings and settings.tensor then settings = settings.options end -- of corpus:extract
  self.features = settings and extraction.extract(call, settings)
  if type(self.labels) ~= "table" or type(self.labels[1]) ~= "string" then
    error(call .. ": labels must be a list of names", 2)
  end
  if o.data then
    self.record = { split = type(d.split) == "string" and d.split or nil, protocol = d.protocol }
    for name, value in pairs(o.record or {}) do self.record[name] = value end
  end
  local ok, why = complete(self)
  if not ok then error(("%s: %s"):format(call, why), 2) end
  self.network:eval()
  return self
end

--- Opens what `model:save` wrote, or the folder of a cross-validation. Nothing in a file is run, and its parts are held
-- against one another before memory is taken for the weights.
-- @string path of a file, or of a folder
-- @treturn Model|Folds the model, or the Folds of a folder; or nil and a message
function model.load(path)
  if type(path) ~= "string" then error("model.load: path must be a string, got " .. type(path), 2) end
  if fs.is_folder(path) then return folds.load(path) end
  local reader <close>, why = safetensors.open(path)
  if not reader then return nil, why end
  local network, fields, reason
  network, reason = architecture.read(reader)
  if not network then return nil, reason end
  fields, reason = metadata.fields(reader.metadata)
  if not fields then return nil, ("%s: %s"):format(path, reason) end
  fields.network = network
  local self
  self, reason = complete(setmetatable(fields, Model))
  if not self then return nil, ("%s: %s"):format(path, reason) end
  return self
end

--- Cross-validation: trains a model for each fold, by a function that is yours.
--
--     local folds = assert(tenor.model.cross_validate(corpus:folds "speaker", function(fold)
--       local data = corpus:dataset { features = features, split = fold, protocol = "clean" }
--       local network = tenor.networks.acoustic { seed = 1 }
--       tenor.fit(network, data, { loss = tenor.loss.ccc(), optimizer = tenor.optim.Nadam(), patience = 10 })
--       return tenor.model.new { network = network, data = data }
--     end, { folder = "folds" }))
--     print(folds:predict(corpus):scores())
-- @tparam table list of splits, as `corpus:folds` gives it; what tests is held out
-- @func train called with each fold and its number; returns a model of a network of its own, or nil and a message
-- @tparam[opt] table given `folder`: each model is written there once it is trained, as `folds:save` does, and only weights
-- stay in memory; it must not hold models yet
-- @treturn Folds or nil and a message
-- @raise where a fold holds nobody out; where `train` gives a network twice, or a model of another split than its fold
function model.cross_validate(list, train, given)
  return require "tenor.model.cross_validate".validate(list, train, given)
end

--- Writes the model: weights as tensors, all else as JSON in the metadata (docs/models.md). The same model
-- makes the same bytes; the file appears whole or not at all.
-- @string path ends in .safetensors
-- @return true, or nil and a message
function Model:save(path)
  if type(path) ~= "string" or not path:find "%.safetensors$" then
    error(("model:save: path must end in .safetensors, got '%s'"):format(tostring(path)), 2)
  end
  return self.network:save(path, { metadata = metadata.of(self) })
end

--- Predicts. What comes back is on the label scale, as the network gives it: not clipped to the scale's ends.
-- @param what an utterance, `{ wav = path or Wave, text = string }` of what the network takes (`features` = a row of
-- numbers in place of `wav`); a path of a wav; a list of utterances; a corpus; or a manifest, `FILE.csv`
-- @tparam[opt] table given `batch` (256); `features` of a corpus, where they are at hand: what `corpus:features` or
-- `corpus:extract` gave; `jobs`, `cache` (false), `progress` ("silent") and `stream` of the extraction;
-- `window` and `step` (seconds; `step` is `window` by default): predictions along one recording
-- @treturn Prediction|Predictions|Course of one utterance a table label → number; of several, Predictions: a list of these
-- in their order, where one that failed has `reason`, with `failures`, `raw` (n, K), `labels`, and `scores()` for a corpus
-- with labels; with `window`, a Course. Nil and a message where the one recording or the manifest cannot be read
-- @raise for what is no utterance
function Model:predict(what, given) return require "tenor.model.predict"(self, what, given) end

--- Quadrant and nearest affect of a prediction: a rough reading, and no recognised emotion.
-- @tparam table prediction with `valence` and `arousal`
-- @treturn table as `tenor.model.reading`
function Model:reading(prediction)
  if type(prediction) ~= "table" or not prediction.valence or not prediction.arousal then
    error("model:reading: needs a prediction of valence and arousal", 2)
  end
  return model.reading(prediction.valence, prediction.arousal, { scale = self.scale })
end

--- The layers, as `network:summary`.
-- @treturn string
function Model:summary() return self.network:summary() end

-- "window 0.025 s, step 0.01 s, standardized"
local function extraction_text(self)
  local f, parts = self.features, {}
  if f then
    parts[1] = ("window %g s, step %g s"):format(f.window, f.step)
    if f.deltas then parts[#parts + 1] = "with deltas" end
    if f.drop_zeros then parts[#parts + 1] = "zeros dropped" end
  else
    parts[1] = "made elsewhere"
  end
  if self.scaler then parts[#parts + 1] = "standardized" end
  return table.concat(parts, ", ")
end

function Model:__tostring()
  local from, lines = {}, {}
  for i, input in ipairs(self.inputs) do
    from[i] = input.kind == "ids" and ("%d words"):format(self.words:size()) or ("%d features"):format(input.width)
  end
  lines[1] = ("Model: %s -> %s%s, %s parameters"):format(table.concat(from, " and "), table.concat(self.labels, ", "),
    self.scale and (" (%g to %g)"):format(self.scale[1], self.scale[2]) or "", Module.grouped((self.network:count())))
  for _, input in ipairs(self.inputs) do
    if input.kind == "features" then lines[#lines + 1] = "features: " .. extraction_text(self) end
  end
  local h, record = self.history, self.record or {}
  if h then
    lines[#lines + 1] = ("trained for %d epochs%s%s"):format(#h, h.best_epoch and (", best %d"):format(h.best_epoch) or "",
      h.stopped and ", stopped: " .. harmless(h.stopped) or "")
  end
  if type(record.split) == "string" and type(record.protocol) == "string" then
    lines[#lines + 1] = ("split %s, protocol %s"):format(harmless(record.split), harmless(record.protocol))
  end
  if self.fold then
    lines[#lines + 1] = ("fold %d of %d, %s: %d held out"):format(self.fold.number, self.fold.of, harmless(self.fold.name),
      #self.fold.held_out)
  end
  return table.concat(lines, "\n")
end

return model
