local tenor = require "tenor"
local extraction = require "spec.support.extraction"
local fs = require "tenor.fs"
local hash = require("tenor.core").hash
local scratch = require "spec.support.scratch"
local shared = require "spec.support.shared"
local shell = require "spec.support.shell"
local store = require("tenor.core").store
local uv = require "luv"
local waves = require "spec.support.waves"
require "spec.support.assertions"

local extract_many = tenor.features.extract_many

local function bits(rows)
  local path = scratch.path ".npy"
  assert(tenor.save(path, rows))
  return scratch.read(path)
end

describe("Extraction with a cache", function()
  local folder, cache
  before_each(function()
    folder = shell.folder()
    cache = folder .. "/deep/cache"
  end)
  after_each(scratch.clean)
  after_each(shell.clean)

  it("extracts nothing the second time, and has the same bits", function()
    local paths = waves.write(folder .. "/wav", 40, 0)
    for _, o in ipairs { {}, { deltas = true }, { drop_zeros = true }, { window = 0.05 }, { step = 0.02 }, { eps = 1e-8 } } do
      local plain = extract_many(paths, o)
      o.cache = cache
      local first, _, one = extract_many(paths, o)
      local second, _, two = extract_many(paths, o)
      assert.same({ 0, 40 }, { one.cached, two.cached }) -- no option reads the rows of another
      assert.equal(bits(plain), bits(first))
      assert.equal(bits(plain), bits(second))
      assert.same({}, two.notes)
    end
  end)

  it("knows content under any name and in any folder, but not under another ending", function()
    local paths = waves.write(folder .. "/wav", 3, 0)
    extract_many(paths, { cache = cache })
    assert(fs.make_folder(folder .. "/other"))
    assert(fs.write(folder .. "/other/x.wav", fs.read(paths[2])))
    assert(fs.write(folder .. "/other/x.vox", fs.read(paths[2]))) -- an ending by which libsndfile tells formats
    local _, _, extra = extract_many({ folder .. "/other/x.wav" }, { cache = cache })
    assert.equal(1, extra.cached)
    _, _, extra = extract_many({ folder .. "/other/x.vox" }, { cache = cache })
    assert.equal(0, extra.cached)
    for i, name in ipairs { "/v1.0/x", "/v1.1/y" } do -- no ending: a dot in a folder's name begins none
      assert(fs.make_folder((folder .. name):match "^.*/"))
      assert(fs.write(folder .. name, fs.read(paths[2])))
      _, _, extra = extract_many({ folder .. name }, { cache = cache })
      assert.equal(i - 1, extra.cached)
    end
  end)

  it("sees that a file has changed, even with its size and its mtime kept", function()
    local paths = waves.write(folder .. "/wav", 2, 0)
    local before = extract_many(paths, { cache = cache })
    local stat = uv.fs_stat(paths[1])
    local bytes = fs.read(paths[1])
    local file = assert(io.open(paths[1], "r+b"))
    file:seek("set", 1000)
    file:write(bytes:sub(1001, 1100):reverse())
    file:close()
    local mtime = stat.mtime.sec + stat.mtime.nsec * 1e-9
    assert(uv.fs_utime(paths[1], mtime, mtime))
    local after, _, extra = extract_many(paths, { cache = cache })
    assert.equal(1, extra.cached)
    assert.not_same(before[1]:totable(), after[1]:totable())
    assert.equal(bits(extract_many(paths)), bits(after))
  end)

  it("tries a file without features again, and has it when it is repaired", function()
    local path = folder .. "/a.wav"
    assert(fs.write(path, waves.bytes(1):sub(1, 500)))
    for _ = 1, 2 do
      local _, failures, extra = extract_many({ path }, { cache = cache })
      assert.matches("truncated", failures[1])
      assert.equal(0, extra.cached)
    end
    assert(fs.write(path, waves.bytes(1)))
    local _, failures = extract_many({ path }, { cache = cache })
    assert.same({}, failures)
  end)

  it("names silent files as such, those from the cache too", function()
    local paths = waves.write(folder .. "/wav", 3, 0)
    assert(tenor.audio.write(paths[2], tenor.audio.wave(tenor.zeros(4000) + 0.25, 16000)))
    for _ = 1, 2 do
      local rows, failures, extra = extract_many(paths, { cache = cache })
      assert.same({ 2 }, extra.silent)
      assert.same({}, failures)
      assert.is_true(rows:isfinite())
    end
  end)

  it("says so where nothing can be kept, and extracts", function()
    assert(fs.write(folder .. "/file", ""))
    local paths = waves.write(folder .. "/wav", 3, 0)
    local written = {}
    local stream = {}
    function stream.write(s, ...) written[#written + 1] = table.concat { ... } return s end
    function stream.flush() end
    local rows, failures, extra = extract_many(paths, { cache = folder .. "/file", progress = "plain", stream = stream })
    local note = ("nothing is kept for the next time: %s/file: file already exists"):format(folder)
    assert.same({ note }, extra.notes)
    assert.matches(note, table.concat(written), 1, true)
    assert.same({}, failures)
    assert.equal(bits(extract_many(paths)), bits(rows))
  end)

  it("passes over what is damaged in the cache, says so, and extracts that anew", function()
    local paths = waves.write(folder .. "/wav", 5, 0)
    local first = extract_many(paths, { cache = cache })
    local _, name = extraction.kept(cache)
    local file = assert(io.open(cache .. "/" .. name, "r+b"))
    file:seek("set", 512 + 2 * extraction.record + 30)
    file:write "damage"
    file:close()
    local second, _, extra = extract_many(paths, { cache = cache })
    assert.equal(4, extra.cached)
    assert.same({ ("%s/%s: 1 row damaged and passed over"):format(cache, name) }, extra.notes)
    assert.equal(bits(first), bits(second))
    _, _, extra = extract_many(paths, { cache = cache })
    assert.equal(5, extra.cached)
  end)

  shared.it("reads a file that it was told to doubt", function()
    -- of files older than some seconds it knows the content without reading them
    local path = shared.path "data/speech_emotion/00.wav"
    extract_many({ path }, { cache = cache })
    local key, content = scratch.read(cache .. "/files.hashes"):sub(513):match "^(................)(................)"
    do -- as if the file had been another when it was hashed
      local names <close> = assert(store.open(cache .. "/files.hashes",
        "tenor files: XXH3-128 of their contents, by what they were taken by", 16))
      names:put(key, ("x"):rep(16))
    end
    local _, _, extra = extract_many({ path }, { cache = cache, verify = true })
    assert.equal(1, extra.cached)
    local names <close> = assert(store.open(cache .. "/files.hashes",
      "tenor files: XXH3-128 of their contents, by what they were taken by", 16))
    assert.equal(content, names:get(key))
    assert.equal(hash.file(path), (content:gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
  end)

  it("killed half way loses the files that threads were at, and no more", function()
    local jobs, broken = 2, #waves.broken
    local paths, reasons = waves.write(folder .. "/wav", 200, broken)
    local whole, expected = extraction.run(paths, nil, jobs)
    assert.equal(broken, whole.failed)
    extraction.kill(paths, cache, jobs, 90)
    local kept = extraction.kept(cache)
    -- threads take files in order: what was taken is the first of them, and all of those
    -- that have features are there but one a thread
    local taken, good = 0, 0
    while good < math.min(kept + jobs, 200 - broken) do
      taken = taken + 1
      if not reasons[taken] then good = good + 1 end
    end
    assert(shell.run(("cp -r %s %s.copy"):format(cache, cache)))
    local first = table.move(paths, 1, taken, 1, {})
    assert.equal(kept, (extraction.run(first, cache .. ".copy", jobs)).cached)
    local again, bytes = extraction.run(paths, cache, jobs)
    assert.equal(kept, again.cached)
    assert.equal(broken, again.failed)
    assert.equal(expected, bytes)
    again, bytes = extraction.run(paths, cache, jobs)
    assert.equal(200 - broken, again.cached)
    assert.equal(expected, bytes)
  end)

  it("may be run by several processes at once", function()
    local paths = waves.write(folder .. "/wav", 200, 0)
    local expected = bits(extract_many(paths))
    local list = scratch.file(".list", table.concat(paths, "\n") .. "\n")
    local script = scratch.file(".lua", ([[
      local tenor = require "tenor"
      local paths = {}
      for line in io.lines(%q) do paths[#paths + 1] = line end
      assert(tenor.save(arg[1], (tenor.features.extract_many(paths, { cache = %q }))))
    ]]):format(list, cache))
    local one, two = scratch.path ".npy", scratch.path ".npy"
    assert(shell.run(("%s %s %s & %s %s %s; wait"):format(shell.lua, script, one, shell.lua, script, two)))
    assert.equal(expected, scratch.read(one))
    assert.equal(expected, scratch.read(two))
    local rows, _, extra = extract_many(paths, { cache = cache })
    assert.equal(200, extra.cached)
    assert.equal(expected, bits(rows))
  end)

  it("is in the folder that the environment names", function()
    local script = scratch.file(".lua", "print(require('tenor').cache.folder())")
    for _, case in ipairs {
      { "TENOR_CACHE=/a XDG_CACHE_HOME=/b HOME=/c", "/a" },
      { "-u TENOR_CACHE XDG_CACHE_HOME=/b HOME=/c", "/b/tenor" },
      { "-u TENOR_CACHE XDG_CACHE_HOME=b HOME=/c", "/c/.cache/tenor" },
      { "-u TENOR_CACHE -u XDG_CACHE_HOME HOME=/c", "/c/.cache/tenor" },
      { "TENOR_CACHE= XDG_CACHE_HOME=/b HOME=/c", "nil" },
      { "-u TENOR_CACHE -u XDG_CACHE_HOME -u HOME",
        "nil\tno folder to keep results in: none of TENOR_CACHE, XDG_CACHE_HOME and HOME is set" },
    } do
      local _, out = shell.run(("env %s %s %s"):format(case[1], shell.lua, script))
      assert.equal(case[2] .. "\n", out)
    end
  end)

  for text, given in pairs {
    ["cache must be true, false or the path of a folder, got number"] = { cache = 3 },
    ["cache must be true, false or the path of a folder, got ''"] = { cache = "" },
    ["verify must be true or false, got 1"] = { verify = 1 },
  } do
    it("raises: " .. text, function()
      assert.raises("features.extract_many: " .. text, extract_many, {}, given)
      local corpus = assert(tenor.corpus.manifest(scratch.file(".csv", "id\na\n")))
      assert.raises("corpus:extract: " .. text, corpus.extract, corpus, given)
    end)
  end
end)

describe("corpus:extract with a cache", function()
  after_each(shell.clean)

  it("prints how many rows it had, which files are silent, and what went otherwise", function()
    local folder = shell.folder()
    local paths = waves.write(folder, 4, 0)
    assert(tenor.audio.write(paths[2], tenor.audio.wave(tenor.zeros(4000), 16000)))
    assert(fs.write(paths[3], "nothing"))
    local lines = { "id,wav" }
    for i, path in ipairs(paths) do lines[i + 1] = ("u%d,%s"):format(i, path) end
    assert(fs.write(folder .. "/manifest.csv", table.concat(lines, "\n")))
    local corpus = assert(tenor.corpus.manifest(folder .. "/manifest.csv"))
    local o = { cache = folder .. "/cache", progress = "silent" }
    corpus:extract(o)
    local features = corpus:extract(o)
    assert.equal(3, features.cached)
    assert.same({ "u2" }, features.silent)
    assert.same({}, features.notes)
    local text = tostring(features)
    assert.matches("Features: 3 of 4 utterances, 68 numbers each, 3 from the cache\n", text, 1, true)
    assert.matches("\n  silent throughout: 1 (u2)", text, 1, true)
    assert(fs.write(folder .. "/file", ""))
    features = corpus:extract { cache = folder .. "/file", progress = "silent" }
    assert.matches("\n  note: nothing is kept for the next time: ", tostring(features), 1, true)
  end)
end)
