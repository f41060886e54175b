--- Features as one .npz, which NumPy opens: `features` (N, F), `ids`, `names` of the columns, `options` they were
-- made with as JSON; of utterances without features a row of NaN, and why in `reasons`. Of a corpus also
-- `labels` (N, K; NaN where one is missing), `label_names`, `scale`, and `wav`, `text`, `session`, `speaker`,
-- `split`, strings of which empty ones are missing.
local core = require("tenor.core").npy
local checked = require "tenor.checked"
local csv = require "tenor.features.from_csv"
local extraction = require "tenor.features.options"
local files = require "tenor.files"
local json = require "tenor.json"
local named = require "tenor.named"
local quoted = require "tenor.quoted"
local tensor = require "tenor.tensor"
local Features = require "tenor.corpus.features"

local archive = {}

local Tensor = getmetatable(tensor.zeros(1))
local List = getmetatable(json.array())
local fields = { "wav", "text", "session", "speaker", "split" }

-- Strings of one field, or nil where no utterance has it.
local function strings_of(utterances, name)
  local list, any = {}, false
  for i, u in ipairs(utterances) do
    list[i] = u[name] or ""
    any = any or u[name] ~= nil
    -- as in a manifest: a transcript without words is not a missing one
    if name == "text" and u.text == "" then list[i] = " " end
    if name == "wav" and u.wav and u.wav:sub(1, 1) ~= "/" then list[i] = require "luv".cwd() .. "/" .. u.wav end
  end
  return any and list or nil
end

local function labels_of(corpus)
  local names = corpus:label_names()
  if #names == 0 then return nil end
  local rows = {}
  for i, u in ipairs(corpus.utterances) do
    rows[i] = {}
    for j, name in ipairs(names) do rows[i][j] = u[name] or 0 / 0 end
  end
  return tensor.tensor(rows), names
end

-- Strings that NumPy cannot have, with their place.
local function check_strings(path, members)
  for _, name in ipairs { "ids", "names", "reasons", table.unpack(fields) } do
    for i, s in ipairs(members[name] or {}) do
      if not utf8.len(s) or s:find "%z$" then
        return nil, ("%s: %s %d is not UTF-8, which strings of an .npz must be: %q"):format(path, name, i, s)
      end
    end
  end
  return true
end

--- Writes features, and what their corpus knows of the utterances.
-- @return true, or nil and a message
function archive.save(features, path)
  local rows, members = features.tensor, { ids = features.ids, names = features.names }
  if #features.failures > 0 then
    rows, members.reasons = rows:copy(), {}
    for i in ipairs(features.ids) do members.reasons[i] = "" end
    local at = {}
    for i, id in ipairs(features.ids) do at[id] = i end
    for _, failure in ipairs(features.failures) do
      rows[at[failure.id]]:fill(0 / 0)
      members.reasons[at[failure.id]] = failure.reason
    end
  end
  members.features = rows
  if features.options then members.options = { json.encode(features.options) } end
  local corpus = features.corpus
  if corpus then
    for _, name in ipairs(fields) do members[name] = strings_of(corpus.utterances, name) end
    members.labels, members.label_names = labels_of(corpus)
    members.scale = tensor.tensor(corpus.scale)
  end
  local ok, why = check_strings(path, members)
  if not ok then return nil, why end
  return files.save(path, members)
end

local function shape_text(value)
  if getmetatable(value) == Tensor then return ("%s (%s)"):format(value:dtype(), table.concat(value:shape(), ", ")) end
  return ("strings (%d)"):format(#value)
end

--- Reads those members of an archive that are named, and `reasons` and `options`; others are false, and may be anything.
function archive.members(path, names)
  local wanted = { reasons = true, options = true }
  for _, name in ipairs(names) do wanted[name] = true end
  return core.read_zip(path, false, wanted)
end

-- What an archive has, as text; with shapes where all of it can be read.
local function contents(path, members)
  local list = {}
  for name, value in pairs(files.load(path) or members) do list[#list + 1] = value and name .. " " .. shape_text(value) or name end
  table.sort(list)
  return named(list)
end

--- A member as a list of N strings; whole numbers are written out.
-- @return nil where it is not there and not asked for; nil and a message where it cannot be that
function archive.strings(path, members, name, n, needed)
  local value = members[name]
  if value == nil then
    if not needed then return nil end
    return nil, ("%s: has no '%s'; it has: %s"):format(path, name, contents(path, members))
  end
  local list = value
  if getmetatable(value) == Tensor then
    if value:dtype() ~= "int32" or value:rank() ~= 1 then
      return nil, ("%s: '%s' must be strings or whole numbers (N), got %s"):format(path, name, shape_text(value))
    end
    list = {}
    for i, number in ipairs(value:totable()) do list[i] = tostring(number) end
  end
  for i, s in ipairs(list) do
    if s:find("\0", 1, true) then return nil, ("%s: '%s': item %d holds a zero byte"):format(path, name, i) end
  end
  if n and #list ~= n then return nil, ("%s: '%s' has %d items, the features have %d rows"):format(path, name, #list, n) end
  return list
end

--- A member as a real tensor (N, K); one of rank 1 has one column.
function archive.numbers(path, members, name)
  local value = members[name]
  if value == nil then return nil, ("%s: has no '%s'; it has: %s"):format(path, name, contents(path, members)) end
  if getmetatable(value) ~= Tensor then
    return nil, ("%s: '%s' must be numbers, got %s"):format(path, name, shape_text(value))
  end
  local x = value:rank() == 1 and value:reshape(-1, 1) or value
  if x:rank() ~= 2 or x:size(1) == 0 or x:size(2) == 0 then
    return nil, ("%s: '%s' must be (N, K), got %s"):format(path, name, shape_text(value))
  end
  return x:dtype() == "int32" and x:to "real" or x
end

-- Rows of NaN that have a reason count as absent; any other number that is not finite is an error.
local function failures_of(path, name, rows, ids, reasons)
  local failures = {}
  for i, reason in ipairs(reasons or {}) do
    if reason ~= "" then
      failures[#failures + 1] = { id = ids[i], reason = reason }
      rows[i]:fill(0)
    end
  end
  if rows:isfinite() then return failures end
  for i = 1, #rows do
    for j, value in ipairs(rows[i]:totable()) do
      if value - value ~= 0 then
        return nil, ("%s: '%s': row %d (%s), column %d is %s"):format(path, name, i, named { ids[i] }, j,
          value ~= value and "nan" or tostring(value))
      end
    end
  end
end

local function once(path, name, ids)
  local seen = {}
  for i, id in ipairs(ids) do
    if seen[id] then return nil, ("%s: '%s': %s is item %d and %d"):format(path, name, quoted(id), seen[id], i) end
    seen[id] = i
  end
  return true
end

-- The options that features were made with, one string of JSON, or nil where they are not told.
local function options_of(path, members)
  local list, why = archive.strings(path, members, "options", 1, false)
  if not list then return nil, why end
  local given, value
  given, why = json.decode(list[1])
  if type(given) == "table" and getmetatable(given) ~= List then
    value, why = checked(extraction.extract, "options", given)
  elseif given ~= nil then
    why = "expected an object of options, got " .. named { list[1] }
  end
  if not value then return nil, ("%s: 'options': %s"):format(path, why) end
  return given
end

--- Features of the members of an archive. @param o `features`, `ids`, `names`: names of members
function archive.features(path, members, o)
  local rows, why = archive.numbers(path, members, o.features)
  if not rows then return nil, why end
  local ids, names, reasons, failures, ok
  ids, why = archive.strings(path, members, o.ids, #rows, true)
  if not ids then return nil, why end
  ok, why = once(path, o.ids, ids)
  if not ok then return nil, why end
  names, why = archive.strings(path, members, o.names, nil, false)
  if why then return nil, why end
  if names and #names ~= rows:size(2) then
    return nil, ("%s: '%s' has %d items, '%s' has %d columns"):format(path, o.names, #names, o.features, rows:size(2))
  end
  reasons, why = archive.strings(path, members, "reasons", #rows, false)
  if why then return nil, why end
  failures, why = failures_of(path, o.features, rows, ids, reasons)
  if not failures then return nil, why end
  local options
  options, why = options_of(path, members)
  if why then return nil, why end
  return Features.new(rows, ids, { failures = failures, names = names, options = options })
end

archive.defaults = { features = "features", ids = "ids", names = "names" }

--- Reads features from an .npz or a .csv. @param o options of either, filled and checked
function archive.load(path, o)
  if path:lower():find "%.csv$" then return csv(path, o) end
  local members, why = archive.members(path, { o.features, o.ids, o.names })
  if not members then return nil, why end
  return archive.features(path, members, o)
end

return archive
