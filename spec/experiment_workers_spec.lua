--- Experiments over worker processes: the same bits as in one process, whatever dies on the way.
require "spec.support.assertions"
local experiments = require "spec.support.experiments"
local fs = require "tenor.fs"
local json = require "tenor.json"
local needs = require "spec.support.needs"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local new, run, comparable = experiments.new, experiments.run, experiments.comparable

local function write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  file:close()
  return path
end

-- A module on package.path with this text, for as long as `f` runs.
local function with_module(name, text, f)
  local folder, path = shell.folder(), package.path
  write(("%s/%s.lua"):format(folder, name), text)
  package.path = folder .. "/?.lua;" .. path
  local ok, why = pcall(f, folder)
  package.path = path
  if not ok then error(why, 0) end
end

-- A network that does `act` before it is made, where the file `mark` is not there yet.
local function trouble(act, mark)
  return ([[
    local tenor = require "tenor"
    local mark = %q
    return function(o)
      local there = io.open(mark)
      if there then there:close() else
        io.open(mark, "w"):close()
        io.stderr:write("here it comes\n")
        %s
      end
      return tenor.nn.Sequential { tenor.nn.Dense(o.features, #o.outputs, { rng = tenor.rng(o.seed) }) }
    end]]):format(mark, act)
end

local function systems(network)
  return { { name = "good", network = "acoustic", options = { hidden = 8 } },
    { name = "odd", network = network, inputs = { "features" }, options = {} } }
end

local kill_self = "require('luv').kill(require('luv').os_getpid(), 'sigkill') while true do end"

-- Processes that logs tell of and that still run.
local function alive(folder)
  local list = {}
  for _, name in ipairs(fs.list(folder .. "/logs")) do
    for pid in assert(fs.read(folder .. "/logs/" .. name)):gmatch "process (%d+)" do
      local file <close> = io.open(("/proc/%s/cmdline"):format(pid)) -- not fs.read: it says that it holds nothing
      local command = file and file:read "a"
      if command and command:find("tenor.experiment.worker", 1, true) then list[#list + 1] = pid end
    end
  end
  return list
end

local function dies_out(folder)
  for _ = 1, 100 do
    if #alive(folder) == 0 then return true end
    shell.run "sleep 0.1"
  end
  return false
end

describe("an experiment over workers", function()
  local whole

  setup(function()
    local e = new()
    assert(e:prepare { progress = "silent" })
    assert(run(e))
    whole = comparable(e)
  end)
  teardown(experiments.clean)

  it("gives the bits of one process, with one worker or two", function()
    for jobs = 1, 2 do
      local e = new()
      assert.equal(8, assert(run(e, { jobs = jobs })).done)
      assert.equal(whole, comparable(e))
    end
  end)

  it("has the kernels of OpenBLAS that others have, whichever module is required first", function()
    local function kernels(first)
      return shell.lines(("env -u OPENBLAS_CORETYPE %s -e 'require \"%s\" print(require(\"tenor.core\").training.blas())'"):format(
        shell.lua, first))
    end
    assert.same(kernels "tenor", kernels "tenor.json")
    assert.same(kernels "tenor", kernels "tenor.experiment.worker")
  end)

  it("shows one line that tells what is done, what runs, and ends with the sum", function()
    local path = os.tmpname()
    local stream = assert(io.open(path, "w"))
    local e = new()
    assert(e:prepare { progress = "silent" })
    assert(e:run { jobs = 1, progress = "plain", stream = stream })
    stream:close()
    local text = assert(fs.read(path))
    os.remove(path)
    assert.matches("runs 8/8", text)
    assert.matches("8 runs: 0 there before, 8 done\n$", text)
  end)

  it("runs again, once, what a dying worker had in hand, and tells of it", function()
    local mark = os.tmpname()
    os.remove(mark)
    with_module("dies_once", trouble(kill_self, mark), function()
      local e = new { systems = systems "dies_once", tasks = { "STL" }, seeds = 2 }
      local summary = assert(run(e, { jobs = 2 }))
      assert.equal(4, summary.done)
      assert.equal(1, summary.died)
      assert.matches("1 died and were run again", tostring(summary))
      local said = ""
      for _, plan in ipairs(assert(e:runs())) do said = said .. assert(fs.read(e.store:log(plan.key))) end
      assert.matches("here it comes", said)
      assert.matches("its process was killed by signal 9", said)
    end)
    os.remove(mark)
  end)

  it("gives up what dies twice, with its log, and does the rest", function()
    with_module("dies_really", "return function() " .. kill_self .. " end", function()
      local e = new { systems = systems "dies_really", tasks = { "STL" }, seeds = 1 }
      local summary = assert(run(e, { jobs = 1 }))
      assert.equal(1, summary.done)
      assert.equal("its process was killed by signal 9, twice", summary.failed[1].reason)
      assert.is_true(fs.is_file(summary.failed[1].log))
    end)
  end)

  it("says why no worker can begin", function()
    local ok, why = run(new(), { jobs = 2, interpreter = "/nowhere/lua" })
    assert.is_nil(ok)
    assert.matches("/nowhere/lua: ENOENT", why)
    ok, why = run(new(), { jobs = 2, interpreter = "/bin/false" })
    assert.is_nil(ok)
    assert.matches("a worker could not begin: its process ended with status 1", why)
  end)

  it("ends at SIGINT and SIGTERM with no worker left, and goes on later", function()
    for _, signal in ipairs { "INT", "TERM" } do
      local given = experiments.definition { epochs = 4000, patience = 4000 }
      local ok, text = shell.run(([[%s & pid=$!; sleep 1
        for p in $(sed -n 's/.*process \([0-9]*\).*/\1/p' %s/logs/*); do tr '\0' ' ' </proc/$p/cmdline; done
        kill -%s $pid; wait $pid]]):format(experiments.program(given, { jobs = 2, progress = "silent" }), given.results, signal))
      assert.is_false(ok)
      assert.matches("tenor.experiment.worker", text, 1, true) -- so they are found as long as they live
      assert.matches("interrupted by SIG" .. signal .. ": %d of 8 runs are done; run again to go on", text)
      assert.same({}, alive(given.results))
    end
  end)

  it("survives SIGKILL of itself: nothing runs on alone, and the resumed table is that of an undisturbed run", function()
    local given = experiments.definition()
    local program = experiments.program(given, { jobs = 2, progress = "silent" })
    for _, seconds in ipairs { 0.25, 0.45 } do
      shell.run(("%s & pid=$!; sleep %g; kill -9 $pid; wait $pid"):format(program, seconds))
    end
    assert.is_true(dies_out(given.results))
    local e = tenor.experiment.new(given)
    assert(run(e, { jobs = 2 }))
    assert.equal(whole, comparable(e))
  end)

  it("can be shared out by index, as a cluster's array does", function()
    local e = new()
    assert(e:prepare { progress = "silent" })
    local worker = require "tenor.experiment.worker"
    for index = 3, 1, -1 do
      local fine, report = worker.array(e.folder .. "/experiment.json", index, 3)
      assert.is_true(fine, report)
      assert.matches("HSF.*: done", report)
    end
    assert.equal(whole, comparable(e))
    local _, report = worker.array(e.folder .. "/experiment.json", 1, 1)
    assert.equal(8, select(2, report:gsub("finished before", "")))
    local fine, why = worker.array("/nowhere/experiment.json", 1, 1)
    assert.is_false(fine)
    assert.matches("/nowhere/experiment.json", why)
  end)

  -- parallel starts interpreters of its own, without a sanitizer's library
  local parallel = needs(shell.run "command -v parallel" and not os.getenv "LD_PRELOAD", "GNU parallel, and no sanitizer")
  parallel("can be shared out by GNU parallel", function()
    local e = new()
    assert(e:prepare { progress = "silent" })
    local job = assert(e:parallel { hosts = { ":" }, jobs = 2 })
    assert.equal(8, job.tasks)
    local ok, text = shell.run(job.command)
    assert.is_true(ok, text)
    assert.equal(whole, comparable(e))
    assert.raises("experiment:parallel: hosts must be a list", e.parallel, e, { hosts = "a" })
  end)

  it("writes the scripts of a Slurm array with what it is told", function()
    local e = new { name = "it's mine", threads = 2 }
    assert(e:prepare { progress = "silent" })
    local job = assert(e:slurm { array = 3, at_once = 2, time = "1:00:00", memory = "4G", more = { "--nice=100" },
      setup = "module load lua" })
    local text = assert(fs.read(job.array))
    for _, line in ipairs { "#SBATCH --job-name=it_s_mine", "#SBATCH --cpus-per-task=2", "#SBATCH --time=1:00:00",
      "#SBATCH --mem=4G", "#SBATCH --nice=100", "#SBATCH --array=1-3%2", "module load lua" } do
      assert.matches("\n" .. line .. "\n", text, 1, true)
    end
    for _, name in ipairs { "array", "collect", "submit" } do assert.is_true(shell.run("sh -n " .. job[name])) end
    assert.raises("experiment:slurm: array must be a whole number from 1, got 0", e.slurm, e, { array = 0 })
    assert.raises("experiment:slurm: unknown option 'tasks'", e.slurm, e, { tasks = 3 })
  end)

  it("keeps records readable by anyone's JSON", function()
    local e = new { seeds = 1, tasks = { "STL" } }
    assert(run(e, { jobs = 1 }))
    for line in io.lines(e.folder .. "/runs.jsonl") do assert.is_table(assert(json.decode(line)).settings) end
  end)
end)
