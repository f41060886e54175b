local tenor = require "tenor"
local scratch = require "spec.support.scratch"
local shared = require "spec.support.shared"
require "spec.support.assertions"

local features, audio = tenor.features, tenor.audio

-- Noise of the given length in a file; 16 bits unless told.
local function wav(n, rate, opts)
  local path = scratch.path ".wav"
  local wave = audio.wave(tenor.randn(n, tenor.rng(n)) * 0.2, rate)
  assert(audio.write(path, wave, opts or { format = "wav" }))
  return path
end

-- Files of several lengths, rates and formats, so that threads finish out of order.
local function assorted()
  local paths = {}
  for i = 1, 12 do
    paths[i] = wav(i % 4 == 0 and 90000 or 2000 + 371 * i, i % 3 == 0 and 22050 or 16000,
      { format = i % 5 == 0 and "flac" or "wav", subtype = i == 7 and "double" or nil })
  end
  return paths
end

local function with_threads(n, f)
  local before = tenor.threads()
  tenor.threads(n)
  local ok, err = pcall(f)
  tenor.threads(before)
  assert(ok, err)
end

describe("features.extract_many", function()
  after_each(scratch.clean)

  it("gives what extract gives, bit for bit, whatever the number of threads", function()
    local paths = assorted()
    for _, opts in ipairs { {}, { deltas = true, step = 0.02 }, { drop_zeros = true, eps = 1e-8 } } do
      local expected = {}
      for i, path in ipairs(paths) do expected[i] = assert(features.extract(path, opts)):totable() end
      for _, n in ipairs { 1, 2, 3 } do
        with_threads(n, function()
          local rows, failures = features.extract_many(paths, opts)
          assert.same(expected, rows:totable())
          assert.same({}, failures)
        end)
      end
    end
  end)

  it("gives the same where samples are smaller than a processor's normal numbers", function()
    -- a thread of the pool flushes such numbers to zero elsewhere
    if tenor.real ~= "float64" then return end
    local path = scratch.path ".wav"
    local x = tenor.randn(4000, tenor.rng(3)) * 1e-310
    for i = 3000, 3500 do x[i] = 0 end
    x[1] = 1e-300
    assert(audio.write(path, audio.wave(x, 16000), { format = "wav", subtype = "double" }))
    local expected = assert(features.extract(path)):totable()
    assert.same(expected, assert(features.extract(assert(audio.read(path)))):totable())
    for n = 1, 2 do
      with_threads(n, function() assert.same({ expected }, (features.extract_many { path }):totable()) end)
    end
  end)

  it("handles more sample rates than it keeps tables for", function()
    local paths, expected = {}, {}
    for i = 1, 20 do
      paths[i] = wav(3000, 8000 + 500 * i)
      expected[i] = assert(features.extract(paths[i])):totable()
    end
    assert.same(expected, (features.extract_many(paths, { jobs = 2 })):totable())
  end)

  it("names each file that has no features, and why, and has the others", function()
    local good = wav(8000, 16000)
    local whole = scratch.read(good)
    local broken = {
      { "/nowhere/at/all.wav", "No such file or directory" },
      { scratch.file(".wav", ""), "the file is empty" },
      { scratch.file(".wav", "RIFF nothing"), "not a readable audio file" },
      { scratch.file(".wav", whole:sub(1, 9000)), "truncated: its header promises 16000 bytes of samples" },
      { wav(160, 16000), "0.01 s is shorter than one frame of 0.025 s" },
      { wav(1000, 700), "a window of 0.025 s at 700 Hz holds 17 samples, at least 20 are needed" },
      { os.getenv "HOME" or "/", "is a directory" },
    }
    local paths = { good }
    for _, case in ipairs(broken) do
      paths[#paths + 1] = case[1]
      paths[#paths + 1] = good
    end
    for n = 1, 2 do
      with_threads(n, function()
        local rows, failures = features.extract_many(paths)
        local expected = assert(features.extract(good)):totable()
        for i = 1, #paths, 2 do assert.same(expected, rows[i]:totable()) end
        for i, case in ipairs(broken) do
          local message = failures[2 * i]
          assert.equal(case[1] .. ": ", message:sub(1, #case[1] + 2))
          assert.matches(case[2], message, 1, true)
          assert.equal(0, rows[2 * i]:abs():sum())
          failures[2 * i] = nil
        end
        assert.same({}, failures)
      end)
    end
  end)

  it("tells the reasons that extract tells", function()
    for _, path in ipairs { "/nowhere/at/all.wav", wav(160, 16000), scratch.file(".wav", "RIFF nothing") } do
      local _, failures = features.extract_many { path }
      assert.equal(select(2, features.extract(path)), failures[1])
    end
  end)

  it("passes over what is false, and takes an empty list", function()
    local rows, failures = features.extract_many { false, wav(8000, 16000), false }
    assert.same({ 3, 68 }, rows:shape())
    assert.equal(0, rows[1]:abs():sum())
    assert.is_true(rows[2]:abs():sum() > 0)
    assert.same({}, failures)
    assert.same({ 0, 68 }, (features.extract_many {}):shape())
  end)

  it("reports progress between files, to the end", function()
    local path, seen, paths = wav(500, 16000), {}, {}
    for i = 1, 100 do paths[i] = path end
    features.extract_many(paths, { progress = function(done, total) seen[#seen + 1] = { done, total } end })
    assert.is_true(#seen > 1)
    for i, s in ipairs(seen) do
      assert.equal(100, s[2])
      assert.is_true(s[1] > (i > 1 and seen[i - 1][1] or 0))
    end
    assert.equal(100, seen[#seen][1])
  end)

  it("draws a bar, or nothing", function()
    local path, written = wav(500, 16000), {}
    local stream = {}
    function stream.write(s, ...) written[#written + 1] = table.concat { ... } return s end
    function stream.flush() end
    features.extract_many({ path, path }, { progress = "bar", stream = stream })
    assert.matches("extract .* 2/2", table.concat(written))
    written = {}
    features.extract_many({ path, path }, { progress = "silent", stream = stream })
    assert.same({}, written)
  end)

  it("stops where progress raises", function()
    local path = wav(500, 16000)
    assert.error_matches(function()
      features.extract_many({ path }, { progress = function() error("stopped by hand", 0) end })
    end, "stopped by hand")
  end)

  for text, call in pairs {
    ["features.extract_many: paths must be a list, got nil"] = function() features.extract_many() end,
    ["features.extract_many: path 2 must be a string or false, got number"] = function()
      features.extract_many { "a", 3 }
    end,
    ["features.extract_many: jobs must be a whole number from 1, got 0"] = function()
      features.extract_many({}, { jobs = 0 })
    end,
    ["features.extract_many: progress must be auto, bar, plain, silent or a function, got 3"] = function()
      features.extract_many({}, { progress = 3 })
    end,
    ["features.extract_many: window must be a positive number, got 0"] = function()
      features.extract_many({}, { window = 0 })
    end,
    ["features.extract_many: unknown option 'job' (did you mean 'jobs'?)"] = function()
      features.extract_many({}, { job = 1 })
    end,
  } do
    it("raises: " .. text, function() assert.raises(text, call) end)
  end
end)

describe("corpus:extract over threads", function()
  after_each(scratch.clean)

  shared.it("has the same rows for every number of jobs, and names broken files", function()
    local lines = { "id,wav,valence" }
    for i = 0, 46 do
      lines[#lines + 1] = ("u%02d,%s,3"):format(i, shared.path(("data/speech_emotion/%02d.wav"):format(i)))
    end
    lines[#lines + 1] = "x1," .. scratch.file(".wav", "nothing") .. ",3"
    local c = assert(tenor.corpus.manifest(scratch.file(".csv", table.concat(lines, "\n")), { root = "." }))
    local one = c:extract { jobs = 1, progress = "silent" }
    local two = c:extract { jobs = tenor.threads(), progress = "silent" }
    assert.same(one.tensor:totable(), two.tensor:totable())
    assert.equal(1, #two.failures)
    assert.equal("x1", two.failures[1].id)
    assert.matches("not a readable audio file", two.failures[1].reason)
    for i = 1, 47, 10 do
      assert.same(features.extract(c.utterances[i].wav):totable(), two.tensor[i]:totable())
    end
  end)
end)
