--- The list of all runs: where every number of a page comes from.
local json = require "tenor.json"
local layout = require "tenor.report.layout"
local numbers = require "tenor.report.numbers"
local plot = require "tenor.plot"
local records = require "tenor.report.records"

local appendix = {}

local x = plot.xml

local function scores(r, measure)
  local parts = {}
  for k, label in ipairs(r.labels) do
    local value = records.score(r, "test", measure, label)
    parts[k] = value and ("%.4f"):format(value) or "undefined"
  end
  return table.concat(parts, " ")
end

local function whole(value) return type(value) == "number" and ("%d"):format(math.floor(value)) or "–" end

local function epochs(r)
  return r.best_epoch and ("%s of %s"):format(whole(r.best_epoch), whole(r.epochs)) or whole(r.epochs)
end

-- The table of a group's runs. The JSON line of a run is found by its key.
local function runs(page, group)
  page:add '<table class="runs"><thead><tr>'
  for _, name in ipairs { "Key", "Seed", "Best epoch", "ccc", "ccc_batch32" } do page:add('<th scope="col">%s</th>', name) end
  page:add "</tr></thead>\n<tbody>"
  for _, r in ipairs(group.records) do
    page:add('<tr id="run-%s"><td><code>%s</code></td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>', r.key, r.key,
      x(tostring(r.seed)), x(epochs(r)), scores(r, "ccc"), scores(r, "ccc_batch32"))
  end
  page:add "</tbody></table>"
end

local function of(r, field)
  return type(r[field]) == "table" and next(r[field]) ~= nil and json.encode(r[field]) or nil
end

local function head_of(group)
  local head = ("%s, %s"):format(group.name, group.task)
  if group.weights ~= "" then head = ("%s, α %.4g, β %.4g"):format(head, group.alpha, group.beta) end
  return head
end

local function settings(page, group)
  local text = of(group.records[1], "settings")
  if text then page:add("<p>Settings of the first: <code>%s</code></p>", x(text)) end
end

local function add_section(page, section)
  page:add('<h3 id="runs-%s">%s</h3>', section.id, x((layout.where(section):gsub("^%l", string.upper))))
  local shown, by_point = {}, {}
  for _, group in ipairs(section.chosen) do shown[group] = true end
  for _, search in ipairs(section.searches) do
    for _, point in ipairs(search.points) do by_point[point.group] = point end
  end
  for _, group in ipairs(section.groups) do
    local labels = table.concat(group.records[1].labels, ", ")
    local words = ("%s of %s"):format(numbers.count(#group.records, "run"), x(labels))
    local point = by_point[group]
    if point and point.value then
      words = ("%s; mean ccc on %s %.4f"):format(words, page.report.options.choose, point.value)
    end
    if shown[group] then
      page:add('<section id="%s"><h4>%s</h4><p class="facts">%s</p>', group.id, x(head_of(group)), words)
      runs(page, group)
      settings(page, group)
      page:add "</section>"
    else
      page:add('<details id="%s"><summary>%s: %s</summary>', group.id, x(head_of(group)), words)
      runs(page, group)
      page:add "</details>"
    end
  end
end

--- Adds the list to a page.
function appendix.add(page)
  page:add '<section id="runs"><h2>Runs</h2>'
  page:add("<p>Every number above comes from the runs below. A run's key is the name of its line in the results, "
    .. "with all settings, its history and its scores in full.</p>")
  for _, section in ipairs(page.report.sections) do add_section(page, section) end
  for _, field in ipairs { "versions", "machine" } do
    local seen, list = {}, {}
    for _, r in ipairs(page.report.records) do
      local text = of(r, field)
      if text and not seen[text] then
        seen[text] = true
        list[#list + 1] = text
      end
    end
    if #list > 0 then
      page:add("<h3>%s</h3>", field == "versions" and "Versions" or numbers.count(#list, "machine"):gsub("^1 m", "M"))
      for _, text in ipairs(list) do page:add("<p><code>%s</code></p>", x(text)) end
    end
  end
  page:add "</section>"
end

return appendix
