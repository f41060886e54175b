--- The models of a cross-validation: which of them has not seen an utterance, and a folder of them opened.
local fs = require "tenor.fs"
local harmless = require "tenor.harmless"
local quoted = require "tenor.quoted"

--- The models of a cross-validation. `tenor.model.cross_validate` makes it, and `tenor.model.load` of its folder. Fields:
-- `models`, a list, each with `fold` = { name =, number =, of =, held_out = list of ids }; `labels`, `scale`, `features`,
-- `inputs`, which all of them share. `#folds` is how many there are.
local Folds = { __name = "tenor.model.Folds" }
Folds.__index = Folds

-- What all models of a cross-validation must have alike, as text; where it is `told`, what a message has of it.
local function face(model, told)
  local kinds = {}
  for i, input in ipairs(model.inputs) do kinds[i] = input.kind .. (input.width or "") end
  local features = {}
  for name, value in pairs(model.features or {}) do features[#features + 1] = ("%s=%s"):format(name, value) end
  table.sort(features)
  local labels = told and quoted(table.concat(model.labels, " ")):sub(2, -2) or table.concat(model.labels, "\0")
  return ("labels %s, scale %s, inputs %s, features %s"):format(labels,
    model.scale and ("%g to %g"):format(model.scale[1], model.scale[2]) or "none", table.concat(kinds, " "),
    table.concat(features, " "))
end

local folds = {}

--- The object of models that belong together.
-- @return Folds, or nil and why they do not
function folds.collect(models)
  local first = models[1]
  local self = setmetatable({ models = models, labels = first.labels, scale = first.scale, features = first.features,
    inputs = first.inputs, place = {} }, Folds)
  for i, model in ipairs(models) do
    if face(model) ~= face(first) then
      return nil, ("fold %d has %s, and fold 1 has %s"):format(i, face(model, true), face(first, true))
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

local MOST <const> = 16 -- folds that are named: each utterance has a text of its own

-- The names of the folds that held an utterance out, or nil.
function Folds:_fold(id)
  local places = id and self.place[id]
  if not places then return nil end
  local names = {}
  for i = 1, math.min(#places, MOST) do names[i] = quoted(self.models[places[i]].fold.name):sub(2, -2) end
  return table.concat(names, "; ") .. (#places > MOST and ("; and %d more"):format(#places - MOST) or "")
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

--- Writes each model into a folder: `fold_1.safetensors` and so on, models by themselves too.
-- @string folder is made; it must not hold models
-- @return true, or nil and a message
function Folds:save(folder) return require "tenor.model.cross_validate".save(self, folder) end

function Folds:__len() return #self.models end

local function plural(n, noun) return ("%d %s%s"):format(n, noun, n == 1 and "" or "s") end

function Folds:__tostring()
  local ids, names = 0, {}
  for _ in pairs(self.place) do ids = ids + 1 end
  for i, model in ipairs(self.models) do names[i] = harmless(model.fold.name) end
  return ("Cross-validation: %s, %s held out (%s%s)\nthe first of them:\n%s"):format(plural(#self.models, "model"),
    plural(ids, "utterance"), table.concat(names, ", ", 1, math.min(3, #names)), #names > 3 and ", ..." or "",
    tostring(self.models[1]):gsub("^", "  "):gsub("\n", "\n  "))
end

--- Whether a file is taken for a model of the folder's.
function folds.is_model(name) return name:find "%.safetensors$" ~= nil end

--- Opens a folder of them.
-- @return Folds, or nil and a message
function folds.load(folder)
  local names, why = fs.list(folder)
  if not names then return nil, why end
  local models = {}
  for _, name in ipairs(names) do
    if folds.is_model(name) then
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
  local self, reason = folds.collect(models)
  if not self then return nil, ("%s: %s"):format(folder, reason) end
  return self
end

return folds
