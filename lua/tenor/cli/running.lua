--- Running an experiment at the command line: what is left out, the runs, the report.
local tenor = require "tenor"

return function(experiment, args, ctx)
  local progress = args.progress or "auto"
  local ok, why = experiment:prepare { progress = progress }
  if not ok then return nil, why end
  ctx.note(experiment)
  local notes = experiment:notes()
  if notes and tostring(notes) ~= "" then ctx.note(notes) end
  local summary
  summary, why = experiment:run { jobs = args.jobs, progress = progress }
  if not summary then
    if why:find "^interrupted" then
      ctx.note("tenor: %s", why)
      return ctx.status.interrupted
    end
    return nil, why
  end
  local failed = {}
  for i, f in ipairs(summary.failed) do
    ctx.note("failed: %s, %s; see %s", f.title, f.reason, f.log)
    failed[i] = { run = f.title, reason = f.reason, log = f.log }
  end
  if #failed == summary.total then return nil, "no run succeeded" end
  if args.json then
    local records = experiment:records()
    ctx.result { results = experiment.folder, runs = tenor.json.array(records), failed = tenor.json.array(failed) }
  else
    local report, reason = experiment:report()
    if not report then return nil, reason end
    ctx.print(report)
  end
  return #failed > 0 and ctx.status.partly or ctx.status.done
end
