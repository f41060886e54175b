--- A report as text, as Markdown, as LaTeX (booktabs) and as CSV.
local csv = require "tenor.csv"
local harmless = require "tenor.harmless"
local layout = require "tenor.report.layout"

local plain = {}

local function width(text) return utf8.len(text) or #text end

local function padded(text, n) return text .. (" "):rep(n - width(text)) end

local function each_table(report, f)
  local parts = {}
  for _, section in ipairs(report.sections) do
    for _, t in ipairs(section.tables) do parts[#parts + 1] = f(t) end
  end
  return parts
end

local function text_cell(c) return c.text .. (c.mark or "") end

-- Words in lines of at most `most` characters.
local function wrapped(text, most)
  local lines, line = {}, ""
  for word in text:gmatch "%S+" do
    if line ~= "" and width(line) + 1 + width(word) > most then
      lines[#lines + 1], line = line, word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

function plain.text(report)
  local parts = each_table(report, function(t)
    local rows, widest = { { "Features" } }, {}
    for c, column in ipairs(t.columns) do rows[1][c + 1] = column.head end
    for _, line in ipairs(layout.lines(t)) do
      local row = { (line.kind == "score" and "" or "  ") .. line.head }
      for c, cell in ipairs(line.cells) do row[c + 1] = text_cell(cell) end
      rows[#rows + 1] = row
    end
    for _, row in ipairs(rows) do
      for c, text in ipairs(row) do widest[c] = math.max(widest[c] or 0, width(text)) end
    end
    local lines = { wrapped(layout.title(t), 100) }
    for _, row in ipairs(rows) do
      local cells = {}
      for c, text in ipairs(row) do cells[c] = padded(text, widest[c]) end
      lines[#lines + 1] = table.concat(cells, "  "):gsub("%s+$", "")
    end
    for _, note in ipairs(layout.notes(t, report.options)) do lines[#lines + 1] = wrapped(note, 100) end
    return table.concat(lines, "\n")
  end)
  return report.title .. "\n\n" .. table.concat(parts, "\n\n") .. "\n"
end

local function markdown_escape(text) return (harmless(text, " "):gsub("[\\`*_|<>%[%]#~]", "\\%0")) end

function plain.markdown(report)
  local parts = each_table(report, function(t)
    local heads, bars = { "Features" }, { "---" }
    for c, column in ipairs(t.columns) do heads[c + 1], bars[c + 1] = markdown_escape(column.head), "---:" end
    local lines = { "## " .. markdown_escape(layout.title(t)), "", "| " .. table.concat(heads, " | ") .. " |",
      "|" .. table.concat(bars, "|") .. "|" }
    for _, line in ipairs(layout.lines(t)) do
      local head = markdown_escape(line.head)
      local cells = { line.kind == "score" and "**" .. head .. "**" or "*" .. head .. "*" }
      for c, cell in ipairs(line.cells) do cells[c + 1] = markdown_escape(text_cell(cell)) end
      lines[#lines + 1] = "| " .. table.concat(cells, " | ") .. " |"
    end
    lines[#lines + 1] = ""
    for _, note in ipairs(layout.notes(t, report.options)) do lines[#lines + 1] = "- " .. markdown_escape(note) end
    return table.concat(lines, "\n")
  end)
  return "# " .. markdown_escape(report.title) .. "\n\n" .. table.concat(parts, "\n\n") .. "\n"
end

local tex = {
  ["\\"] = "\\textbackslash{}", ["{"] = "\\{", ["}"] = "\\}", ["$"] = "\\$", ["&"] = "\\&", ["#"] = "\\#", ["%"] = "\\%",
  ["_"] = "\\_", ["^"] = "\\textasciicircum{}", ["~"] = "\\textasciitilde{}", ["<"] = "$<$", [">"] = "$>$",
  ["["] = "{[}", ["]"] = "{]}", ["*"] = "{*}", -- after \\ they would be its argument
}
local tex_signs = { ["±"] = "$\\pm$", ["–"] = "--", ["α"] = "$\\alpha$", ["β"] = "$\\beta$", ["−"] = "$-$" }

--- A text as it stands in LaTeX.
function plain.tex_escape(text)
  return (harmless(text, " "):gsub("[\\{}$&#%%_^~<>%[%]*]", tex):gsub("[\xC2-\xF4][\x80-\xBF]+", tex_signs))
end

-- "0.424 ± 0.010***" as mathematics; "over HSF" cells keep their per cent sign
local function tex_cell(c)
  if c.text == "–" then return "--" end
  local body = c.text:gsub(" ± ", " \\pm "):gsub(" %%$", "\\,\\%%")
  return ("$%s%s$"):format(body, c.mark and c.mark ~= "" and "^{" .. c.mark .. "}" or "")
end

function plain.latex(report)
  local number = 0
  local parts = each_table(report, function(t)
    number = number + 1
    local heads = { "Features" }
    for c, column in ipairs(t.columns) do heads[c + 1] = plain.tex_escape(column.head) end
    local lines = {
      "\\begin{table}", "\\centering", ("\\caption{%s}"):format(plain.tex_escape(layout.title(t))),
      ("\\label{tab:%s-%d}"):format(t.measure:gsub("_", "-"), number),
      ("\\begin{tabular}{l%s}"):format(("c"):rep(#t.columns)), "\\toprule", table.concat(heads, " & ") .. " \\\\", "\\midrule",
    }
    for _, line in ipairs(layout.lines(t)) do
      local cells = { (line.kind == "score" and "" or "\\quad ") .. plain.tex_escape(line.head) }
      for c, cell in ipairs(line.cells) do cells[c + 1] = tex_cell(cell) end
      lines[#lines + 1] = table.concat(cells, " & ") .. " \\\\"
    end
    table.move({ "\\bottomrule", "\\end{tabular}", "", "\\medskip\\footnotesize" }, 1, 4, #lines + 1, lines)
    for _, note in ipairs(layout.notes(t, report.options)) do lines[#lines + 1] = plain.tex_escape(note) end
    lines[#lines + 1] = "\\end{table}"
    return table.concat(lines, "\n")
  end)
  return "% needs \\usepackage{booktabs}\n" .. table.concat(parts, "\n\n") .. "\n"
end

local header = {
  "protocol", "split", "measure", "name", "task", "label", "alpha", "beta", "runs", "undefined", "n", "mean", "std", "min", "max",
  "improvement_percent", "improvement_std", "wilcoxon_w", "pairs", "p", "p_holm", "mark", "paper_mean", "paper_std",
  "seeds", "keys",
}

local function csv_line(t, name, column, cell)
  local s, i, test = cell.summary or {}, cell.improvement or {}, cell.test or {}
  local paper = t.measure == "ccc_batch32" and cell.paper or {}
  local seeds = {}
  for k, seed in ipairs(cell.seeds) do seeds[k] = tostring(seed) end
  local values = {
    t.section.protocol, t.section.split, t.measure, name, column.task, column.label, cell.group.alpha or false,
    cell.group.beta or false, #cell.values, cell.undefined, cell.size or false, s.mean or false, s.std or false, s.min or false,
    s.max or false, i.percent or false, i.std or false, test.statistic or false, test.pairs or false, test.p or false,
    cell.p or false, cell.mark or false, paper[1] or false, paper[2] or false, table.concat(seeds, " "),
    table.concat(cell.keys, " "),
  }
  return csv.line(values, #header)
end

--- One line a cell, numbers in full, for programs; the points of searches that were not chosen follow their table.
function plain.csv(report)
  local lines = { csv.line(header, #header) }
  each_table(report, function(t)
    for _, row in ipairs(t.rows) do
      for c, column in ipairs(t.columns) do
        if row.cells[c] then lines[#lines + 1] = csv_line(t, row.name, column, row.cells[c]) end
      end
    end
    for _, other in ipairs(t.others) do lines[#lines + 1] = csv_line(t, other.name, other.column, other.cell) end
  end)
  return table.concat(lines, "\n") .. "\n"
end

return plain
