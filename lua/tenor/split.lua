--- Which utterance trains, validates and tests. A split is a function that maps
-- an utterance to "train", "validation", "test" or nil (left out).
local named = require "tenor.named"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local tensor = require "tenor.tensor"

local split = {}

-- Digits weigh as numbers, of any length: "Session10" comes after "Session2".
local function natural(text)
  return (text:gsub("0*(%d+)", function(digits) return ("%09d%s"):format(#digits, digits) end))
end

--- Whether a name comes before another in natural order.
function split.before(a, b) return natural(a) < natural(b) end

--- The values of a field in natural order; every utterance must have one.
-- @return list; table value → how many utterances have it
function split.values(call, name, utterances, field)
  local count, list, lacking = {}, {}, {}
  for _, u in ipairs(utterances) do
    local value = u[field]
    if value == nil then
      lacking[#lacking + 1] = u.id
    else
      if not count[value] then list[#list + 1] = value end
      count[value] = (count[value] or 0) + 1
    end
  end
  if #lacking > 0 then
    error(("%s: split '%s' needs a %s for every utterance; %d have none (%s%s); corpus:filter can leave them out"):format(
      call, name, field, #lacking, named({ table.unpack(lacking, 1, 3) }), #lacking > 3 and ", ..." or ""), 0)
  end
  table.sort(list, split.before)
  return list, count
end

-- What folds and splits go by → the field of an utterance.
local fields = { session = "session", speaker = "speaker", utterance = "id" }

--- The field of "session", "speaker" or "utterance"; nil of another word.
function split.field(by) return fields[by] end

local function leave_out(field, value)
  return function(u) return u[field] == value and "test" or "train" end
end


local function leave_one_out(call, name, utterances, by, value)
  local field = fields[by]
  local list = split.values(call, name, utterances, field)
  if #list < 2 then
    error(("%s: split '%s' needs two %ss or more, the corpus has %d"):format(call, name, by, #list), 0)
  end
  if value == nil then return leave_out(field, list[#list]) end
  for _, known in ipairs(list) do
    if known == value then return leave_out(field, value) end
  end
  error(("%s: split '%s': no such %s (%ss: %s)"):format(call, name, by, by, named(list)), 0)
end

local own_names = {
  train = "train", training = "train",
  dev = "validation", devel = "validation", development = "validation", val = "validation", valid = "validation",
  validation = "validation",
  test = "test", testing = "test",
}

-- The part that a corpus's own word means. Corpora with several test sets number them: Test1, Test2.
local function own_part(word)
  word = word:lower()
  return own_names[word] or word:find "^test[%s_-]?%d+$" and "test" or nil
end

-- `only` names one test set of several; the others are left out then.
local function own(call, name, utterances, only)
  local tests, any = {}, false
  for _, u in ipairs(utterances) do
    any = any or u.split ~= nil
    local part = u.split and own_part(u.split)
    if u.split and not part then
      error(("%s: split 'own': utterance %s has the split %s (known: train, validation or dev, test, test1, ...)"):format(
        call, quoted(u.id):sub(2, -2), quoted(u.split)), 0)
    end
    if part == "test" then tests[u.split:lower()] = u.split end
  end
  if not any and #utterances > 0 then
    error(("%s: split '%s': no utterance names its split"):format(call, name), 0)
  end
  if only and not tests[only:lower()] then
    local known = {}
    for _, test in pairs(tests) do known[#known + 1] = test end
    table.sort(known, split.before)
    error(("%s: split '%s': no such test set (test sets: %s)"):format(call, name, named(known)), 0)
  end
  return function(u)
    local part = u.split and own_part(u.split)
    if part == "test" and only and u.split:lower() ~= only:lower() then return nil end
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

-- Deals the values of a field to k folds. Values with many utterances go first, in groups of k whose order
-- the seed decides, and each to the fold that has fewest utterances.
local function deal(list, count, k, seed)
  local order, at = table.move(list, 1, #list, 1, {}), {}
  for i, value in ipairs(list) do at[value] = i end
  table.sort(order, function(a, b)
    if count[a] ~= count[b] then return count[a] > count[b] end
    return at[a] < at[b]
  end)
  local rng, sizes, fold_of = tensor.rng(seed), {}, {}
  for fold = 1, k do sizes[fold] = 0 end
  for from = 1, #order, k do
    local last = math.min(from + k - 1, #order)
    for _, place in ipairs(rng:permutation(last - from + 1):totable()) do
      local value, least = order[from + place - 1], 1
      for fold = 2, k do
        if sizes[fold] < sizes[least] then least = fold end
      end
      fold_of[value], sizes[least] = least, sizes[least] + count[value]
    end
  end
  return fold_of
end

local function whole(x, low, high) return math.type(x) == "integer" and x >= low and x <= high end

-- One of k folds by speaker, session or utterance: `{ kfold = 5, fold = 1, by = "speaker", seed = 1 }`.
local function kfold(call, given, utterances)
  local o = options.fill(call .. ": split", given, { kfold = options.none, fold = options.none, by = "speaker", seed = 1 }, 0)
  local field = fields[o.by]
  if not field then
    error(("%s: by must be 'speaker', 'session' or 'utterance', got '%s'"):format(call, tostring(o.by)), 0)
  end
  if math.type(o.seed) ~= "integer" then error(("%s: seed must be a whole number, got %s"):format(call, tostring(o.seed)), 0) end
  local list, count = split.values(call, "kfold", utterances, field)
  if not whole(o.kfold, 2, #list) then
    error(("%s: kfold must be a whole number from 2 to the number of %ss, %d, got %s"):format(call, o.by, #list,
      tostring(o.kfold)), 0)
  end
  if not whole(o.fold, 1, o.kfold) then
    error(("%s: fold must be a whole number from 1 to %d, got %s"):format(call, o.kfold, tostring(o.fold)), 0)
  end
  local fold_of = deal(list, count, o.kfold, o.seed)
  return function(u) return fold_of[u[field]] == o.fold and "test" or "train" end,
    ("%s, fold %d of %d"):format(o.by, o.fold, o.kfold)
end

-- The function for a name that stands for one way to split.
local function one_way(call, name, utterances)
  if name == "paper" then return leave_one_out(call, name, utterances, "session") end
  if name == "own" then return own(call, name, utterances) end
  if name == "tail" then return tail(utterances) end
  local by, value = tostring(name):match("^(%l+):(.+)$")
  if by == "own" then return own(call, name, utterances, value) end
  if fields[by] then return leave_one_out(call, name, utterances, by, value) end
  error(("%s: unknown split '%s' (known: auto, paper, own, own:TEST, tail, session:NAME, speaker:NAME, utterance:ID, a "
    .. "table { kfold =, fold =, by =, seed = }, a split, or a function)"):format(call, tostring(name)), 0)
end

--- The split of that name:
-- "paper": the last session tests, the others train; "own": the corpus's own
-- `split` field, "own:TEST" with one of its test sets alone; "session:NAME", "speaker:NAME", "utterance:ID": that one
-- tests, the others train; "tail": the last fifth of the utterances tests; "auto": "own" where any
-- utterance has a split, else "paper" where there are sessions, else "tail"; a table
-- `{ kfold = 5, fold = 1, by = "speaker", seed = 1 }`: one of k folds; a function, or what can be called as
-- one, is taken as it is.
-- @tparam table utterances those that take part
-- @tparam table all those of the whole corpus, over which folds are dealt
-- @return the function, and its name for people
-- @raise when the corpus lacks what the split needs
function split.named(call, name, utterances, all)
  if type(name) == "function" then return name, "a function" end
  if type(name) == "table" then
    if (getmetatable(name) or {}).__call then return name, name.name or "a function" end
    return kfold(call, name, all)
  end
  if name == "auto" then name = automatic(utterances) end
  return one_way(call, name, utterances), name
end

return split
