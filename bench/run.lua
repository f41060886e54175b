--- The measurements that the documentation quotes: `make bench`, or
--
--     lua5.4 bench/run.lua [CASE...] [--runs N] [--threads N] [--padded N] [--markdown]
--
-- Prints a header and one line a case, `name  tenor  peer  ratio`, medians with
-- minimum and maximum; writes everything to bench/results.json. A CASE is a name
-- or its beginning: `step` is all of step.paper, step.masked, step.kernel.
local root = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/?.lua;" .. package.path

local parser = require "argparse"("bench/run.lua", "Measure tenor against its peers.")
parser:argument("case", "names, or beginnings of names"):args "*"
parser:option("--runs", "runs of each side"):convert(math.tointeger):default(5)
parser:option("--threads", "2, or the cores available"):convert(math.tointeger)
parser:option("--padded", "runs of PyTorch's padded step, about half a minute each"):convert(math.tointeger):default(1)
parser:option("--output", "where the JSON goes"):default(root .. "/bench/results.json")
parser:flag("--markdown", "print the table as Markdown")
parser:flag("--list", "print the names of the cases and end")
local args = parser:parse()

local tenor = require "tenor"
local engine = require "bench.support.engine"
local machine = require "bench.support.machine"
local report = require "bench.support.report"
local results = require "bench.support.results"
local stats = require "bench.support.stats"

local o = {
  runs = args.runs, threads = args.threads or math.min(2, tenor.threads()), padded = args.padded, sgemm_size = 2048,
  settle = "0.1", lua = results.interpreter(arg), log = function(text) io.stderr:write("  ", text, "\n") end,
}
tenor.threads(o.threads)

local function chosen(name)
  if #args.case == 0 then return true end
  for _, prefix in ipairs(args.case) do
    if name == prefix or name:sub(1, #prefix + 1) == prefix .. "." then return true end
  end
  return false
end

local cases = {}
for _, name in ipairs { "step", "lstm", "acoustic", "extract", "predict", "vectors", "denormals" } do
  cases[#cases + 1] = require("bench.cases." .. name)(o)
end
if args.list then
  for _, case in ipairs(cases) do
    for _, row in ipairs(case.rows) do print(row.name) end
  end
  return
end

-- The rate of sgemm, once at the beginning and once at the end.
local sgemm = { size = o.sgemm_size, one = {}, all = {} }
local function sample_sgemm()
  for name, threads in pairs { one = 1, all = o.threads } do
    local runner = engine.sgemm(o, threads)
    if not runner then return end
    sgemm.core = runner.about
    runner.run()
    for _ = 1, 3 do table.insert(sgemm[name], 2 * o.sgemm_size ^ 3 / runner.run() / 1e9) end
    runner.stop()
  end
end

local load = machine.load()
sample_sgemm()
local rows = {}
for _, case in ipairs(cases) do
  for _, row in ipairs(engine.measure(case, o, chosen)) do
    rows[#rows + 1] = row
    o.log(("%-20s %s"):format(row.name, report.measured(row.tenor, row.unit)))
  end
end
sample_sgemm()

local info = {
  machine = machine.describe(), core = sgemm.core, threads = o.threads, runs = o.runs, load = load, padded_runs = o.padded,
  sgemm = { size = sgemm.size, one = stats.of(sgemm.one), all = stats.of(sgemm.all) },
}
print(report.header(info))
print()
print(args.markdown and report.markdown(rows) or report.text(rows))
results.write(args.output, info, rows)
