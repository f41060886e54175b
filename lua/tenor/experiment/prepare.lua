--- From an experiment's table to what any process can run: the corpus and the features kept in the results
-- folder, files named by their content, systems complete.
local data = require "tenor.experiment.data"
local definition = require "tenor.experiment.definition"
local fs = require "tenor.fs"
local recipes = require "tenor.experiment.recipes"
local tenor = require "tenor"

-- A corpus as it is, or what `tenor.corpus.open` makes of a description.
local function open_corpus(given)
  if type(given) == "table" and given.utterances then return given end
  return tenor.corpus.open(given)
end

local function open_features(o, corpus, progress)
  if type(o.features) == "table" and o.features.tensor then return o.features end
  if type(o.features) == "string" then return corpus:features(o.features) end
  if corpus.at_hand and not next(o.features) then return corpus:features() end
  local given = { progress = progress }
  for name, value in pairs(o.features) do given[name] = value end
  return corpus:extract(given)
end

-- The tasks with their labels: STL learns the first label, MTL all that the corpus has.
local function tasks_of(o, corpus)
  local labels, tasks, left_out = corpus:label_names(), {}, {}
  if #labels == 0 then return nil, "the corpus has no labels" end
  local has = {}
  for _, label in ipairs(labels) do has[label] = true end
  for _, task in ipairs(o.tasks) do
    local reason
    if task.labels then
      for _, label in ipairs(task.labels) do reason = reason or not has[label] and "the corpus has no " .. label or nil end
    elseif task.name == "MTL" and #labels == 1 then
      reason = ("the corpus has one label, %s"):format(labels[1])
    end
    if reason then
      left_out[#left_out + 1] = { name = task.name, reason = reason }
    else
      tasks[#tasks + 1] = { name = task.name, labels = task.labels or (task.name == "STL" and { labels[1] } or labels) }
    end
  end
  if #tasks == 0 then return nil, ("no task is left: %s"):format(left_out[1].reason) end
  return tasks, left_out
end

local function needs_features(systems)
  for _, system in ipairs(systems) do
    if system.reads_features then return true end
  end
  return false
end

local function located(store, path)
  local full, why = require "luv".fs_realpath(path)
  if not full then return nil, select(2, fs.stat(path)) or why end
  local hash, reason = data.hash(store, full)
  if not hash then return nil, reason end
  return full, hash
end

-- The source of vectors with the full paths of its files, for processes that begin elsewhere; and the same by content.
local function locate(store, source)
  local here, content = {}, {}
  for name, value in pairs(source) do here[name], content[name] = value, value end
  for _, name in ipairs { "path", "vocabulary", "list" } do
    if source[name] then
      local full, hash = located(store, source[name])
      if not full then return nil, hash end
      here[name], content[name] = full, hash
    end
  end
  return here, content
end

local function has_text(corpus)
  for _, u in ipairs(corpus.utterances) do
    if u.text then return true end
  end
  return false
end

--- @param o what `definition.check` gives
-- @param store the results folder
-- @tparam table given `progress`, `call`
-- @return the prepared experiment: plain data, but for `source`, the corpus itself, `failures` and `notes` of the
-- features, which the caller takes out; or nil and a message
return function(o, store, given)
  local corpus, why = open_corpus(o.corpus)
  if not corpus then return nil, why end
  local made = {
    name = o.name, real = tenor.real, protocols = o.protocols, split = o.split, validation = o.validation,
    seeds = o.seeds, threads = o.threads, left_out = {}, source = corpus,
  }
  local systems = o.systems
  if not systems then
    local table2, rows = recipes.table2(o.vectors, has_text(corpus))
    definition.systems("Table II", o, table2)
    systems, o.systems = o.systems, nil
    made.left_out = rows
  end
  local tasks, left = tasks_of(o, corpus)
  if not tasks then return nil, ("%s: %s"):format(corpus.name, left) end
  made.tasks = tasks
  for _, one in ipairs(left) do made.left_out[#made.left_out + 1] = one end
  made.corpus, why = data.keep_corpus(store, corpus)
  if not made.corpus then return nil, why end
  if needs_features(systems) then
    local features, reason = open_features(o, corpus, given.progress)
    if not features then return nil, reason end
    made.failures, made.notes = features.failures, features.notes
    made.features, reason = data.keep_features(store, features)
    if not made.features then return nil, ("%s: %s"):format(corpus.name, reason) end
  end
  made.systems = {}
  for i, system in ipairs(systems) do
    local copy = {}
    for name, value in pairs(system) do copy[name] = value end
    if system.vectors then
      local source, content = locate(store, system.vectors)
      if not source then return nil, content end
      copy.vectors, copy.vectors_content = source, content
    end
    if system.file then
      local hash, reason = data.hash(store, system.file)
      if not hash then return nil, reason end
      copy.file_hash, copy.file = hash, nil
    end
    made.systems[i] = copy
  end
  return made
end
