--- How sure one run's scores are: bootstrap intervals on its test set, and of its difference from the baseline's.
local metrics = require "tenor.metrics"
local numbers = require "tenor.report.numbers"
local plot = require "tenor.plot"
local predictions = require "tenor.report.predictions"
local records = require "tenor.report.records"
local statistics = require "tenor.statistics"
local tensor = require "tenor.tensor"

local intervals = {}

local x = plot.xml

local FEWEST_SPEAKERS = 10 -- below, the interval by speaker is far too narrow

-- f(...), or nil and the message it raised: what the data do not allow is said in the table
local function try(f, ...)
  local ok, result = pcall(f, ...)
  if ok then return result end
  return nil, tostring(result):gsub("^.-statistics%.[%w_]+: ", "")
end

local function by_speaker(pred, gold, p, o)
  local seen, count = {}, 0
  for _, name in ipairs(p.speakers) do
    if name == "" then return nil, "speakers are not named" end
    if not seen[name] then seen[name], count = true, count + 1 end
  end
  if count < FEWEST_SPEAKERS then return nil, ("%s: too few"):format(numbers.count(count, "speaker")) end
  return try(statistics.ccc_interval, pred, gold, { clusters = p.speakers, replicates = o.replicates, seed = o.seed })
end

-- The baseline's predictions of the same utterances in the same order, or nil and why.
local function partner(p, base, label)
  if not base or not base.pred[label] then return nil, "no predictions of the baseline" end
  local at, list = {}, {}
  for i, id in ipairs(base.ids) do at[id] = i end
  for i, id in ipairs(p.ids) do
    if not at[id] then return nil, "the baseline was tested on other utterances" end
    list[i] = base.pred[label][at[id]]
  end
  return tensor.tensor(list)
end

local function cell(page, label, text, title)
  page:add('<td role="cell" data-label="%s"><span%s>%s</span></td>', label, title and (' title="%s"'):format(x(title)) or "", text)
end

local function interval_text(i, why, sign)
  if not i then return x(why) end
  return x(("%s %s"):format(numbers.estimate(i, sign), numbers.interval(i)))
end

local function row(page, group, r, p, label, base)
  local o = page.report.options
  local gold, pred = tensor.tensor(p.gold[label]), tensor.tensor(p.pred[label])
  page:add('<tr role="row"><th role="rowheader" scope="row">%s, %s</th>', x(group.name), x(group.task))
  cell(page, "label", x(label))
  local i, why = try(statistics.ccc_interval, pred, gold, { replicates = o.replicates, seed = o.seed })
  cell(page, "by utterance", interval_text(i, why), i and tostring(i))
  i, why = by_speaker(pred, gold, p, o)
  cell(page, "by speaker", interval_text(i, why), i and tostring(i))
  if base ~= false then
    local other, reason = partner(p, base, label)
    if other then
      i, reason = try(statistics.ccc_difference, { other, pred }, gold, { replicates = o.replicates, seed = o.seed })
    end
    cell(page, "over " .. x(o.baseline), other and i and interval_text(i, nil, true) .. "<sup>" .. statistics.stars(i.p) .. "</sup>"
      or x(reason), other and i and tostring(i))
  else
    page:add '<td role="cell" class="none"><span>–</span></td>'
  end
  page:add('<td role="cell" data-label="run"><a href="#run-%s"><code>%s</code></a></td></tr>', r.key, r.key)
end

-- A run whose file and record disagree: the file is not that run's.
local function disagreement(r, p)
  for _, label in ipairs(r.labels) do
    local said = records.score(r, "test", "ccc", label)
    local found = try(metrics.ccc, tensor.tensor(p.pred[label]), tensor.tensor(p.gold[label]))
    if said and found and math.abs(said - found) > 1e-3 then
      return ("run %s: its predictions give a CCC of %.4f for %s, its record says %.4f"):format(r.key, found, label, said)
    end
  end
end

--- Adds the table of a section to a page, where the predictions can be read.
function intervals.add(page, section)
  local o = page.report.options
  if not o.folder then return end
  local list, failures, by_task = {}, {}, {}
  for _, group in ipairs(section.chosen) do
    local r = records.median(group)
    if r then
      local p, why = predictions.read(o.folder, r)
      local differs = p and disagreement(r, p)
      if differs then failures[#failures + 1] = differs end
      if p then
        list[#list + 1] = { group, r, p }
        if group.name == o.baseline then by_task[group.task] = p end
      else
        failures[#failures + 1] = "Left out, its predictions cannot be read: " .. why
      end
    end
  end
  page:add "<h3>How sure one run is of its score</h3>"
  for _, why in ipairs(failures) do page:add('<p class="missing">%s.</p>', x(why)) end
  if #list == 0 then return end
  page:add '<table class="cards" role="table"><caption>CCC of the middle run of each system, with 95 % intervals</caption>'
  page:add '<thead role="rowgroup"><tr role="row">'
  for _, name in ipairs { "System", "Label", "By utterance", "By speaker", "Over " .. o.baseline, "Run" } do
    page:add('<th role="columnheader" scope="col">%s</th>', x(name))
  end
  page:add '</tr></thead>\n<tbody role="rowgroup">'
  for _, entry in ipairs(list) do
    local group, r, p = table.unpack(entry)
    for _, label in ipairs(r.labels) do
      row(page, group, r, p, label, group.name ~= o.baseline and by_task[group.task] or group.name == o.baseline and false)
    end
  end
  page:add "</tbody></table>\n<ul class=\"notes\">"
  for _, note in ipairs {
    ("Whole-set CCC of one run, the middle one of its seeds by mean test CCC; bootstrap-t on atanh CCC, %d resamples, seed %d. "
      .. "n = %d test utterances."):format(o.replicates, o.seed, #list[1][3].ids),
    "By utterance: another test set of the same speakers. By speaker: of other speakers, whole speakers being drawn.",
    ("Over %s: difference in CCC, both systems on the same resampled utterances; marks of its p-value, without correction for the "
      .. "number of comparisons."):format(o.baseline),
    "Another seed would move the score as well: see the deviations in the tables above.",
  } do page:add("<li>%s</li>", x(note)) end
  page:add "</ul>"
end

return intervals
