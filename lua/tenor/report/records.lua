--- The records of runs: checked, and brought into groups that differ in their seed alone.
local byteorder = require "tenor.byteorder"
local named = require "tenor.named"
local published = require "tenor.report.published"
local quoted = require "tenor.quoted"

local records = {}

records.measures = { "ccc", "ccc_batch32" }

--- A finite number, or nil: JSON has no NaN, and an undefined CCC comes as null or not at all.
function records.number(x)
  if type(x) == "number" and x == x and x ~= math.huge and x ~= -math.huge then return x end
end

local kinds = { key = "string", name = "string", task = "string", seed = "number", labels = "table", test = "table" }
local required = { "key", "name", "task", "seed", "labels", "test" }

--- @raise naming the record and its field
function records.check(call, list, level)
  if type(list) ~= "table" then error(("%s: records must be a list of runs, got %s"):format(call, type(list)), level) end
  local keys = {}
  for i, r in ipairs(list) do
    local function bad(message, ...) error(("%s: record %d: " .. message):format(call, i, ...), level + 1) end
    if type(r) ~= "table" then bad("must be a table, got %s", type(r)) end
    for _, field in ipairs(required) do
      if type(r[field]) ~= kinds[field] then bad("%s must be a %s, got %s", field, kinds[field], type(r[field])) end
    end
    if not r.key:find "^[%w_.-]+$" then bad("key must be letters and digits, got %s", quoted(r.key)) end
    if #r.labels == 0 then bad "labels must name what was learnt" end
    for _, label in ipairs(r.labels) do
      if type(label) ~= "string" then bad("labels must be names, got a %s", type(label)) end
    end
    for _, measure in ipairs(records.measures) do
      if type(r.test[measure]) ~= "table" then bad("test.%s must be a list of scores, got %s", measure, type(r.test[measure])) end
    end
    if keys[r.key] then bad("has the key of record %d, %s", keys[r.key], quoted(r.key)) end
    keys[r.key] = i
  end
  return list
end

--- Whether any of the runs is of this system.
-- @return true, or nil and a message that names those there are
function records.has(list, name)
  local seen, names = {}, {}
  for _, r in ipairs(list) do
    if not seen[r.name] then seen[r.name], names[#names + 1] = true, r.name end
  end
  if seen[name] then return true end
  return nil, ("no run is of a system %s; there are %s"):format(quoted(name), #names > 0 and named(names) or "no runs")
end

local function weights_text(w)
  local alpha, beta = type(w) == "table" and records.number(w.alpha), type(w) == "table" and records.number(w.beta)
  return alpha and beta and ("%.4g/%.4g"):format(alpha, beta) or ""
end

local function text_of(x) return type(x) == "string" and x or "" end

--- A score of a run: of a label, or "mean" of all of them.
-- @string part "test" or "validation"
-- @return a number, or nil where it is undefined
function records.score(record, part, measure, label)
  local list = type(record[part]) == "table" and record[part][measure]
  if type(list) ~= "table" then return nil end
  if label ~= "mean" then
    for k, name in ipairs(record.labels) do
      if name == label then return records.number(list[k]) end
    end
    return nil
  end
  local sum = 0
  for k = 1, #record.labels do
    local x = records.number(list[k])
    if not x then return nil end
    sum = sum + x
  end
  return sum / #record.labels
end

local function index_of(list, value)
  for i, x in ipairs(list) do
    if x == value then return i end
  end
end

-- Sorts groups: the paper's systems in its order, then others as they came; STL before MTL.
local tasks = { STL = 1, MTL = 2 }
local function place(group)
  return index_of(published.names, group.name) or #published.names + group.first, tasks[group.task] or 3
end

--- Groups of runs that differ in their seed alone.
-- @return list of sections, one for each protocol and split: `{ protocol =, split =, groups = { { name =, task =, weights =,
-- alpha =, beta =, records = by seed } } }`
-- @raise where two runs of a group share a seed
function records.sections(call, list, level)
  local sections, by_place, by_group = {}, {}, {}
  for i, r in ipairs(list) do
    local where = text_of(r.protocol) .. "\0" .. text_of(r.split)
    local section = by_place[where]
    if not section then
      section = { protocol = text_of(r.protocol), split = text_of(r.split), groups = {}, where = where }
      by_place[where] = section
      sections[#sections + 1] = section
    end
    local weights = weights_text(r.weights)
    local name = table.concat({ where, r.name, r.task, weights }, "\0")
    local group = by_group[name]
    if not group then
      group = { name = r.name, task = r.task, weights = weights, first = i, records = {}, by_seed = {}, section = section }
      if weights ~= "" then group.alpha, group.beta = r.weights.alpha, r.weights.beta end
      by_group[name] = group
      table.insert(section.groups, group)
    end
    local other = group.by_seed[r.seed]
    if other then
      error(("%s: runs %s and %s are both %s, %s, seed %s: give different settings different names"):format(call, other.key,
        r.key, r.name, r.task, tostring(r.seed)), level)
    end
    group.by_seed[r.seed] = r
    table.insert(group.records, r)
  end
  table.sort(sections, function(a, b) return byteorder(a.where, b.where) end)
  local count = 0
  for s, section in ipairs(sections) do
    section.id = "s" .. s
    table.sort(section.groups, function(a, b)
      local pa, ta = place(a)
      local pb, tb = place(b)
      if pa ~= pb then return pa < pb end
      if ta ~= tb then return ta < tb end
      if a.task ~= b.task then return byteorder(a.task, b.task) end
      if a.weights ~= b.weights then return byteorder(a.weights, b.weights) end
      return a.first < b.first
    end)
    for _, group in ipairs(section.groups) do
      count = count + 1
      group.id = "g" .. count
      table.sort(group.records, function(a, b) return a.seed < b.seed end)
    end
  end
  return sections
end

--- The run in the middle of a group by the mean of its test CCC; nil where none has one.
function records.median(group)
  local list = {}
  for _, r in ipairs(group.records) do
    local x = records.score(r, "test", "ccc", "mean")
    if x then list[#list + 1] = { x, r } end
  end
  table.sort(list, function(a, b)
    if a[1] ~= b[1] then return a[1] < b[1] end
    return a[2].seed < b[2].seed
  end)
  local middle = list[(#list + 1) // 2]
  return middle and middle[2]
end

--- The seeds of a group, as a list.
function records.seeds(group)
  local list = {}
  for i, r in ipairs(group.records) do list[i] = r.seed end
  return list
end

return records
