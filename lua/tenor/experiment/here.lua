--- Runs one after another in this process: for a look inside, and for where no process can be started.
local data = require "tenor.experiment.data"
local plans = require "tenor.experiment.plans"
local worker = require "tenor.experiment.worker"

return function(waiting, store, status)
  local source, result = data.source(store), { done = {}, failed = {}, died = 0 }
  for i, plan in ipairs(waiting) do
    local rest = table.move(waiting, i + 1, #waiting, 1, {})
    status:begin(plan)
    status:draw(rest)
    local record, why = worker.attempt(plan, store, source, { on_epoch = function(entry)
      status:epoch(plan, entry)
      status:draw(rest)
    end })
    if record then
      result.done[#result.done + 1] = plan
      status:finish(plan)
    elseif why:find "interrupted!$" then -- lua's word for Ctrl-C
      result.interrupted = "SIGINT"
      return result
    else
      result.failed[#result.failed + 1] = { key = plan.key, title = plans.title(plan), reason = why,
        log = store:log(plan.key) }
      status:drop(plan, ("%s failed: %s; see %s"):format(plans.title(plan), why, store:log(plan.key)), true)
    end
    status:draw(rest, true)
  end
  return result
end
