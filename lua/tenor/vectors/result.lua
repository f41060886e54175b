--- What every reader of word vectors gives: the rows of a vocabulary, where they
-- come from, and how much of the vocabulary they cover.

--- The vectors of a vocabulary, as an embedding wants them.
local Vectors = {}
Vectors.__index = Vectors
Vectors.__name = "tenor.Vectors"

--- @tparam table fields
--   `words`: list, word i has id i; `counts`: word → count, or nil;
--   `found`: for each id "exact", "folded" (the vector of another case), or else none: "cased"
--   where the file has the word in another case only, nil where not at all;
--   `rows`: tensor (V + 1, D); `origin`: path, kind, and what else was chosen;
--   `report`: counts of the file, `lines`, and any of `malformed`, `first_bad`, `reason`,
--   `duplicates`, `spaced`, `cut`
-- @return the vectors
function Vectors.new(fields) return setmetatable(fields, Vectors) end

local function share(n, total) return ("%d of %d"):format(n, total), 100 * n / math.max(total, 1) end

local function plural(n, word) return ("%d %s%s"):format(n, word, n == 1 and "" or "s") end

local Report = { __tostring = function(c)
  local lines = { ("%s words have a vector (%.1f %%)"):format(share(c.types_found, c.types)) }
  if c.tokens then
    lines[1] = lines[1] .. (", %s tokens (%.1f %%)"):format(share(c.tokens_found, c.tokens))
  end
  if #c.missing > 0 then
    local some = {}
    for i = 1, math.min(10, #c.missing) do
      local m = c.missing[i]
      some[i] = m.count and ("%s (%d)"):format(m.word, m.count) or m.word
    end
    lines[#lines + 1] = "missing: " .. table.concat(some, ", ") .. (#c.missing > 10 and ", ..." or "")
  end
  if c.folded > 0 then
    lines[#lines + 1] = plural(c.folded, "word") .. " took the vector of another case"
  end
  if c.cased > 0 then
    lines[#lines + 1] = plural(c.cased, "missing word") .. " would have one in another case (case = \"fold\")"
  end
  if c.cut > 0 then lines[#lines + 1] = plural(c.cut, "word") .. " took the mean of several pieces" end
  if c.malformed > 0 then
    lines[#lines + 1] = ("%d of %d lines malformed, the first is line %d (%s)"):format(c.malformed, c.lines, c.first_bad,
      c.reason)
  end
  if c.spaced > 0 then lines[#lines + 1] = plural(c.spaced, "word") .. " of the file with spaces inside" end
  if c.duplicates > 0 then
    lines[#lines + 1] = plural(c.duplicates, "further vector") .. " of a word that had one; the first counts"
  end
  return table.concat(lines, "\n")
end }

--- How much of the vocabulary has a vector. Prints as a short report.
-- @treturn table table `types`, `types_found`, `tokens`, `tokens_found` (nil for a plain list of
-- words), `missing` (list of {word, count}, most frequent first), `folded` (words that took
-- the vector of another case), `cased` (missing words that the file has in another case only),
-- and of the file `lines`, `malformed`, `first_bad` (line number), `reason` (of that line),
-- `duplicates`, `spaced` (words with spaces), `cut` (words made of several pieces)
function Vectors:coverage()
  local report = self.report
  local c = {
    types = #self.words, types_found = 0, missing = {}, folded = 0, cased = 0, lines = report.lines,
    malformed = report.malformed or 0, first_bad = report.first_bad or 0, reason = report.reason,
    duplicates = report.duplicates or 0, spaced = report.spaced or 0, cut = report.cut or 0,
  }
  if self.counts then c.tokens, c.tokens_found = 0, 0 end
  for i, word in ipairs(self.words) do
    local count, how = self.counts and self.counts[word], self.found[i]
    if count then c.tokens = c.tokens + count end
    if how == "exact" or how == "folded" then
      c.types_found = c.types_found + 1
      if count then c.tokens_found = c.tokens_found + count end
      if how == "folded" then c.folded = c.folded + 1 end
    else
      c.missing[#c.missing + 1] = { word = word, count = count }
      if how == "cased" then c.cased = c.cased + 1 end
    end
  end
  if self.counts then
    local place = {}
    for i, m in ipairs(c.missing) do place[m] = i end
    table.sort(c.missing, function(a, b)
      if a.count ~= b.count then return a.count > b.count end
      return place[a] < place[b]
    end)
  end
  return setmetatable(c, Report)
end

--- The embedding's rows.
-- @return tensor (V + 1, D); row 1 is padding
function Vectors:matrix() return self.rows end

--- D, the length of a vector.
-- @treturn integer
function Vectors:dimensions() return self.rows:size(2) end

--- Where the vectors come from, for the record of an experiment.
-- @treturn table a new table of strings and numbers: `path`, `kind` ("glove", "fasttext", "word2vec",
-- "npy", "bert"), `dimensions`, `case`, and where there is one the `member` of the archive, the
-- `list` of words, BERT's `vocabulary`, `tensor` and `lower`
function Vectors:source()
  local copy = { dimensions = self:dimensions() }
  for name, value in pairs(self.origin) do copy[name] = value end
  return copy
end

function Vectors:__tostring()
  local o = self.origin
  local text = ("Vectors %s%s: %d dimensions, %s"):format(o.path, o.member and "/" .. o.member or "", self:dimensions(),
    tostring(self:coverage()):match("^[^\n]*"))
  local malformed = self.report.malformed or 0
  return malformed > 0 and ("%s; %s malformed"):format(text, plural(malformed, "line")) or text
end

return Vectors
