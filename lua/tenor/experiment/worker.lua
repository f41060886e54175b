--- The process that runs what it is told to: begun by the coordinator (`pool`) with a pipe at its standard
-- input and another at descriptor 3, or by a cluster with an experiment's file and its place in an array.
--
-- Down the pipe comes a line of JSON a run; up go `ready`, `epoch`, `done` and `failed`. A worker whose pipe closes has
-- no coordinator any more, and ends: while it trains, after the step that it is at.
local data = require "tenor.experiment.data"
local fs = require "tenor.fs"
local json = require "tenor.json"
local lines = require "tenor.experiment.lines"
local plans = require "tenor.experiment.plans"
local run = require "tenor.experiment.run"
local Store = require "tenor.experiment.store"
local uv = require "luv"

local worker = {}

local function traced(message)
  return type(message) == "string" and debug.traceback(message, 2) or debug.traceback(tostring(message), 2)
end

--- Executes a run and never raises.
-- @return the record; or nil, the message, and whether `stop` was the reason
function worker.attempt(plan, store, source, hooks)
  local ok, record, why = xpcall(run.execute, traced, plan, store, source, hooks)
  collectgarbage()
  if ok and record then return record end
  local message = ok and why or record
  store:say(plan.key, ("failed: %s\n"):format(message))
  return nil, run.bare(message):match "^[^\n]*"
end

local function send(message)
  uv.fs_write(3, json.encode(message) .. "\n", -1)
end

--- Serves a coordinator until its pipe closes.
-- @param folder of the results
function worker.serve(folder)
  local orphan, orders = false, {}
  local input = uv.new_pipe(false)
  input:open(0)
  local take = lines.reader(function(line) orders[#orders + 1] = line end)
  input:read_start(function(why, piece)
    if why or not piece then orphan = true else take(piece) end
  end)
  local store = Store.open(folder)
  local source = data.source(store)
  local hooks = {}
  function hooks.on_batch()
    uv.run "nowait"
    if orphan then error("the coordinator is gone", 0) end
  end
  send { event = "ready" }
  while true do
    while #orders == 0 and not orphan do uv.run "once" end
    if orphan then return end
    local plan = assert(json.decode(table.remove(orders, 1)))
    function hooks.on_epoch(entry)
      local val_loss = entry.val_loss
      send { event = "epoch", epoch = entry.epoch, val_loss = val_loss }
    end
    local record, why = worker.attempt(plan, store, source, hooks)
    if orphan then return end
    send(record and { event = "done" } or { event = "failed", message = why })
  end
end

--- Runs every `count`th run of an experiment from the `index`th on, those that are not finished: a cluster's task.
-- @string path of the experiment's file, in its results folder
-- @int index from 1 @int count of tasks
-- @return whether all of them are finished now; a report
function worker.array(path, index, count)
  local bytes, why = fs.read(path)
  if not bytes then return false, why end
  local made, reason = json.decode(bytes)
  if not made then return false, ("%s: %s"):format(path, reason) end
  local store = Store.open(made.results)
  local ready, late = store:make()
  if not ready then return false, late end
  local source, list, report, fine = data.source(store), plans.of(made), {}, true
  for i = index, #list, count do
    local plan = list[i]
    if store:finished(plan.key) then
      report[#report + 1] = plans.title(plan) .. ": finished before"
    else
      local record, message = worker.attempt(plan, store, source)
      fine = fine and record ~= nil
      report[#report + 1] = ("%s: %s"):format(plans.title(plan), record and "done" or "failed: " .. message)
    end
  end
  return fine, table.concat(report, "\n")
end

--- The end of an array: collects the records, tells what is missing, and fails where anything is.
-- @string path of the experiment's file
function worker.collect(path)
  local made = assert(require "tenor.experiment".open(path))
  assert(made:collect())
  local missing = assert(made:missing())
  print(made)
  for _, plan in ipairs(missing) do print(("missing: %s; see %s"):format(plans.title(plan), made.store:log(plan.key))) end
  if #missing > 0 then os.exit(1, true) end
end

--- The program: `main { FOLDER }` serves, `main { FILE, INDEX, COUNT }` is a task of an array. In this file, and
-- nowhere else, the process is ours to print from and to end.
function worker.main(arguments)
  if #arguments == 1 then return worker.serve(arguments[1]) end
  local fine, report = worker.array(table.unpack(arguments))
  print(report)
  if not fine then os.exit(1, true) end
end

return worker
