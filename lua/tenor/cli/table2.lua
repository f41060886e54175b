--- tenor table2: the paper's Table II on a corpus, many seeds of each system.
local experiments = require "tenor.cli.experiments"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local by_paper = "default: the paper's for the network"

return {
  summary = "Run the systems of the paper's Table II",
  about = "The voice alone (HSF) and with words, learning valence alone (STL) or all labels (MTL), as many seeds as asked "
    .. "for; a row of word vectors is there when they are given. What is done is kept in the results folder: stop it when "
    .. "you like, the same command goes on from there.",
  options = function()
    local d = assert(lib.of(tenor.experiment.new))
    return experiments.options {
      options.of(d, "seeds", "runs of each system; or several numbers, the seeds themselves", { args = "+" }),
      options.of(d, "tasks", "STL, MTL", { args = "+" }),
      options.of(d, "protocol", "paper: as published; clean: nothing leaks from the test part; both",
        { choices = { "paper", "clean", "both" } }),
      options.new("alpha", "weight of valence in the loss, with --beta", { kind = "number", note = by_paper }),
      options.new("beta", "weight of arousal in the loss, with --alpha", { kind = "number", note = by_paper }),
      options.of(d, "systems", "other systems than Table II's, as { { name = \"mine\", network = \"text\" } }",
        { kind = "table" }),
    }
  end,
  run = function(args, ctx)
    local given, why = experiments.given(args, ctx)
    if not given then return nil, why end
    given.name, given.tasks, given.systems = given.name or "Table II", args.tasks, args.systems
    if args.alpha or args.beta then
      if not (args.alpha and args.beta) then ctx.misuse "--alpha and --beta go together" end
      given.weights = { alpha = args.alpha, beta = args.beta }
    end
    given.protocol = args.protocol == "both" and { "paper", "clean" } or args.protocol
    local experiment = tenor.experiment.new(given)
    local ok
    ok, why = experiment:prepare { progress = args.progress }
    if not ok then return nil, why end
    ctx.note(experiment)
    local notes = experiment:notes()
    if notes and notes ~= "" then ctx.note(notes) end
    local summary, problem = experiments.run(experiment, args, ctx)
    if not summary then return nil, problem end
    if #summary.failed == summary.total then return nil, "no run succeeded" end
    if args.json then
      ctx.result { results = experiment.folder, runs = tenor.json.array(assert(experiment:records())),
        failed = experiments.failed(summary) }
    else
      local report, reason = experiment:report()
      if not report then return nil, reason end
      ctx.print(report:text())
    end
    return #summary.failed > 0 and ctx.status.partly or ctx.status.done
  end,
}
