--- tenor report: tables, figures and tests of the runs in a results folder.
local common = require "tenor.cli.common"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

return {
  summary = "Report the runs of a results folder",
  about = "Prints the tables as text, or writes one file by its ending: .html (one page with figures), .md, .tex, .csv, .txt. "
    .. "With --json the runs themselves are printed.",
  arguments = { { name = "folder", text = "of `tenor table2` or `tenor search`" } },
  options = function()
    local d = assert(lib.of(tenor.report.new, {}))
    return {
      options.new("output", "the file to write", { short = "-o", metavar = "<file>" }),
      options.new("title", "of the page", { note = "default: the experiment's name" }),
      options.of(d, "baseline", "the system that others are compared with"),
      options.of(d, "choose", "the best weights of a search by validation, or test: as published",
        { choices = { "validation", "test" } }),
      options.of(d, "plots", "a page without figures, for which gnuplot is not needed"),
      options.of(d, "replicates", "draws of the bootstrap, for intervals"),
      options.of(d, "seed", "of the bootstrap"),
    }
  end,
  run = function(args, ctx)
    local ok, why = common.may_write(args.output)
    if not ok then return nil, why end
    local experiment
    experiment, why = tenor.experiment.open((args.folder:gsub("(.)/+$", "%1")))
    if not experiment then return nil, why .. "; is this a results folder?" end
    local records
    records, why = experiment:records()
    if not records then return nil, why end
    if #records == 0 then return nil, args.folder .. ": no run has a result yet" end
    if args.json and not args.output then
      ctx.result(tenor.json.array(records))
      return ctx.status.done
    end
    if args.baseline then
      local there, problem = require "tenor.report.records".has(records, args.baseline)
      if not there then ctx.misuse("--baseline: " .. problem) end
    end
    local report, reason = experiment:report(options.take(args, { "title", "baseline", "choose", "plots", "replicates", "seed" }))
    if not report then return nil, reason end
    if args.output then
      ok, why = report:save(args.output)
      if not ok then return nil, why end
      ctx.result({ output = args.output }, args.output)
    else
      ctx.print(report:text())
    end
    return ctx.status.done
  end,
}
