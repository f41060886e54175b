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
      change(state)
      local text = tenor.json.encode(state)
      metadata.state = text
      metadata.checksum = require "tenor.core".hash.bytes(text .. "\n" .. identity.tensors(whole))
      assert(tenor.safetensors.save(path, whole, metadata))
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
    } do
      it(what, function()
        local state, why, matter = forged(case[1], case[2])
        assert.is_nil(state)
        assert.equal(path .. ": its state is not of the form that a checkpoint has", why)
        assert.equal("damaged", matter)
      end)
    end

    it("by name where it is of the other scalar", function()
      local other = tenor.real == "float64" and "float32" or "float64"
      local state, why, matter = forged(function(s) s.identity.real = other end)
      assert.is_nil(state)
      assert.equal(("%s: is of a build whose scalar is %s, this one's is %s"):format(path, other, tenor.real), why)
      assert.equal("foreign", matter)
    end)
  end)
end)
