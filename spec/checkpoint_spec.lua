local tenor = require "tenor"
local checkpoint = require "tenor.fit.checkpoint"
local fs = require "tenor.fs"
local identity = require "tenor.fit.identity"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local training = require "spec.support.training"
local uv = require "luv"
require "spec.support.assertions"

local optim = tenor.optim

local stop_at, broken_off = training.stop_at, training.broken_off

describe("A checkpoint of fit", function()
  local folder, path
  before_each(function()
    folder = shell.folder(true)
    path = folder .. "/run.ckpt"
  end)
  after_each(shell.clean)
  after_each(scratch.clean)

  it("changes nothing in a run that is not broken", function()
    local expected = training.run()
    assert.same(expected, (training.run { checkpoint = path, every = { batches = 1 } }))
    assert.same({ "run.ckpt", "run.ckpt.previous" }, fs.list(folder))
  end)

  for _, name in ipairs { "SGD", "RMSprop", "Adam", "Nadam" } do
    it("lets a run broken anywhere come to the same bits, with " .. name, function()
      local function make() return optim[name](name == "SGD" and { lr = 0.1, momentum = 0.9 } or {}) end
      local expected = training.run { optimizer = make() }
      for at = 1, 15, name == "Nadam" and 1 or 5 do -- the batches whose state is the last one on the disk
        local given = { checkpoint = path, every = { batches = 1 }, optimizer = make(),
          callbacks = stop_at(at // 4 + 1, at % 4 + 1) }
        assert.equal("stopped here", broken_off(given))
        given.callbacks, given.optimizer = nil, make()
        local got, history = training.run(given)
        assert.same(expected, got)
        assert.same({ { epoch = (at - 1) // 4 + 1, batch = (at - 1) % 4 + 1 } }, history.resumed)
        shell.run("rm " .. path .. "*")
      end
    end)
  end

  it("may be gone on from again and again, and whatever it is written by", function()
    local expected = training.run()
    for _, every in ipairs { { epochs = 1 }, { epochs = 2 }, { batches = 3 }, { minutes = 1e-9 }, { epochs = 3, batches = 5 } } do
      for at = 2, 16, 3 do
        assert.equal("stopped here", broken_off { checkpoint = path, every = every,
          callbacks = stop_at((at - 1) // 4 + 1, (at - 1) % 4 + 1) })
      end
      assert.same(expected, (training.run { checkpoint = path, every = every }))
      shell.run("rm " .. path .. "*")
    end
  end)

  it("goes on without shuffling, validation or dropout, with early stopping, and with the same model in hand", function()
    local data = training.data()
    for _, case in ipairs {
      { shuffle = false }, { bare = true }, { patience = 1, epochs = 30, optimizer = "SGD" }, { restore_best = false },
    } do
      local function go(more, model)
        local o = training.options { shuffle = case.shuffle, patience = case.patience, epochs = case.epochs,
          restore_best = case.restore_best, optimizer = optim[case.optimizer or "Adam"]() }
        for name, value in pairs(more) do o[name] = value end
        model = model or training.model()
        local parts = { train = data.train, validation = not case.bare and data.validation or nil }
        local ok, history = pcall(tenor.fit, model, parts, o)
        return ok and training.outcome(model, o.optimizer, history), model
      end
      local expected = go {}
      local none, model = go { checkpoint = path, callbacks = { { on_batch_end = function(info)
        if info.epoch == 2 and info.batch == 3 then uv.kill(uv.os_getpid(), "sigint") end
      end } } }
      assert.is_false(none)
      -- the model holds what the run left, as it does for whoever pressed Ctrl-C in the interpreter
      assert.same(expected, (go({ checkpoint = path }, model)))
      shell.run("rm " .. path .. "*")
    end
  end)

  it("of a run that has ended gives what it came to, without training", function()
    local expected = training.run { checkpoint = path }
    local got, history = training.run { checkpoint = path, callbacks = { { on_batch_end = function() error "trains" end } } }
    assert.same(expected, got)
    assert.same({}, history.resumed)
  end)

  it("goes on to more epochs, as if there had been as many from the beginning", function()
    local expected = training.run { epochs = 7 }
    training.run { checkpoint = path, epochs = 3 }
    local got, history = training.run { checkpoint = path, epochs = 7 }
    assert.same(expected, got)
    assert.same({ { epoch = 4, batch = 0 } }, history.resumed)
  end)

  it("holds networks of every kind of layer", function()
    local rng = tenor.rng(4)
    local function ids(n)
      local x = tenor.zeros({ n, 7 }, "int32")
      for i = 1, n do for j = i % 4 + 1, 7 do x[i][j] = rng:integer(9) end end
      return x
    end
    local function part(n) return { x = { tenor.randn(n, 4, rng), ids(n) }, y = tenor.randn(n, 3, rng) } end
    local data = { train = part(16), validation = part(8) }
    local function go(given)
      local model = tenor.networks.fusion { features = 4, vocabulary = 10, embedding = 3, length = 7, seed = 1 }
      local o = training.options(given)
      local ok, history = pcall(tenor.fit, model, data, o)
      return ok and training.outcome(model, o.optimizer, history) or history
    end
    local expected = go { epochs = 2 }
    assert.equal("stopped here", go { epochs = 2, checkpoint = path, every = { batches = 1 }, callbacks = stop_at(2, 2) })
    assert.same(expected, go { epochs = 2, checkpoint = path })
  end)

  it("is refused by any other run, by name", function()
    training.run { checkpoint = path, epochs = 2 }
    local bytes = fs.read(path)
    local other = training.data()
    other.train.x[3][2] = other.train.x[3][2] + 1e-3
    local changed = training.data()
    changed.validation.y[1][1] = 0.123
    local dropout = training.model()
    dropout.list[3].module.p = 0.4
    local cases = {
      ["batch is 7, was 6"] = { { batch = 7 } },
      ["seed is 3, was 2"] = { { seed = 3 } },
      ["shuffle is false, was true"] = { { shuffle = false } },
      ["patience is 2, was nil"] = { { patience = 2 } },
      ["restore_best is false, was true"] = { { restore_best = false } },
      ["optimizer is Adam { beta1 = "] = { { optimizer = optim.Adam() } },
      ["optimizer is Nadam { beta1 = 0.90000000000000002, beta2 = 0.999, eps = 9.9999999999999995e-08, lr = 0.5,"] = {
        { optimizer = optim.Nadam { lr = 0.5 } } },
      ["loss is { eps = 9.9999999999999995e-08, weights = { 0.25, 0.75 } }, was { eps = 9.9999999999999995e-08 }"] = {
        { loss = tenor.loss.ccc { weights = { 0.25, 0.75 } } } },
      ["the training data are others"] = { {}, other },
      ["the validation data are others"] = { {}, changed },
      ["the network is another; the model begins with other weights"] = { {}, nil, training.model(3, 6) },
      ["the network is another"] = { {}, nil, dropout },
      ["the model begins with other weights"] = { {}, nil, training.model(4) },
      ["is in epoch 2, epochs is 1"] = { { epochs = 1 } },
    }
    for text, case in pairs(cases) do
      case[1].checkpoint = path
      local model = case[3] or training.model()
      local before = identity.tensors(model:snapshot())
      local ok, why = pcall(tenor.fit, model, case[2] or training.data(), training.options(case[1]))
      assert.is_false(ok)
      assert.equal(("fit: the checkpoint %s is "):format(path), why:sub(1, #path + 24))
      assert.matches(text, why, 1, true)
      assert.matches("; name another one, or remove ", why, 1, true)
      assert.equal(before, identity.tensors(model:snapshot()))
      assert.is_true(bytes == fs.read(path))
    end
  end)

  it("cut at any length is never taken for another, and the one before it is found", function()
    training.run { checkpoint = path, epochs = 2 }
    local whole, before = fs.read(path), fs.read(path .. ".previous")
    local old = checkpoint.read(path .. ".previous").position
    for length = 0, #whole - 1 do
      local file = assert(io.open(path, "wb"))
      file:write(whole:sub(1, length))
      file:close()
      local state, note, intact = checkpoint.find(path)
      assert.same(old, state.position)
      assert.is_false(intact)
      assert.equal(path .. ": ", note:sub(1, #path + 2))
    end
    -- and a run goes on from there, to the same end, without giving the damaged one a place
    local expected = training.run()
    for _, length in ipairs { 0, 7, 100, #whole // 2, #whole - 1 } do
      assert(fs.write(path, whole:sub(1, length)))
      assert(fs.write(path .. ".previous", before))
      local got, history = training.run { checkpoint = path, callbacks = { { on_epoch_end = function()
        assert.is_true(before == fs.read(path .. ".previous") or checkpoint.read(path .. ".previous") ~= nil)
      end } } }
      assert.same(expected, got)
      assert.equal(1, #history.notes)
      assert.matches("; taken from .*run.ckpt.previous", history.notes[1])
    end
  end)

  it("with any byte changed is never taken for another", function()
    training.run { checkpoint = path, epochs = 1 }
    local step = os.getenv "TENOR_TORTURE" and 1 or 7
    assert(fs.remove(path .. ".previous"))
    local whole = fs.read(path)
    local good = checkpoint.read(path)
    local tensors = identity.tensors(good.model)
    for at = 1, #whole, step do
      local file = assert(io.open(path, "wb"))
      file:write(whole:sub(1, at - 1), string.char(whole:byte(at) ~ 1 << at % 8), whole:sub(at + 1))
      file:close()
      local state, why = checkpoint.find(path)
      if state then -- a byte that means nothing, as white space
        assert.same(good.position, state.position)
        assert.equal(tensors, identity.tensors(state.model))
      else
        assert.equal(path .. ": ", why:sub(1, #path + 2))
      end
    end
  end)

  it("that is damaged, as is the one before it, is left alone with what is there", function()
    for _, case in ipairs {
      { "nothing of ours", "fit: cannot go on from the checkpoint: " .. path .. ": " },
      { false, "fit: cannot go on from the checkpoint: " .. path .. ".previous: ", "damaged" },
      { "damaged", path .. ".previous: ", "damaged too" },
    } do
      shell.run("rm " .. path .. "*")
      if case[1] then assert(fs.write(path, case[1])) end
      if case[3] then assert(fs.write(path .. ".previous", case[3])) end
      local why = broken_off { checkpoint = path }
      assert.matches(case[2], why, 1, true)
      assert.matches("run.ckpt* to begin anew", why, 1, true)
      assert.equal(case[1] or nil, fs.read(path))
      assert.equal(case[3], fs.read(path .. ".previous"))
    end
    -- a file that is whole, and something else
    assert(tenor.save(folder .. "/model.safetensors", { x = tenor.zeros(2) }))
    local why = broken_off { checkpoint = folder .. "/model.safetensors" }
    assert.matches("model.safetensors: is no checkpoint; remove ", why, 1, true)
  end)

  it("is found where only the previous one is left, as between two renames", function()
    local expected = training.run()
    broken_off { checkpoint = path, every = { batches = 1 }, callbacks = stop_at(3, 2) }
    assert(fs.remove(path))
    local got, history = training.run { checkpoint = path }
    assert.same(expected, got)
    assert.same({ path .. ": no such file; taken from " .. path .. ".previous" }, history.notes)
    assert.matches("note: .*: no such file; taken from", tostring(history))
  end)

  it("that cannot be written at all is said before training begins", function()
    assert(fs.write(folder .. "/file", ""))
    local trained = { { on_batch_end = function() error "trains" end } }
    assert.matches("^fit: .*file/run.ckpt: [Nn]ot a directory",
      broken_off { checkpoint = folder .. "/file/run.ckpt", callbacks = trained })
    assert.matches("^fit: the checkpoint cannot be written: .*none/run.ckpt.*: No such file or directory",
      broken_off { checkpoint = folder .. "/none/run.ckpt", callbacks = trained })
  end)

  it("that cannot be written later is a note, and the one before it stays", function()
    local expected = training.run()
    local calls = 0
    local got, history = training.run { checkpoint = path, every = { epochs = 1 }, callbacks = { { on_epoch_end = function(info)
      if info.epoch == 2 then assert(fs.make_folder(path .. ".previous.away")) end
      if info.epoch == 2 then shell.run(("rm %s.previous; mkdir %s.previous"):format(path, path)) end
      if info.epoch == 3 then
        calls = calls + 1
        assert.equal(2, checkpoint.read(path).position.epoch)
        shell.run(("rmdir %s.previous"):format(path))
      end
    end } } }
    assert.equal(1, calls)
    assert.same(expected, got)
    assert.equal(1, #history.notes)
    assert.matches("^the checkpoint at the beginning of epoch 3 was not written: .*run.ckpt.previous: ", history.notes[1])
    assert.equal(5, checkpoint.read(path).position.epoch)
  end)

  for text, given in pairs {
    ["fit: checkpoint must be the path of a file, got number"] = { checkpoint = 3 },
    ["fit: checkpoint must be the path of a file, got ''"] = { checkpoint = "" },
    ["fit: every says when to write a checkpoint: give checkpoint, the path of a file"] = { every = { epochs = 1 } },
    ["fit: every: unknown option 'epoch' (did you mean 'epochs'?)"] = { checkpoint = "x", every = { epoch = 1 } },
    ["fit: every must name epochs, batches or minutes"] = { checkpoint = "x", every = {} },
    ["fit: every.epochs must be a whole number from 1, got 0"] = { checkpoint = "x", every = { epochs = 0 } },
    ["fit: every.minutes must be a positive number, got 0"] = { checkpoint = "x", every = { minutes = 0 } },
    ["fit: a checkpoint needs an optimizer with state and restore"] = { checkpoint = "x", optimizer = { step = print } },
  } do
    it("raises: " .. text, function()
      local model, data, o = training.model(), training.data(), training.options(given)
      assert.raises(text, function() tenor.fit(model, data, o) end)
      assert.raises("checkpoint_spec.lua:", function() tenor.fit(model, data, o) end)
    end)
  end
end)
