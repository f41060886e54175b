--- Word vectors for a vocabulary, to initialise an embedding.
--
-- The matrix has one row for padding and one for each word: row id + 1 belongs
-- to the word with that id. Words without a vector keep zeros.
local core = require("tenor.core").vectors
local options = require "tenor.options"

local vectors = {}

--- The vectors of a vocabulary, as an embedding wants them.
local Vectors = {}
Vectors.__index = Vectors
Vectors.__name = "tenor.Vectors"

-- The words by id and their counts (nil for a plain list).
local function vocabulary(call, words)
  if type(words) == "table" and type(words.words) == "function" then
    return words:words(), words:counts()
  end
  if type(words) ~= "table" then
    error(("%s: words must be a tokenizer or a list of words, got %s"):format(call, type(words)), 3)
  end
  for i = 1, #words do
    if type(words[i]) ~= "string" then
      error(("%s: word %d must be a string, got %s"):format(call, i, type(words[i])), 3)
    end
  end
  return words
end

local Report = { __tostring = function(c)
  local lines = { ("%d of %d words have a vector (%.1f %%)"):format(c.types_found, c.types,
    100 * c.types_found / c.types) }
  if c.tokens then
    lines[1] = lines[1] .. (", %d of %d tokens (%.1f %%)"):format(c.tokens_found, c.tokens,
      100 * c.tokens_found / c.tokens)
  end
  if #c.missing > 0 then
    local some = {}
    for i = 1, math.min(10, #c.missing) do
      local m = c.missing[i]
      some[i] = m.count and ("%s (%d)"):format(m.word, m.count) or m.word
    end
    lines[#lines + 1] = "missing: " .. table.concat(some, ", ") .. (#c.missing > 10 and ", ..." or "")
  end
  if c.malformed > 0 then
    lines[#lines + 1] = ("%d of %d lines malformed, the first is line %d"):format(c.malformed, c.lines, c.first_bad)
  end
  if c.duplicates > 0 then
    lines[#lines + 1] = ("%d lines repeat a word; its first vector counts"):format(c.duplicates)
  end
  return table.concat(lines, "\n")
end }

--- How much of the vocabulary has a vector. Prints as a short report.
-- @return table `types`, `types_found`, `tokens`, `tokens_found` (nil for a plain list of
-- words), `missing` (list of {word, count}, most frequent first), and of the file
-- `lines`, `malformed`, `first_bad` (line number), `duplicates`, `spaced` (words with spaces)
function Vectors:coverage()
  local report = self.report
  local c = {
    types = #self.words, types_found = 0, missing = {}, lines = report.lines, malformed = report.malformed,
    first_bad = report.first_bad, duplicates = report.duplicates, spaced = report.spaced,
  }
  if self.counts then c.tokens, c.tokens_found = 0, 0 end
  for i, word in ipairs(self.words) do
    local count = self.counts and self.counts[word]
    if count then c.tokens = c.tokens + count end
    if self.found[i] then
      c.types_found = c.types_found + 1
      if count then c.tokens_found = c.tokens_found + count end
    else
      c.missing[#c.missing + 1] = { word = word, count = count }
    end
  end
  return setmetatable(c, Report)
end

--- The embedding's rows.
-- @return tensor (V + 1, D); row 1 is padding
function Vectors:matrix() return self.rows end

--- D, the length of a vector.
function Vectors:dimensions() return self.report.dimensions end

function Vectors:__tostring()
  return ("Vectors %s: %d dimensions, %s"):format(self.path, self.report.dimensions,
    tostring(self:coverage()):match("^[^\n]*"))
end

--- Reads GloVe's text format, or fastText's `.vec`: lines `word v1 … vD`.
-- A word may contain spaces: the last D fields are its numbers. Malformed lines
-- are counted, not fatal; the first line of a repeated word counts. Numbers are
-- parsed to the nearest double. Besides the matrix, memory stays near 1 MB.
-- @string path
-- @param words a fitted tokenizer or a list of words; word i belongs to id i
-- @tparam[opt] table given `dimensions` D (default: what most of the first 100 lines have),
-- `progress(bytes, total)`, called after each block of 1 MB
-- @return the vectors, or nil and a message
function vectors.glove(path, words, given)
  local o = options.fill("vectors.glove", given, { dimensions = options.none, progress = options.none })
  if type(path) ~= "string" then
    error(("vectors.glove: path must be a string, got %s"):format(type(path)), 2)
  end
  local list, counts = vocabulary("vectors.glove", words)
  if #list == 0 then error("vectors.glove: the vocabulary is empty; fit the tokenizer first", 2) end
  local reader <close>, why = core.open(path, list, o.dimensions)
  if not reader then return nil, why end
  repeat
    local done, total, finished = reader:step()
    if not done then return nil, total end
    if o.progress then o.progress(done, total) end
  until finished
  local report, found, any = reader:report(), {}, false
  for i = 1, #list do
    found[i] = reader:found(i)
    any = any or found[i]
  end
  if not any then
    local reason = ("none of the %d words has a vector among %d lines of %d dimensions"):format(#list, report.lines,
      report.dimensions)
    if report.malformed > 0 then
      reason = reason .. (", %d of them malformed (the first is line %d)"):format(report.malformed, report.first_bad)
    end
    return nil, ("%s: %s"):format(path, reason)
  end
  return setmetatable({
    path = path, words = list, counts = counts, found = found, report = report, rows = reader:matrix(),
  }, Vectors)
end

return vectors
