--- What the runs say: Table II and the searches, as plain tables that the renderers print.
local published = require "tenor.report.published"
local records = require "tenor.report.records"
local statistics = require "tenor.statistics"

local tables = {}

-- V, A, D first, then others in the order of their first appearance.
local known = { "valence", "arousal", "dominance" }
local letters = { valence = "V", arousal = "A", dominance = "D", mean = "mean" }

-- The tasks of a section: STL, MTL, then others as they come.
local function tasks_of(section)
  local list, seen = {}, {}
  for _, group in ipairs(section.groups) do seen[group.task] = true end
  for _, task in ipairs { "STL", "MTL" } do
    if seen[task] then list[#list + 1] = task end
    seen[task] = nil
  end
  for _, group in ipairs(section.groups) do
    if seen[group.task] then list[#list + 1] = group.task end
    seen[group.task] = nil
  end
  return list
end

local function columns_of(section)
  local columns = {}
  for _, task in ipairs(tasks_of(section)) do
    local present, order, several = {}, {}, false
    for _, group in ipairs(section.groups) do
      for _, r in ipairs(group.task == task and group.records or {}) do
        several = several or #r.labels > 1
        for _, label in ipairs(r.labels) do
          if not present[label] then order[#order + 1] = label end
          present[label] = true
        end
      end
    end
    local sorted = {}
    for _, label in ipairs(known) do
      if present[label] then sorted[#sorted + 1] = label end
    end
    for _, label in ipairs(order) do
      if not letters[label] then sorted[#sorted + 1] = label end
    end
    if several then sorted[#sorted + 1] = "mean" end
    for _, label in ipairs(sorted) do
      columns[#columns + 1] = { task = task, label = label, head = ("%s %s"):format(task, letters[label] or label) }
    end
  end
  return columns
end

-- The mean over seeds of a score of a point of a search; nil where a run has none.
local function point_score(group, part, measure, label)
  local sum = 0
  for _, r in ipairs(group.records) do
    local x = records.score(r, part, measure, label)
    if not x then return nil end
    sum = sum + x
  end
  return sum / #group.records
end

-- Groups of one name and task with several weights are a search: its best point is chosen.
local function searches_of(section, choose)
  local searches, by_name = {}, {}
  for _, group in ipairs(section.groups) do
    local name = group.name .. "\0" .. group.task
    local search = by_name[name]
    if not search then
      search = { name = group.name, task = group.task, points = {}, section = section }
      by_name[name] = search
      searches[#searches + 1] = search
    end
    table.insert(search.points, { group = group, alpha = group.alpha, beta = group.beta,
      value = point_score(group, choose, "ccc", "mean") })
  end
  local real, chosen = {}, {}
  for _, search in ipairs(searches) do
    for _, point in ipairs(search.points) do
      if point.value and (not search.best or point.value > search.best.value) then search.best = point end
    end
    if #search.points > 1 then
      real[#real + 1] = search
      chosen[#chosen + 1] = search.best and search.best.group
    else
      chosen[#chosen + 1] = search.points[1].group
    end
  end
  return real, chosen
end

local function cell_of(group, measure, column)
  local cell = { group = group, keys = {}, seeds = {}, values = {}, by_seed = {}, undefined = 0 }
  for _, r in ipairs(group.records) do
    local x = records.score(r, "test", measure, column.label)
    if x then
      local at = #cell.values + 1
      cell.values[at], cell.keys[at], cell.seeds[at] = x, r.key, r.seed
      cell.by_seed[r.seed] = x
      cell.size = math.min(cell.size or math.huge, records.number(r.test.n) or math.huge)
    else
      cell.undefined = cell.undefined + 1
    end
  end
  if cell.size == math.huge then cell.size = nil end
  if #cell.values > 0 then cell.summary = statistics.summary(cell.values) end
  return cell
end

-- How a cell compares with the baseline's: improvement, and the test over their common seeds.
local function compare(cell, base)
  if not (cell.summary and base and base.summary) then return end
  cell.improvement, cell.why_no_improvement = statistics.improvement(cell.values, base.values)
  local a, b, seeds = {}, {}, {}
  for _, seed in ipairs(cell.seeds) do
    if base.by_seed[seed] then
      a[#a + 1], b[#b + 1], seeds[#seeds + 1] = cell.by_seed[seed], base.by_seed[seed], seed
    end
  end
  cell.common = seeds
  if #seeds >= 2 then cell.test = statistics.wilcoxon(a, b) end
end

local function table_of(section, chosen, measure, baseline)
  local t = { measure = measure, section = section, columns = section.columns, rows = {}, tests = 0 }
  local by_name = {}
  for _, group in ipairs(chosen) do
    local row = by_name[group.name]
    if not row then
      row = { name = group.name, cells = {}, paper = published.table2[group.name] }
      by_name[group.name] = row
      t.rows[#t.rows + 1] = row
    end
    for c, column in ipairs(t.columns) do
      if column.task == group.task then row.cells[c] = cell_of(group, measure, column) end
    end
  end
  local base, ps, cells = by_name[baseline], {}, {}
  for _, row in ipairs(t.rows) do
    for c in ipairs(t.columns) do
      local cell = row.cells[c]
      if cell then
        local figures = row.paper and row.paper[t.columns[c].task]
        cell.paper = figures and figures[t.columns[c].label]
        if base and row ~= base then compare(cell, base.cells[c]) end
        if cell.test then ps[#ps + 1], cells[#cells + 1] = cell.test.p, cell end
      end
    end
  end
  t.tests, t.least = #ps, nil
  for i, p in ipairs(statistics.holm(ps)) do
    cells[i].p = p
    cells[i].mark = statistics.stars(p)
    t.least = math.min(t.least or 1, cells[i].test.least_p)
  end
  t.baseline = base and baseline or nil
  return t
end

-- The points of searches that were not chosen, for those who want them all: { name =, column =, cell = }
local function others_of(section, measure)
  local chosen, list = {}, {}
  for _, group in ipairs(section.chosen) do chosen[group] = true end
  for _, group in ipairs(section.groups) do
    for _, column in ipairs(chosen[group] and {} or section.columns) do
      if column.task == group.task then
        list[#list + 1] = { name = group.name, column = column, cell = cell_of(group, measure, column) }
      end
    end
  end
  return list
end

--- Everything that can be said without the predictions: fills each section with `columns`, `tables` (one a measure),
-- `searches`, `chosen` (the groups of the table), `missing` (rows of the paper without runs).
function tables.fill(sections, o)
  for _, section in ipairs(sections) do
    section.columns = columns_of(section)
    section.searches, section.chosen = searches_of(section, o.choose)
    section.tables = {}
    for i, measure in ipairs(records.measures) do
      section.tables[i] = table_of(section, section.chosen, measure, o.baseline)
      section.tables[i].others = others_of(section, measure)
    end
    local present, any = {}, false
    for _, group in ipairs(section.groups) do
      present[group.name] = true
      any = any or published.table2[group.name] ~= nil
    end
    section.missing = {}
    for _, name in ipairs(any and published.names or {}) do
      if not present[name] then table.insert(section.missing, name) end
    end
  end
  return sections
end

return tables
