-- The statistics of many files: batch after batch over the pool of threads,
-- and between two batches a word on how far it is.
local core = require "tenor.core".features
local clock = require "tenor.core".terminal.clock
local progress = require "tenor.progress"
local tensor = require "tenor.tensor"

-- A batch ends with threads that wait for its last file, and nothing can be
-- said or interrupted before: so many files that it lasts about this long.
local SECONDS <const> = 0.2
local FIRST <const>, MOST <const> = 64, 4096

-- What `o.progress` asks for, as a function of (done, total) and something to close.
local function reporter(o, total)
  if type(o.progress) == "function" then return o.progress end
  local bar = progress.new {
    total = math.max(total, 1), title = "extract", mode = o.progress, stream = o.stream or io.stderr,
  }
  return function(done) bar:update(done) end, bar
end

-- paths: list of N strings, false where there is nothing to extract.
-- o: window, step, eps, deltas, drop_zeros, jobs, progress, stream, all given and checked.
-- Returns rows (N, 68 or 136), zeros where there are none, and { index = reason }.
return function(paths, o)
  local rows = tensor.zeros(#paths, o.deltas and 136 or 68)
  local recipe = core.recipe(o.window, o.step, o.eps, o.deltas, o.drop_zeros)
  local report, bar = reporter(o, #paths)
  local _ <close> = bar
  local failures, done, batch = {}, 0, FIRST
  while done < #paths do
    local last = math.min(done + batch, #paths)
    local begun = clock()
    for i, reason in pairs(core.many(recipe, paths, done + 1, last, rows, o.jobs)) do failures[i] = reason end
    local seconds = clock() - begun
    batch = seconds < SECONDS / 2 and math.min(2 * batch, MOST) or seconds > 2 * SECONDS and math.max(batch // 2, 1)
      or batch
    done = last
    report(done, #paths)
  end
  return rows, failures
end
