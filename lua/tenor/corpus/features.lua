--- Acoustic features of a corpus: one row of numbers an utterance, found again by
-- the utterance's id, so that features of a whole corpus serve any part of it.
local harmless = require "tenor.harmless"
local many = require "tenor.features.many"
local named = require "tenor.named"
local quoted = require "tenor.quoted"
local tensor = require "tenor.tensor"

--- The features of a corpus. Fields: `tensor` (N, F) in corpus order, `ids`, `failures` (list of {id, wav, reason}), `cached`,
-- how many rows were read back, `names` of the columns, `options` they were made with, `notes`.
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
-- @treturn ?integer
function Features:row(id) return self.place[id] end

-- "/data/x.wav" and "x.wav" as "x"
local function stem(id) return (id:gsub("^.*[/\\]", ""):gsub("(.)%.[^.]*$", "%1")) end

--- The rows of a corpus's utterances, in its order: those of the same id or, failing that, of a file
-- of that name (`/data/x.wav` for `x`). Utterances without a row are in `failures`; rows of no utterance are
-- counted in `notes`.
-- @param corpus its `utterances` are read
-- @string name what the features came from, for the reasons
-- @tparam[opt] boolean whole that the corpus may be part of what they are of: rows of no utterance are nothing to note
-- @treturn Features Features, or nil and a message where two rows are of one utterance, or none is of any
function Features:of(corpus, name, whole)
  local by_stem = {}
  for _, id in ipairs(self.ids) do by_stem[stem(id)] = by_stem[stem(id)] and false or by_stem[stem(id)] == nil and id end
  local reasons = {}
  for _, failure in ipairs(self.failures) do reasons[failure.id] = failure.reason end
  local rows, ids, failures, taken = tensor.zeros(#corpus.utterances, self:width()), {}, {}, {}
  for i, u in ipairs(corpus.utterances) do
    ids[i] = u.id
    local id = (self.place[u.id] or reasons[u.id]) and u.id or by_stem[u.id]
    if id == false then
      return nil, ("%s: several rows have a name that is %s without folder and ending"):format(name, quoted(u.id))
    end
    local at = id and self.place[id]
    if at then rows[i] = self.tensor[at] end
    if id then taken[id] = true end
    if not at then
      failures[#failures + 1] = { id = u.id, wav = u.wav, reason = id and reasons[id] or "no row in " .. name }
    end
  end
  local spare = 0
  for _, id in ipairs(self.ids) do spare = spare + (taken[id] and 0 or 1) end
  if spare == #self.ids and #corpus.utterances > 0 then
    return nil, ("%s: no row is of an utterance of the corpus: %s … against %s …"):format(name, quoted(self.ids[1]), quoted(ids[1]))
  end
  local notes = table.move(self.notes, 1, #self.notes, 1, {})
  if spare > 0 and not whole then
    notes[#notes + 1] = ("%s: %d row%s no utterance of the corpus"):format(name, spare, spare == 1 and " is of" or "s are of")
  end
  return Features.new(rows, ids, {
    failures = failures, notes = notes, names = self.names, options = self.options, corpus = corpus,
  })
end

--- Writes one .npz that NumPy opens, and `tenor.corpus.npz` and `tenor.features.load`: the features, ids, names and
-- options; of features of a corpus also its labels, texts, sessions, speakers and splits (features/archive).
-- @string path its ending must be `.npz`
-- @return true, or nil and a message
function Features:save(path)
  if type(path) ~= "string" or not path:lower():find "%.npz$" then
    error(("features:save: path must be a string that ends in .npz, got %s"):format(tostring(path)), 2)
  end
  if #self.ids == 0 then error("features:save: there is no utterance to save", 2) end
  return require "tenor.features.archive".save(self, path)
end

--- F, the numbers in a row.
-- @treturn integer
function Features:width() return self.tensor:shape()[2] end

function Features:__len() return #self.ids end

local MOST <const> = 5 -- of a kind that are named

function Features:__tostring()
  local lines = { ("Features: %d of %d utterances, %d numbers each%s"):format(#self.ids - #self.failures, #self.ids,
    self:width(), self.cached > 0 and (", %d from the cache"):format(self.cached) or "") }
  for i, failure in ipairs(self.failures) do
    if i > MOST then
      lines[#lines + 1] = ("  and %d more"):format(#self.failures - MOST)
      break
    end
    lines[#lines + 1] = ("  %s: %s"):format(quoted(failure.id):sub(2, -2), harmless(failure.reason))
  end
  if #self.silent > 0 then lines[#lines + 1] = ("  silent throughout: %d (%s)"):format(#self.silent, named(self.silent, MOST)) end
  for _, note in ipairs(self.notes) do lines[#lines + 1] = "  note: " .. harmless(note) end
  return table.concat(lines, "\n")
end

--- Extracts the features of every utterance; one whose file fails loses its own row only.
-- @param corpus its `utterances` are read
-- @tparam table o all the options of `corpus:extract`, checked
-- @treturn Features
function Features._extract(corpus, o)
  local paths, ids, failures, silent, any = {}, {}, {}, {}, false
  for i, u in ipairs(corpus.utterances) do
    ids[i], paths[i] = u.id, u.wav or false
    any = any or u.wav
  end
  if corpus.at_hand and not any then
    error("corpus:extract: no utterance has a wav; corpus:features() gives the features that came with the corpus", 2)
  end
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

local function from_tensor(corpus, rows)
  local ok, shape = pcall(function() return rows:shape() end)
  if not ok or #shape ~= 2 or shape[1] ~= #corpus.utterances then
    error(("corpus:features: rows must be a tensor (%d, F), got %s"):format(#corpus.utterances,
      ok and "(" .. table.concat(shape, ", ") .. ")" or type(rows)), 3)
  end
  local ids = {}
  for i, u in ipairs(corpus.utterances) do ids[i] = u.id end
  require "tenor.nonfinite".check_rows("corpus:features: rows", rows, ids, 3)
  return Features.new(rows, ids, { corpus = corpus })
end

-- A bare array has no ids: its rows are in corpus order.
local function from_npy(corpus, path, given)
  require "tenor.options".fill("corpus:features of a .npy", given, {}, 4)
  local rows, why = require "tenor.files".load(path, { dtype = "real" })
  if not rows then return nil, why end
  local shape, n = rows:shape(), #corpus.utterances
  if #shape ~= 2 or shape[1] ~= n then
    return nil, ("%s: is (%s); a row for each of the %d utterances, in corpus order, would be (%d, F)"):format(path,
      table.concat(shape, ", "), n, n)
  end
  local bad = require "tenor.data"._find_bad(rows)
  if bad then return nil, ("%s: %s"):format(path, bad) end
  return from_tensor(corpus, rows)
end

--- What `corpus:features` does; errors point at the line that called it.
-- @param corpus
-- @param from a tensor, a path, or nil
-- @tparam[opt] table given options of a path
-- @treturn Features Features, or nil and a message
function Features._from(corpus, from, given)
  if from == nil then
    local at_hand = corpus.at_hand
    if not at_hand then
      error("corpus:features: the corpus came without features; give a tensor or a path, or corpus:extract()", 2)
    end
    return at_hand.features:of(corpus, at_hand.name, true)
  end
  if type(from) ~= "string" then
    local features = from_tensor(corpus, from)
    return features
  end
  if from:lower():find "%.npy$" then return from_npy(corpus, from, given) end
  local o = require "tenor.features.options".file("corpus:features", from, given)
  local loaded, why = require "tenor.features.archive".load(from, o)
  if not loaded then return nil, why end
  return loaded:of(corpus, from)
end

return Features
