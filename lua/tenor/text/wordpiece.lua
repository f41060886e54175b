--- WordPiece, as BERT cuts words (Devlin et al., NAACL 2019; google-research/bert, tokenization.py).
--
-- The basic tokenizer cuts text at white space and around punctuation and Chinese characters, and for
-- uncased models makes letters small and takes their accents. Each of its tokens is then cut greedily:
-- the longest piece of the vocabulary that it begins with, then the longest that goes on, written with
-- `##` before it. A token that cannot be cut to its end is `[UNK]`.
local core = require("tenor.core").text
local fs = require "tenor.fs"
local options = require "tenor.options"
local tensor = require "tenor.tensor"
local trim = require "tenor.trim"

--- BERT's tokenizer: @{text.WordPiece} makes one.
local WordPiece = {}
WordPiece.__index = WordPiece
WordPiece.__name = "tenor.text.WordPiece"

local UNKNOWN <const> = "[UNK]"

-- Pieces by line; blanks around them are not theirs.
local function lines_of(path)
  local bytes, why = fs.read(path)
  if not bytes then return nil, why end
  bytes = bytes:gsub("^\xEF\xBB\xBF", "")
  if bytes == "" then return nil, path .. ": is empty" end
  local list = {}
  for line in bytes:gmatch "([^\n]*)\n?" do list[#list + 1] = trim(line) end
  return list
end

-- An uncased vocabulary has no capitals but in [UNK] and its like.
local function is_uncased(list)
  for _, piece in ipairs(list) do
    if piece:find "[A-Z]" and not piece:find "^%[.*%]$" then return false end
  end
  return true
end

-- The pieces of one token of the basic tokenizer, or nil where it cannot be cut.
local function cut(self, token)
  local starts = {}
  for at in utf8.codes(token) do starts[#starts + 1] = at end
  if #starts > self.longest then return nil end
  starts[#starts + 1] = #token + 1
  local pieces, first = {}, 1
  while first < #starts do
    local mark = first > 1 and "##" or ""
    local last, longest = #starts, self.most - #mark
    while last > first and starts[last] - starts[first] > longest do last = last - 1 end -- no piece is so long
    while last > first do
      local piece = mark .. token:sub(starts[first], starts[last] - 1)
      if self.id[piece] then
        pieces[#pieces + 1] = piece
        break
      end
      last = last - 1
    end
    if last == first then return nil end
    first = last
  end
  return pieces
end

local function check_text(call, s)
  if type(s) ~= "string" then error(("%s: text must be a string, got %s"):format(call, type(s)), 3) end
end

--- Iterates over the tokens of BERT's basic tokenizer.
-- @string s
-- @treturn function
function WordPiece:split(s)
  check_text("WordPiece:split", s)
  return core.bert(s, self.lower):gmatch "[^ ]+"
end

--- The pieces of a text.
-- @string s
-- @treturn table list of strings, `[UNK]` for each token that cannot be cut
function WordPiece:pieces(s)
  check_text("WordPiece:pieces", s)
  local list = {}
  for token in self:split(s) do
    local pieces = cut(self, token) or { UNKNOWN }
    table.move(pieces, 1, #pieces, #list + 1, list)
  end
  return list
end

--- The ids of a text's pieces, as BERT counts them: from 0, without `[CLS]` and `[SEP]`.
-- @string s
-- @return int32 tensor (T)
function WordPiece:encode(s)
  check_text("WordPiece:encode", s)
  local ids = {}
  for i, piece in ipairs(self:pieces(s)) do ids[i] = self.id[piece] end
  return tensor.tensor(ids, "int32")
end

--- How many pieces there are.
-- @treturn integer
function WordPiece:size() return #self.list end

function WordPiece:__tostring()
  return ("WordPiece: %d pieces, %s"):format(#self.list, self.lower and "small letters without accents" or "letters as they are")
end

--- A tokenizer from BERT's `vocab.txt`, a piece a line, or from a list of pieces.
-- @param vocabulary path or list
-- @tparam[opt] table given `lower`: small letters without accents, for uncased models (default: whether
-- the vocabulary has no capitals); `longest`: tokens of more characters are `[UNK]` (200, as published)
-- @return the tokenizer, or nil and a message where the file cannot be read or is no such vocabulary
return function(vocabulary, given)
  local call = "text.WordPiece"
  local o = options.fill(call, given, { lower = options.none, longest = 200 })
  if o.lower ~= nil and type(o.lower) ~= "boolean" then
    error(("%s: lower must be true or false, got %s"):format(call, tostring(o.lower)), 2)
  end
  if math.type(o.longest) ~= "integer" or o.longest < 1 then
    error(("%s: longest must be a whole number above 0, got %s"):format(call, tostring(o.longest)), 2)
  end
  local list, name = vocabulary, "the vocabulary"
  if type(vocabulary) == "string" then
    local lines, why = lines_of(vocabulary)
    if not lines then return nil, why end
    list, name = lines, vocabulary
  elseif type(vocabulary) ~= "table" then
    error(("%s: vocabulary must be a path or a list of pieces, got %s"):format(call, type(vocabulary)), 2)
  end
  local id, most = {}, 0
  for i = 1, #list do
    local piece = list[i]
    if type(piece) ~= "string" then
      error(("%s: piece %d must be a string, got %s"):format(call, i, type(piece)), 2)
    end
    id[piece] = i - 1 -- of equal pieces the last counts, as in BERT's own reader
    most = math.max(most, #piece)
  end
  if not id[UNKNOWN] then
    return nil, ("%s: has no line '%s', and so is no vocabulary of WordPiece"):format(name, UNKNOWN)
  end
  if o.lower == nil then o.lower = is_uncased(list) end
  return setmetatable({
    list = list, id = id, most = most, lower = o.lower, longest = o.longest, path = type(vocabulary) == "string" and vocabulary,
  }, WordPiece)
end
