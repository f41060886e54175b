-- The statistics of many files: batch after batch over the pool of threads,
-- and between two batches a word on how far it is. With a cache, a row that
-- was extracted before comes from the disk.
local cache = require "tenor.cache"
local core = require "tenor.core"
local progress = require "tenor.progress"
local tensor = require "tenor.tensor"

local clock, hash, extraction = core.terminal.clock, core.hash, core.features

-- A batch ends with threads that wait for its last file, and nothing can be
-- said or interrupted before: so many files that it lasts about this long.
local SECONDS <const> = 0.2
local FIRST <const>, MOST <const> = 64, 4096

local BYTES <const> = core.real == "float64" and 8 or 4
local ENDIAN <const> = string.pack("=I2", 1) == "\1\0" and "little-endian" or "big-endian"

-- What `o.progress` asks for, as a function of (done, total) and something to close.
local function reporter(o, total)
  if type(o.progress) == "function" then return o.progress end
  local bar = progress.new {
    total = math.max(total, 1), title = "extract", unit = "files", mode = o.progress, stream = o.stream or io.stderr,
  }
  return function(done) bar:update(done) end, bar
end

-- The rows of these options, and the content of files, as stores. A store of rows
-- says in its head all that decides its numbers, and is named by that.
local function open_cache(o, columns)
  local title = ("tenor features: rows of %d numbers and silence, %s %s; window %.17g, step %.17g, eps %.17g, "
    .. "deltas %s, drop_zeros %s; %s"):format(columns, ENDIAN, core.real, o.window, o.step, o.eps, o.deltas, o.drop_zeros,
    extraction.version)
  return cache._open(o.cache, {
    { ("features-%s.rows"):format(hash.bytes(title):sub(1, 16)), title, (columns + 1) * BYTES, "row" },
    { "files.hashes", "tenor files: XXH3-128 of their contents, by what they were taken by", 16, "hash" },
  })
end

-- paths: list of N strings, false where there is nothing to extract.
-- o: window, step, eps, deltas, drop_zeros, jobs, progress, stream, cache, verify, all given and checked.
-- Returns rows (N, 68 or 136), zeros where there are none; { index = reason }; and
-- { cached = how many rows, silent = list of indices, notes = list of sentences }.
return function(paths, o)
  local columns = o.deltas and 136 or 68
  local rows = tensor.zeros(#paths, columns)
  local recipe = extraction.recipe(o.window, o.step, o.eps, o.deltas, o.drop_zeros)
  local kept <close> = o.cache and open_cache(o, columns) or nil
  local stores = kept and kept.stores or {}
  local report, bar = reporter(o, #paths)
  local _ <close> = bar
  local failures, done, batch = {}, 0, FIRST
  local extra = { cached = 0, silent = {}, notes = {} }
  while done < #paths do
    local last = math.min(done + batch, #paths)
    local begun = clock()
    local reasons, silent, cached = extraction.many(recipe, paths, done + 1, last, rows, o.jobs, stores[1], stores[2],
      o.verify)
    for i, reason in pairs(reasons) do failures[i] = reason end
    table.move(silent, 1, #silent, #extra.silent + 1, extra.silent)
    extra.cached = extra.cached + cached
    local seconds = clock() - begun
    batch = seconds < SECONDS / 2 and math.min(2 * batch, MOST) or seconds > 2 * SECONDS and math.max(batch // 2, 1)
      or batch
    done = last
    report(done, #paths)
  end
  if kept then extra.notes = kept:notes() end
  if bar then
    for _, note in ipairs(extra.notes) do bar:note(note) end
  end
  return rows, failures, extra
end
