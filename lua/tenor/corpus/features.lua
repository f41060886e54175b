--- Acoustic features of a corpus: one row of numbers an utterance, found again by
-- the utterance's id, so that features of a whole corpus serve any part of it.
local many = require "tenor.features.many"

local Features = {}
Features.__index = Features
Features.__name = "tenor.corpus.Features"

--- Features from a tensor.
-- @param rows tensor (N, F)
-- @tparam table ids list of N utterance ids
-- @tparam[opt] table more `failures`: list of { id, wav, reason }, whose rows count as absent; `cached`,
-- `silent`, `notes`, `names` (of the columns), `corpus` that they are of, `options` they were made with
function Features.new(rows, ids, more)
  local self = { failures = {}, cached = 0, silent = {}, notes = {} }
  for name, value in pairs(more or {}) do self[name] = value end
  self.tensor, self.ids, self.place = rows, ids, {}
  for i, id in ipairs(ids) do self.place[id] = i end
  for _, failure in ipairs(self.failures) do self.place[failure.id] = nil end
  return setmetatable(self, Features)
end

--- The row number of an utterance, or nil where it has none.
function Features:row(id) return self.place[id] end

--- F, the numbers in a row.
function Features:width() return self.tensor:shape()[2] end

function Features:__len() return #self.ids end

local MOST <const> = 5 -- of a kind that are named

local function some(list)
  return table.concat(list, ", ", 1, math.min(MOST, #list)) .. (#list > MOST and ", …" or "")
end

function Features:__tostring()
  local lines = { ("Features: %d of %d utterances, %d numbers each%s"):format(#self.ids - #self.failures, #self.ids,
    self:width(), self.cached > 0 and (", %d from the cache"):format(self.cached) or "") }
  for i, failure in ipairs(self.failures) do
    if i > MOST then
      lines[#lines + 1] = ("  and %d more"):format(#self.failures - MOST)
      break
    end
    lines[#lines + 1] = ("  %s: %s"):format(failure.id, failure.reason)
  end
  if #self.silent > 0 then lines[#lines + 1] = ("  silent throughout: %d (%s)"):format(#self.silent, some(self.silent)) end
  for _, note in ipairs(self.notes) do lines[#lines + 1] = "  note: " .. note end
  return table.concat(lines, "\n")
end

--- Extracts the features of every utterance; one whose file fails loses its own row only.
-- @param corpus its `utterances` are read
-- @tparam table o all the options of `corpus:extract`, checked
function Features.extract(corpus, o)
  local paths, ids, failures, silent = {}, {}, {}, {}
  for i, u in ipairs(corpus.utterances) do ids[i], paths[i] = u.id, u.wav or false end
  local rows, reasons, extra = many(paths, o)
  for i, u in ipairs(corpus.utterances) do
    local reason = reasons[i] or not u.wav and "no wav"
    if reason then failures[#failures + 1] = { id = u.id, wav = u.wav, reason = reason } end
  end
  for i, at in ipairs(extra.silent) do silent[i] = ids[at] end
  local used = {}
  for _, name in ipairs { "window", "step", "eps", "deltas", "drop_zeros" } do used[name] = o[name] end
  return Features.new(rows, ids, {
    failures = failures, cached = extra.cached, silent = silent, notes = extra.notes, corpus = corpus, options = used,
    names = require "tenor.features".column_names(used.deltas),
  })
end

return Features
