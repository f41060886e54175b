--- Which utterance trains, validates and tests. A split is a function that maps
-- an utterance to "train", "validation", "test" or nil (left out).
local split = {}

-- Digits weigh as numbers, of any length: "Session10" comes after "Session2".
local function natural(text)
  return (text:gsub("0*(%d+)", function(digits) return ("%09d%s"):format(#digits, digits) end))
end

--- Whether a name comes before another in natural order.
function split.before(a, b) return natural(a) < natural(b) end

-- The values of a field in natural order; every utterance must have one.
local function values_of(call, name, utterances, field)
  local seen, list, lacking = {}, {}, {}
  for _, u in ipairs(utterances) do
    local value = u[field]
    if value == nil then
      lacking[#lacking + 1] = u.id
    elseif not seen[value] then
      seen[value] = true
      list[#list + 1] = value
    end
  end
  if #lacking > 0 then
    error(("%s: split '%s' needs a %s for every utterance; %d have none (%s%s)"):format(call, name, field, #lacking,
      table.concat(lacking, ", ", 1, math.min(3, #lacking)), #lacking > 3 and ", ..." or ""), 0)
  end
  table.sort(list, split.before)
  return list
end

local function leave_out(field, value)
  return function(u) return u[field] == value and "test" or "train" end
end

local function leave_one_out(call, name, utterances, field, value)
  local list = values_of(call, name, utterances, field)
  if #list < 2 then
    error(("%s: split '%s' needs two %ss or more, the corpus has %d"):format(call, name, field, #list), 0)
  end
  if value == nil then return leave_out(field, list[#list]) end
  for _, known in ipairs(list) do
    if known == value then return leave_out(field, value) end
  end
  error(("%s: split '%s': no such %s (%ss: %s)"):format(call, name, field, field, table.concat(list, ", ")), 0)
end

local own_names = {
  train = "train", training = "train",
  dev = "validation", devel = "validation", development = "validation", val = "validation", valid = "validation",
  validation = "validation",
  test = "test", testing = "test",
}

local function own(call)
  return function(u)
    if u.split == nil then return nil end
    local part = own_names[u.split:lower()]
    if not part then
      error(("%s: split 'own': utterance %s has the split '%s' (known: train, validation or dev, test)"):format(call,
        u.id, u.split), 0)
    end
    return part
  end
end

-- The last fifth tests: for a corpus that tells nothing to split it by.
local function tail(utterances)
  local first, place = #utterances - #utterances // 5 + 1, {}
  for i, u in ipairs(utterances) do place[u] = i end
  return function(u) return place[u] >= first and "test" or "train" end
end

-- The first that the corpus allows: "own", "paper", "tail".
local function automatic(utterances)
  local sessions, lacking = {}, false
  for _, u in ipairs(utterances) do
    if u.split then return "own" end
    if u.session then sessions[u.session] = true else lacking = true end
  end
  local first = next(sessions)
  return first and next(sessions, first) and not lacking and "paper" or "tail"
end

-- The function for a name that stands for one way to split.
local function one_way(call, name, utterances)
  if name == "paper" then return leave_one_out(call, name, utterances, "session") end
  if name == "own" then return own(call) end
  if name == "tail" then return tail(utterances) end
  local field, value = tostring(name):match("^(%l+):(.+)$")
  if field == "session" or field == "speaker" then return leave_one_out(call, name, utterances, field, value) end
  error(("%s: unknown split '%s' (known: auto, paper, own, tail, session:NAME, speaker:NAME, or a function)"):format(call,
    tostring(name)), 0)
end

--- The split of that name:
-- "paper": the last session tests, the others train; "own": the corpus's own
-- `split` field; "session:NAME", "speaker:NAME": that one tests, the others
-- train; "tail": the last fifth of the utterances tests; "auto": "own" where any
-- utterance has a split, else "paper" where there are sessions, else "tail"; a
-- function is taken as it is.
-- @return the function, and the name that "auto" came to
-- @raise when the corpus lacks what the split needs
function split.named(call, name, utterances)
  if type(name) == "function" then return name, "a function" end
  if name == "auto" then name = automatic(utterances) end
  return one_way(call, name, utterances), name
end

return split
