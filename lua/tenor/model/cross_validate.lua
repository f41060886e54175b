--- Cross-validation: a model is trained for each fold, and kept as a file of a folder.
local folds = require "tenor.model.folds"
local fs = require "tenor.fs"
local options = require "tenor.options"

local cross = {}

local function path_of(folder, fold)
  return ("%s/fold_%s.safetensors"):format(folder:gsub("(.)/+$", "%1"), ("%0" .. #tostring(fold.of) .. "d"):format(fold.number))
end

--- Makes a folder free to take models, and finds out whether it is: those of two trainings in one folder would mix.
-- @return true, or nil and a message
function cross.prepare(folder)
  local ok, why = fs.make_folder(folder)
  if not ok then return nil, why end
  local names
  names, why = fs.list(folder)
  if not names then return nil, why end
  for _, name in ipairs(names) do
    if folds.is_model(name) then
      return nil, ("%s: holds models already (%s); give another folder, or remove them"):format(folder, name)
    end
  end
  return fs.may_write(path_of(folder, { number = 1, of = 1 }))
end

--- What `folds:save` does.
function cross.save(crossed, folder)
  local ok, why = cross.prepare(folder)
  if not ok then return nil, why end
  for _, model in ipairs(crossed.models) do
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

--- What `tenor.model.cross_validate` does.
function cross.validate(list, train, given)
  local call = "model.cross_validate"
  local o = options.fill(call, given, defaults)
  check_folds(call, list)
  if type(train) ~= "function" then error(("%s: train must be a function, got %s"):format(call, type(train)), 2) end
  if o.folder ~= nil then
    if type(o.folder) ~= "string" then error(("%s: folder must be a string, got %s"):format(call, type(o.folder)), 2) end
    local ok, why = cross.prepare(o.folder)
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
  local self, why = folds.collect(models)
  if not self then error(("%s: %s"):format(call, why), 2) end
  return self
end

return cross
