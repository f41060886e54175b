--- Words to numbers: the tokenizer of Keras 2.3, which the paper used.
--
-- Text is lower-cased, filtered characters become spaces, and it is split at
-- spaces. Ids count from 1 by falling frequency, ties by first appearance; 0 is
-- left for padding. Words that `fit` has not seen are dropped.
local contractions = require "tenor.text.contractions"
local harmless = require "tenor.harmless"
local lowercase = require "tenor.lowercase"
local options = require "tenor.options"
local states = require "tenor.text.state"
local tensor = require "tenor.tensor"

local text = {}

--- The ids of words: @{text.Tokenizer} makes one.
local Tokenizer = {}
Tokenizer.__index = Tokenizer
Tokenizer.__name = "tenor.text.Tokenizer"

local defaults = { lower = true, filters = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n", contractions = "keep" }

-- What is wrong with filled options, or nil.
local function mistake(o)
  if type(o.lower) ~= "boolean" then return "lower must be true or false, got " .. tostring(o.lower) end
  if type(o.filters) ~= "string" then return "filters must be a string, got " .. type(o.filters) end
  if o.filters:find("[\x80-\xFF]") then return "filters must be ASCII characters, got '" .. o.filters .. "'" end
  if o.contractions ~= "keep" and o.contractions ~= "split" then
    return ("contractions must be 'keep' or 'split', got '%s'"):format(tostring(o.contractions))
  end
end

local function new(o)
  return setmetatable({
    lower = o.lower, filters = o.filters, contractions = o.contractions,
    class = o.filters ~= "" and "[" .. o.filters:gsub("%W", "%%%0") .. "]" or nil,
    count = {}, order = {}, id = {}, list = {}, tokens = 0,
  }, Tokenizer)
end

--- A tokenizer.
-- @tparam[opt] table given `lower` (true); `filters`, the ASCII characters that
-- become spaces (Keras' own: punctuation but the apostrophe, tab, newline);
-- `contractions`: "keep" (the default, as Keras), or "split", as GloVe's text is:
-- `don't` → `do n't`, `it's` → `it 's`, `cannot` → `can not`; apostrophes elsewhere,
-- quotation marks that is, go, and typographic ones become plain
function text.Tokenizer(given)
  local o = options.fill("text.Tokenizer", given, defaults)
  local wrong = mistake(o)
  if wrong then error("text.Tokenizer: " .. wrong, 2) end
  return new(o)
end

--- BERT's tokenizer; see `tenor.text.wordpiece`.
-- @function WordPiece
text.WordPiece = require "tenor.text.wordpiece"

--- A tokenizer from `Tokenizer:state`, equal to the one that gave it.
-- @tparam table state as it was, or as JSON gives it back
-- @treturn Tokenizer|WordPiece the tokenizer, or nil and what is wrong with the state
function text.restore(state)
  if type(state) ~= "table" then
    error("text.restore: state must be a table, got " .. type(state), 2)
  end
  local ok, why = states.check(state)
  why = why or mistake(state)
  local t
  if ok and not why then t, why = states.into(new(state), state) end
  if not t then return nil, "tokenizer state: " .. harmless(why):sub(1, 200) end -- it may quote a file
  return t
end

local function check_text(call, s, where)
  if type(s) ~= "string" then
    error(("%s: %s must be a string, got %s"):format(call, where, type(s)), 3)
  end
  return s
end

local function check_list(call, list)
  if type(list) ~= "table" then
    error(("%s: expected a list of strings, got %s"):format(call, type(list)), 3)
  end
  for i = 1, #list do
    if type(list[i]) ~= "string" then
      error(("%s: text %d must be a string, got %s"):format(call, i, type(list[i])), 3)
    end
  end
end

-- The parts of each word that `words` gives.
local function split_all(words)
  local parts, at = {}, 0
  return function()
    while not parts[at + 1] do
      local word = words()
      if not word then return nil end
      parts, at = contractions.split(word), 0
    end
    at = at + 1
    return parts[at]
  end
end

--- Iterates over the words of a text.
-- @treturn function
function Tokenizer:split(s)
  check_text("Tokenizer:split", s, "text")
  if self.lower then s = lowercase(s) end
  if self.class then s = s:gsub(self.class, " ") end
  local words = s:gmatch("[^ ]+")
  return self.contractions == "split" and split_all(words) or words
end

--- One with the same options that is not fitted yet.
-- @treturn Tokenizer
function Tokenizer:fresh()
  local copy = {}
  for name, value in pairs(self) do copy[name] = value end
  copy.count, copy.order, copy.id, copy.list, copy.tokens = {}, {}, {}, {}, 0
  return setmetatable(copy, Tokenizer)
end

--- Counts the words of texts and gives them ids. A second call adds to the
-- counts of the first and numbers all words anew.
-- @tparam table list of strings
-- @treturn Tokenizer self
function Tokenizer:fit(list)
  check_list("Tokenizer:fit", list)
  local count, order, words = self.count, self.order, self.list
  for i = 1, #list do
    for word in self:split(list[i]) do
      if not count[word] then
        words[#words + 1] = word
        order[word] = #words
        count[word] = 0
      end
      count[word] = count[word] + 1
      self.tokens = self.tokens + 1
    end
  end
  table.sort(words, function(a, b)
    if count[a] ~= count[b] then return count[a] > count[b] end
    return order[a] < order[b]
  end)
  for i, word in ipairs(words) do self.id[word] = i end
  -- a later fit appends to `words`: its newcomers must come after all of these
  local by_appearance = {}
  for i, word in ipairs(words) do by_appearance[i] = word end
  table.sort(by_appearance, function(a, b) return order[a] < order[b] end)
  for i, word in ipairs(by_appearance) do order[word] = i end
  return self
end

local function encode(self, s, out)
  local n = 0
  for word in self:split(s) do
    local id = self.id[word]
    if id then
      n = n + 1
      out[#out + 1] = id
    end
  end
  return n
end

--- The ids of a text's known words; none give a tensor of size 0.
-- @string s
-- @return int32 tensor (T)
function Tokenizer:encode(s)
  check_text("Tokenizer:encode", s, "text")
  local ids = {}
  encode(self, s, ids)
  return tensor.tensor(ids, "int32")
end

local encode_defaults = { length = options.none, padding = "pre" }

--- The ids of many texts, filled up with zeros at the front (`padding = "pre"`,
-- Keras' and the paper's) or at the end ("post").
-- @tparam table list of strings
-- @tparam[opt] table given `length` T (default: the longest text's, at least 1;
-- of longer texts the last T words are kept), `padding`
-- @return int32 tensor (N, T)
function Tokenizer:encode_all(list, given)
  local o = options.fill("Tokenizer:encode_all", given, encode_defaults)
  check_list("Tokenizer:encode_all", list)
  if o.padding ~= "pre" and o.padding ~= "post" then
    error(("Tokenizer:encode_all: padding must be 'pre' or 'post', got '%s'"):format(tostring(o.padding)), 2)
  end
  if o.length ~= nil and (math.type(o.length) ~= "integer" or o.length < 1) then
    error(("Tokenizer:encode_all: length must be a whole number above 0, got %s"):format(tostring(o.length)), 2)
  end
  local flat, counts, longest = {}, {}, 1
  for i = 1, #list do
    counts[i] = encode(self, list[i], flat)
    longest = math.max(longest, counts[i])
  end
  local T = o.length or longest
  local ids = tensor.zeros({ #list, T }, "int32")
  flat = tensor.tensor(flat, "int32")
  local at = 1
  for i = 1, #list do
    local n = math.min(counts[i], T)
    at = at + counts[i]
    if n > 0 then
      ids[i]:narrow(1, o.padding == "pre" and T - n + 1 or 1, n):copy_from(flat:narrow(1, at - n, n))
    end
  end
  return ids
end

--- How many words have an id; an embedding needs one row more, for padding.
-- @treturn integer
function Tokenizer:size() return #self.list end

--- The words by id, as a new list.
-- @treturn string[]
function Tokenizer:words() return table.move(self.list, 1, #self.list, 1, {}) end

--- How often each word was seen, as a new table word → count.
-- @treturn table word → count
function Tokenizer:counts()
  local copy = {}
  for word, count in pairs(self.count) do copy[word] = count end
  return copy
end

local Vocabulary = { __tostring = function(v)
  local lines = { tostring(v.summary), "   id  count  word" }
  for i, entry in ipairs(v) do
    if i > 20 then
      lines[#lines + 1] = ("   and %d more"):format(#v - 20)
      break
    end
    lines[#lines + 1] = ("%5d  %5d  %s"):format(entry.id, entry.count, entry.word)
  end
  return table.concat(lines, "\n")
end }
Vocabulary.__index = Vocabulary

--- The words with their ids and frequencies, most frequent first. Prints the first twenty.
-- @treturn table[] list of { id =, word =, count = }; its field `tokens` is the sum of the counts
function Tokenizer:vocabulary()
  local list = { tokens = self.tokens, summary = tostring(self) }
  for id, word in ipairs(self.list) do list[id] = { id = id, word = word, count = self.count[word] } end
  return setmetatable(list, Vocabulary)
end

--- All that makes the tokenizer what it is, as a plain table for JSON: `version`, the options
-- `lower`, `filters`, `contractions`; `words`, `counts` and `first` (place by first appearance), by
-- id; where a word is not UTF-8, `bytes`, its hexadecimal digits by id.
-- @treturn table a new table; `text.restore` makes the tokenizer again
function Tokenizer:state() return states.of(self) end

function Tokenizer:__tostring()
  return ("Tokenizer: %d words in %d tokens"):format(self:size(), self.tokens)
end

return text
