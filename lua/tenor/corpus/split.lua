--- A split of a corpus that can be looked at, proven and handed to `corpus:dataset`; folds are lists of them.
local harmless = require "tenor.harmless"
local split = require "tenor.split"
local options = require "tenor.options"
local Speakers = require "tenor.corpus.speakers"

--- A split of a corpus: `corpus:split` makes one. Fields: `name`; `spec`, what named it, nil for a function.
local Split = {}
Split.__index = Split
Split.__name = "tenor.corpus.Split"

--- A split.
-- @param corpus
-- @param spec what names it: see `corpus:dataset`
-- @param part function of an utterance to its part
-- @string name for people
function Split.new(corpus, spec, part, name)
  local self = setmetatable({ spec = spec, name = name, part_of_id = {}, sides = { train = {}, validation = {}, test = {} } },
    Split)
  for _, u in ipairs(corpus.utterances) do
    local side = part(u)
    if side ~= nil and not self.sides[side] then
      error(("corpus:split: the function gave '%s' for %s (known: train, validation, test)"):format(tostring(side), u.id), 0)
    end
    self.part_of_id[u.id] = side
    if side then table.insert(self.sides[side], u) end
  end
  return self
end

--- Who is where, and whether any speaker is on two sides. Where the split names no validation rows,
-- `corpus:dataset` takes them from training; `data.speakers` then is the proof of what came of it.
-- @treturn Speakers
function Split:proof() return Speakers.new(self.sides) end

--- The part of an utterance: "train", "validation", "test" or nil.
-- @treturn ?string
function Split:part(u) return self.part_of_id[u.id] end

Split.__call = Split.part

--- How many utterances are in each part.
-- @treturn table `{ train =, validation =, test = }`
function Split:counts()
  return { train = #self.sides.train, validation = #self.sides.validation, test = #self.sides.test }
end

function Split:__tostring()
  local items = {}
  for _, side in ipairs { "train", "validation", "test" } do
    if #self.sides[side] > 0 then items[#items + 1] = ("%s %d"):format(side, #self.sides[side]) end
  end
  return ("Split %s: %s\n%s"):format(harmless(self.name), table.concat(items, ", "), tostring(self:proof()))
end

--- The split of a spec over all utterances of a corpus.
-- @treturn Split
function Split._of(call, corpus, spec)
  if getmetatable(spec) == Split then return spec end
  local part, name = split.named(call, spec, corpus.utterances, corpus.utterances)
  return Split.new(corpus, type(spec) ~= "function" and spec or nil, part, name)
end

local fold_defaults = { kfold = options.none, by = "speaker", seed = 1 }

--- All folds: of each, one session, speaker, utterance or k-th of them tests and the others train.
-- @string call what begins the messages
-- @param corpus
-- @param spec "session", "speaker", "utterance", or `{ kfold = k, by =, seed = }`
-- @treturn Split[]
function Split._folds(call, corpus, spec)
  local list, field = {}, split.field(spec)
  if field then
    for i, value in ipairs(split.values(call, spec .. ":NAME", corpus.utterances, field)) do
      list[i] = Split._of(call, corpus, ("%s:%s"):format(spec, value))
    end
    return list
  end
  if type(spec) ~= "table" then
    error(("%s: expected 'session', 'speaker', 'utterance' or { kfold = k, by =, seed = }, got %s"):format(call,
      type(spec) == "string" and "'" .. spec .. "'" or type(spec)), 0)
  end
  local o = options.fill(call, spec, fold_defaults, 0)
  for fold = 1, math.tointeger(o.kfold) or 1 do
    list[fold] = Split._of(call, corpus, { kfold = o.kfold, fold = fold, by = o.by, seed = o.seed })
  end
  return list
end

return Split
