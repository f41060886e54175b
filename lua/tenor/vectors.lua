--- Word vectors for a vocabulary, to initialise an embedding.
--
-- The matrix has one row for padding and one for each word: row id + 1 belongs
-- to the word with that id. Words without a vector keep zeros. Files are read as
-- their makers publish them, packed by gzip or zip or not, in one pass; of their
-- vectors only those of wanted words are kept.
local core = require("tenor.core").vectors
local named = require "tenor.named"
local options = require "tenor.options"
local reading = require "tenor.vectors.reading"
local sniff = require "tenor.vectors.sniff"
local Vectors = require "tenor.vectors.result"

local vectors = {}

-- What holds no vector of ours is an error: an embedding of zeros is not what anybody asked for.
local function nothing(name, found, n, report)
  local reason, cased = ("%s: none of the %d words has a vector among %d of %d dimensions"):format(name, n, report.lines,
    report.dimensions), 0
  for i = 1, n do cased = cased + (found[i] == "cased" and 1 or 0) end
  if cased > 0 then reason = ("%s; %d are there in another case (case = \"fold\" takes them)"):format(reason, cased) end
  if report.malformed > 0 then
    reason = ("%s, %d of them malformed (the first is line %d: %s)"):format(reason, report.malformed, report.first_bad,
      report.reason)
  end
  return nil, reason
end

-- Reads what C reads block by block.
local function stream(path, list, counts, o, how)
  local member, member_name = reading.member(path, o)
  if not member then return nil, member_name end
  local name = member_name and path .. ": " .. named { member_name } or path
  if how.check then
    local ok, why = how.check(path, member, name)
    if not ok then return nil, why end
  end
  local reader <close>, why = core.open(path, list, how.format, o.dimensions or 0, member, o.case == "fold", name)
  if not reader then return nil, why end
  local report, bar = reading.reporter(o, (member_name and named { member_name } or path):gsub("^.*/", ""), reader:bytes())
  local _ <close> = bar
  repeat
    local done, total, finished = reader:step()
    if not done then return nil, total end
    report(done, total)
  until finished
  local found, any = {}, false
  for i = 1, #list do
    found[i] = reader:found(i)
    any = any or found[i] == "exact" or found[i] == "folded"
  end
  local counted = reader:report()
  if not any then return nothing(name, found, #list, counted) end
  return Vectors.new {
    words = list, counts = counts, found = found, rows = reader:matrix(), report = counted,
    origin = { path = path, kind = how.kind, member = member_name, case = o.case },
  }
end

-- Of each kind that `sniff` knows: what it is, and which reader is for it.
local kinds = {
  glove = { "GloVe's text", "glove" }, fasttext = { "fastText's text", "fasttext" },
  word2vec = { "word2vec's binary format", "word2vec" }, npy = { "a NumPy array", "npy" },
  safetensors = { "a safetensors file", "bert" },
}

-- A check that refuses what another reader is for.
local function only(...)
  local mine = {}
  for _, kind in ipairs { ... } do mine[kind] = true end
  return function(path, member, name)
    local kind, what = sniff(path, member, name)
    if kind == nil then return nil, what end
    if not kind and what then return nil, ("%s: is %s"):format(name, what) end
    if not kind or mine[kind] then return true end
    return nil, ("%s: is %s; read it with tenor.vectors.%s"):format(name, table.unpack(kinds[kind]))
  end
end

local streamed = reading.with { member = options.none }

--- Reads GloVe's text format: lines `word v1 … vD`; a line `V D` may stand before them.
-- A word may contain spaces: the last D fields are its numbers. Malformed lines are counted, not
-- fatal; a wanted word's number that is not finite is. The first vector of a repeated word counts.
-- Numbers are parsed to the nearest double. Besides the matrix, memory stays near 1 MB.
-- @string path the text, or it packed: `.gz`, `.zip`
-- @param words a fitted tokenizer or a list of words; word i belongs to id i
-- @tparam[opt] table given
--   `dimensions`: D; chooses a member of `glove.6B.zip`, and must be the file's;
--   `member`: the name of a zip archive's member;
--   `case`: "exact" (the default), or "fold": a word that the file does not have takes the first
--   vector of a word of which it is the lower case (`paris` that of `Paris`);
--   `progress`: "auto" (the default), "bar", "plain", "silent", or a function of (bytes, total),
--   called after each block; `stream` (io.stderr), where the bar goes
-- @treturn Vectors the vectors (`matrix`, `coverage`, `dimensions`, `source`), or nil and a message
-- @raise on wrong arguments and on words that repeat
-- @see Pennington, Socher and Manning, EMNLP 2014
function vectors.glove(path, words, given)
  local o = reading.options("vectors.glove", given, streamed)
  local list, counts = reading.vocabulary("vectors.glove", path, words)
  return stream(path, list, counts, o, { kind = "glove", format = "text", check = only("glove", "fasttext") })
end

--- Reads fastText's `.vec`: a line `V D`, then lines as GloVe's. Options as `glove`.
-- A file of fewer than V lines was cut short, and is an error.
-- @see Bojanowski et al., TACL 2017
-- @treturn Vectors the vectors, or nil and a message
function vectors.fasttext(path, words, given)
  local o = reading.options("vectors.fasttext", given, streamed)
  local list, counts = reading.vocabulary("vectors.fasttext", path, words)
  return stream(path, list, counts, o, { kind = "fasttext", format = "headed", check = only "fasttext" })
end

--- Reads word2vec's binary format, `GoogleNews-vectors-negative300.bin` or its `.gz`: a line
-- `V D`, then V times word, space, D little-endian floats, and perhaps a line feed. Options as
-- `glove`. What does not fit ends the reading, with the byte where: nothing marks where words begin.
-- @see Mikolov et al., NIPS 2013, and their word2vec.c
-- @treturn Vectors the vectors, or nil and a message
function vectors.word2vec(path, words, given)
  local o = reading.options("vectors.word2vec", given, streamed)
  local list, counts = reading.vocabulary("vectors.word2vec", path, words)
  return stream(path, list, counts, o, { kind = "word2vec", format = "word2vec", check = only "word2vec" })
end

local npy_defaults = reading.with { list = options.none }

--- Reads rows of a matrix (V', D) in NumPy's format and the list of their words.
-- @string path `.npy` of floats, in C order
-- @param words a fitted tokenizer or a list of words
-- @tparam table given `list`: the path of a text of V' lines, a word each (required); and
-- `dimensions`, `case`, `progress`, `stream` as `glove`
-- @treturn Vectors the vectors, or nil and a message
function vectors.npy(path, words, given)
  local o = reading.options("vectors.npy", given, npy_defaults)
  local list, counts, place = reading.vocabulary("vectors.npy", path, words)
  if not o.list then error("vectors.npy: the option list must name the file of words, one a line", 2) end
  return require "tenor.vectors.npy"(path, list, counts, place, o)
end

local bert_defaults = reading.with { vocabulary = options.none, tensor = options.none, lower = options.none }
bert_defaults.case = nil -- the vocabulary tells

--- Reads the token embeddings of BERT and its like, cut by WordPiece: a word's vector is the mean of its
-- pieces' rows. A word with a piece that the vocabulary has not, `[UNK]`, has none.
-- @string path `model.safetensors`, or the matrix (V', D) as `.npy`
-- @param words a fitted tokenizer or a list of words
-- @tparam table given
--   `vocabulary`: the path of `vocab.txt`, a piece a line (required);
--   `tensor`: the matrix's name in the safetensors file (default: the one whose name ends in
--   `embeddings.word_embeddings.weight`);
--   `lower`: as `tenor.text.WordPiece`; `dimensions`, `progress`, `stream` as `glove`
-- @treturn Vectors the vectors, or nil and a message
-- @see Devlin et al., NAACL 2019
function vectors.bert(path, words, given)
  local o = reading.options("vectors.bert", given, bert_defaults)
  local list, counts = reading.vocabulary("vectors.bert", path, words)
  if not o.vocabulary then error("vectors.bert: the option vocabulary must name BERT's vocab.txt", 2) end
  return require "tenor.vectors.bert"(path, list, counts, o)
end

local open_defaults = reading.with { member = options.none, list = options.none }
for name, default in pairs(bert_defaults) do open_defaults[name] = default end

--- Reads word vectors of whichever of these kinds, which the content tells.
-- @string path
-- @param words a fitted tokenizer or a list of words
-- @tparam[opt] table given the options of the reader for that kind
-- @treturn Vectors the vectors, or nil and a message
function vectors.open(path, words, given)
  local o = reading.options("vectors.open", given, open_defaults)
  reading.vocabulary("vectors.open", path, words)
  local member, member_name = reading.member(path, o)
  if not member then return nil, member_name end
  local name = member_name and path .. ": " .. named { member_name } or path
  local kind, what = sniff(path, member, name)
  if kind == nil then return nil, what end
  local read = kind and vectors[kinds[kind][2]]
  if not read then
    return nil, ("%s: is %s"):format(name, what or "no kind of word vectors that is known: GloVe's or fastText's text, "
      .. "word2vec's binary format, .npy, .safetensors")
  end
  if kind == "npy" and o.vocabulary then read, kind = vectors.bert, "safetensors" end
  if kind == "safetensors" and not o.vocabulary then
    return nil, path .. ": is a safetensors file; the option vocabulary must name BERT's vocab.txt"
  end
  if kind == "npy" and member_name then return nil, name .. ": is a NumPy array; unpack it first" end
  if kind == "npy" and not o.list then
    return nil, name .. ": is a NumPy array; the option list must name the file of its words, one a line"
  end
  if kind ~= "npy" and o.list then
    return nil, ("%s: is %s, which has its words itself; the option list is for .npy"):format(name, kinds[kind][1])
  end
  return read(path, words, given)
end

return vectors
