--- Acoustic features of a corpus: one row of numbers an utterance, found again by
-- the utterance's id, so that features of a whole corpus serve any part of it.

--- The features of a corpus: `tensor` (N, F) in corpus order, `ids`, `failures` (list of {id, wav, reason}).
local Features = {}
Features.__index = Features
Features.__name = "tenor.corpus.Features"

--- Features from a tensor.
-- @param rows tensor (N, F)
-- @tparam table ids list of N utterance ids
-- @tparam[opt] table failures list of { id, wav, reason }; these rows count as absent
function Features.new(rows, ids, failures)
  local self = setmetatable({ tensor = rows, ids = ids, failures = failures or {}, place = {} }, Features)
  for i, id in ipairs(ids) do self.place[id] = i end
  for _, failure in ipairs(self.failures) do self.place[failure.id] = nil end
  return self
end

--- The row number of an utterance, or nil where it has none.
function Features:row(id) return self.place[id] end

--- F, the numbers in a row.
function Features:width() return self.tensor:shape()[2] end

function Features:__len() return #self.ids end

function Features:__tostring()
  local lines = { ("Features: %d of %d utterances, %d numbers each"):format(#self.ids - #self.failures, #self.ids,
    self:width()) }
  for i, failure in ipairs(self.failures) do
    if i > 5 then
      lines[#lines + 1] = ("  and %d more"):format(#self.failures - 5)
      break
    end
    lines[#lines + 1] = ("  %s: %s"):format(failure.id, failure.reason)
  end
  return table.concat(lines, "\n")
end

--- Extracts the features of every utterance; one whose file fails loses its own row only.
-- @tparam table utterances of a corpus
-- @tparam table o options of `tenor.features.extract_many`
function Features.extract(utterances, o)
  local paths, ids, failures = {}, {}, {}
  for i, u in ipairs(utterances) do ids[i], paths[i] = u.id, u.wav or false end
  local rows, reasons = require "tenor.features".extract_many(paths, o)
  for i, u in ipairs(utterances) do
    local reason = reasons[i] or not u.wav and "no wav"
    if reason then failures[#failures + 1] = { id = u.id, wav = u.wav, reason = reason } end
  end
  return Features.new(rows, ids, failures)
end

return Features
