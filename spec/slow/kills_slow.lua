--- SIGKILL at any moment: ten random ones, and the table of an undisturbed run at the end.
local experiments = require "spec.support.experiments"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local uv = require "luv"

describe("an experiment that is killed ten times", function()
  teardown(experiments.clean)

  it("ends with the bits of one that is left alone, whoever is killed", function()
    local changes, run = { seeds = 4, epochs = 20, patience = 20 }, { jobs = 2, progress = "silent" }
    local whole = experiments.definition(changes)
    local begun = uv.hrtime()
    assert(shell.run(experiments.program(whole, run)))
    local seconds = (uv.hrtime() - begun) * 1e-9
    local undisturbed = assert(tenor.experiment.open(whole.results))
    local given = experiments.definition(changes)
    local program = experiments.program(given, run)
    local rng, between = tenor.rng(20), 0
    local e = tenor.experiment.new(given)
    assert(e:prepare { progress = "silent" })
    for _ = 1, 10 do
      shell.run(("%s & pid=$!; sleep %.3f; kill -9 $pid; wait $pid"):format(program, seconds * rng:uniform()))
      local left = #assert(e:missing())
      if left > 0 and left < 16 then between = between + 1 end
    end
    assert.is_true(between >= 1) -- else no kill came while there was work to lose
    local summary = assert(experiments.run(e, { jobs = 2 }))
    assert.equal(0, #summary.failed)
    assert.equal(experiments.comparable(undisturbed), experiments.comparable(e))
  end)
end)
