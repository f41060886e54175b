--- A report as one page: XHTML syntax, so that an XML parser reads it too; no scripts, nothing loaded.
--
-- Every score links to the list of the runs that it comes from, and names their keys in its title.
local appendix = require "tenor.report.appendix"
local figures = require "tenor.report.figures"
local intervals = require "tenor.report.intervals"
local layout = require "tenor.report.layout"
local numbers = require "tenor.report.numbers"
local plot = require "tenor.plot"
local predictions = require "tenor.report.predictions"
local published = require "tenor.report.published"
local records = require "tenor.report.records"

local x = plot.xml

-- The colours of plot.lua by the page's names for them, so that both schemes have their own.
local colors = { [plot.ink] = "var(--ink)", [plot.grid] = "var(--rule)" }
for i, color in ipairs(plot.colors) do colors[color] = ("var(--c%d)"):format(i) end

local Page = {}
Page.__index = Page

-- An SVG as part of the page: names of its own, the page's colours.
function Page:inline(svg)
  self.figure_count = self.figure_count + 1
  local prefix = ("f%d-"):format(self.figure_count)
  svg = svg:gsub("id='([^']*)'", "id='" .. prefix .. "%1'"):gsub('id="([^"]*)"', 'id="' .. prefix .. '%1"')
  svg = svg:gsub("href='#", "href='#" .. prefix)
  svg = svg:gsub(' font%-family="sans%-serif"', "", 1):gsub("#%x%x%x%x%x%x", colors)
  return svg
end

function Page:add(format, ...)
  self.parts[#self.parts + 1] = select("#", ...) > 0 and format:format(...) or format
end

-- A figure with its number and words below, or why there is none. Raises { message } where gnuplot fails.
function Page:figure(caption, svg, why)
  if not self.report.options.plots then return end
  if not svg then
    if why:find "gnuplot" then error({ message = why }, 0) end
    self:add('<p class="missing">%s: no figure, %s.</p>', caption, x(why))
    return
  end
  self:add("<figure>\n%s<figcaption><b>Figure %d.</b> %s</figcaption></figure>", self:inline(svg), self.figure_count, caption)
end

local function keys_title(cell)
  local parts = {}
  for i, key in ipairs(cell.keys) do parts[i] = ("%s (seed %s)"):format(key, tostring(cell.seeds[i])) end
  return ("%s of %s: %s"):format(#cell.keys > 1 and "Mean" or "Score", numbers.count(#cell.keys, "run"), table.concat(parts, ", "))
end

function Page:table(t)
  self:add('<table class="cards" role="table" id="%s-%s"><caption>%s</caption>', t.section.id, t.measure, x(layout.title(t)))
  self:add '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Features</th>'
  for _, column in ipairs(t.columns) do self:add('<th role="columnheader" scope="col">%s</th>', x(column.head)) end
  self:add '</tr></thead>\n<tbody role="rowgroup">'
  for _, row in ipairs(t.rows) do
    self:add('<tr role="row"><th role="rowheader" scope="row">%s</th>', x(row.name))
    for c, column in ipairs(t.columns) do
      local cell = row.cells[c]
      if cell and cell.summary then
        self:add('<td role="cell" data-label="%s"><span><span class="score"><a href="#%s" title="%s">%s</a>%s</span>',
          x(column.head), cell.group.id, x(keys_title(cell)), x(numbers.score(cell.summary, cell.size)),
          cell.mark and cell.mark ~= "" and "<sup>" .. cell.mark .. "</sup>" or "")
        if cell.improvement then self:add(' <span class="over">%s</span>', x(numbers.improvement(cell.improvement))) end
        if cell.paper and t.measure == "ccc_batch32" then
          self:add(' <span class="paper">paper %s</span>', x(numbers.published(cell.paper)))
        end
        self:add "</span></td>"
      else
        self:add('<td role="cell" data-label="%s" class="%s"><span>–</span></td>', x(column.head), cell and "undefined" or "none")
      end
    end
    self:add "</tr>"
  end
  self:add '</tbody></table>\n<ul class="notes">'
  for _, note in ipairs(layout.notes(t, self.report.options)) do self:add("<li>%s</li>", x(note)) end
  self:add "</ul>"
end

local function of_task(groups, task)
  local list = {}
  for _, group in ipairs(groups) do
    if group.task == task then list[#list + 1] = group end
  end
  return list
end

local function links(groups)
  local parts = {}
  for i, group in ipairs(groups) do parts[i] = ('<a href="#%s">%s</a>'):format(group.id, x(group.name)) end
  return table.concat(parts, ", ")
end

function Page:improvements(section)
  local drawn = false
  for _, t in ipairs(section.tables) do
    local column = t.columns[1]
    if t.baseline and column and #t.rows > 1 then
      if not drawn then self:add "<h3>Relative improvement</h3>\n<div class=\"figures\">" end
      drawn = true
      self:figure(("Relative improvement of %s over %s (Figure 2 of the paper), in <code>%s</code>. Bars ± the deviation carried "
        .. "over from both.%s Numbers and runs: <a href=\"#%s-%s\">table</a>."):format(x(column.label), x(t.baseline), t.measure,
        t.measure == "ccc_batch32" and " Diamonds: the paper's." or "", section.id, t.measure),
        figures.improvement(t, column.label))
    end
  end
  if drawn then self:add "</div>" end
end

function Page:learning(section)
  local any = false
  for _, group in ipairs(section.chosen) do
    for _, r in ipairs(group.records) do any = any or (type(r.history) == "table" and #r.history > 0) end
  end
  if not any then return end
  self:add "<h3>Learning curves</h3>\n<div class=\"figures\">"
  for _, task in ipairs { "STL", "MTL" } do
    local groups = of_task(section.chosen, task)
    if #groups > 0 then
      local label = groups[1].records[1].labels[1]
      local words = "Lines: mean over seeds; bands: their range; a line ends where fewer than half of the runs go on. Runs: "
        .. links(groups) .. "."
      self:figure(("%s: CCC of %s on validation. %s"):format(task, x(label), words), figures.learning(groups, label))
      self:figure(("%s: loss on validation. %s"):format(task, words), figures.learning(groups, "val_loss"))
    end
  end
  self:add "</div>"
end

-- The system that does best on validation, among those that learn most.
local function leading(section)
  local best, best_score
  for _, group in ipairs(section.chosen) do
    local r = records.median(group)
    if r then
      local sum = #r.labels * 10 + (records.score(r, "validation", "ccc", "mean") or -2)
      if not best or sum > best_score then best, best_score = group, sum end
    end
  end
  return best
end

function Page:scatter(section)
  local group = self.report.options.folder and leading(section)
  if not group then return end
  local r = records.median(group)
  self:add "<h3>Predicted against gold</h3>"
  local p, why = predictions.read(self.report.options.folder, r)
  if not p then
    self:add('<p class="missing">The predictions cannot be read: %s.</p>', x(why))
    return
  end
  self:add '<div class="figures">'
  for _, label in ipairs(r.labels) do
    local ccc = records.score(r, "test", "ccc", label)
    local svg, reason, stride = figures.scatter(p, label, { run = r.key, ccc = ccc and ("%.3f"):format(ccc) or "undefined" })
    self:figure(("%s, by %s, %s: %d test utterances%s; CCC %s. Run <a href=\"#run-%s\">%s</a>, the middle one of its seeds; "
      .. "this system does best on validation."):format(x((label:gsub("^%l", string.upper))), x(group.name), x(group.task), #p.ids,
      stride and stride > 1 and (", every %dth drawn"):format(stride) or "",
      ccc and numbers.fixed(ccc, numbers.decimals(nil, #p.ids)) or "undefined", r.key, r.key), svg, reason)
  end
  self:add "</div>"
end

function Page:searches(section)
  for _, search in ipairs(section.searches) do
    self:add("<h3>Weights of the loss: %s, %s</h3>\n<div class=\"figures\">", x(search.name), x(search.task))
    local points, part = {}, self.report.options.choose
    for _, p in ipairs(search.points) do
      if p.value and p.alpha then points[#points + 1] = { p.alpha, p.beta, p.value } end
    end
    local label = ("mean CCC, %s"):format(part)
    self:figure(("Mean <code>ccc</code> of the labels on %s over the weights; γ, that of the third, is 1 − α − β. %s, mean of the "
      .. "seeds; framed: %s. Runs of each point: <a href=\"#runs-%s\">list of runs</a>."):format(part,
      numbers.count(#search.points, "point"), search.best and search.best.alpha and ('<a href="#%s">α %.4g, β %.4g</a>'):format(
      search.best.group.id, search.best.alpha, search.best.beta) or "none", section.id),
      figures.simplex(points, { label = label, title = "Scores over the weights of the loss" }))
    local grid = {}
    for i, p in ipairs(published.weights) do grid[i] = { p[1], p[2], (p[3] + p[4] + p[5]) / 3 } end
    self:figure("The published search, for the eye: fusion network, session 5 of IEMOCAP, test set, <code>ccc_batch32</code>, "
      .. "mean of V, A and D; γ may be below 0 there.", figures.simplex(grid, { label = "mean test CCC, batches of 32",
      title = "Published scores over the weights of the loss" }))
    self:add "</div>"
  end
end

function Page:section(section)
  self:add('<section id="%s"><h2>%s</h2>', section.id, x((layout.where(section):gsub("^%l", string.upper))))
  for _, t in ipairs(section.tables) do self:table(t) end
  self:improvements(section)
  self:learning(section)
  self:scatter(section)
  self:searches(section)
  intervals.add(self, section)
  self:add "</section>"
end

local function facts(report)
  local names, systems, seeds, seed_count, first, last = {}, 0, {}, 0, nil, nil
  for _, r in ipairs(report.records) do
    if not names[r.name] then names[r.name], systems = true, systems + 1 end
    if not seeds[r.seed] then seeds[r.seed], seed_count = true, seed_count + 1 end
    if type(r.started) == "string" then
      first = (not first or r.started < first) and r.started or first
      last = (not last or r.started > last) and r.started or last
    end
  end
  local text = ("%s of %s, %s"):format(numbers.count(#report.records, "run"), numbers.count(systems, "system"),
    numbers.count(seed_count, "seed"))
  if first then text = text .. (first == last and ("; started %s"):format(first) or ("; started %s to %s"):format(first, last)) end
  return text .. "."
end

local head = [[
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>%s</title>
<style>
%s</style>
</head>
<body>
<main>
<h1>%s</h1>
<p class="facts">%s</p>
]]

local function build(self)
  local report = self.report
  self:add(head, x(report.title), (require "tenor.report.style"), x(report.title), x(facts(report)))
  self:add "<nav aria-label=\"Contents\"><ul>"
  for _, section in ipairs(report.sections) do
    self:add('<li><a href="#%s">%s</a></li>', section.id, x((layout.where(section):gsub("^%l", string.upper))))
  end
  self:add '<li><a href="#runs">Runs</a></li></ul></nav>'
  for _, section in ipairs(report.sections) do self:section(section) end
  appendix.add(self)
  self:add "</main>\n</body>\n</html>\n"
  return table.concat(self.parts, "\n")
end

return function(report)
  local page = setmetatable({ report = report, parts = {}, figure_count = 0 }, Page)
  local ok, result = pcall(build, page)
  if ok then return result end
  if type(result) == "table" then return nil, result.message end
  error(result, 0)
end
