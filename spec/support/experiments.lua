--- Tiny experiments for tests: on the corpus of tones, networks of 8 units, a moment a run.
local core = require "tenor.core"
local json = require "tenor.json"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local tiny = require "spec.support.corpus"

local experiments = {}

local corpus_folder

--- The folder of the corpus, made once.
function experiments.corpus()
  if not corpus_folder then
    corpus_folder = os.tmpname()
    os.remove(corpus_folder)
    tiny.write(corpus_folder)
  end
  return corpus_folder
end

function experiments.clean()
  if corpus_folder then shell.run(("rm -rf '%s'"):format(corpus_folder)) end
  corpus_folder = nil
  shell.clean()
end

--- The table of an experiment: HSF and HSF+WE, two seeds, two epochs, into a new folder.
function experiments.definition(changes)
  local given = { corpus = experiments.corpus() .. "/manifest.csv", seeds = 2, epochs = 2, options = { hidden = 8, dense = 4 },
    results = shell.folder() }
  for name, value in pairs(changes or {}) do given[name] = value end
  return given
end

function experiments.new(changes) return tenor.experiment.new(experiments.definition(changes)) end

--- Runs what is missing, silently, in this process unless told otherwise.
function experiments.run(experiment, more)
  local given = { jobs = 0, progress = "silent" }
  for name, value in pairs(more or {}) do given[name] = value end
  return experiment:run(given)
end

--- What of records must not depend on when, where and how they were made: a line a run, its scores and a hash of
-- everything, predictions too.
function experiments.comparable(experiment)
  local lines = {}
  for i, r in ipairs(assert(experiment:records())) do
    local file = assert(io.open(experiment.folder .. "/" .. r.predictions))
    local predictions = file:read "a"
    file:close()
    lines[i] = ("%s %s %d %s %s"):format(r.name, r.task, r.seed, json.encode(r.test.ccc), core.hash.bytes(json.encode {
      r.key, r.settings, r.history, r.validation, r.test, r.epochs, r.best_epoch, predictions }))
  end
  return table.concat(lines, "\n")
end

--- A program that runs an experiment, as a command: what `definition` gives, and how to run it.
function experiments.program(definition, run)
  local path = shell.folder() .. "/run.lua"
  local file = assert(io.open(path, "w"))
  assert(file:write(("local json = require 'tenor.json'\nlocal experiment = require('tenor').experiment.new(json.decode(%q))\n"
    .. "local summary, why = experiment:run(json.decode(%q))\nprint(summary or why)\nos.exit(summary ~= nil)\n"):format(
    json.encode(definition), json.encode(run))))
  file:close()
  return ("%s %s"):format(shell.lua, path)
end

return experiments
