--- tenor search: the weights of the loss.
local experiments = require "tenor.cli.experiments"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

return {
  summary = "Search the weights of the loss",
  about = "How much valence (alpha), arousal (beta) and dominance (the rest) count in multi-task learning, chosen on "
    .. "validation. --choose test is how it was published: the test part has then taken part in the choice. "
    .. "tenor report FOLDER -o page.html draws the map.",
  options = function()
    local d = assert(lib.of(tenor.experiment.search))
    return experiments.options {
      options.of(d, "kind", "linear: alpha, then beta, as the paper; simplex: all points", { choices = { "linear", "simplex" } }),
      -- no other: a module of that name would be run, and a configuration is data
      options.of(d, "network", "fusion, text or acoustic", { choices = { "fusion", "text", "acoustic" } }),
      options.of(d, "step", "from one point to the next"),
      options.of(d, "start", "beta at which alpha is searched", { kind = "number", note = "default: the paper's" }),
      options.of(d, "seeds", "runs of each point; or several numbers, the seeds themselves", { args = "+" }),
      options.of(d, "choose", "validation, or test: as published", { choices = { "validation", "test" } }),
      options.of(d, "measure", "ccc, or ccc_batch32, the paper's", { choices = { "ccc", "ccc_batch32" } }),
      options.new("protocol", "paper: as published; clean: nothing leaks from the test part", { default = "paper",
        choices = { "paper", "clean" } }),
    }
  end,
  run = function(args, ctx)
    local given, why = experiments.given(args, ctx)
    if not given then return nil, why end
    for name, value in pairs(options.take(args, { "kind", "network", "step", "start", "choose", "measure", "protocol" })) do
      given[name] = value
    end
    local search = tenor.experiment.search(given)
    local result, problem = experiments.run(search, args, ctx)
    if not result then return nil, problem end
    local points = {}
    for i, p in ipairs(result.points) do
      points[i] = { alpha = p.alpha, beta = p.beta, gamma = p.gamma, validation = p.validation, test = p.test, n = p.n }
    end
    local best = result.best
    ctx.result({
      best = { alpha = best.alpha, beta = best.beta, gamma = best.gamma, validation = best.validation, test = best.test },
      points = tenor.json.array(points), warning = result.warning, failed = experiments.failed(result) },
      ("%s\nalpha = %g, beta = %g, and %g for dominance"):format(result, best.alpha, best.beta, best.gamma))
    return #result.failed > 0 and ctx.status.partly or ctx.status.done
  end,
}
