local assert = require "spec.support.assertions"
local relative = require "spec.support.relative"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local nn = tenor.nn

-- Labels that are a bent function of the inputs, so that a small network learns them.
local function task(seed, n, outputs)
  local rng = tenor.rng(seed)
  local x, mix = tenor.randn(n, 4, rng), tenor.randn(4, outputs or 2, tenor.rng(1))
  return { x = x, y = x:matmul(mix) * 0.3 + x:matmul(mix):clamp(-1, 1) }
end

local function data() return { train = task(10, 60), validation = task(11, 22) } end

local function model(seed)
  return nn.Sequential { nn.BatchNorm(4), nn.Dense(4, 8, { activation = "tanh", rng = tenor.rng(seed or 1) }), nn.Dropout(0.1),
    nn.Dense(8, 2, { rng = tenor.rng(2) }) }
end

local function options(more)
  local o = { loss = tenor.loss.ccc(), optimizer = tenor.optim.Adam { lr = 0.01 }, batch = 16, epochs = 5, progress = "silent" }
  for k, v in pairs(more or {}) do o[k] = v end
  return o
end

local function fit(m, d, more) return tenor.fit(m, d, options(more)) end

local function same_weights(a, b)
  for name, t in pairs(a) do if not relative.same(t, b[name]) then return false end end
  return true
end

-- A stream that keeps what is written.
local function stream()
  local s = { text = "" }
  function s:write(...) self.text = self.text .. table.concat { ... } return self end
  function s:flush() return self end
  return s
end

describe("fit", function()
  it("learns a small task", function()
    local m, d = model(), data()
    local before = tenor.evaluate(m, d.validation).ccc
    local history = fit(m, d, { epochs = 40 })
    local after = tenor.evaluate(m, d.validation).ccc
    assert.equal(40, #history)
    assert.is_true(after[1] > 0.9 and after[2] > 0.9 and before[1] < 0.8)
    assert.is_true(history.epochs[40].loss < 0.3 * history.epochs[1].loss)
    assert.equal("all epochs done", history.stopped)
  end)

  it("repeats bit for bit from its seed, and differs by another", function()
    local runs = {}
    for i, seed in ipairs { 7, 7, 8 } do
      local m = model()
      local history = fit(m, data(), { seed = seed })
      runs[i] = { weights = m:snapshot(), loss = history.epochs[5].loss }
    end
    assert.is_true(same_weights(runs[1].weights, runs[2].weights))
    assert.equal(runs[1].loss, runs[2].loss)
    assert.is_false(same_weights(runs[1].weights, runs[3].weights))
  end)

  it("without shuffling goes through the rows in order", function()
    local d, seen = data(), {}
    local m = nn.Sequential { nn.Dense(4, 2, { rng = tenor.rng(1) }) }
    local run = m.list[1].module.run
    m.list[1].module.run = function(self, x)
      if self.training then seen[#seen + 1] = x[1][1] end
      return run(self, x)
    end
    fit(m, d, { shuffle = false, epochs = 2 })
    local want = {}
    for _ = 1, 2 do for first = 1, 60, 16 do want[#want + 1] = d.train.x[first][1] end end
    assert.same(want, seen)
  end)

  it("takes several inputs, and no validation", function()
    local d = task(10, 40)
    local m = nn.Sequential { nn.Concat { nn.Dense(4, 3), nn.Dense(4, 3) }, nn.Dense(6, 2) }
    local history = fit(m, { train = { x = { d.x, d.x }, y = d.y } }, { epochs = 2 })
    assert.is_nil(history.epochs[1].val_loss)
    assert.is_nil(history.best_epoch)
    assert.is_false(m.training)
  end)

  it("takes any number for \"all at once\" and \"for ever\"", function()
    local weights = {}
    for i, batch in ipairs { 60, math.maxinteger } do
      local m, output, epochs, path = model(), stream(), 0, scratch.path ".ckpt"
      scratch.made(path .. ".previous")
      local o = { batch = batch, epochs = math.maxinteger, progress = "plain", stream = output, checkpoint = path,
        callbacks = { { on_epoch_end = function()
          epochs = epochs + 1
          return epochs % 3 == 0 and "stop" or nil
        end } } }
      fit(m, data(), o)
      assert.matches("^3 epochs, callback", output.text)
      weights[i], m = m:snapshot(), model()
      fit(m, data(), o) -- the checkpoint is believed
      assert.is_true(same_weights(weights[i], m:snapshot()))
    end
    scratch.clean()
    assert.is_true(same_weights(weights[1], weights[2]))
  end)
end)

describe("the best weights", function()
  -- Two epochs learn; the weights of the later ones are spoilt, so that the second is the best.
  local function watched(more, how)
    local m, best = model(), nil
    local callback = { on_epoch_end = function(info)
      if info.epoch == 2 then best = info.model:snapshot() end
      return how and how(info)
    end, on_batch_end = function(info)
      if info.epoch > 2 then
        for _, p in ipairs(info.model:parameters()) do p.value:zero() end -- predicts a constant: CCC 0
      end
    end }
    local o = { epochs = 9, callbacks = { callback }, optimizer = tenor.optim.Adam { lr = 0.02 }, batch = 20 }
    for k, v in pairs(more or {}) do o[k] = v end
    local ok, result = pcall(fit, m, data(), o)
    return m, best, ok, result
  end

  for _, case in ipairs {
    { "after all epochs", {}, nil, "all epochs done" },
    { "after patience", { patience = 3 }, nil, "no better validation loss for 3 epochs" },
    { "after a callback's stop", {}, function(info) return info.epoch == 5 and "stop" end, "callback" },
    { "after a callback's error", {}, function(info) if info.epoch == 4 then error({ code = 7 }) end end },
    { "after a NaN loss", {}, function(info)
      if info.epoch == 4 then info.model:parameters()[3].value:fill(0 / 0) end
    end },
  } do
    local what, more, how, stopped = table.unpack(case)
    it(("are there %s"):format(what), function()
      local m, best, ok, result = watched(more, how)
      assert.is_true(same_weights(best, m:snapshot()))
      assert.is_false(m.training)
      assert.equal(stopped ~= nil, ok)
      if ok then
        assert.equal(stopped, result.stopped)
        assert.equal(2, result.best_epoch)
        assert.equal(result.epochs[2].val_loss, result.best_val_loss)
        assert.equal(({ patience = 5, callback = 5 })[more.patience and "patience" or stopped] or 9, #result)
      elseif type(result) == "table" then
        assert.same({ code = 7 }, result) -- the callback's own error
      else
        assert.is_truthy(result:find("NaN at epoch 5, batch 1: first in Dense, its parameter weight", 1, true), result)
      end
    end)
  end

  it("are not there when they are not asked for", function()
    local m, best = watched { restore_best = false }
    assert.is_false(same_weights(best, m:snapshot()))
  end)
end)

describe("a number that is not finite", function()
  it("is named by epoch, batch and the first layer that has it", function()
    local m = nn.Sequential { nn.Concat { nn.Sequential { nn.Dense(4, 3), name = "acoustic" } }, nn.Dense(3, 2) }
    local d = data()
    d.train.x, d.validation.x = { d.train.x }, { d.validation.x }
    local function spoil(i, value, at)
      m:initialize(tenor.rng(1))
      return pcall(fit, m, d, { callbacks = { { on_batch_end = function(info)
        if info.epoch == 2 and info.batch == at then info.model:parameters()[i].value:fill(value) end
      end } } })
    end
    local _, message = spoil(3, 0 / 0, 2)
    assert.equal("fit: the loss is NaN at epoch 2, batch 3: first in Dense, its parameter weight", message)
    _, message = spoil(2, math.huge, 1)
    assert.equal("fit: the loss is NaN at epoch 2, batch 2: first in acoustic.Dense, its parameter bias", message)
    _, message = spoil(4, 0 / 0, 4) -- after the epoch's last batch
    assert.equal("fit: Dense.bias is not finite after epoch 2", message)
    assert.is_nil(rawget(m.list[2].module, "run")) -- the search left the layers as they were
  end)

  it("is named where a layer's output is the first to have it", function()
    local m = nn.Sequential { nn.Dense(4, 3), nn.Dense(3, 2) }
    for _, p in ipairs(m:parameters()) do p.value:fill(relative.by_build(1e300, 1e38)) end
    assert.raises("at epoch 1, batch 1: first in Dense", fit, m, data())
  end)

  it("is named in a buffer, which training does not use", function()
    local m = model()
    assert.raises("fit: BatchNorm.running_mean is not finite after epoch 1", fit, m, data(), {
      callbacks = { { on_batch_end = function() m:buffers()[1].value:fill(0 / 0) end } } })
  end)

  it("that comes in validation alone is said", function()
    local m, d = nn.Sequential { nn.Dense(4, 3), nn.Dense(3, 2) }, data()
    d.validation.x:fill(relative.by_build(1e308, 3e38))
    m:parameters()[1].value:fill(1)
    assert.raises("fit: the validation loss is NaN after epoch 1: first in Dense, its output", fit, m, d,
      { optimizer = tenor.optim.SGD { lr = 0 } })
  end)
end)

describe("data that cannot be trained on", function()
  local function spoilt(change)
    local d = data()
    change(d)
    return d
  end
  local ids = {}
  for i = 1, 60 do ids[i] = "Ses01_" .. i end
  for _, case in ipairs {
    { "fit: data.train: labels: row 3 (Ses01_3), column 2 is ", function(d) d.train.ids, d.train.y[3][2] = ids, 0 / 0 end },
    { "fit: data.train: input 1: row 5, column 1 is inf", function(d) d.train.x[5][1] = math.huge end },
    { "fit: data.validation: labels: row 1, column 1 is ", function(d) d.validation.y[1][1] = 0 / 0 end },
    { "fit: data.train: all 60 labels of arousal are 0.5", function(d)
      d.train.label_names = { "valence", "arousal" }
      for i = 1, 60 do d.train.y[i][2] = 0.5 end
    end },
    { "fit: data.validation: all 22 labels of column 1 are", function(d) for i = 1, 22 do d.validation.y[i][1] = 1 end end },
    { "fit: data.train: input 1 has 59 rows, the labels have 60", function(d) d.train.x = d.train.x:narrow(1, 1, 59) end },
    { "fit: data.train: input 2 has 3 rows, the labels have 60", function(d) d.train.x = { d.train.x, tenor.zeros(3, 1) } end },
    { "data.train has 1 utterances, at least 2 are needed", function(d)
      d.train = { x = tenor.ones(1, 4), y = tenor.ones(1, 2) }
    end },
    { "data.train has 0 utterances, at least 2 are needed", function(d)
      d.train = { x = tenor.ones(0, 4), y = tenor.ones(0, 2) }
    end },
    { "fit: data.train must be { x = inputs, y = labels }", function(d) d.train = nil end },
    { "fit: data.validation must be { x = inputs, y = labels }", function(d) d.validation.y = nil end },
    { "fit: data.train.y must be labels (N, K), real numbers, got " .. tenor.real .. " (60)", function(d)
      d.train.y = d.train.y:t()[1]
    end },
    { "fit: data.train.y must be labels (N, K), real numbers, got int32 (60, 2)", function(d)
      d.train.y = tenor.ones(60, 2, "int32")
    end },
    { "fit: data.train.y must be labels (N, K), real numbers, got a table", function(d) d.train.y = { 1, 2 } end },
    { "fit: data.train: input 1 must be a tensor, got a string", function(d) d.train.x = "x" end },
  } do
    it("is answered: " .. case[1], function()
      local m = model()
      local before = m:snapshot()
      assert.raises(case[1], fit, m, spoilt(case[2]))
      assert.is_true(same_weights(before, m:snapshot()))
    end)
  end
end)

describe("a last batch of one utterance", function()
  it("is trained on as Keras does: CCC 0 and no gradient, but the optimiser takes its step", function()
    for _, case in ipairs { { 13, 3 }, { 13, 2 }, { 33, 16 }, { 60, 59 }, { 3, 2 } } do
      local n, batch = table.unpack(case)
      local losses, m = {}, model()
      local history = fit(m, { train = task(1, n) }, { batch = batch, epochs = 2,
        callbacks = { { on_batch_end = function(info) losses[#losses + 1] = info.loss end } } })
      assert.equal(2 * ((n + batch - 1) // batch), #losses)
      assert.equal(1, losses[#losses])
      local whole = 0
      for i = #losses // 2 + 1, #losses - 1 do whole = whole + losses[i] * batch end
      assert.near((whole + 1) / n, history.epochs[2].loss, 1e-12)
      for _, p in ipairs(m:parameters()) do assert.is_true(p.value:isfinite()) end
    end
  end)
end)

describe("fit's options", function()
  for _, case in ipairs {
    { "fit: unknown option 'epoch' (did you mean 'epochs'?)", { epoch = 3 } },
    { "fit: unknown option 'batch_size' (did you mean 'batch'?)", { batch_size = 3 } },
    { "fit: loss must be given, such as tenor.loss.ccc()", { loss = {} } },
    { "fit: optimizer must be given, such as tenor.optim.RMSprop()", { optimizer = {} } },
    { "fit: loss must be given, such as tenor.loss.ccc()", { loss = "ccc" } },
    { "fit: optimizer must be given", { optimizer = false } },
    { "fit: batch must be a whole number from 2, got 1", { batch = 1 } },
    { "fit: epochs must be a whole number from 1, got 0", { epochs = 0 } },
    { "fit: patience must be a whole number from 0, got 1.5", { patience = 1.5 } },
    { "fit: seed must be a whole number", { seed = "x" } },
    { "mode must be auto, bar, plain or silent, got quiet", { progress = "quiet" } },
    { "fit: callbacks must be a list of tables, got a function", { callbacks = print } },
    { "fit: callback 1 must be a table of functions, got a function", { callbacks = { print } } },
    { "fit: callback 1: unknown option 'on_epoch_ends' (did you mean 'on_epoch_end'?)",
      { callbacks = { { on_epoch_ends = print } } } },
  } do
    it("are answered: " .. case[1], function() assert.raises(case[1], fit, model(), data(), case[2]) end)
  end

  it("patience needs a validation part", function()
    assert.raises("fit: patience needs a validation part", fit, model(), { train = task(1, 20) }, { patience = 3 })
    assert.raises("fit: data must be a table, got nil", fit, model(), nil)
    assert.raises("fit: model must be a network, such as tenor.nn.Sequential, got nil", fit, nil, data())
  end)
end)

describe("what fit says", function()
  it("is nothing when silent, plain lines in the given stream when plain", function()
    local quiet, plain = stream(), stream()
    fit(model(), data(), { stream = quiet })
    assert.equal("", quiet.text)
    fit(model(), data(), { stream = plain, progress = "plain" })
    assert.is_truthy(plain.text:find("epoch 5/5 4/4  loss ", 1, true), plain.text)
    assert.is_truthy(plain.text:find("5 epochs, all epochs done, best epoch %d with validation loss"), plain.text)
    assert.is_nil(plain.text:find("[\27\r]"))
  end)

  it("is a history that prints as a table", function()
    local history = fit(model(), data(), { epochs = 3, seed = 4 })
    local lines = {}
    for line in tostring(history):gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.equal(5, #lines)
    assert.equal("epoch     loss  val loss  val ccc", lines[1])
    for e = 1, 3 do
      local entry = history.epochs[e]
      local mark = e == history.best_epoch and "*" or " "
      assert.equal(("%4d%s %8.4f %9.4f  %.4f %.4f"):format(e, mark, entry.loss, entry.val_loss, entry.val_ccc[1],
        entry.val_ccc[2]), lines[e + 1])
    end
    assert.equal("stopped: all epochs done, best epoch " .. history.best_epoch, lines[5])
    assert.equal(4, history.seed)
  end)

  it("counts only the rows seen in an epoch that a callback breaks off", function()
    local losses = {}
    local history = fit(model(), data(), { callbacks = { { on_batch_end = function(info)
      losses[#losses + 1] = info.loss
      return info.batch == 2 and "stop"
    end } } })
    assert.equal(1, #history)
    assert.is_true(math.abs(history.epochs[1].loss - (losses[1] + losses[2]) / 2) < 1e-12)
    assert.equal("callback", history.stopped)
  end)

  it("gives Keras's validation loss: whole batches, averaged by their size", function()
    local m, d = model(), data()
    local history = fit(m, d, { epochs = 1, restore_best = false })
    local pred, sum = tenor.predict(m, d.validation.x), 0
    for _, rows in ipairs { { 1, 16 }, { 17, 6 } } do
      local first, size = table.unpack(rows)
      sum = sum + size * tenor.loss.ccc():forward(pred:narrow(1, first, size), d.validation.y:narrow(1, first, size))
    end
    assert.relative({ sum / 22 }, { history.epochs[1].val_loss }, relative.by_build(1e-13, 1e-6))
    assert.relative(tenor.metrics.ccc(pred, d.validation.y), history.epochs[1].val_ccc, relative.by_build(1e-13, 1e-6))
  end)
end)

describe("predict and evaluate", function()
  it("name the label that is constant", function()
    local part = { x = tenor.zeros(4, 3), y = tenor.tensor { { 1, 0 }, { 1, 2 }, { 1, 1 }, { 1, 0 } },
      label_names = { "valence", "arousal" } }
    assert.raises("evaluate: all 4 labels of valence are 1: CCC is undefined for constant labels", tenor.evaluate,
      tenor.nn.Dense(3, 2), part)
  end)

  it("change neither mode nor running statistics, whole or by batches", function()
    local m, d = model(), data()
    m.list[1].module.training = false -- frozen by hand
    local before = m:snapshot()
    local whole = tenor.predict(m, d.train.x)
    assert.relative(whole, tenor.predict(m, d.train.x, { batch = 7 }), relative.by_build(1e-13, 1e-5))
    tenor.evaluate(m, d.train)
    assert.is_true(same_weights(before, m:snapshot()))
    assert.same({ true, false, true }, { m.training, m.list[1].module.training, m.list[2].module.training })
    pcall(tenor.predict, m, tenor.zeros(3, 5))
    assert.is_true(m.training)
    m:eval()
    tenor.predict(m, d.train.x)
    assert.is_false(m.training)
  end)

  it("score in both protocols", function()
    local m, d = model(), data()
    d.train.label_names = { "valence", "arousal" }
    local scores = tenor.evaluate(m, d.train)
    local pred = tenor.predict(m, d.train.x)
    assert.same(tenor.metrics.ccc(pred, d.train.y), scores.ccc)
    assert.same(tenor.metrics.ccc_batch(pred, d.train.y, 32), scores.ccc_batch32)
    local text = tostring(scores)
    for _, part in ipairs { "valence", "arousal", "mean", "whole set, 60 utterances", "mean of 2 batches of 32" } do
      assert.is_truthy(text:find(part, 1, true), text)
    end
  end)

  it("refuse what does not fit", function()
    local m, x = model(), tenor.zeros(3, 4)
    assert.raises("predict: x has no rows", tenor.predict, m, tenor.zeros(0, 4))
    assert.raises("predict: batch must be a whole number from 1, got -1", tenor.predict, m, x, { batch = -1 })
    assert.raises("predict: unknown option 'size'", tenor.predict, m, x, { size = 1 })
    assert.raises("predict: input 2 has 4 rows, input 1 has 3", tenor.predict, m, { x, tenor.zeros(4, 4) })
    assert.raises("predict: input 1 must be a tensor, got a number", tenor.predict, m, 4)
    assert.raises("predict: x must be a tensor or a table of them, got nil", tenor.predict, m)
    assert.raises("predict: model must be a network, such as tenor.nn.Sequential, got nil", tenor.predict, nil, x)
    assert.raises("evaluate: model must be a network, such as tenor.nn.Sequential, got (3, 4)", tenor.evaluate, x, {})
    assert.raises("evaluate: expected a part of a dataset", tenor.evaluate, m, x)
    assert.raises("evaluate: the model has 2 outputs, the labels 1 columns", tenor.evaluate, m, { x = x, y = tenor.ones(3, 1) })
    assert.raises("must both be (N) or (N, K), got (3, 2) and (4, 2)", tenor.evaluate, m,
      { x = x, y = tenor.randn(4, 2, tenor.rng(1)) })
  end)
end)
