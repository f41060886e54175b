--- The proof that no speaker is on two sides: who is where, who is on both, and of whom it is not known.
local named = require "tenor.named"
local split = require "tenor.split"

--- Who speaks in which part of a split.
local Speakers = {}
Speakers.__index = Speakers
Speakers.__name = "tenor.corpus.Speakers"

local order = { "train", "validation", "test" }
local called = { train = "training", validation = "validation", test = "the test part" }

local function plural(n, noun) return ("%d %s%s"):format(n, noun, n == 1 and "" or "s") end

-- The pair a, b as the table `pairs` has it: the earlier side first.
local function key(a, b) return a .. "/" .. b end

-- Notes who speaks on both sides.
local function compare(self, a, b)
  local one, other = self.parts[a], self.parts[b]
  if not (one and other) then return end
  local both = {}
  for name in pairs(one.speakers) do
    if other.speakers[name] then both[#both + 1] = name end
  end
  table.sort(both, split.before)
  self.between[key(a, b)] = both
  if #both > 0 then self.shared[#self.shared + 1] = { a, b, speakers = both } end
end

--- Looks who is where.
-- @tparam table sides part → list of utterances
-- @return the object: `parts[name] = { utterances, unknown, speakers = { name → utterances } }`;
-- `shared`, a list of `{ a, b, speakers = list }`; `unproven`, utterances without a speaker; `ok`, whether it
-- is proven that no speaker is on two sides
function Speakers.new(sides)
  local self = setmetatable({ parts = {}, shared = {}, between = {}, unproven = 0 }, Speakers)
  for _, name in ipairs(order) do
    if sides[name] and #sides[name] > 0 then
      local part = { utterances = #sides[name], unknown = 0, speakers = {} }
      for _, u in ipairs(sides[name]) do
        if u.speaker then
          part.speakers[u.speaker] = (part.speakers[u.speaker] or 0) + 1
        else
          part.unknown = part.unknown + 1
        end
      end
      self.parts[name] = part
      self.unproven = self.unproven + part.unknown
    end
  end
  for i, a in ipairs(order) do
    for j = i + 1, #order do
      compare(self, a, order[j])
    end
  end
  self.ok = #self.shared == 0 and self.unproven == 0
  return self
end

--- Whether two parts share no speaker.
-- @string a "train", "validation" or "test"
-- @string b another
-- @treturn ?boolean nil where an utterance of theirs names no speaker, so that it is not known
-- @treturn ?string[] those they share
function Speakers:apart(a, b)
  local shared = self.between[key(a, b)] or self.between[key(b, a)]
  if not shared then return true end
  if #shared > 0 then return false, shared end
  if self.parts[a].unknown + self.parts[b].unknown > 0 then return nil end
  return true
end

-- "Ses01F, Ses01M, ... and 4 more"
local function some(names)
  return named(names, 8)
end

local function size(part)
  local n = 0
  for _ in pairs(part.speakers) do n = n + 1 end
  return n
end

function Speakers:__tostring()
  local lines, counts, others = {}, {}, {}
  for _, name in ipairs(order) do
    if self.parts[name] then counts[#counts + 1] = ("%s %d"):format(name, size(self.parts[name])) end
  end
  lines[1] = "speakers: " .. table.concat(counts, ", ")
  if self.parts.test then
    for _, name in ipairs { "train", "validation" } do
      if self.parts[name] and self:apart(name, "test") == true then others[#others + 1] = called[name] end
    end
    if #others > 0 then lines[#lines + 1] = "no speaker of the test part is in " .. table.concat(others, " or ") end
  end
  if self.parts.validation and self.parts.train and self:apart("train", "validation") == true then
    lines[#lines + 1] = "no speaker of validation is in training"
  end
  for _, pair in ipairs(self.shared) do
    lines[#lines + 1] = ("%s of %s %s also in %s: %s"):format(plural(#pair.speakers, "speaker"), called[pair[2]],
      #pair.speakers == 1 and "is" or "are", called[pair[1]], some(pair.speakers))
  end
  for _, name in ipairs(order) do
    local part = self.parts[name]
    if part and part.unknown > 0 then
      lines[#lines + 1] = ("not proven for %s of %s without a speaker"):format(plural(part.unknown, "utterance"), called[name])
    end
  end
  return table.concat(lines, "\n")
end

return Speakers
