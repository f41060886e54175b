--- How the cost of a training step grows, one quantity at a time, the others as in
-- step.paper:
--
--     lua5.4 bench/growth.lua [TABLE...] [--runs N] [--threads N] [--folder docs/performance]
--
-- Prints Markdown tables and, where gnuplot is installed, writes a plot of each as
-- SVG into the folder. The rows of a table are measured in turn, round by round,
-- so that a slow moment of the machine falls on all of them.
local root = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/?.lua;" .. package.path

local parser = require "argparse"("bench/growth.lua", "How a training step's cost grows.")
parser:argument("table", "words, padding, batch, vocabulary, threads; all by default"):args "*"
parser:option("--runs", "rounds"):convert(math.tointeger):default(5)
parser:option("--threads", "2, or the cores available"):convert(math.tointeger)
parser:option("--folder", "where the plots go"):default(root .. "/docs/performance")
local args = parser:parse()

local tenor = require "tenor"
local machine = require "bench.support.machine"
local plot = require "tenor.plot"
local stats = require "bench.support.stats"
local work = require "bench.support.work"

local threads = args.threads or math.min(2, tenor.threads())

local tables = {
  { name = "words", title = "words a sentence, on average", values = { 3, 5, 11, 22, 44, 88 },
    batch = function(v) return { words = v } end },
  { name = "padding", title = "steps of the padded sequence", values = { 20, 50, 100, 200, 554, 1000 },
    batch = function(v) return { length = v } end },
  { name = "batch", title = "utterances a batch", values = { 16, 32, 64, 128, 256, 512 },
    batch = function(v) return { batch = v } end },
  { name = "vocabulary", title = "rows of the embedding", values = { 1000, 3438, 10000, 30000, 100000 }, log = true,
    batch = function(v) return { vocabulary = v } end },
  { name = "threads", title = "threads", values = {}, batch = function() return {} end, threads = true },
}
for n = 1, math.max(2, threads) do
  if n == 1 or n == threads then table.insert(tables[5].values, n) end
end

local function measure(t)
  local rows = {}
  for i, value in ipairs(t.values) do
    local batch = work.batch(t.batch(value))
    rows[i] = { value = value, words = batch.words, pre = {}, none = {}, steps = {} }
    for _, padding in ipairs { "pre", "none" } do
      rows[i].steps[padding] = work.step(work.fusion(batch, padding), batch)
    end
  end
  for round = 0, args.runs do
    for _, row in ipairs(rows) do
      tenor.threads(t.threads and row.value or threads)
      for padding, step in pairs(row.steps) do
        local begun = machine.clock()
        step()
        if round > 0 then row[padding][round] = 1e3 * (machine.clock() - begun) end
      end
    end
  end
  tenor.threads(threads)
  return rows
end

local function ms(samples)
  return ("%.1f (%.1f–%.1f)"):format(stats.median(samples), math.min(table.unpack(samples)), math.max(table.unpack(samples)))
end

local function print_table(t, rows, plotted)
  print(("| %s | real words in the batch | step, padded as the paper: ms | step, padding masked: ms |"):format(t.title))
  print "|---:|---:|---:|---:|"
  for _, row in ipairs(rows) do
    print(("| %d | %d | %s | %s |"):format(row.value, row.words, ms(row.pre), ms(row.none)))
  end
  if plotted then print(("\n![%s](performance/%s.svg)"):format(t.title, t.name)) end
  print()
end

local function draw(t, rows)
  local x, pre, none = {}, {}, {}
  for i, row in ipairs(rows) do x[i], pre[i], none[i] = row.value, stats.median(row.pre), stats.median(row.none) end
  os.execute(("mkdir -p '%s'"):format(args.folder))
  local svg = assert(plot.lines {
    series = {
      { x = x, y = pre, label = "padded as the paper", style = "linespoints" },
      { x = x, y = none, label = "padding masked", style = "linespoints" },
    },
    xlabel = t.title, ylabel = "ms a step", ylow = 0, xlog = t.log, width = 560, height = 320,
    title = "Cost of a training step by " .. t.title,
    commands = t.log and "" or "set offsets graph 0.03, graph 0.03, 0, 0\n" .. (t.threads and "set xtics 1\n" or ""),
  })
  assert(plot.save(("%s/%s.svg"):format(args.folder, t.name), svg))
end

local wanted
for _, name in ipairs(args.table) do
  wanted = wanted or {}
  wanted[name] = true
end
local can_plot = os.execute "command -v gnuplot >/dev/null 2>&1"
for _, t in ipairs(tables) do
  if not wanted or wanted[t.name] then
    local rows = measure(t)
    print_table(t, rows, can_plot)
    if can_plot then draw(t, rows) end
    collectgarbage()
  end
end
