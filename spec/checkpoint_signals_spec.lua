local checkpoint = require "tenor.fit.checkpoint"
local fs = require "tenor.fs"
local killing = require "spec.support.killing"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"

describe("Training that is told to end", function()
  local folder, path
  before_each(function()
    folder = shell.folder(true)
    path = folder .. "/run.ckpt"
  end)
  after_each(shell.clean)
  after_each(scratch.clean)

  it("by SIGTERM or Ctrl-C ends the batch, writes, says so, and goes on from there to the same bits", function()
    local expected = killing.run("", 5).outcome
    assert.is_string(expected)
    for _, name in ipairs { "SIGTERM", "SIGINT" } do
      local last
      for _, batches in ipairs { 1, 3, 6 } do
        last = killing.run(path, 5, { signal = name:lower(), batches = batches })
        assert.is_nil(last.outcome)
        local batch, epoch = last.errors:match(("fit: interrupted by %s after batch (%%d) of epoch (%%d); %s has its state")
          :format(name, path:gsub("%p", "%%%0")))
        if not batch then
          epoch = last.errors:match(("fit: interrupted by %s at the beginning of epoch (%%d);"):format(name))
          batch = 0
        end
        local position = checkpoint.read(path).position
        assert.same({ tonumber(epoch), tonumber(batch) }, { position.epoch, position.batch }, last.errors)
      end
      last = killing.run(path, 5)
      assert.equal(expected, last.outcome, last.errors)
      assert.is_true(last.batches < 24)
      shell.run("rm " .. path .. "*")
    end
  end)

  it("by SIGKILL at any moment goes on from the last batch or the one before it, to the same bits", function()
    local rng = tenor.rng(11)
    for _, width in ipairs { 5, 2000 } do
      local expected = killing.run("", width).outcome
      local kills, outcome, done = 0, nil, 0
      while not outcome do
        local run = killing.run(path, width,
          { signal = "sigkill", batches = 1 + rng:integer(4), wait = math.floor(rng:uniform() * 2e6) })
        outcome = run.outcome
        if not outcome then
          assert.equal("", run.errors)
          kills = kills + 1
          local position = checkpoint.find(path).position
          local at = (position.epoch - 1) * 4 + position.batch
          assert.is_true(at >= done + run.batches - 1) -- a batch is told of before it is written
          done = at
        end
      end
      assert.equal(expected, outcome)
      assert.is_true(kills > 0)
      for _, name in ipairs(fs.list(folder)) do
        assert.is_true(name == "run.ckpt" or name == "run.ckpt.previous", name) -- what was half written is gone
      end
      shell.run("rm " .. path .. "*")
    end
  end)

  it("a second time ends at once, as it would have without", function()
    local script = scratch.file(".lua", ([[
      local tenor, training = require "tenor", require "spec.support.training"
      local uv = require "luv"
      training.run { checkpoint = %q, callbacks = { { on_batch_end = function()
        uv.kill(uv.os_getpid(), "sigterm")
        uv.kill(uv.os_getpid(), "sigterm")
        uv.sleep(2000)
        print "still here"
      end } } }
    ]]):format(path))
    local _, out = shell.run(shell.lua .. " " .. script .. "; echo status $?")
    assert.matches("status 143", out)
    assert.not_matches("still here", out)
  end)

  it("leaves the signals as they were", function()
    -- lua itself makes an error of SIGINT while it runs a script
    local script = scratch.file(".lua", ([[
      local tenor, training = require "tenor", require "spec.support.training"
      local uv = require "luv"
      training.run { checkpoint = %q, epochs = 1 }
      print(pcall(training.run, { checkpoint = %q, epochs = 2, callbacks = { { on_batch_end = error } } }))
      print(pcall(function()
        uv.kill(uv.os_getpid(), "sigint")
        for _ = 1, 1e9 do end
      end))
      uv.kill(uv.os_getpid(), "sigterm")
      uv.sleep(2000)
    ]]):format(path, path))
    local _, out = shell.run(shell.lua .. " " .. script .. "; echo status $?")
    assert.matches("false\t[^\n]*interrupted!", out)
    assert.matches("status 143", out)
  end)

  it("on a full disk keeps what it had, and says so", function()
    assert(killing.run(path, 300).outcome)
    local size = fs.stat(path).size
    shell.run("rm " .. path .. "*")
    -- a limit on the size of files stands for the disk's: the moments of the first step go beyond it
    local command = ("trap '' XFSZ; ulimit -f %d; exec %s spec/support/trainer.lua %s 300"):format(size * 2 // 3 // 512,
      shell.lua, path)
    local ok, out = shell.run(command)
    assert.is_true(ok, out)
    assert.matches("outcome", out)
    assert.equal(0, checkpoint.read(path).position.batch)
    assert.same({ "run.ckpt" }, fs.list(folder))
    assert.equal(out:match "outcome ([^\n]*)", killing.run(path, 300).outcome)
  end)
end)
