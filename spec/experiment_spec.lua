--- Experiments: what they accept, what a run leaves, and what makes a run another one.
local experiments = require "spec.support.experiments"
local fs = require "tenor.fs"
local json = require "tenor.json"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local new, run, comparable = experiments.new, experiments.run, experiments.comparable

local function write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  file:close()
  return path
end

local function records(experiment) return assert(experiment:records()) end

local function keys(experiment)
  assert(experiment:prepare { progress = "silent" })
  local list = {}
  for i, plan in ipairs(assert(experiment:runs())) do list[i] = plan.key end
  return list
end

describe("an experiment", function()
  teardown(experiments.clean)

  it("runs systems × tasks × seeds, in order, and is then done", function()
    local e = new()
    local summary = assert(run(e))
    assert.equal("8 runs: 0 there before, 8 done", tostring(summary))
    local names = {}
    for i, r in ipairs(records(e)) do names[i] = ("%s %s %d"):format(r.name, r.task, r.seed) end
    assert.same({ "HSF STL 1", "HSF STL 2", "HSF MTL 1", "HSF MTL 2", "HSF+WE STL 1", "HSF+WE STL 2", "HSF+WE MTL 1",
      "HSF+WE MTL 2" }, names)
    assert.equal("8 runs: 8 there before, 0 done", tostring(assert(run(e))))
    assert.equal(0, #assert(e:missing()))
  end)

  it("leaves a record of all that a run was and gave", function()
    local e = new { tasks = { "MTL" }, seeds = { 7 } }
    assert(run(e))
    local r = records(e)[2]
    assert.equal("HSF+WE", r.name)
    assert.same({ "valence", "arousal", "dominance" }, r.labels)
    assert.same({ alpha = 0.7, beta = 0.2 }, r.weights)
    assert.same({ 0.7, 0.2, 0.1 }, r.settings.weights)
    assert.equal("RMSprop", r.settings.optimizer.name)
    assert.equal(256, r.settings.batch)
    assert.is_true(r.settings.standardize)
    assert.equal("paper", r.protocol)
    assert.equal("paper", r.split) -- what "auto" came to
    assert.equal(2, #r.history)
    assert.equal(3, #r.history[2].val_ccc)
    for _, measure in ipairs { "ccc", "ccc_batch32", "rmse", "mae" } do
      assert.equal(3, #r.test[measure])
      assert.equal(3, #r.validation[measure])
    end
    assert.equal(16, r.test.n)
    assert.equal(tenor._VERSION, r.versions.tenor)
    assert.matches("OpenBLAS", r.versions.openblas)
    assert.is_true(r.machine.cores >= 1 and r.seconds > 0)
    assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$", r.started)
    local lines = {}
    for line in io.lines(e.folder .. "/runs.jsonl") do lines[#lines + 1] = assert(json.decode(line)) end
    assert.equal(r.key, lines[2].key)
  end)

  it("keeps predictions on the label scale, of which the scores can be computed again", function()
    local e = new { tasks = { "MTL" }, seeds = 1 }
    assert(run(e))
    local r = records(e)[1]
    local rows = assert(tenor.csv.read(e.folder .. "/" .. r.predictions))
    local gold, predicted = {}, {}
    for _, row in ipairs(rows) do
      if row.split == "test" then
        assert.equal("S3", row.speaker)
        gold[#gold + 1], predicted[#predicted + 1] = tonumber(row.gold_arousal), tonumber(row.pred_arousal)
        assert.is_true(gold[#gold] >= 1 and gold[#gold] <= 5)
      end
    end
    assert.equal(16, #gold)
    -- nine digits of each prediction are kept
    assert.near(r.test.ccc[2], tenor.metrics.ccc(tenor.tensor(predicted), tenor.tensor(gold)), 1e-6)
  end)

  it("trains as a script of the same recipe does", function()
    local e = new { tasks = { "MTL" }, systems = { { name = "HSF", network = "acoustic" } }, seeds = { 3 } }
    assert(run(e))
    local corpus = assert(tenor.corpus.manifest(experiments.corpus() .. "/manifest.csv"))
    local data = corpus:dataset { features = corpus:extract { progress = "silent" }, split = "auto" }
    local threads = tenor.threads()
    tenor.threads(1)
    local model = tenor.networks.acoustic { hidden = 8, dense = 4, seed = 3 }
    tenor.fit(model, data, { loss = tenor.loss.ccc { weights = { 0.1, 0.4, 0.5 } }, optimizer = tenor.optim.Nadam(), batch = 64,
      epochs = 2, patience = 10, seed = 3, progress = "silent" })
    local scores = tenor.evaluate(model, data.test)
    tenor.threads(threads)
    assert.same(scores.ccc, records(e)[1].test.ccc)
  end)

  it("knows a run by content: names, paths and the number of runs do not count", function()
    local here = new()
    local copy = shell.folder()
    assert(shell.run(("cp -r '%s/.' '%s'"):format(experiments.corpus(), copy)))
    local other = new { corpus = copy .. "/manifest.csv", name = "another", batch = nil, patience = 10, optimizer = nil }
    assert.same(keys(here), keys(other))
    local more = new { seeds = 3, results = here.folder }
    assert(run(here))
    assert.equal("12 runs: 8 there before, 4 done", tostring(assert(run(more))))
  end)

  it("makes another run of every changed setting", function()
    local base = keys(new())
    for name, change in pairs {
      epochs = 3, batch = 32, patience = 5, protocol = "clean", split = "tail", validation = 0.3, threads = 2, standardize = false,
      weights = { alpha = 0.2, beta = 0.3 }, optimizer = { name = "RMSprop", lr = 0.01 }, options = { hidden = 9, dense = 4 },
      features = { window = 0.05 }, tokenizer = { lower = false },
    } do
      local changed = keys(new { [name] = change })
      local last = #changed -- HSF+WE MTL: weights say nothing to STL, nor padding to the voice
      assert.are_not.equal(base[last], changed[last], name)
    end
    local padded = keys(new { padding = "none" })
    assert.equal(base[1], padded[1])
    assert.are_not.equal(base[8], padded[8])
  end)

  it("notices labels and words that have changed", function()
    local folder = shell.folder()
    assert(shell.run(("cp -r '%s/.' '%s'"):format(experiments.corpus(), folder)))
    local before = keys(new { corpus = folder .. "/manifest.csv" })
    local text = assert(fs.read(folder .. "/manifest.csv"))
    write(folder .. "/manifest.csv", (text:gsub("hello doctor", "hello nurse", 1)))
    assert.are_not.same(before, keys(new { corpus = folder .. "/manifest.csv" }))
  end)

  it("rows of vectors are there where the vectors are, and start from them", function()
    local path = write(shell.folder() .. "/vectors.txt", ("hello%s\ngood%s\n"):format((" 0.5"):rep(6), (" -0.25"):rep(6)))
    local e = new { vectors = { glove = path }, tasks = { "STL" }, seeds = 1 }
    assert(run(e))
    assert.same({ "HSF", "HSF+WE", "HSF+GloVe" }, { records(e)[1].name, records(e)[2].name, records(e)[3].name })
    assert.equal("glove", records(e)[3].settings.vectors.kind)
    assert.matches("left out: HSF%+BERT, no BERT vectors given", e:notes())
    local before = keys(e)
    write(path, ("hello%s\ngood%s\n"):format((" 0.5"):rep(6), (" -0.5"):rep(6)))
    local after = keys(new { vectors = { glove = path }, tasks = { "STL" }, seeds = 1, results = e.folder })
    assert.equal(before[2], after[2])
    assert.are_not.equal(before[3], after[3])
  end)

  it("learns what labels there are: two share the weights of three, one has no MTL", function()
    local tiny = require "spec.support.corpus"
    local two, one = shell.folder(), shell.folder()
    tiny.write(two, { dominance = true })
    tiny.write(one, { dominance = true, arousal = true, text = true })
    local e = new { corpus = two .. "/manifest.csv", seeds = 1 }
    assert(run(e))
    assert.same({ 0.2, 0.8 }, records(e)[2].settings.weights)
    assert.same({ "valence", "arousal" }, records(e)[2].labels)
    assert.matches("HSF MTL learns valence, arousal alone, with the weights 0.2, 0.8", e:notes())
    e = new { corpus = one .. "/manifest.csv", seeds = 1 }
    assert(run(e))
    assert.equal(1, #records(e))
    assert.matches("left out: MTL, the corpus has one label, valence", e:notes())
    assert.matches("left out: HSF%+WE, the corpus has no text", e:notes())
  end)

  it("fits words and scales on the training part alone in protocol clean", function()
    local e = new { protocol = { "paper", "clean" }, tasks = { "STL" }, seeds = 1 }
    assert(run(e))
    assert.equal(4, #records(e))
    assert.equal(2, #assert(e:records { protocol = "clean" }))
  end)

  it("takes a network of one's own by the name of its module, whose text counts", function()
    local folder = shell.folder()
    write(folder .. "/mine_spec.lua", [[
      local tenor = require "tenor"
      return function(o)
        return tenor.nn.Sequential { tenor.nn.Dense(o.features, #o.outputs, { rng = tenor.rng(o.seed) }) }
      end]])
    local path = package.path
    package.path = folder .. "/?.lua;" .. path
    local function own() return new { systems = { { network = "mine_spec", inputs = { "features" } } }, options = {} } end
    local e = own()
    assert(run(e, { jobs = 1 })) -- in another process
    assert.equal("mine_spec", records(e)[1].name)
    local before = keys(e)
    write(folder .. "/mine_spec.lua", assert(fs.read(folder .. "/mine_spec.lua")) .. "\n")
    assert.are_not.same(before, keys(own()))
    package.path = path
  end)

  it("tells a damaged record and runs it again", function()
    local e = new { tasks = { "STL" } }
    assert(run(e))
    local whole = comparable(e)
    local list = assert(e:runs())
    write(("%s/runs/%s.json"):format(e.folder, list[1].key), '{"key": "x"')
    write(("%s/runs/%s.json"):format(e.folder, list[2].key), ('{"key": "%s"}'):format(list[3].key))
    assert(fs.remove(("%s/predictions/%s.csv"):format(e.folder, list[4].key)))
    assert.equal(3, #assert(e:missing()))
    local summary = assert(run(e))
    assert.equal(3, summary.done)
    assert.equal(3, #summary.notes)
    assert.matches(list[1].key .. "%.json", summary.notes[1])
    assert.matches("the record of another run", summary.notes[2])
    assert.matches("its predictions are missing", summary.notes[3])
    assert.equal(whole, comparable(e))
  end)

  it("can be opened again from its folder, without the corpus", function()
    local e = new { tasks = { "STL" }, seeds = 1 }
    assert(run(e))
    local again = assert(tenor.experiment.open(e.folder))
    assert.equal(comparable(e), comparable(again))
    for _, r in ipairs(records(e)) do assert(fs.remove(("%s/runs/%s.json"):format(e.folder, r.key))) end
    local whole = comparable(again)
    assert.equal("", whole)
    assert.equal(2, assert(run(again)).done)
    local none, why = tenor.experiment.open(e.folder .. "/nowhere")
    assert.is_nil(none)
    assert.matches("nowhere/experiment.json", why)
  end)

  it("goes on after a run that fails, and says which and why", function()
    -- steps that large leave no finite number; which one is met first hangs on the scalar
    local e = new { systems = { { name = "good", network = "acoustic" },
      { name = "bad", network = "acoustic", optimizer = { name = "SGD", lr = 1e300 } } }, tasks = { "STL" }, seeds = 1,
      epochs = 40 }
    local summary = assert(run(e))
    assert.equal(1, summary.done)
    assert.equal("bad STL seed 1", summary.failed[1].title)
    local reason = summary.failed[1].reason
    assert.is_true((reason:find "not finite" or reason:find "is NaN" or reason:find "infinite") ~= nil, reason)
    assert.matches("stack traceback", assert(fs.read(summary.failed[1].log)))
    assert.equal(1, #records(e))
  end)

  it("tells at once what every run of a system would fail at", function()
    for message, changes in pairs {
      ["system 'HSF+WE': corpus:dataset: split 'session:9': no such session (sessions: 1, 2, 3)"] = { split = "session:9" },
      ["system 'HSF+WE': networks.fusion: unknown option 'hiden' (did you mean 'hidden'?)"] = {
        systems = { { name = "HSF+WE", network = "fusion", options = { hiden = 3 } } } },
    } do
      local e = new(changes)
      assert(e:prepare { progress = "silent" })
      for _, f in ipairs { run, e.slurm, e.parallel } do
        local ok, why = f(e)
        assert.is_nil(ok)
        assert.equal(message, why)
      end
      assert.same({}, fs.list(e.folder .. "/logs"))
    end
  end)

  it("says what of the world is missing", function()
    local e = new { corpus = "/nowhere/m.csv" }
    local ok, why = run(e)
    assert.is_nil(ok)
    assert.matches("/nowhere/m.csv", why)
    ok, why = run(new { vectors = { glove = "/nowhere/v.txt" } })
    assert.is_nil(ok)
    assert.matches("/nowhere/v.txt: no such file", why)
    ok, why = run(new { results = "/proc/nowhere" })
    assert.is_nil(ok)
    assert.matches("/proc/nowhere", why)
  end)

  for _, case in ipairs {
    { "experiment.new: corpus must be given", { corpus = false } },
    { "experiment.new: unknown option 'seed' (did you mean 'seeds'?)", { seed = 3 } },
    { "experiment.new: seeds must be a number of runs or a list of seeds, got many", { seeds = "many" } },
    { "experiment.new: seeds must be a whole number from 1, got 0", { seeds = 0 } },
    { "experiment.new: seeds: at most 1000000 runs, these would be 1e+11", { seeds = 100000000000 } },
    { "experiment.new: at most 1000000 runs, these would be 1200000", { seeds = 600000, systems = { { network = "text" } } } },
    { "experiment.new: threads must be a whole number from 1 to 64, got 65", { threads = 65 } },
    { "experiment.new: protocol must be paper or clean, got 'dirty'", { protocol = "dirty" } },
    { "experiment.new: task 2 must be STL or MTL, got 'XTL'", { tasks = { "STL", "XTL" } } },
    { "experiment.new: batch must be a whole number from 2, got 1", { batch = 1 } },
    { "experiment.new: weights: alpha + beta must be at most 1, got 0.9 and 0.2", { weights = { alpha = 0.9, beta = 0.2 } } },
    { "experiment.new: weights: unknown option 'gamma'", { weights = { alpha = 0.9, gamma = 0.2 } } },
    { "experiment.new: optimizer: unknown optimizer 'Adagrad' (known: Adam, Nadam, RMSprop, SGD)", { optimizer = "Adagrad" } },
    { "experiment.new: optimizer: optim.Adam: unknown option 'rate'", { optimizer = { name = "Adam", rate = 1 } } },
    { "experiment.new: options must be plain data", { options = { f = print } } },
    { "experiment.new: split must be a string", { split = print } },
    { "experiment.new: system 1: network must be a string, got nil", { systems = { { name = "A" } } } },
    { "experiment.new: system 'A': network 'nowhere.net' is neither acoustic, text or fusion nor a module",
      { systems = { { name = "A", network = "nowhere.net" } } } },
    { "experiment.new: two systems are named 'text'", { systems = { { network = "text" }, { network = "text" } } } },
    { "experiment.new: system 'A': no vectors 'glove' among the experiment's vectors",
      { systems = { { name = "A", network = "text", vectors = "glove" } } } },
    { "experiment.new: vectors.bert: vocabulary must name BERT's vocab.txt", { vectors = { bert = "m.safetensors" } } },
    { "experiment.new: vectors.glov: kind must be glove or fasttext or word2vec or bert or npy, got 'glov'",
      { vectors = { glov = "v.txt" } } },
    { "experiment.new: tokenizer: text.Tokenizer: unknown option 'case'", { tokenizer = { case = 1 } } },
    { "experiment.new: system 'A': vectors are given, but the network reads no words",
      { systems = { { name = "A", network = "acoustic", vectors = "glove:x" } } } },
    { "experiment.new: system 1: unknown option 'epoch' (did you mean 'epochs'?)",
      { systems = { { network = "acoustic", epoch = 3 } } } },
  } do
    it("is checked: " .. case[1], function()
      local given = { corpus = "m.csv" }
      for name, value in pairs(case[2]) do given[name] = value or nil end
      if case[2].corpus == false then given.corpus = nil end
      local ok, message = pcall(tenor.experiment.new, given)
      assert.is_false(ok)
      assert.matches(case[1], message, 1, true)
    end)
  end
end)
