--- The figures of a report: each function gives an SVG, or nil and why there is none.
local numbers = require "tenor.report.numbers"
local plot = require "tenor.plot"
local records = require "tenor.report.records"

local figures = {}

local NONE = 0 / 0

local function without_baseline(name, baseline)
  local rest = name:sub(#baseline + 2)
  return name:sub(1, #baseline + 1) == baseline .. "+" and rest ~= "" and rest or name
end

--- Figure 2: relative improvement of a label over the baseline, a bar a system and task, with its deviation; the paper's as
-- diamonds where they are in this protocol.
-- @param t a table of report.tables
function figures.improvement(t, label)
  local names, rows, any, paper_any = {}, {}, { STL = false, MTL = false }, false
  for _, row in ipairs(t.rows) do
    local values = {}
    for c, column in ipairs(t.columns) do
      local cell = row.cells[c]
      if column.label == label and cell and cell.improvement and (column.task == "STL" or column.task == "MTL") then
        local base = t.measure == "ccc_batch32" and require "tenor.report.published".table2[t.baseline]
        base = base and base[column.task] and base[column.task][label]
        local paper = cell.paper and base
        values[column.task] = { cell.improvement.percent, cell.improvement.std or 0,
          paper and 100 * (cell.paper[1] / base[1] - 1) or NONE }
        any[column.task], paper_any = true, paper_any or paper
      end
    end
    if values.STL or values.MTL then
      names[#names + 1] = without_baseline(row.name, t.baseline)
      local s, m = values.STL or { NONE, NONE, NONE }, values.MTL or { NONE, NONE, NONE }
      rows[#rows + 1] = { #names, s[1], s[2], s[3], m[1], m[2], m[3] }
    end
  end
  if #rows == 0 then return nil, "no system to compare with the baseline" end
  local tics = {}
  for i, name in ipairs(names) do tics[i] = ("%s %d"):format(plot.quote((name:gsub("%%", "%%%%"))), i) end -- a format
  local parts = {}
  for k, task in ipairs { "STL", "MTL" } do
    local shift, from = k == 1 and -0.19 or 0.19, k == 1 and 2 or 5
    if any[task] then
      parts[#parts + 1] = ("$d using ($1 + %g):%d with boxes lc rgb '%s' title '%s'"):format(shift, from, plot.colors[k], task)
      parts[#parts + 1] = ("$d using ($1 + %g):($%d - $%d):(0):(2 * $%d) with vectors heads size graph 0.012,90 lw 1.2 "
        .. "lc rgb '%s' notitle"):format(shift, from, from + 1, from + 1, plot.ink)
    end
  end
  if paper_any then
    for k = 1, 2 do
      parts[#parts + 1] = ("$d using ($1 + %g):%d with points pt 12 ps 0.7 lw 1.5 lc rgb '%s' %s"):format(
        k == 1 and -0.19 or 0.19, k == 1 and 4 or 7, plot.ink, k == 1 and "title 'paper'" or "notitle")
    end
  end
  return plot.svg(plot.data("$d", rows) .. ([[
set style fill solid 1 noborder
set boxwidth 0.36
set xtics scale 0 (%s) %s
set xrange [0.4:%g]
set yrange [*<0:*]
set offsets 0, 0, graph 0.05, 0
set xzeroaxis lt 1 lc rgb '%s'
set grid noxtics ytics
set ylabel %s
set key below maxcols 3 Left reverse samplen 1.5
plot %s
]]):format(table.concat(tics, ", "), #names > 6 and "rotate by -35" or "", #names + 0.6, plot.ink,
    plot.quote(("improvement of %s over %s, %%"):format(label, t.baseline)), table.concat(parts, ", \\\n  ")),
    { background = "none", title = ("Relative improvement of %s over %s"):format(label, t.baseline),
      description = figures.improvement_text(t, label) })
end

--- What the bars show, in words.
function figures.improvement_text(t, label)
  local parts = {}
  for _, row in ipairs(t.rows) do
    for c, column in ipairs(t.columns) do
      local cell = row.cells[c]
      if column.label == label and cell and cell.improvement then
        parts[#parts + 1] = ("%s %s %s"):format(row.name, column.task, numbers.improvement(cell.improvement))
      end
    end
  end
  return table.concat(parts, "; ") .. "."
end

-- One number of each epoch over the runs of a group: mean and range while at least half of them still run.
local function curve(group, pick)
  local out, epoch = { x = {}, y = {}, low = {}, high = {} }, 0
  while true do
    epoch = epoch + 1
    local sum, low, high, count, running = 0, math.huge, -math.huge, 0, 0
    for _, r in ipairs(group.records) do
      local entry = type(r.history) == "table" and r.history[epoch]
      if type(entry) == "table" then
        running = running + 1
        local x = records.number(pick(entry, r))
        if x then sum, low, high, count = sum + x, math.min(low, x), math.max(high, x), count + 1 end
      end
    end
    if running == 0 or 2 * running < #group.records then break end
    out.x[epoch] = epoch
    out.y[epoch], out.low[epoch], out.high[epoch] = count > 0 and sum / count or NONE, count > 0 and low or NONE,
      count > 0 and high or NONE
  end
  return #out.x > 0 and out or nil
end

--- Learning curves of all systems of a task: "loss" on validation, or the validation CCC of a label.
-- @param groups of one task @string what "val_loss" or a label
function figures.learning(groups, what)
  local series, last = {}, 0
  for i, group in ipairs(groups) do
    local s = curve(group, function(entry, r)
      if what == "val_loss" then return entry.val_loss end
      for k, label in ipairs(r.labels) do
        if label == what then return type(entry.val_ccc) == "table" and entry.val_ccc[k] end
      end
    end)
    if s then
      s.label, s.color = group.name, plot.colors[(i - 1) % #plot.colors + 1]
      s.dash = i > #plot.colors and 2 or 1
      last = math.max(last, #s.x)
      series[#series + 1] = s
    end
  end
  if #series == 0 then return nil, "no history" end
  local ylabel = what == "val_loss" and "validation loss" or "validation CCC of " .. what
  return plot.lines { series = series, xlabel = "epoch", ylabel = ylabel, key = "below maxcols 3 height 1", background = "none",
    title = ("Learning curves, %s: %s"):format(groups[1].task, ylabel),
    description = ("%s by epoch, mean and range of the seeds, of %s"):format(ylabel, numbers.count(#series, "system")),
    commands = ("set xrange [1:%d]\n%s"):format(math.max(2, last), last < 9 and "set xtics 1\n" or "") }
end

--- Predicted against gold, with the line of perfect agreement and the axis that CCC compares it with:
-- through the means, its slope the ratio of the deviations.
-- @param p predictions of a run @param o `run`, `ccc` for the words
function figures.scatter(p, label, o)
  local gold, pred = p.gold[label], p.pred[label]
  local n, mx, my, xx, yy, xy = #gold, 0, 0, 0, 0, 0
  for i = 1, n do mx, my = mx + gold[i] / n, my + pred[i] / n end
  for i = 1, n do
    xx, yy, xy = xx + (gold[i] - mx) ^ 2, yy + (pred[i] - my) ^ 2, xy + (gold[i] - mx) * (pred[i] - my)
  end
  local slope = xx > 0 and (xy < 0 and -1 or 1) * math.sqrt(yy / xx) or 0
  local low, high = math.huge, -math.huge
  local stride, rows = math.max(1, math.ceil(n / 1500)), {}
  for i = 1, n do
    low, high = math.min(low, gold[i], pred[i]), math.max(high, gold[i], pred[i])
    if (i - 1) % stride == 0 then rows[#rows + 1] = { gold[i], pred[i] } end
  end
  local svg, why = plot.svg(plot.data("$d", rows) .. ([[
set xlabel %s
set ylabel %s
set size ratio -1
set xrange [%g:%g]
set yrange [%g:%g]
set key below maxcols 2 Left reverse samplen 1.5
plot $d using 1:2 with points pt 7 ps 0.35 lc rgb '#700072b2' notitle, \
  x with lines lw 1.6 lc rgb '%s' title 'perfect agreement', \
  %.8g + %.8g * (x - %.8g) with lines lw 1.6 dt 2 lc rgb '%s' title 'axis of the cloud'
]]):format(plot.quote("gold " .. label), plot.quote("predicted " .. label), low, high, low, high, plot.ink, my, slope, mx,
    plot.colors[2]),
    { background = "none", height = 440, title = ("Predicted against gold %s"):format(label),
      description = ("%d test utterances of run %s; CCC %s"):format(n, o.run, o.ccc) })
  return svg, why, stride
end

-- perceptually even, dark to light (after viridis)
local palette = "0 '#440154', 1 '#3b528b', 2 '#21918c', 3 '#5ec962', 4 '#fde725'"

--- Scores over the weights of the loss; the best point framed.
-- @param points list of { alpha, beta, value } @param o `label` of the scale, `title`
function figures.simplex(points, o)
  local dark, light, best, low, high = {}, {}, nil, math.huge, -math.huge
  for _, p in ipairs(points) do
    low, high = math.min(low, p[3]), math.max(high, p[3])
    if not best or p[3] > best[3] then best = p end
  end
  if not best then return nil, "no point has a score" end
  for _, p in ipairs(points) do
    table.insert(p[3] - low < 0.55 * (high - low) and dark or light, p)
  end
  -- the size of a cell is the smallest step between two points
  local step = math.huge
  for axis = 1, 2 do
    local list = {}
    for i, p in ipairs(points) do list[i] = p[axis] end
    table.sort(list)
    for i = 2, #list do
      if list[i] - list[i - 1] > 1e-6 then step = math.min(step, list[i] - list[i - 1]) end
    end
  end
  if step == math.huge then step = 0.1 end
  local places = step < 0.09 and 0 or 2
  local function labels(name, color)
    return ("%s using 1:2:(sprintf('%%.%df', $3)[($3 < 0 ? 1 : 2):*]) with labels font ',8' tc rgb '%s' notitle"):format(name,
      places, color)
  end
  local parts = { "$all using 1:2:(w):(w):3 with boxxyerror fc palette notitle" }
  if places > 0 and #dark > 0 then parts[#parts + 1] = labels("$dark", "#ffffff") end
  if places > 0 and #light > 0 then parts[#parts + 1] = labels("$light", "#000000") end
  parts[#parts + 1] = "$best using 1:2 with lines lc rgb '#e8000b' lw 2.5 title 'best'"
  local frame, w = {}, step / 2
  for i, corner in ipairs { { -w, -w }, { w, -w }, { w, w }, { -w, w }, { -w, -w } } do
    frame[i] = { best[1] + corner[1], best[2] + corner[2] }
  end
  return plot.svg(plot.data("$all", points) .. plot.data("$dark", #dark > 0 and dark or { best })
    .. plot.data("$light", #light > 0 and light or { best }) .. plot.data("$best", frame) .. ([[
w = %.6g
set style fill solid 1 noborder
set palette defined (%s)
set cbrange [%.6g:%.6g]
set cblabel %s offset -1, 0
set colorbox
set cbtics scale 0.5
set xlabel 'α, weight of valence'
set ylabel 'β, weight of arousal'
set xrange [%.6g:%.6g]
set yrange [%.6g:%.6g]
set xtics 0.2 out
set ytics 0.2 out
set size ratio -1
set key at graph 1, 1.01 bottom right samplen 1
unset grid
plot %s
]]):format(w, palette, low, high > low and high or low + 1e-6, plot.quote(o.label), -0.5 * step, 1 + 0.5 * step, -0.5 * step,
    1 + 0.5 * step, table.concat(parts, ", \\\n  ")), { background = "none", height = 400, title = o.title,
      description = ("Best at alpha %.4g, beta %.4g: %.3f"):format(best[1], best[2], best[3]) })
end

return figures
