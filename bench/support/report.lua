--- The lines of a run: `name  tenor  peer  ratio`, as text, as Markdown, as JSON.
local report = {}

local function number(x)
  local size = math.abs(x)
  if size >= 100 then return ("%.0f"):format(x) end
  if size >= 10 then return ("%.1f"):format(x) end
  return ("%.2f"):format(x)
end
report.number = number

local scales = { s = { { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "µs" } } }

-- The factor and name of the unit in which a value reads well.
local function scale(unit, value)
  for _, step in ipairs(scales[unit] or {}) do
    if value >= step[1] then return step[1], step[2] end
  end
  return 1, unit
end

--- "231 ms (228–240)", or why there is none.
function report.measured(side, unit)
  if side.absent then return side.absent end
  local factor, name = scale(unit, side.median)
  local text = ("%s %s"):format(number(side.median / factor), name)
  if #side.samples == 1 then return text .. " (one run)" end
  return ("%s (%s–%s)"):format(text, number(side.min / factor), number(side.max / factor))
end

--- What the line must reach: "≥ 1.5", "< 4 ms", "≥ 250 MB/s", or nothing.
function report.required(row)
  local parts = {}
  if row.below then
    local factor, name = scale(row.unit, row.below)
    parts[1] = ("< %s %s"):format(number(row.below / factor):gsub("%.0+$", ""), name)
  end
  if row.above then parts[#parts + 1] = ("≥ %g %s"):format(row.above, row.unit) end
  if row.least then parts[#parts + 1] = ("≥ %g"):format(row.least) end
  return table.concat(parts, ", ")
end

--- "yes", "no", or "" where nothing is required or can be said.
function report.met(row)
  local own = row.below or row.above
  if row.tenor.absent or not (row.least or own) then return "" end
  if row.least and not row.ratio and not own then return "" end
  local good = (not row.least or not row.ratio or row.ratio >= row.least)
    and (not row.below or row.tenor.median < row.below)
    and (not row.above or row.tenor.median >= row.above)
  return good and "yes" or "no"
end

local function cells(row)
  return {
    row.name, report.measured(row.tenor, row.unit), row.peer_name .. " " .. report.measured(row.peer, row.unit),
    row.ratio and number(row.ratio) or "", report.required(row), report.met(row),
  }
end

local heads = { "name", "tenor", "peer", "ratio", "required", "met" }

local function width(text) return utf8.len(text) or #text end

--- Lines under common columns.
function report.text(rows)
  local lines, widest = { heads }, {}
  for _, row in ipairs(rows) do lines[#lines + 1] = cells(row) end
  for _, line in ipairs(lines) do
    for i, cell in ipairs(line) do widest[i] = math.max(widest[i] or 0, width(cell)) end
  end
  for n, line in ipairs(lines) do
    local parts = {}
    for i, cell in ipairs(line) do parts[i] = cell .. (" "):rep(widest[i] - width(cell)) end
    lines[n] = table.concat(parts, "  "):gsub("%s+$", "")
  end
  return table.concat(lines, "\n")
end

function report.markdown(rows)
  local lines = { "| " .. table.concat(heads, " | ") .. " |", "|---|---|---|---:|---|---|" }
  for _, row in ipairs(rows) do
    local line = cells(row)
    line[1] = "`" .. line[1] .. "`"
    lines[#lines + 1] = "| " .. table.concat(line, " | ") .. " |"
  end
  return table.concat(lines, "\n")
end

local function rate(side) return side and number(side.median) or "?" end

--- The header: machine, threads and the rate of sgemm in the same run.
function report.header(info)
  local m = info.machine
  local size, threads = info.sgemm.size, info.threads
  -- Two threads that wait for each other lose far more than the share that a third process takes.
  local busy = info.load and info.load > 0.5
    and ("load %.1f before the run: the machine was busy, and these figures do not count"):format(info.load) or nil
  return table.concat({
    ("%s, %d cores, %s; OpenBLAS kernels %s; %s; tenor %s (%s), %s"):format(m.processor, m.cores, m.vectors,
      info.core or m.kernels, m.scalar, m.tenor, m.commit or "no commit", m.date),
    ("sgemm %d×%d: %s GFLOP/s on 1 thread, %s on %d; tenor on %d threads; median (min–max) of %d runs"):format(size, size,
      rate(info.sgemm.one), rate(info.sgemm.all), threads, threads, info.runs),
    busy,
  }, "\n")
end

return report
