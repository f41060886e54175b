-- What comes between a run and its checkpoint: schedules, notes, other processes, other versions, forgers.
local checkpoint = require "tenor.fit.checkpoint"
local fs = require "tenor.fs"
local identity = require "tenor.fit.identity"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local training = require "spec.support.training"
require "spec.support.assertions"

local optim = tenor.optim

local stop_at, broken_off = training.stop_at, training.broken_off

describe("A checkpoint", function()
  local folder, path
  before_each(function()
    folder = shell.folder(true)
    path = folder .. "/run.ckpt"
  end)
  after_each(shell.clean)

  it("keeps the settings of an optimiser that are changed on the way", function()
    local function scheduled(given)
      given.optimizer = optim.SGD { lr = 0.1 }
      given.callbacks = { { on_epoch_end = function(info)
        if info.epoch == 1 then given.optimizer.settings.lr = 0.001 end
      end }, table.unpack(given.callbacks or {}) }
      return given
    end
    local expected = training.run(scheduled {})
    broken_off(scheduled { checkpoint = path, callbacks = stop_at(3, 1) })
    assert.same(expected, (training.run(scheduled { checkpoint = path })))
  end)

  it("does not end a run by a note that is not UTF-8, as of a folder's name of old", function()
    path = folder .. "/r\xE9sum\xE9.ckpt"
    local _, history = training.run { checkpoint = path, callbacks = { { on_epoch_end = function(info)
      if info.epoch == 2 then shell.run(("rm '%s.previous'; mkdir '%s.previous'"):format(path, path)) end
      if info.epoch == 3 then shell.run(("rmdir '%s.previous'"):format(path)) end
    end } } }
    assert.equal(1, #history.notes)
    assert.matches("r\u{e9}sum\u{e9}.ckpt", checkpoint.read(path).history.notes[1], 1, true)
  end)

  it("that another process has written meanwhile is left alone", function()
    local other = folder .. "/other.ckpt"
    training.run { checkpoint = other, seed = 9, epochs = 1 }
    local bytes = fs.read(other)
    local expected = training.run()
    local got, history = training.run { checkpoint = path, callbacks = { { on_epoch_end = function(info)
      if info.epoch == 2 then assert(fs.rename(other, path)) end
    end } } }
    assert.same(expected, got)
    assert.is_true(bytes == fs.read(path))
    assert.matches("another process has written it meanwhile; it is left alone$", history.notes[1])
  end)

  it("of an optimiser that was used before is gone on from", function()
    local function used()
      local optimizer = optim.Adam()
      training.run { optimizer = optimizer, epochs = 1 }
      return optimizer
    end
    local expected = training.run { optimizer = used() }
    broken_off { checkpoint = path, optimizer = used(), every = { batches = 1 }, callbacks = stop_at(3, 2) }
    assert.same(expected, (training.run { checkpoint = path, optimizer = optim.Adam() }))
  end)

  it("is gone on from whatever callbacks did to the optimiser, the history and the end", function()
    local optimizer = optim.SGD { lr = 0 }
    local data = training.data()
    local function go(callbacks, given)
      given = given or {}
      given.checkpoint, given.every, given.callbacks = path, { epochs = 100 }, callbacks
      return tenor.fit(training.model(), data, training.options(given))
    end
    -- a batch's callback ends the epoch in which patience runs out
    local stop = { { on_batch_end = function(i) return i.epoch == 2 and i.batch == 2 and "stop" end } }
    for _ = 1, 2 do
      local history = go(stop, { epochs = 30, patience = 1, optimizer = optim.SGD { lr = 0 } })
      assert.same({}, history.notes)
      assert.equal("callback", history.stopped)
    end
    fs.remove(path)
    fs.remove(path .. ".previous")
    local odd = { { on_epoch_end = function(i)
      i.entry.val_loss = i.entry.val_loss + 1
      optimizer.steps = 7 -- as where it was set back
      if i.epoch == 2 then i.history.stopped = "time is up" end
    end } }
    go(odd, { epochs = 2, optimizer = optimizer })
    assert.same({}, go(odd, { epochs = 3, optimizer = optimizer }).notes)
  end)

  it("of a layer with a buffer of whole numbers is gone on from", function()
    local function model()
      local layer = tenor.nn.Dense(6, 2, { rng = tenor.rng(1) })
      local network = tenor.nn.Sequential { layer }
      local tick = tenor.zeros({ 1 }, "int32")
      function network.buffers() return { { name = "Dense.tick", value = tick } } end
      return network
    end
    tenor.fit(model(), training.data(), training.options { checkpoint = path, epochs = 2 })
    assert.same({}, tenor.fit(model(), training.data(), training.options { checkpoint = path, epochs = 3 }).notes)
  end)

  it("with moments that have overflowed, or after a callback's stop, is gone on from", function()
    local data, shape = training.data(), nil
    local steep = {}
    function steep.forward(_, pred)
      shape = pred:shape()
      return 1
    end
    function steep.backward() return tenor.full(shape, tenor.real == "float32" and 1e25 or 1e160) end
    local function go(epochs, callbacks)
      local o = training.options { checkpoint = path, epochs = epochs, loss = steep, callbacks = callbacks,
        optimizer = optim.RMSprop(), every = { batches = 1 } }
      return tenor.fit(training.model(), { train = data.train }, o)
    end
    go(2)
    local infinite = false
    for name, t in pairs(assert(tenor.safetensors.load(path))) do infinite = infinite or name:find "^optim" and not t:isfinite() end
    assert.is_true(infinite)
    assert.equal(3, #go(3))
    go(5, { { on_batch_end = function() return "stop" end } })
    assert.equal("callback", go(6).stopped)
  end)

  it("of another version of tenor is gone on from, with a note", function()
    broken_off { checkpoint = path, callbacks = stop_at(3, 1) }
    local version = tenor._VERSION
    tenor._VERSION = "9.9.9"
    local ok, _, history = pcall(training.run, { checkpoint = path })
    tenor._VERSION = version
    assert.is_true(ok)
    assert.matches(("written by tenor %s, and this is 9.9.9: bits may differ"):format(version), history.notes[1], 1, true)
  end)

  describe("that is forged, its checksum right, is refused", function()
    local function forged(change, tensors)
      training.run { checkpoint = path, epochs = 1 }
      local whole, metadata = tenor.safetensors.load(path)
      for name, t in pairs(tensors or {}) do whole[name] = t end
      local state = tenor.json.decode(metadata.state)
      change(state, whole)
      local text = tenor.json.encode(state)
      metadata.state = text
      metadata.checksum = require "tenor.core".hash.bytes(text .. "\n" .. identity.tensors(whole))
      assert(tenor.safetensors.save(path, whole, metadata))
      fs.remove(path .. ".previous")
      return checkpoint.read(path)
    end

    it("unless nothing is wrong with it", function() assert.is_table(forged(function() end)) end)

    for what, case in pairs {
      ["without a position"] = { function(s) s.position = nil end },
      ["with half an epoch"] = { function(s) s.position.epoch = 1.5 end },
      ["with a negative batch"] = { function(s) s.position.batch = -1 end },
      ["with a word for a sum"] = { function(s) s.position.sum = "x" end },
      ["with a list for an identity"] = { function(s) s.identity = { {} } end },
      ["without notes"] = { function(s) s.history.notes = nil end },
      ["with an epoch that is a number"] = { function(s) s.history.epochs = { 1 } end },
      ["with an epoch without a loss"] = { function(s) s.history.epochs = { { epoch = 1 } } end },
      ["with a note that is a table"] = { function(s) s.history.notes = { {} } end },
      ["with a generator that is none"] = { function(s) s.shuffler = "00" end },
      ["with a tensor for a history"] = { function() end, { ["history.epochs"] = tenor.ones(1) } },
      ["with a tensor for its position"] = { function() end, { ["position.epoch"] = tenor.ones(1) } },
      ["in epoch 0"] = { function(s) s.position.epoch = 0 end },
      ["without the epochs before"] = { function(s) s.history.epochs = {} end },
      ["with names among its epochs"] = { function(s) s.position.epoch, s.history.epochs = 1, { a = s.history.epochs[1] } end },
      ["with an epoch of another number"] = { function(s) s.history.epochs[1].epoch = 2 end },
      ["with a loss that is NaN"] = { function(s) s.history.epochs[1].loss = "#nan" end },
      ["with a word for CCC"] = { function(s) s.history.epochs[1].val_ccc = "hello" end },
      ["with a validation loss that is NaN"] = { function(s) s.history.best_val_loss = "#nan" end },
      ["with a sum that is NaN"] = { function(s) s.position.sum = "#nan" end },
      ["with a sum before the first batch"] = { function(s) s.position.sum = 1 end },
      ["with more batches than can be counted"] = { function(s) s.position.batch = 1 << 62 end },
      ["with more steps than can be counted"] = { function(s) s.optimizer.steps = 1 << 62 end },
      ["with utterances less than none"] = { function(s) s.position.seen = -6 end },
      ["with more idle epochs than there were"] = { function(s) s.position.since = 7 end },
      ["with best weights of another name"] = { function() end, { ["best.nothing"] = tenor.ones(1) } },
      ["with best weights of another shape"] = { function() end, { ["best.Dense.bias"] = tenor.ones(1) } },
      ["without a best epoch"] = { function(s)
        s.history.best_epoch, s.history.best_val_loss, s.position.since = nil, nil, 1
      end },
      ["without best weights"] = { function(_, t)
        for name in pairs(t) do
          if name:find "^best" then t[name] = nil end
        end
      end },
      ["with moments left out"] = { function() end, { ["optimizer.9.Dense.bias"] = tenor.ones(5) } },
      ["with weights that are whole numbers"] = { function() end, { ["model.Dense.bias"] = tenor.zeros({ 5 }, "int32") } },
    } do
      it(what, function()
        local state, why, matter = forged(case[1], case[2])
        assert.is_nil(state)
        assert.equal(path .. ": its state is not of the form that a checkpoint has", why)
        assert.equal("damaged", matter)
      end)
    end

    for _, name in ipairs { "model.Dense.bias", "best.Dense.bias" } do
      it("by name where its weights are not finite: " .. name, function()
        local state, why, matter = forged(function() end, { [name] = tenor.full({ 5 }, 0 / 0) })
        assert.is_nil(state)
        assert.equal(("%s: '%s' is not finite"):format(path, name), why)
        assert.equal("damaged", matter)
      end)
    end

    -- four batches an epoch, of 22 utterances
    local function in_work(s) s.position.batch, s.position.sum, s.history.stopped = 1, 1, nil end
    for what, case in pairs {
      ["22 utterances after 5 batches, of 22 and 4"] = { function(s)
        in_work(s)
        s.position.batch, s.position.seen = 5, 22
      end },
      ["0 utterances after 1 batches, of 22 and 4"] = { in_work },
      ["1 CCC on validation in epoch 1"] = { function(s) s.history.epochs[1].val_ccc = { 0.5 } end },
      ["optimizer:restore: the moments of 'Dense.bias' are none of Nadam: not finite, or negative squares"] = { function() end,
        { ["optimizer.2.Dense.bias"] = tenor.full({ 5 }, -1) } },
      ["optimizer:restore: optim.Nadam: lr must be a number of at least 0, got ?[31m"
        .. ("x"):rep(75) .. "..."] = { function(s) s.optimizer.settings.lr = "\27[31m" .. ("x"):rep(100) end },
      ["optimizer:restore: product must be a number from 0 and less than 1, got '1'"] = { function(s) s.optimizer.product = 1 end },
      ["optimizer:restore: the parameters have no '?nothing'"] = { function() end, { ["optimizer.1.\27nothing"] = tenor.ones(5) } },
      ["restore: the model has no '?nothing'"] = { function() end,
        { ["model.\27nothing"] = tenor.ones(5), ["best.\27nothing"] = tenor.ones(5) } },
    } do
      it("as none that the run comes to: " .. what:sub(1, 70), function()
        assert.is_table(forged(case[1], case[2]))
        local why = ("%s: its state is none that this run comes to: %s"):format(path, what)
        assert.equal(("fit: cannot go on from the checkpoint: %s; remove %s* to begin anew"):format(why, path),
          broken_off { checkpoint = path })
      end)
    end

    it("and the one before it is gone on from", function()
      local expected = training.run()
      forged(function(s) s.optimizer.product = 1 end)
      assert(fs.rename(path, folder .. "/forged"))
      training.run { checkpoint = path, epochs = 1 }
      assert(fs.rename(path, path .. ".previous"))
      assert(fs.rename(folder .. "/forged", path))
      local got, history = training.run { checkpoint = path }
      assert.same(expected, got)
      assert.matches("none that this run comes to: optimizer:restore: product .*; taken from .*%.previous$", history.notes[1])
    end)

    it("and says little of it and nothing to a terminal", function()
      forged(function(s) s.identity.seed = "\27[31m" .. ("x"):rep(300) end)
      assert.matches(": seed is 2, was ?[31m" .. ("x"):rep(75) .. "...; name another", broken_off { checkpoint = path }, 1, true)
      shell.run("rm " .. path .. "*")
      forged(function(s) s.version = "\27[31m" .. ("x"):rep(300) end)
      local _, history = training.run { checkpoint = path }
      assert.matches("written by tenor ?[31m" .. ("x"):rep(75) .. "..., and", history.notes[1], 1, true)
    end)

    it("by name where it is of the other scalar", function()
      local other = tenor.real == "float64" and "float32" or "float64"
      local state, why, matter = forged(function(s) s.identity.real = other end)
      assert.is_nil(state)
      assert.equal(("%s: is of a build whose scalar is %s, this one's is %s"):format(path, other, tenor.real), why)
      assert.equal("foreign", matter)
    end)
  end)
end)
