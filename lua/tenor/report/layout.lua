--- Table II line by line, as all renderers print it, and the sentences below it.
local numbers = require "tenor.report.numbers"
local records = require "tenor.report.records"

local layout = {}

--- What a measure is.
layout.measures = {
  ccc = "CCC of the whole test set",
  ccc_batch32 = "mean CCC of consecutive batches of 32, the paper's protocol",
}

--- "protocol clean, split session:5"
function layout.where(section)
  local parts = {}
  if section.protocol ~= "" then parts[#parts + 1] = "protocol " .. section.protocol end
  if section.split ~= "" then parts[#parts + 1] = "split " .. section.split end
  return #parts > 0 and table.concat(parts, ", ") or "protocol not named"
end

function layout.title(t) return ("%s: %s; %s"):format(t.measure, layout.measures[t.measure], layout.where(t.section)) end

--- The lines of a table: `{ kind = "score" | "improvement" | "paper", head =, cells = { { text =, mark =, cell = } } }`.
-- Figures of the paper stand beside the protocol that they are in.
function layout.lines(t)
  local lines = {}
  for _, row in ipairs(t.rows) do
    local score = { kind = "score", head = row.name, cells = {}, row = row }
    local over = { kind = "improvement", head = "over " .. (t.baseline or ""), cells = {}, row = row }
    local paper = { kind = "paper", head = "paper", cells = {}, row = row }
    local compared, printed = false, false
    for c in ipairs(t.columns) do
      local cell = row.cells[c]
      score.cells[c] = { text = numbers.score(cell and cell.summary, cell and cell.size), mark = cell and cell.mark, cell = cell }
      over.cells[c] = { text = numbers.improvement(cell and cell.improvement), cell = cell }
      paper.cells[c] = { text = numbers.published(cell and cell.paper), cell = cell }
      compared = compared or (cell and cell.improvement) ~= nil
      printed = printed or (cell and cell.paper) ~= nil
    end
    lines[#lines + 1] = score
    if compared then lines[#lines + 1] = over end
    if printed and t.measure == "ccc_batch32" then lines[#lines + 1] = paper end
  end
  return lines
end

-- Calls f(row, column, cell) for each cell of a table.
local function each(t, f)
  for _, row in ipairs(t.rows) do
    for c, column in ipairs(t.columns) do
      if row.cells[c] then f(row, column, row.cells[c]) end
    end
  end
end

local function seeds_note(t)
  local lists, same, parts = {}, true, {}
  each(t, function(row, column, cell)
    local name = ("%s %s"):format(row.name, column.task)
    if not lists[name] then
      lists[name] = numbers.ranges(records.seeds(cell.group))
      parts[#parts + 1] = { name, lists[name], #cell.group.records }
      same = same and lists[name] == parts[1][2]
    end
  end)
  if #parts == 0 then return "No runs." end
  if same then
    local n = parts[1][3]
    if n == 1 then return ("One run each, seed %s: no deviation is known."):format(parts[1][2]) end
    return ("Mean ± standard deviation of %d runs each, seeds %s."):format(n, parts[1][2])
  end
  local texts = {}
  for i, part in ipairs(parts) do texts[i] = ("%s %s"):format(part[1], part[2]) end
  return ("Mean ± standard deviation over seeds: %s."):format(table.concat(texts, "; "))
end

local function size_note(t)
  local least, most
  each(t, function(_, _, cell)
    if cell.size then least, most = math.min(least or cell.size, cell.size), math.max(most or cell.size, cell.size) end
  end)
  if not least then return nil end
  return least == most and ("n = %d test utterances."):format(least)
    or ("n = %d to %d test utterances."):format(least, most)
end

local function tests_note(t)
  if not t.baseline then return nil end
  if t.tests == 0 then return ("No test of the differences from %s: at least two common seeds are needed."):format(t.baseline) end
  local fewest, most, unequal
  each(t, function(_, _, cell)
    if cell.test then
      fewest, most = math.min(fewest or cell.test.pairs, cell.test.pairs), math.max(most or 0, cell.test.pairs)
      unequal = unequal or cell.test.pairs < #cell.values
    end
  end)
  local pairs_text = fewest == most and ("%d"):format(fewest) or ("%d to %d"):format(fewest, most)
  local text = ("* p < 0.05, ** p < 0.01, *** p < 0.001: differs from %s; Wilcoxon's signed-rank test over %s common seeds%s, "
    .. "two-sided, Holm's correction for %s."):format(t.baseline, pairs_text,
    unequal and " (others have no partner and do not count)" or "", numbers.count(t.tests, "comparison"))
  if t.least * t.tests >= 0.05 then
    text = text .. (" With so few seeds no mark is possible: the least p, were all differences of one sign, is %s before "
      .. "the correction."):format(numbers.p(t.least))
  end
  return text
end

--- The sentences below a table: what n, seeds and protocol are, how marks and improvements come about, what is left out.
function layout.notes(t, o)
  local notes = { seeds_note(t) }
  local function note(format, ...) notes[#notes + 1] = format and format:format(...) end
  notes[#notes + 1] = size_note(t)
  notes[#notes + 1] = tests_note(t)
  local improved, refused = false, {}
  each(t, function(_, column, cell)
    improved = improved or cell.improvement ~= nil
    if cell.why_no_improvement then refused[column.head] = cell.why_no_improvement end
  end)
  if improved then note("Over %s: 100 (s/b - 1) of the means in per cent, ± the deviation carried over from both.", t.baseline) end
  for _, column in ipairs(t.columns) do
    if refused[column.head] then note("%s: no improvement is given, %s.", column.head, refused[column.head]) end
  end
  each(t, function(row, column, cell)
    if cell.undefined > 0 then
      note("%s, %s: CCC is undefined in %d of %d runs, which are left out.", row.name, column.head, cell.undefined,
        #cell.group.records)
    end
  end)
  for _, search in ipairs(t.section.searches) do
    local many = numbers.count(#search.points, "point")
    if not search.best then
      note("%s, %s: none of %s of the search could be chosen, they have no %s scores.", search.name, search.task, many, o.choose)
    else
      note("%s, %s: α %.4g, β %.4g, chosen %s among %s.", search.name, search.task, search.best.alpha or 0 / 0,
        search.best.beta or 0 / 0, o.choose == "test" and "on the test set itself (so its score is too good)" or "on validation",
        many)
    end
  end
  if #t.section.missing > 0 then note("No runs of %s.", table.concat(t.section.missing, ", ")) end
  local printed = false
  each(t, function(_, _, cell) printed = printed or cell.paper ~= nil end)
  if printed and t.measure == "ccc_batch32" then
    note "Paper: Atmaja and Akagi 2020, Table II, session 5 of IEMOCAP, 20 runs."
  elseif printed then
    note "The paper's figures are in the other protocol, ccc_batch32, and stand there."
  end
  return notes
end

return layout
