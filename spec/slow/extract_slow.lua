--- A corpus of ten thousand files, of which some are broken. The figures are printed.
local extraction = require "spec.support.extraction"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local waves = require "spec.support.waves"
local tenor = require "tenor"

local COUNT <const>, BROKEN <const>, MEGABYTES <const> = 10000, 20, 300

describe("Ten thousand files", function()
  local folder, paths, reasons, expected
  setup(function()
    folder = shell.folder()
    paths, reasons = waves.write(folder .. "/wav", COUNT, BROKEN)
  end)
  teardown(shell.clean)
  teardown(scratch.clean)

  local function say(what, r)
    print(("\n%-34s %6.2f s  %6.0f files/s  peak %3.0f MB  %5d from the cache"):format(what, r.seconds,
      COUNT / r.seconds, r.peak, r.cached))
  end

  it("extract in bounded memory, those that are broken named with their reasons", function()
    local result
    result, expected = extraction.run(paths, nil, tenor.threads())
    say("without a cache", result)
    assert.equal(BROKEN, result.failed)
    assert.is_true(result.peak < MEGABYTES)
    local _, failures = tenor.features.extract_many(paths)
    for i, reason in pairs(reasons) do
      assert.equal(paths[i] .. ": ", failures[i]:sub(1, #paths[i] + 2))
      assert.matches(reason, failures[i], 1, true)
      failures[i] = nil
    end
    assert.same({}, failures)
  end)

  it("are extracted once", function()
    local cache = folder .. "/cache"
    local first, one = extraction.run(paths, cache, tenor.threads())
    say("into a cache", first)
    local second, two = extraction.run(paths, cache, tenor.threads())
    say("again", second)
    shell.run "sleep 3" -- until the content of files is known without reading them
    extraction.run(paths, cache, tenor.threads())
    local third, three = extraction.run(paths, cache, tenor.threads())
    say("again, none of them read", third)
    for _, r in ipairs { first, second, third } do assert.is_true(r.failed == BROKEN and r.peak < MEGABYTES) end
    assert.same({ 0, COUNT - BROKEN, COUNT - BROKEN }, { first.cached, second.cached, third.cached })
    for _, bytes in ipairs { one, two, three } do assert.is_true(bytes == expected) end
  end)

  it("killed again and again come to the same end", function()
    local cache, jobs, kept = folder .. "/killed", tenor.threads(), 0
    for kill = 1, 9 do
      extraction.kill(paths, cache, jobs, kill * COUNT // 10)
      local now = extraction.kept(cache)
      assert.is_true(now > kept)
      kept = now
    end
    -- see cache_spec: the first files are there, all of them but one a thread and those that are broken.
    -- Each kill may have left one a thread behind for the next run, which took those first.
    local taken, good = 0, 0
    while good < math.min(kept + jobs, COUNT - BROKEN) do
      taken = taken + 1
      if not reasons[taken] then good = good + 1 end
    end
    assert(shell.run(("cp -r %s %s.copy"):format(cache, cache)))
    local first = table.move(paths, 1, taken, 1, {})
    assert.equal(kept, (extraction.run(first, cache .. ".copy", jobs)).cached)
    local last, bytes = extraction.run(paths, cache, jobs)
    say(("after 9 kills, with %d rows"):format(kept), last)
    assert.equal(kept, last.cached)
    assert.is_true(bytes == expected)
  end)
end)
