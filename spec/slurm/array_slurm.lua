--- An experiment as a job array of a real Slurm, on one node (make test-slurm).
local experiments = require "spec.support.experiments"
local fs = require "tenor.fs"
local needs = require "spec.support.needs"
local slurm = require "spec.support.slurm"

local new, run, comparable = experiments.new, experiments.run, experiments.comparable
local there = needs(slurm.possible(), "Slurm, and root")

describe("an experiment on Slurm", function()
  local cluster, whole

  setup(function()
    if slurm.possible() then cluster = slurm.start() end
    local e = new()
    assert(e:prepare { progress = "silent" })
    assert(run(e))
    whole = comparable(e)
  end)
  teardown(function()
    if cluster then slurm.stop(cluster) end
    experiments.clean()
  end)

  local function submitted(e, given)
    local job = assert(e:slurm(given))
    local ok, text = slurm.run(cluster, job.command)
    assert.is_true(ok, text)
    assert.is_true(slurm.drained(cluster, 120))
    return job, (assert(fs.read((job.array:gsub("array%.sh$", "collect.out")))))
  end

  there("gives the table of one process, bit for bit, and collects it", function()
    local e = new { name = "on a cluster" }
    assert(e:prepare { progress = "silent" })
    local job, said = submitted(e, { array = 3, at_once = 2, time = "10:00", partition = "all" })
    assert.equal(3, job.tasks)
    assert.equal(whole, comparable(e))
    assert.matches("8 of 8 runs done", said)
    assert.is_true(fs.is_file(e.folder .. "/runs.jsonl"))
  end)

  there("does what is missing when it is submitted again", function()
    local e = new()
    assert(e:prepare { progress = "silent" })
    submitted(e, { array = 2 })
    local gone = assert(e:runs())[5]
    assert(fs.remove(("%s/runs/%s.json"):format(e.folder, gone.key)))
    submitted(e, {})
    assert.equal(whole, comparable(e))
  end)

  there("tells in the collection what failed, and where its log is", function()
    local e = new { systems = { { name = "bad", network = "acoustic", optimizer = { name = "SGD", lr = 1e300 } } },
      tasks = { "STL" }, seeds = 1, epochs = 40 }
    assert(e:prepare { progress = "silent" })
    local job, said = submitted(e, {})
    assert.matches("missing: bad STL seed 1; see .*/logs/%x+%.log", said)
    assert.matches("bad STL seed 1: failed: .*not finite", assert(fs.read((job.array:gsub("array%.sh$", "1.out")))))
  end)
end)
