--- Cross-validation: a model for each fold, and predictions of every utterance by the one that has not seen it.
local fs = require "tenor.fs"
local options = require "tenor.options"

--- The models of a cross-validation. `tenor.model.cross_validate` makes it, and `tenor.model.load` of its folder. Fields:
-- `models`, a list, each with `fold` = { name =, number =, of =, held_out = list of ids }; `labels`, `scale`, `features`,
-- `inputs`, which all of them share. `#folds` is how many there are.
local Folds = { __name = "tenor.model.Folds" }
Folds.__index = Folds

-- What all models of a cross-validation must have alike, as text.
local function face(model)
  local kinds = {}
  for i, input in ipairs(model.inputs) do kinds[i] = input.kind .. (input.width or "") end
  local features = {}
  for name, value in pairs(model.features or {}) do features[#features + 1] = ("%s=%s"):format(name, value) end
  table.sort(features)
  return ("labels %s, scale %s, inputs %s, features %s"):format(table.concat(model.labels, " "),
    model.scale and ("%g to %g"):format(model.scale[1], model.scale[2]) or "none", table.concat(kinds, " "),
    table.concat(features, " "))
end

-- The object of models that belong together; or nil and why they do not.
local function collect(models)
  local first = models[1]
  local self = setmetatable({ models = models, labels = first.labels, scale = first.scale, features = first.features,
    inputs = first.inputs, place = {} }, Folds)
  for i, model in ipairs(models) do
    if face(model) ~= face(first) then
      return nil, ("fold %d has %s, and fold 1 has %s"):format(i, face(model), face(first))
    end
    for _, id in ipairs(model.fold.held_out) do
      self.place[id] = self.place[id] or {}
      table.insert(self.place[id], i)
    end
  end
  return self
end

--- The models that have not seen an utterance in training: those whose fold held it out, or all where it is in no fold.
-- @string[opt] id of the utterance
-- @treturn table their numbers
-- @treturn boolean whether any fold held it out
function Folds:unseen(id)
  local places = id and self.place[id]
  if places then return places, true end
  if not self.all then
    self.all = {}
    for i in ipairs(self.models) do self.all[i] = i end
  end
  return self.all, false
end

-- Whether a model takes part in the prediction of an utterance.
function Folds:_predicts(number, id)
  local places = id and self.place[id]
  if not places then return true end
  for _, place in ipairs(places) do
    if place == number then return true end
  end
  return false
end

-- The name of the folds that held an utterance out, or nil.
function Folds:_fold(id)
  local names = {}
  for i, place in ipairs(id and self.place[id] or {}) do names[i] = self.models[place].fold.name end
  return names[1] and table.concat(names, "; ")
end

--- Predicts as `model:predict` does, each utterance by the model whose fold held it out, found by its `id`. One that is in no
-- fold, such as a new recording, has the mean of what all models give.
-- @param what as for `model:predict`
-- @tparam[opt] table given as for `model:predict`
-- @treturn Prediction|Predictions|Course as `model:predict`; utterances that were held out have `fold`, its name
function Folds:predict(what, given) return require "tenor.model.predict"(self, what, given) end

--- Quadrant and nearest affect of a prediction: as `model:reading`.
-- @tparam table prediction with `valence` and `arousal`
-- @treturn table as `tenor.model.reading`
function Folds:reading(prediction) return self.models[1].reading(self, prediction) end

function Folds:__len() return #self.models end

local function plural(n, noun) return ("%d %s%s"):format(n, noun, n == 1 and "" or "s") end

function Folds:__tostring()
  local ids, names = 0, {}
  for _ in pairs(self.place) do ids = ids + 1 end
  for i, model in ipairs(self.models) do names[i] = model.fold.name end
  return ("Cross-validation: %s, %s held out (%s%s)\nthe first of them:\n%s"):format(plural(#self.models, "model"),
    plural(ids, "utterance"), table.concat(names, ", ", 1, math.min(3, #names)), #names > 3 and ", ..." or "",
    tostring(self.models[1]):gsub("^", "  "):gsub("\n", "\n  "))
end

local function is_model(name) return name:find "%.safetensors$" ~= nil end

local folds = {}

--- Makes a folder free to take models, and finds out whether it is: those of two trainings in one folder would mix.
-- @return true, or nil and a message
function folds.prepare(folder)
  local ok, why = fs.make_folder(folder)
  if not ok then return nil, why end
  local names
  names, why = fs.list(folder)
  if not names then return nil, why end
  for _, name in ipairs(names) do
    if is_model(name) then
      return nil, ("%s: holds models already (%s); give another folder, or remove them"):format(folder, name)
    end
  end
  return true
end

local function path_of(folder, fold)
  return ("%s/fold_%s.safetensors"):format(folder:gsub("(.)/+$", "%1"), ("%0" .. #tostring(fold.of) .. "d"):format(fold.number))
end

--- Writes each model into a folder: `fold_1.safetensors` and so on, models by themselves too.
-- @string folder is made; it must not hold models
-- @return true, or nil and a message
function Folds:save(folder)
  local ok, why = folds.prepare(folder)
  if not ok then return nil, why end
  for _, model in ipairs(self.models) do
    ok, why = model:save(path_of(folder, model.fold))
    if not ok then return nil, why end
  end
  return true
end

local function check_folds(call, list)
  if type(list) ~= "table" or #list < 1 then
    error(call .. ": folds must be a list of splits, as corpus:folds gives it", 3)
  end
  for i, fold in ipairs(list) do
    if type(fold) ~= "table" or type(fold.sides) ~= "table" then
      error(("%s: fold %d must be a split, as corpus:folds and corpus:split give it, got %s"):format(call, i, type(fold)), 3)
    end
    if #fold.sides.test == 0 then error(("%s: fold %d, %s, holds no utterance out"):format(call, i, fold.name), 3) end
  end
end

-- A model as the one of a fold: what it held out is written down.
local function belong(call, model, fold, number, of, networks)
  local where = ("%s: fold %d, %s: "):format(call, number, fold.name)
  if type(model) ~= "table" or not model.network or not model.predict then
    error(where .. "train must return a model, of tenor.model.new, got " .. type(model), 3)
  end
  if networks[model.network] then
    error(("%sits network is that of fold %d, which has seen other folds' utterances; make a new one for each fold"):format(
      where, networks[model.network]), 3)
  end
  networks[model.network] = number
  local trained = model.record and model.record.split
  if trained and trained ~= fold.name then
    error(("%sthe model was trained on the split '%s'; give corpus:dataset { split = fold }"):format(where, trained), 3)
  end
  local held_out = {}
  for i, u in ipairs(fold.sides.test) do held_out[i] = u.id end
  model.fold = { name = fold.name, number = number, of = of, held_out = held_out }
  return model
end

local defaults = { folder = options.none }

-- What `tenor.model.cross_validate` does.
function folds.cross_validate(list, train, given)
  local call = "model.cross_validate"
  local o = options.fill(call, given, defaults)
  check_folds(call, list)
  if type(train) ~= "function" then error(("%s: train must be a function, got %s"):format(call, type(train)), 2) end
  if o.folder ~= nil then
    if type(o.folder) ~= "string" then error(("%s: folder must be a string, got %s"):format(call, type(o.folder)), 2) end
    local ok, why = folds.prepare(o.folder)
    if not ok then return nil, why end
  end
  local models, networks = {}, setmetatable({}, { __mode = "k" })
  for i, fold in ipairs(list) do
    local model, why = train(fold, i)
    if model == nil and why then return nil, why end
    model = belong(call, model, fold, i, #list, networks)
    if o.folder then
      local ok, problem = model:save(path_of(o.folder, model.fold))
      if not ok then return nil, problem end
    end
    -- the file holds weights alone, the network also what training left in its layers
    models[i] = not o.folder and model
  end
  if o.folder then return folds.load(o.folder) end
  local self, why = collect(models)
  if not self then error(("%s: %s"):format(call, why), 2) end
  return self
end

-- Opens a folder of them.
function folds.load(folder)
  local names, why = fs.list(folder)
  if not names then return nil, why end
  local models = {}
  for _, name in ipairs(names) do
    if is_model(name) then
      local path = ("%s/%s"):format(folder:gsub("(.)/+$", "%1"), name)
      local model, reason = require "tenor.model".load(path)
      if not model then return nil, reason end
      if not model.fold then return nil, path .. ": is no model of a fold, and a folder of models is that of a cross-validation" end
      models[#models + 1] = model
    end
  end
  if #models == 0 then return nil, folder .. ": holds no models" end
  table.sort(models, function(a, b) return a.fold.number < b.fold.number end)
  for i, model in ipairs(models) do
    local fold = model.fold
    if fold.number ~= i or fold.of ~= #models then
      return nil, ("%s: holds %d models, of which one is of fold %d of %d: some are missing, or of other folds"):format(folder,
        #models, fold.number, fold.of)
    end
  end
  local self, reason = collect(models)
  if not self then return nil, ("%s: %s"):format(folder, reason) end
  return self
end

return folds
