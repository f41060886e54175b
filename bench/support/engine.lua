--- Measures a case: tenor and its peers in turn, one run of each a round.
--
-- A case is a table:
--   name     of the group
--   rows     what is printed: { name =, tenor = runner key, peer = runner key, unit =,
--            tenor_work =, peer_work = operations or bytes of a run, or a function that gives
--            them after it, where the unit is GFLOP/s or MB/s,
--            less = true where less is better (default for the unit "s"), least = of the ratio,
--            below =, above = of tenor's own value,
--            needs = keys of runners that must have run too }
--   runners  key → { name =, start = function(o) → runner } in `order`; a runner has
--            `run()` → number (seconds, unless the row says otherwise) or nil and why;
--            and may have `about`, `setting`, `stop()`. `start` may return nil and why.
--            `limit` of the entry: at most so many runs; `cold`: no run before them.
local Peer = require "bench.support.peer"
local place = require "bench.support.place"
local stats = require "bench.support.stats"

local engine = {}

local absences = {}

-- "peer absent", and why, which is told once a run of the program.
local function absent(name, why, log)
  if not absences[name] then log(("%s: %s"):format(name, why)) end
  absences[name] = true
  return "peer absent"
end

local function wanted_keys(case, rows)
  local wanted = {}
  for _, row in ipairs(rows) do
    wanted[row.tenor] = true
    if row.peer then wanted[row.peer] = true end
    for _, key in ipairs(row.needs or {}) do wanted[key] = true end
  end
  local list = {}
  for _, key in ipairs(case.order) do
    if wanted[key] then list[#list + 1] = key end
  end
  return list
end

local function start_all(case, keys, o)
  local running = {}
  for _, key in ipairs(keys) do
    local entry = case.runners[key]
    local limit = math.min(entry.limit or o.runs, o.runs)
    local runner, why
    if limit == 0 then why = "left out" else runner, why = entry.start(o) end
    local state = { entry = entry, runner = runner, samples = {}, limit = limit, why = why }
    if runner and not entry.cold then
      local ok
      ok, state.why = runner.run()
      if not ok then state.runner = nil end
    end
    running[key] = state
  end
  return running
end

local per = { ["GFLOP/s"] = 1e9, ["MB/s"] = 1e6 }

local function side(state, work, row_unit, log)
  if type(work) == "function" then work = work() end
  local entry = state.entry
  if not state.runner or #state.samples == 0 then
    local why = state.why or "no run"
    local plain = entry.name == "tenor" or state.limit == 0
    return { absent = plain and why or absent(entry.name, why, log), reason = why }
  end
  local values = {}
  for i, v in ipairs(state.samples) do values[i] = work and work / v / per[row_unit] or v end
  local out = stats.of(values)
  out.unit, out.about, out.setting = row_unit, state.runner.about, state.runner.setting
  return out
end

local function finish(row, running, log)
  local tenor, peer = running[row.tenor], running[row.peer]
  local unit = row.unit or "s"
  local out = { name = row.name, unit = unit, least = row.least, below = row.below, above = row.above, note = row.note }
  out.tenor = side(tenor, row.tenor_work, unit, log)
  if not peer then
    out.peer_name, out.peer = "", { absent = "" }
  else
    out.peer_name, out.peer = peer.entry.name, side(peer, row.peer_work, unit, log)
  end
  if out.tenor.median and out.peer.median then
    local less = row.less
    if less == nil then less = unit == "s" end
    out.ratio = less and out.peer.median / out.tenor.median or out.tenor.median / out.peer.median
  end
  return out
end

--- Measures the rows of a case whose names `chosen` accepts.
-- @return list of finished rows
function engine.measure(case, o, chosen)
  local rows = {}
  for _, row in ipairs(case.rows) do
    if chosen(row.name) then rows[#rows + 1] = row end
  end
  if #rows == 0 then return {} end
  local log = o.log or function() end
  local keys = wanted_keys(case, rows)
  local running = start_all(case, keys, o)
  for round = 1, o.runs do
    for _, key in ipairs(keys) do
      local state = running[key]
      if state.runner and round <= state.limit then
        if o.settle then os.execute("sleep " .. o.settle) end -- threads of the other side fall asleep
        collectgarbage()
        local value, why = state.runner.run()
        if value then
          state.samples[round] = value
        else
          state.runner, state.why = nil, why
        end
      end
    end
  end
  local out = {}
  for i, row in ipairs(rows) do out[i] = finish(row, running, log) end
  for _, key in ipairs(keys) do
    local runner = running[key].runner
    if runner and runner.stop then runner.stop() end
  end
  return out
end

--- A runner from a peer: `repeats` runs make a sample.
function engine.of_peer(peer, why, repeats)
  if not peer then return nil, why end
  local request = ("run %d"):format(repeats or 1)
  return {
    run = function() return peer:ask(request) end, about = peer.about, setting = peer.setting,
    stop = function() peer:stop() end, peer = peer,
  }
end

--- A runner from a function: the mean seconds of `repeats` calls.
function engine.of(f, repeats)
  local clock = require "bench.support.machine".clock
  repeats = repeats or 1
  return {
    run = function()
      local begun = clock()
      for _ = 1, repeats do f() end
      return (clock() - begun) / repeats
    end,
  }
end

--- A runner for the megabytes that a process of its own held at most. @string what to do, as
-- bench/memory.lua takes it
function engine.of_memory(o, what)
  local command = ("%s '%s' %s"):format(o.lua, place.bench("memory.lua"), what)
  return {
    run = function()
      local bytes = tonumber(place.first_line(command))
      if not bytes then return nil, "bench/memory.lua gave no number" end
      return bytes / 1e6
    end,
  }
end

local python
--- The Python that has the peers' libraries: the system's where there is one.
function engine.python()
  if python == nil then
    python = os.getenv "TENOR_BENCH_PYTHON"
      or place.is_file "/usr/bin/python3" and "/usr/bin/python3"
      or "python3"
  end
  return python
end

--- The command of a Python peer.
function engine.python_peer(script, ...)
  local words = { engine.python(), "-u", ("'%s'"):format(place.bench("peers/" .. script)) }
  for _, word in ipairs { ... } do words[#words + 1] = ("'%s'"):format(word) end
  return table.concat(words, " ")
end

--- Starts a peer on so many threads. @return it, or nil and why
function engine.start(command, threads)
  return Peer.start(command, { OPENBLAS_NUM_THREADS = threads, OMP_NUM_THREADS = threads })
end

--- Starts a peer at the best of its thread settings, each of OpenBLAS's and
-- OpenMP's threads being 1 or ours. @return it, or nil and why
function engine.best(command, o)
  local counts = o.threads > 1 and { 1, o.threads } or { 1 }
  return Peer.best(command, counts, counts)
end

--- Starts a program that `make bench` has compiled, at the best of its OpenMP
-- thread counts. @return it, or nil and why
function engine.program(o, name, ...)
  local path = place.file(name)
  if not place.is_file(path) then return nil, name .. " is not built: its library is absent" end
  return Peer.best(("'%s' %s"):format(path, table.concat({ ... }, " ")), { 1 }, o.threads > 1 and { 1, o.threads } or { 1 })
end

--- The runner of sgemm: OpenBLAS at its own on so many threads.
function engine.sgemm(o, threads)
  local path = place.file "sgemm"
  if not place.is_file(path) then return nil, "sgemm is not built" end
  local peer, why = engine.start(("'%s' %d %d"):format(path, o.sgemm_size, threads), threads)
  return engine.of_peer(peer, why, 2)
end

return engine
