--- Experiments: systems × tasks × seeds on one corpus, as plain data.
--
-- Each run leaves one line of JSON in the results folder, keyed by the content of all that decides its numbers. A run that is
-- there is never run again, a changed setting is a new run, and a run stopped half-way is merely not there.
-- @module experiment
local definition = require "tenor.experiment.definition"
local fs = require "tenor.fs"
local json = require "tenor.json"
local options = require "tenor.options"
local plans = require "tenor.experiment.plans"
local Store = require "tenor.experiment.store"

local experiment = {}

--- Systems, tasks and seeds on one corpus, and their results: @{experiment.new} makes one.
local Experiment = {}
Experiment.__index = Experiment
Experiment.__name = "tenor.Experiment"

--- An experiment. Nothing is read or run yet.
-- @tparam table given
--
-- - `corpus`: what `tenor.corpus` opens, or a corpus
-- - `features`: options of `corpus:extract` (`{}`), or a file of features made elsewhere
-- - `vectors`: `{ glove = FILE, word2vec =, fasttext =, bert = { path =, vocabulary = FILE } }`; a table has the options of the
--   reader in `tenor.vectors`
-- - `systems`: list of `{ name, network, vectors, inputs, options, ... }`; default those of Table II for which vectors are
--   given. `network` is "acoustic", "text", "fusion" or a Lua module's name, `options` what else the network is made with
-- - `tasks`: of "STL", "MTL" and `{ name =, labels = }` (`{ "STL", "MTL" }`). STL learns the corpus's first label, MTL all
-- - `weights` `{ alpha =, beta = }`, `optimizer` `{ name = "RMSprop", lr = }`, `batch`, `epochs`, `standardize`: default section
--   6's for the network; `patience` (10), `padding` ("pre" or "none"), `length`, `tokenizer` (its options). A system may have
--   its own of each
-- - `protocol`: "paper", "clean" or a list of both; `split` ("auto"), `validation` (0.2) as `corpus:dataset`
-- - `seeds`: how many (20), or a list; at most a million runs in all; `threads` of a run (1)
-- - `results`: the folder ("results"); `name`
-- @treturn Experiment Experiment
-- @raise on what is misspelt or of the wrong kind, naming the place
function experiment.new(given)
  local o = definition.check("experiment.new", given, 3)
  return setmetatable({ o = o, folder = o.results }, Experiment)
end

--- The experiment last run in a results folder; its corpus, features and settings are there too. Nothing is written or made.
-- @string path the folder, or the experiment's file in it
-- @treturn Experiment Experiment, or nil and a message
function experiment.open(path)
  if type(path) ~= "string" then error("experiment.open: path must be a string, got " .. type(path), 2) end
  local folder = not path:find "%.json$" and path or nil
  local file = folder and path .. "/experiment.json" or path
  local bytes, why = fs.read(file)
  if not bytes then return nil, why end
  local made, reason = json.decode(bytes)
  if not made then return nil, ("%s: %s"):format(file, reason) end
  if type(made) ~= "table" or type(made.systems) ~= "table" or type(made.results) ~= "string" then
    return nil, ("%s: is no experiment"):format(file)
  end
  local counts = {}
  for i, name in ipairs { "seeds", "protocols", "tasks", "systems" } do
    counts[i] = type(made[name]) == "table" and #made[name] or 1
  end
  local fine, many = pcall(definition.countable, file, table.unpack(counts))
  if not fine then return nil, many end
  folder = folder or made.results
  return setmetatable({ made = made, folder = folder, store = Store.open(folder) }, Experiment)
end

--- A search of the loss's weights alpha and beta. Nothing is run yet.
-- @tparam table given what `experiment.new` takes but for `systems`, `tasks` and `weights`, and
--
-- - `kind`: "linear", the paper's: alpha at a fixed beta, then beta at the best alpha; or "simplex", all points; `step` (0.1)
-- - `network` ("fusion"), `name` of the system, `vectors` as the experiment's: where one kind is given, the system starts from it
-- - `choose` on "validation" or, as published, on "test"; `measure` "ccc" or "ccc_batch32", the mean over the labels
-- - `start`: the beta at which the linear search tries alpha (section 6's for the network)
-- - `seeds` a point (3)
-- @treturn Search Search
-- @raise as `experiment.new`
function experiment.search(given) return require "tenor.experiment.search"(given) end

--- Reads the corpus, extracts or reads the features, and keeps both in the results folder. The other calls do it themselves.
-- @tparam[opt] table given `progress` of the extraction ("auto")
-- @return true, or nil and a message
function Experiment:prepare(given)
  local o = options.fill("experiment:prepare", given, { progress = "auto" })
  if self.made then return true end
  local store = Store.open(self.folder)
  local ready, why = store:make()
  if not ready then return nil, why end
  local fine, made, reason = pcall(require "tenor.experiment.prepare", self.o, store, o)
  -- what the corpus or the features refuse is a fault of the experiment's table, not of the line that reads it
  if not fine then error("experiment.new: " .. require "tenor.experiment.run".bare(tostring(made)), 0) end
  if not made then return nil, reason end
  made.results = require "luv".fs_realpath(self.folder)
  self.store, self.corpus, made.source = store, made.source, nil
  self.failures, made.failures = made.failures, nil
  self.remarks, made.notes = made.notes, nil
  self.made = made
  return fs.write(store:path "experiment.json", json.encode(made, { indent = 1 }) .. "\n")
end

--- All runs in order, each `{ key, name, task, seed, protocol, settings, ... }`.
-- @treturn table[] list, or nil and a message
function Experiment:runs()
  local ok, why = self:prepare()
  if not ok then return nil, why end
  self.list = self.list or plans.of(self.made)
  return self.list
end

--- What must be known before the figures: what is left out and why, and weights that are shared out anew.
-- @treturn string text, a line a note; or nil and a message
function Experiment:notes()
  local ok, why = self:prepare()
  if not ok then return nil, why end
  return require "tenor.experiment.notes"(self.made, self.failures or {}, self.remarks or {})
end

-- Runs without a result, those that take longest first, so that no worker is left alone with one at the end; and what is wrong
-- with results that do not count.
local function missing(self, list)
  local waiting, place, notes, seen = {}, {}, {}, {}
  for i, plan in ipairs(list) do
    local there, flaw = self.store:finished(plan.key)
    if flaw then notes[#notes + 1] = flaw end
    if not there and not seen[plan.key] then
      waiting[#waiting + 1] = plan
      place[plan], seen[plan.key] = i, true
    end
  end
  table.sort(waiting, function(a, b)
    if a.settings.words ~= b.settings.words then return a.settings.words end
    return place[a] < place[b]
  end)
  return waiting, notes
end

--- The runs that have no result yet.
-- @treturn table[] list, or nil and a message
function Experiment:missing()
  local list, why = self:runs()
  if not list then return nil, why end
  return (missing(self, list))
end

local function check(self, list)
  return require "tenor.experiment.run".check(list, require "tenor.experiment.data".source(self.store))
end

local Summary = { __tostring = function(s)
  local parts = { ("%d runs: %d there before, %d done"):format(s.total, s.before, s.done) }
  if #s.failed > 0 then parts[#parts + 1] = ("%d failed"):format(#s.failed) end
  if s.died > 0 then parts[#parts + 1] = ("%d died and were run again"):format(s.died) end
  return table.concat(parts, ", ")
end }

local run_defaults = {
  jobs = options.none, -- worker processes; the cores divided by `threads`. 0: none, in this process
  progress = "auto", -- "bar", "plain", "silent"
  stream = io.stderr, -- where progress goes
  interpreter = options.none, -- of the workers; the one that runs this
}

--- Runs what has no result yet. Any number of jobs gives the same results, bit for bit. A run that fails is told and left
-- out; one whose process dies is run once more.
-- @tparam[opt] table given `jobs`, worker processes (cores divided by `threads`; 0 runs in this process); `progress` ("auto"),
-- "bar", "plain", "silent"; `stream` (io.stderr); `interpreter` of the workers
-- @treturn table `{ total, before, done, failed = list of { key, title, reason, log }, died, notes }`, which prints; or nil and a
-- message: data that is not there, workers that cannot begin, or Ctrl-C or SIGTERM, which loses only what was running
function Experiment:run(given)
  local o = options.fill("experiment:run", given, run_defaults)
  if o.jobs ~= nil and (math.type(o.jobs) ~= "integer" or o.jobs < 0) then
    error(("experiment:run: jobs must be a whole number from 0, got %s"):format(tostring(o.jobs)), 2)
  end
  local ok, why = self:prepare { progress = o.progress }
  if not ok then return nil, why end
  local list = self:runs()
  ok, why = self.store:make() -- one that was opened has made nothing
  if not ok then return nil, why end
  self.store:sweep()
  local waiting, notes = missing(self, list)
  ok, why = check(self, waiting)
  if not ok then return nil, why end
  local uv = require "luv"
  local jobs = o.jobs or math.max(1, uv.available_parallelism() // self.made.threads)
  jobs = math.min(jobs, #waiting)
  local status <close> = require "tenor.experiment.status".new {
    total = #list, done = #list - #waiting, jobs = math.max(1, jobs), progress = o.progress, stream = o.stream,
    clock = function() return uv.hrtime() * 1e-9 end,
  }
  for _, note in ipairs(notes) do status:note(note .. "; run again") end
  local result, reason
  if #waiting == 0 then
    result = { done = {}, failed = {}, died = 0 }
  elseif jobs == 0 then
    result = require "tenor.experiment.here"(waiting, self.store, status)
  else
    result, reason = require "tenor.experiment.pool".run(waiting, { jobs = jobs, store = self.store, status = status,
      interpreter = o.interpreter or uv.exepath() })
    if not result then return nil, reason end
  end
  local summary = setmetatable({ total = #list, before = #list - #waiting, done = #result.done, failed = result.failed,
    died = result.died, notes = notes }, Summary)
  if result.interrupted then
    local text = ("interrupted by %s: %d of %d runs are done; run again to go on"):format(result.interrupted,
      summary.before + summary.done, summary.total)
    return nil, text, summary
  end
  status:close(tostring(summary))
  local collected, late = self:collect()
  if not collected then return nil, late end
  return summary
end

--- The records of the finished runs in order, as docs/experiments.md describes them.
-- @tparam[opt] table given `protocol`: of that one only
-- @treturn table[] list; or nil and a message
function Experiment:records(given)
  local o = options.fill("experiment:records", given, { protocol = options.none })
  local list, why = self:runs()
  if not list then return nil, why end
  local records = {}
  for _, plan in ipairs(list) do
    local record = (not o.protocol or plan.protocol == o.protocol) and self.store:read(plan.key)
    if record then
      record.name, record.task = plan.name, plan.task -- names are no settings: two experiments may share a run
      records[#records + 1] = record
    end
  end
  return records
end

--- Writes the records together, `runs.jsonl`.
-- @return true, or nil and a message
function Experiment:collect()
  local records, why = self:records()
  if not records then return nil, why end
  return self.store:collect(records)
end

--- Writes the scripts of a Slurm job array into the results folder, which the machines must share: `command` submits the
-- array and a last job that collects. Submitting again does what is missing.
-- @tparam[opt] table given `array`, the number of tasks (one a run), `at_once` of them, `time`, `partition`, `memory`, `account`
-- as sbatch's options, `more`, a list of others; `setup`, shell lines such as `module load lua`; `interpreter`
-- @treturn table `{ command, tasks, array, collect, submit, file }`; or nil and a message
function Experiment:slurm(given)
  local list, why = self:missing()
  if not list then return nil, why end
  local ok, reason = check(self, list)
  if not ok then return nil, reason end
  return require "tenor.experiment.cluster".slurm(self, given)
end

--- The command line of GNU parallel that runs the experiment on machines reached by ssh, which share the results folder.
-- @tparam[opt] table given `hosts` ({ ":" }: this machine), as parallel's --sshlogin has them; `jobs` on each (cores divided by
-- `threads`); `more`, options of parallel; `interpreter`
-- @treturn table `{ command, tasks, file }`; or nil and a message
function Experiment:parallel(given)
  local list, why = self:missing()
  if not list then return nil, why end
  local ok, reason = check(self, list)
  if not ok then return nil, reason end
  return require "tenor.experiment.cluster".parallel(self, given)
end

--- Tables, figures and tests of the finished runs; @{report.new} has its methods and options.
-- @tparam[opt] table given the options of `tenor.report.new`; `folder` is that of the results, `title` the experiment's name
-- @treturn Report the report; or nil and a message
function Experiment:report(given)
  local records, why = self:records()
  if not records then return nil, why end
  local o = { folder = self.folder, title = self.made.name }
  for name, value in pairs(given or {}) do o[name] = value end
  return require "tenor.report".new(records, o)
end

function Experiment:__tostring()
  local made = self.made
  if not made then return ("Experiment %s, results in %s; not prepared"):format(self.o.name, self.folder) end
  local names = {}
  for i, system in ipairs(made.systems) do names[i] = system.name end
  local tasks = {}
  for i, task in ipairs(made.tasks) do tasks[i] = ("%s (%s)"):format(task.name, table.concat(task.labels, ", ")) end
  local all = plans.of(made)
  return ("Experiment %s: %d utterances of %s; %s × %s × %d seeds; %d of %d runs done; results in %s"):format(made.name,
    made.corpus.utterances, made.corpus.name, table.concat(names, ", "), table.concat(tasks, ", "), #made.seeds,
    #all - #missing(self, all), #all, self.folder)
end

return experiment
