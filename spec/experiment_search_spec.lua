--- Searches of the loss's weights.
require "spec.support.assertions"
local experiments = require "spec.support.experiments"
local tenor = require "tenor"

local function new(changes)
  local given = { network = "acoustic", seeds = 2, epochs = 1, step = 0.5 }
  for name, value in pairs(changes or {}) do given[name] = value end
  return tenor.experiment.search(experiments.definition(given))
end

local function run(search) return assert(search:run { jobs = 0, progress = "silent" }) end

local function places(result)
  local list = {}
  for i, p in ipairs(result.points) do list[i] = ("%g %g %g"):format(p.alpha, p.beta, p.gamma) end
  return list
end

-- a search whose points score as `value` says, without any training
local function played(changes, value)
  local search = new(changes)
  assert(search.experiment:prepare { progress = "silent" })
  local experiment = search.experiment
  experiment.run = function() return { failed = {} } end
  experiment.records = function(self)
    local records = {}
    for i, system in ipairs(self.made.systems) do
      local v, t = value(system.weights.alpha, system.weights.beta)
      records[i] = { weights = system.weights, labels = { "valence", "arousal", "dominance" },
        validation = { ccc = { v, v, v } }, test = { ccc = { t, t, t } } }
    end
    return records
  end
  return search
end

describe("a search of alpha and beta", function()
  teardown(experiments.clean)

  it("visits the whole simplex, and keeps all its runs", function()
    local search = new { kind = "simplex" }
    local result = run(search)
    assert.same({ "0 0 1", "0 0.5 0.5", "0 1 0", "0.5 0 0.5", "0.5 0.5 0", "1 0 0" }, places(result))
    assert.equal(12, #assert(search:records()))
    for _, p in ipairs(result.points) do assert.equal(2, p.n) end
    assert.is_nil(result.warning)
    assert.matches("best on validation", tostring(result))
  end)

  it("has 66 points in steps of a tenth, each an exact tenth", function()
    local search = played({ kind = "simplex", step = 0.1 }, function(a, b) return -((a - 0.7) ^ 2 + (b - 0.2) ^ 2), 0 end)
    local result = run(search)
    assert.equal(66, #result.points)
    assert.same({ 0.7, 0.2, 0.1 }, { result.best.alpha, result.best.beta, result.best.gamma })
  end)

  it("goes along alpha at section 6's beta, then along beta, as the paper", function()
    local search = played({ step = 0.1 }, function(a, b) return -((a - 0.3) ^ 2 + (b - 0.6) ^ 2), 0 end)
    local result = run(search)
    assert.same({ 0.3, 0.6 }, { result.best.alpha, result.best.beta })
    assert.equal(7 + 8 - 1, #result.points) -- alpha 0 to 0.6 at beta 0.4, beta 0 to 0.7 at alpha 0.3; one is both
    search = played({ step = 0.1, start = 0.1 }, function(a, b) return -((a - 0.3) ^ 2 + (b - 0.6) ^ 2), 0 end)
    assert.equal(10 + 8 - 1, #run(search).points)
  end)

  it("chooses on validation, and on test only by name, with a warning", function()
    local function value(a, b) return a, b end
    assert.equal(1, run(played({ kind = "simplex" }, value)).best.alpha)
    local published = run(played({ kind = "simplex", choose = "test" }, value))
    assert.equal(1, published.best.beta)
    assert.matches("chosen on the test set", published.warning)
    assert.matches("warning: chosen on the test set", tostring(published))
  end)

  it("takes no point that has no number", function()
    local search = played({ kind = "simplex" }, function(a) return a == 1 and 0 / 0 or a, 0 end)
    assert.equal(0.5, run(search).best.alpha)
  end)

  it("shares its runs with an experiment of the same settings", function()
    local search = played({ kind = "simplex", seeds = 1, step = 0.1 }, function() return 0, 0 end)
    run(search)
    local key
    for _, plan in ipairs(assert(search.experiment:runs())) do
      if plan.weights.alpha == 0.1 and plan.weights.beta == 0.4 then key = plan.key end
    end
    local table2 = experiments.new { seeds = 1, epochs = 1, tasks = { "MTL" }, systems = { { network = "acoustic" } } }
    assert(table2:prepare { progress = "silent" })
    assert.equal(assert(table2:runs())[1].key, key)
  end)

  it("says that it needs three labels", function()
    local folder = require "spec.support.shell".folder()
    require "spec.support.corpus".write(folder, { dominance = true })
    local result, why = new { corpus = folder .. "/manifest.csv" }:run { jobs = 0, progress = "silent" }
    assert.is_nil(result)
    assert.equal("a search needs valence, arousal and dominance; the corpus has valence, arousal", why)
  end)

  for _, case in ipairs {
    { "experiment.search: kind must be 'linear' or 'simplex', got 'random'", { kind = "random" } },
    { "experiment.search: choose must be 'validation' or 'test', got 'train'", { choose = "train" } },
    { "experiment.search: step must divide 1, as 0.1 does, got 0.3", { step = 0.3 } },
    { "experiment.search: at most 1000000 runs, these would be 6e+300", { step = 1e-300, seeds = 3 } },
    { "experiment.search: at most 1000000 runs, these would be 1.5e+20", { step = 1e-10, seeds = 3, kind = "simplex" } },
    { "experiment.search: threads must be a whole number from 1 to 64, got 65", { threads = 65 } },
    { "experiment.search: a search sets weights itself", { weights = { alpha = 0.1, beta = 0.1 } } },
    { "experiment.search: give vectors of one kind", { vectors = { glove = "a", bert = "b" } } },
    { "experiment.search: unknown option 'seed' (did you mean 'seeds'?)", { seed = 1 } },
    { "experiment.search: start must be a number from 0 to 1, got 2", { start = 2 } },
  } do
    it("is checked: " .. case[1], function() assert.raises(case[1], new, case[2]) end)
  end
end)
