--- tenor report: tables, figures and tests of the runs in a results folder.
local options = require "tenor.cli.options"
local tenor = require "tenor"

return {
  summary = "Report the runs of a results folder",
  about = "Prints the tables as text, or writes one file by its ending: .html (one page with figures), .md, .tex, .csv, .txt. "
    .. "With --json the runs themselves are printed.",
  arguments = { { name = "folder", text = "of `tenor table2` or `tenor search`" } },
  options = function()
    return {
      options.new("output", "the file to write", { short = "-o", metavar = "<file>" }),
      options.new("title", "of the page", { note = "default: the experiment's name" }),
    }
  end,
  run = function(args, ctx)
    local experiment, why = tenor.experiment.open((args.folder:gsub("(.)/+$", "%1")))
    if not experiment then return nil, why end
    if args.json and not args.output then
      local records, reason = experiment:records()
      if not records then return nil, reason end
      ctx.result(tenor.json.array(records))
      return ctx.status.done
    end
    local report, reason = experiment:report { title = args.title }
    if not report then return nil, reason end
    if args.output then
      local ok, problem = report:save(args.output)
      if not ok then return nil, problem end
      ctx.result({ output = args.output }, args.output)
    else
      ctx.print(report:text())
    end
    return ctx.status.done
  end,
}
