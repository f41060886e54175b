-- The doors by which a number that is not finite could come in. Each is shut, and says which number it is.
local scratch = require "spec.support.scratch"
local tenor = require "tenor"
local assert = require "spec.support.assertions"

local nn = tenor.nn
local values = { ["nan"] = 0 / 0, ["inf"] = math.huge, ["-inf"] = -math.huge }

local function randn(n, d) return tenor.randn(n, d, tenor.rng(1)) end

-- randn with one bad number in row 3, column 2
local function spoilt(value, n, d)
  local x = randn(n, d)
  x[3][2] = value
  return x
end

local function options()
  return { loss = tenor.loss.ccc(), optimizer = tenor.optim.Adam(), epochs = 1, batch = 5, progress = "silent" }
end

local function corpus()
  local lines = { "id,valence,arousal,dominance,session" }
  for i = 1, 10 do lines[i + 1] = ("u%02d,%g,%g,%g,%d"):format(i, 1 + i / 3, 2 + i / 5, 5 - i / 4, (i + 1) // 2) end
  return assert(tenor.corpus.manifest(scratch.file(".csv", table.concat(lines, "\n"))))
end

describe("A number that is not finite", function()
  after_each(scratch.clean)

  for name, value in pairs(values) do
    local is = "row 3, column 2 is " .. name
    it(("is refused where %s comes with features, labels or weights"):format(name), function()
      local x, y, model = randn(10, 4), randn(10, 3), nn.Dense(4, 3)
      local named = "row 3 (u03), column 2 is " .. name
      local bad = spoilt(value, 10, 4)
      local c = corpus()
      for _, case in ipairs {
        { "corpus:features: rows: " .. named, c.features, c, bad },
        { "corpus:features: rows: " .. named, c.dataset, c, { features = bad } },
        { "fit: data.train: input 1: " .. is, tenor.fit, model, { train = { x = bad, y = y } }, options() },
        { "fit: data.train: labels: " .. is, tenor.fit, model, { train = { x = x, y = spoilt(value, 10, 3) } }, options() },
        { "predict: input 1: " .. is, tenor.predict, model, bad },
        { "predict: input 1: " .. is, tenor.evaluate, model, { x = bad, y = y } },
        { "evaluate: labels: " .. is, tenor.evaluate, model, { x = x, y = spoilt(value, 10, 3) } },
        { "nn.Embedding: weights: " .. is, nn.Embedding, 10, 4, { weights = bad } },
        { "features.hsf: lld: " .. is, tenor.features.hsf, bad },
        { "weights[1] must be a number", tenor.loss.ccc, { weights = { value, 1 } } },
        { "eps must be a number", tenor.loss.ccc, { eps = value } },
        { "lr must be a number", tenor.optim.Adam, { lr = value } },
      } do assert.raises(table.unpack(case)) end
    end)

    it(("is refused where %s comes with what is measured"):format(name), function()
      local y, bad = randn(10, 3), spoilt(value, 10, 3)
      for _, measure in ipairs(tenor.metrics.names) do
        assert.raises(("metrics.%s: predictions: %s"):format(measure, is), tenor.metrics[measure], bad, y)
        assert.raises(("metrics.%s: labels: %s"):format(measure, is), tenor.metrics[measure], y, bad)
      end
    end)

    it(("is refused where %s comes from a file"):format(name), function()
      local path = scratch.path ".npy"
      assert(tenor.save(path, spoilt(value, 10, 4)))
      local features, why = corpus():features(path)
      assert.is_nil(features)
      assert.matches("%.npy: row 3, column 2 is " .. name:gsub("%-", "%%-"), why)
      local v, reason = tenor.vectors.glove(scratch.file(".txt", ("a 1 2\nb 3 %s\n"):format(name)), { "a", "b" })
      assert.is_nil(v)
      assert.matches("%.txt: line 2: number 2 of 'b' is " .. name:gsub("%-", "%%-"), reason)
      local csv = scratch.file(".csv", ("id,valence\na,1\nb,%s\n"):format(name))
      assert.matches("%.csv:3: valence: expected a number, got '" .. name:gsub("%-", "%%-"), select(2, tenor.corpus.manifest(csv)))
    end)
  end

  it("is named by sample where a sound has it", function()
    local samples = tenor.zeros(100, 2)
    samples[5][2] = 0 / 0
    local wave = tenor.audio.wave(samples, 1000)
    assert.equal("wave: sample 5 of channel 2 is not finite", select(2, tenor.features.lld(wave)))
    local path = scratch.path ".wav"
    assert.matches("sample 5 of channel 2 is not finite", select(2, tenor.audio.write(path, wave)))
  end)

  it("is refused where it comes as an option", function()
    for name, make in pairs { RMSprop = tenor.optim.RMSprop, Adam = tenor.optim.Adam, Nadam = tenor.optim.Nadam } do
      for _, value in pairs(values) do
        assert.raises(("optim.%s: eps must be a number of at least 0"):format(name), make, { eps = value })
      end
    end
    for _, value in pairs(values) do
      assert.raises("nn.BatchNorm: eps must be a number from 0", nn.BatchNorm, 3, { eps = value })
      assert.raises("nn.BatchNorm: momentum must be a number from 0 to 1", nn.BatchNorm, 3, { momentum = value })
      assert.raises("nn.Dropout: p must be at least 0 and less than 1", nn.Dropout, value)
      assert.raises("scale must be { low, high } with low below high", tenor.corpus.manifest, "x.csv", { scale = { value, 5 } })
      assert.raises("scale must be { low, high } with low below high", tenor.corpus.manifest, "x.csv", { scale = { 1, value } })
    end
    assert.raises("scale must be", tenor.corpus.manifest, "x.csv", { scale = { 5, 5 } })
    -- what maps labels to -1..1 would be infinite
    local narrow = tenor.real == "float32" and 1e-39 or 1e-309
    assert.raises("that can be mapped to -1..1 in float", tenor.corpus.manifest, "x.csv", { scale = { 0, narrow } })
    assert.raises("that can be mapped to -1..1 in float", tenor.corpus.manifest, "x.csv", { scale = { 0, 1e-320 } })
    local labels = assert(tenor.corpus.manifest(scratch.file(".csv", "id,valence\na,0\nb,1e-30\n"), { scale = { 0, 1e-30 } }))
    assert.same({ { -1 }, { 1 } }, labels:labels({ "valence" }):totable())
    assert.raises("loss.ccc: eps must not be negative", tenor.loss.ccc, { eps = -1 })
    assert.raises("optim.Nadam: schedule_decay must be", tenor.optim.Nadam, { schedule_decay = math.huge })
  end)

  it("is named where a layer's moments have become one, though the loss is a number", function()
    local huge = tenor.real == "float64" and 1e200 or 1e30 -- its square is too large
    assert.raises("fit: first.running_var is not finite after epoch 1", tenor.fit,
      nn.Sequential { nn.BatchNorm(4, { name = "first" }), nn.Dense(4, 2) },
      { train = { x = randn(10, 4):mul(huge), y = randn(10, 2) } }, options())
  end)

  it("is not what features come to: a rate or an option that makes it so is told", function()
    local samples = tenor.zeros(2000):add(0.25)
    local path = scratch.path ".wav"
    assert(tenor.audio.write(path, tenor.audio.wave(samples, 16000)))
    for _, call in ipairs { tenor.features.extract, tenor.features.lld } do
      local x, why = call(path, { eps = 5e-324 })
      assert.is_true(x and x:isfinite() or why:find(path .. ": its features are not finite", 1, true) ~= nil, why)
      x = assert(call(path, { step = 1e300 }))
      assert.is_true(x:isfinite())
    end
    -- a file's rate is not the caller's fault
    assert(tenor.audio.write(path, tenor.audio.wave(samples, 100)))
    assert.matches("%.wav: window must hold at least 20 samples.*0.025 s at 100 Hz are 2$", select(2, tenor.features.extract(path)))
    assert(tenor.audio.write(path, tenor.audio.wave(tenor.rand(300000, tenor.rng(1)), 2000000000)))
    assert.matches("%.wav: window must hold at most 262144 samples", select(2, tenor.features.extract(path, { window = 1.4e-4 })))
    local rows, why = tenor.features.extract_many({ path }, { window = 1.4e-4 })
    assert.is_true(rows:isfinite())
    assert.matches("holds 280000 samples, at most 262144 are taken$", why[1])
  end)

  it("is named by layer where a weight has become one", function()
    local model, x = nn.Sequential { nn.Dense(4, 3, { name = "first" }), nn.Dense(3, 2, { name = "second" }) }, randn(10, 4)
    model:parameters()[3].value[1][1] = math.huge
    assert.raises("predict: the predictions are not finite: first in second, its parameter weight", tenor.predict, model, x)
    assert.raises("batch 1: first in second, its parameter weight", tenor.fit, model,
      { train = { x = x, y = randn(10, 2) } }, options())
    assert.is_true(x:isfinite())
  end)

  it("is named by what the layer is, where it is alone", function()
    local layer = nn.Dense(4, 2)
    layer:parameters()[1].value[1][1] = 0 / 0
    assert.raises("first in Dense(4 -> 2), its parameter weight", tenor.evaluate, layer, { x = randn(10, 4), y = randn(10, 2) })
  end)

  it("is not saved, where it could not be loaded again", function()
    local path = scratch.path ".safetensors"
    local net = nn.Sequential { nn.Dense(4, 3, { name = "first" }), nn.BatchNorm(3, { name = "norm" }) }
    assert(net:save(path))
    local before = scratch.read(path)
    for _, p in ipairs { net:parameters()[2], net:buffers()[1] } do
      for name, value in pairs(values) do
        p.value[1] = value
        local ok, why = net:save(path)
        assert.is_nil(ok, name)
        assert.equal(("%s: tensor '%s' holds a number that is not finite"):format(path, p.name), why)
      end
      p.value[1] = 0.5
    end
    assert.equal(before, scratch.read(path))
  end)
end)

describe("A gradient that is not finite", function()
  it("ends training before it spoils a weight, naming whose it is, though the loss is a number", function()
    local model, x = nn.Sequential { nn.Dense(4, 3, { name = "first" }), nn.Dense(3, 2, { name = "second" }) }, randn(10, 4)
    local steps = 0
    local loss = { forward = function(_, pred) return 0.5, { pred } end }
    function loss.backward()
      steps = steps + 1
      local gradient = tenor.zeros(5, 2):add(1e-3)
      if steps == 2 then gradient[4][1] = math.huge end
      return gradient
    end
    local o = options()
    o.loss = loss
    assert.raises("fit: the gradient of first.weight is not finite at epoch 1, batch 2, where the loss is 0.5 and the norm of "
      .. "the others", tenor.fit, model, { train = { x = x, y = randn(10, 2) } }, o)
    for _, p in ipairs(model:parameters()) do assert.is_true(p.value:isfinite(), p.name) end
  end)
end)

describe("CCC", function()
  it("of constant predictions is 0, exactly, whatever the constant", function()
    local gold = {}
    for i = 1, 1001 do gold[i] = math.sin(i) end
    for _, constant in ipairs { 0, 0.1, 1 / 3, -3.3, 1e-8, 1000000.1 } do
      local pred = tenor.zeros(1001):add(constant)
      assert.equal(0, tenor.metrics.ccc(pred, tenor.tensor(gold)))
      assert.equal(0, tenor.metrics.ccc_batch(pred, tenor.tensor(gold)))
    end
  end)

  it("of ten million is what it is of ten", function()
    local n = 10000000
    local gold = tenor.arange(n):div(n)
    assert.equal(1, tenor.metrics.ccc(gold, gold))
    -- of a line and the line moved by d: 2v / (2v + d^2), v = 1/12
    assert.is_true(math.abs(tenor.metrics.ccc(gold + 0.5, gold) - (1 / 6) / (1 / 6 + 0.25)) < 1e-5) -- floats of a rounded step
    assert.equal(0, tenor.metrics.ccc(tenor.zeros(n):add(0.1), gold))
  end)

  it("of constant labels, or of one utterance, is refused", function()
    local pred = tenor.randn(7, tenor.rng(2))
    assert.raises("labels of column 1 are all 0.1: CCC is undefined", tenor.metrics.ccc, pred, tenor.zeros(7):add(0.1))
    assert.raises("at least 2 utterances are needed, got 1", tenor.metrics.ccc, tenor.ones(1), tenor.zeros(1))
  end)
end)
