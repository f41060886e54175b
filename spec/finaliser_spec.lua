-- Lua runs finalisers where memory is taken, so also within a call: they may change what it was given, or come late,
-- when the state is closed and other objects are gone.
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"
require "spec.support.assertions"

-- Calls f while each request for memory collects all garbage, and each collection calls `change`.
local function collecting(change, f)
  local at_work = true
  local function arm()
    setmetatable({}, { __gc = function()
      if at_work then
        change()
        arm()
      end
    end })
  end
  arm()
  local mode = collectgarbage("incremental", 1, 1000, 63)
  collectgarbage() -- from the end of a cycle on, the pause holds
  local ok, why = pcall(f)
  at_work = false
  collectgarbage("incremental", 200, 100, 13)
  collectgarbage(mode)
  assert(ok, why)
end

describe("A finaliser that runs within a call", function()
  after_each(scratch.clean)

  it("may change the list of words", function()
    local path = scratch.file(".txt", "a 1\nb 2\n")
    for first = 0, 2 do
      local words, times = { "a" }, first
      collecting(function()
        times = times + 1
        for i = 2, 20 do words[i] = times % 3 == 0 and "w" .. i or ("Z"):rep(20000) .. i end
      end, function()
        assert(tenor.vectors.glove(path, words, { progress = "silent" }):matrix():size(1) >= 2)
      end)
    end
  end)

  it("may change the list of files", function()
    for first = 0, 2 do
      local paths, times = { "no_1.wav" }, first
      for i = 2, 100 do paths[i] = false end
      collecting(function()
        times = times + 1
        for i = 2, 100 do paths[i] = times % 3 == 0 and ("no_%d.wav"):format(i) end
      end, function()
        local _, reasons = tenor.features.extract_many(paths, { progress = function() end, cache = false })
        assert(reasons[1] == "no_1.wav: No such file or directory", reasons[1])
      end)
    end
  end)

  it("may move or close the reader", function()
    local path = scratch.path ".wav"
    assert(tenor.audio.write(path, tenor.audio.wave(tenor.full(4000, 0.5), 8000)))
    for _, change in ipairs { function(reader, times) reader:seek(times * 7 % 3000) end, function(reader) reader:close() end } do
      local reader, times = assert(tenor.audio.open(path)), 0
      local function moved()
        times = times + 1
        change(reader, times)
      end
      local ok, why
      collecting(moved, function() ok, why = pcall(reader.read, reader, 1000) end)
      assert.is_false(ok)
      assert(why:find "the reader was moved while memory was taken" or why:find "closed", why)
    end
  end)

  it("may change the ids of words", function()
    local ids, times = tenor.ones(20, 50, "int32"), 0
    local layer = tenor.nn.Embedding(50, 8, { padding = "none" })
    collecting(function()
      times = times + 1
      ids:fill(times % 3 == 0 and 1 or 0)
    end, function()
      for _ = 1, 12 do layer:forward(ids) end
    end)
    assert.is_true(times > 12)
  end)

  it("may extract when the state is closed", function()
    local path = scratch.path ".wav"
    assert(tenor.audio.write(path, tenor.audio.wave(tenor.randn(4000, tenor.rng(1)) / 8, 8000)))
    local script = scratch.file(".lua", ([[
      local tenor = require "tenor"
      local wave = assert(tenor.audio.read %q)
      late = setmetatable({}, { __gc = function() print(pcall(tenor.features.extract, wave)) end })
      assert(tenor.features.extract(wave))]]):format(path))
    local ok, said = shell.run(shell.lua .. " " .. script)
    assert.is_true(ok, said)
    assert.matches("the extractor is closed", said)
  end)
end)
