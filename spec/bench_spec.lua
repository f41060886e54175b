-- The measurements' machinery; how fast anything is, is not tested.
local engine = require "bench.support.engine"
local json = require "tenor.json"
local Peer = require "bench.support.peer"
local report = require "bench.support.report"
local results = require "bench.support.results"
local scratch = require "spec.support.scratch"
local stats = require "bench.support.stats"
local tenor = require "tenor"

local function constant(value) return { name = "tenor", start = function() return { run = function() return value end } end } end

-- A peer in three lines of shell.
local shell = [[sh -c 'echo "ready a shell"; while read -r word n; do [ "$word" = quit ] && exit; echo 0.5; done']]

local function case(peer)
  return {
    name = "made", order = { "ours", "theirs" },
    runners = { ours = constant(0.25), theirs = { name = "Shell", start = peer } },
    rows = {
      { name = "made.time", tenor = "ours", peer = "theirs", least = 1.5 },
      { name = "made.rate", tenor = "ours", peer = "theirs", unit = "GFLOP/s", tenor_work = 1e9, peer_work = 1e9, least = 3 },
      { name = "other", tenor = "ours", peer = "theirs", below = 0.004 },
    },
  }
end

local function all() return true end

local function measure(peer, chosen) return engine.measure(case(peer), { runs = 3, threads = 1 }, chosen or all) end

local function present() return engine.of_peer(Peer.start(shell)) end
local function absent() return engine.of_peer(Peer.start "./no-such-program") end

describe("bench", function()
  teardown(scratch.clean)

  it("takes medians of odd and even numbers of samples", function()
    assert.equal(2, stats.median { 3, 1, 2 })
    assert.equal(2.5, stats.median { 4, 1, 2, 3 })
    assert.is_nil(stats.of {})
  end)

  it("asks a peer over its pipes", function()
    local peer = assert(Peer.start(shell))
    assert.equal("a shell", peer.about)
    assert.equal(0.5, peer:ask "run 1")
    assert.equal(0.5, peer:ask "run 1")
    peer:stop()
  end)

  it("says why a peer is not there", function()
    local peer, why = Peer.start "./no-such-program"
    assert.is_nil(peer)
    assert.truthy(why:find "no%-such%-program")
    peer, why = Peer.start "echo absent no such library"
    assert.is_nil(peer)
    assert.equal("no such library", why)
  end)

  it("outlives a peer that dies", function()
    local peer = assert(Peer.start "echo ready;")
    local value, why = peer:ask "run 1"
    assert.is_nil(value)
    assert.truthy(why:find "ended")
    peer:stop()
  end)

  it("keeps one of a peer's thread settings", function()
    local peer = assert(Peer.best(shell, { 1, 2 }, { 1, 2 }))
    assert.truthy(peer.setting:find "^OPENBLAS_NUM_THREADS=%d OMP_NUM_THREADS=%d$")
    peer:stop()
  end)

  it("makes ratios of times and of rates, above 1 where tenor is faster", function()
    local rows = measure(present)
    assert.equal(3, #rows)
    for _, row in ipairs(rows) do
      assert.equal(2, row.ratio)
      assert.equal(3, #row.tenor.samples)
    end
    assert.equal("yes", report.met(rows[1]))
    assert.equal("no", report.met(rows[2]))
    assert.equal("no", report.met(rows[3]))
  end)

  it("measures only what is chosen", function()
    local rows = measure(present, function(name) return name == "other" end)
    assert.equal(1, #rows)
    assert.equal("other", rows[1].name)
  end)

  it("says `peer absent` where a peer is missing, and measures tenor all the same", function()
    local rows = measure(absent)
    local text = report.text(rows)
    assert.truthy(text:find("made.time +250 ms %(250–250%) +Shell peer absent"))
    assert.is_nil(rows[1].ratio)
    assert.equal("", report.met(rows[1]))
  end)

  it("prints a line a row under its heads, as text and as Markdown", function()
    local rows = measure(present)
    local _, lines = report.text(rows):gsub("\n", "")
    assert.equal(3, lines)
    assert.truthy(report.text(rows):find "^name +tenor +peer +ratio +required +met\n")
    local markdown = report.markdown(rows)
    assert.truthy(markdown:find("| `made.time` | 250 ms (250–250) | Shell 500 ms (500–500) | 2.00 | ≥ 1.5 | yes |", 1, true))
    assert.truthy(markdown:find("< 4 ms", 1, true))
  end)

  it("writes JSON that parses, with every sample", function()
    local rows = measure(present)
    local whole = assert(json.decode(results.encode({ threads = 1, machine = { cores = 2 } }, rows)))
    assert.equal(1, whole.threads)
    assert.equal(2, whole.machine.cores)
    assert.same({ 0.25, 0.25, 0.25 }, whole.rows[1].tenor.samples)
    assert.equal("a shell", whole.rows[1].peer.about)
    whole = assert(json.decode(results.encode({ threads = 1 }, measure(absent))))
    assert.equal("peer absent", whole.rows[1].peer.absent)
  end)

  it("holds tenor's own value against a floor", function()
    local row = { name = "r", unit = "MB/s", above = 250, tenor = stats.of { 300 }, peer = { absent = "" } }
    assert.equal("≥ 250 MB/s", report.required(row))
    assert.equal("yes", report.met(row))
    row.tenor = stats.of { 200 }
    assert.equal("no", report.met(row))
  end)

  it("has a reader of word vectors in NumPy that reads what tenor reads", function()
    if not os.execute(engine.python() .. " -c 'import numpy' >/dev/null 2>&1") then return pending "no NumPy" end
    local text = scratch.file(".txt", "the 1 2.5 -3e-1\ncat 4 5 6\ndog 7 8 9\n")
    local words = { "dog", "bird", "the" }
    local m = assert(tenor.vectors.glove(text, words)):matrix()
    local list = scratch.file(".words", table.concat(words, "\n") .. "\n")
    local pipe, at = assert(io.popen(engine.python_peer("numpy_vectors.py", "--sums", text, list))), 1
    for line in pipe:lines() do
      at = at + 1
      assert.near(m[at]:sum(), tonumber(line), 1e-6) -- float32 rounds each number once
    end
    pipe:close()
    assert.equal(4, at)
  end)

  it("has a NumPy peer that computes what tenor computes", function()
    if not scratch.numpy() or not os.execute(engine.python() .. " -c 'import numpy, scipy' >/dev/null 2>&1") then
      return pending "no NumPy with SciPy"
    end
    local rng, path = tenor.rng(1), scratch.path ".wav"
    local samples = tenor.randn(8000, rng) * 0.1
    assert(tenor.audio.write(path, tenor.audio.wave(samples, 16000)))
    local ours, at = assert(tenor.features.extract(path)), 0
    local pipe = assert(io.popen(engine.python_peer("numpy_paa.py", "--hsf", path)))
    for line in pipe:lines() do
      at = at + 1
      -- float32 rounds the result once
      assert.near(tonumber(line), ours[at], 1e-6 * math.max(1, math.abs(ours[at])))
    end
    pipe:close()
    assert.equal(68, at)
  end)
end)
