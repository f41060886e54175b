--- Corpora: utterances with audio, transcript and labels, any of which may be missing.
--
-- An utterance is a table `{ id, wav, text, valence, arousal, dominance, session,
-- speaker, split }` by name; labels are on the corpus's own scale, clipped to it
-- (`clipped` counts those that were), `extra` holds what else the corpus tells.
local byteorder = require "tenor.byteorder"
local data = require "tenor.data"
local options = require "tenor.options"
local tensor = require "tenor.tensor"
local Features = require "tenor.corpus.features"

local corpus = {}

--- Utterances in their order: `#corpus` of them, each a table, in `corpus.utterances`.
local Corpus = {}
Corpus.__index = Corpus
Corpus.__name = "tenor.Corpus"

local label_names = { valence = true, arousal = true, dominance = true }

local function new(fields) return setmetatable(fields, Corpus) end

local function derive(self, utterances)
  return new { name = self.name, utterances = utterances, scale = self.scale, extra = self.extra }
end

local manifest_defaults = { scale = { 1, 5 }, root = options.none, order = "id" }

--- A corpus from a CSV manifest with the columns `id, wav, text, valence, arousal,
-- dominance, session, speaker, split`, in any order. All but `id` may be absent,
-- and that too where `wav` is there to name the utterance; an empty field is missing.
-- Columns `V`, `A`, `D` stand for the labels where their long names are absent.
-- @string path
-- @tparam[opt] table given `scale` ({1, 5}), the labels' range; `root`, the folder of relative
-- wavs (the manifest's own); `order`, "id" (a plain string sort, the paper's) or "file"
-- @return the corpus, or nil and a message with file and line
function corpus.manifest(path, given)
  local call = "corpus.manifest"
  local o = options.fill(call, given, manifest_defaults)
  if type(path) ~= "string" then
    error(("%s: path must be a string, got %s"):format(call, type(path)), 2)
  end
  if o.order ~= "id" and o.order ~= "file" then
    error(("%s: order must be 'id' or 'file', got '%s'"):format(call, tostring(o.order)), 2)
  end
  data.check_scale(call, o.scale)
  o.root = o.root and o.root:gsub("/*$", "/", 1) or path:match("^.*/") or ""
  local utterances, extra = require "tenor.corpus.manifest"(path, o)
  if not utterances then return nil, extra end
  local self = new { name = path:match("[^/]+$"), utterances = utterances, scale = o.scale, extra = extra }
  return o.order == "id" and self:sorted() or self
end

--- The utterances that have a transcript give it, in corpus order.
-- @return list of strings
function Corpus:texts()
  local list = {}
  for _, u in ipairs(self.utterances) do list[#list + 1] = u.text end
  return list
end

local function check_labels(call, names)
  if type(names) ~= "table" or #names == 0 then
    error(("%s: labels must be a list of names, got %s"):format(call, type(names) == "table" and "none" or type(names)), 0)
  end
  for _, name in ipairs(names) do
    if not label_names[name] then
      error(("%s: unknown label '%s' (known: valence, arousal, dominance)"):format(call, tostring(name)), 0)
    end
  end
end

--- Which of valence, arousal and dominance, in this order, any utterance has.
-- @return list of names
function Corpus:label_names()
  local there, names = {}, {}
  for _, u in ipairs(self.utterances) do
    for name in pairs(label_names) do there[name] = there[name] or u[name] ~= nil end
  end
  for _, name in ipairs { "valence", "arousal", "dominance" } do
    if there[name] then names[#names + 1] = name end
  end
  return names
end

--- Labels mapped linearly from the corpus's scale to -1..1.
-- @tparam[opt] table names default `{ "valence", "arousal", "dominance" }`
-- @return tensor (N, k)
-- @raise when an utterance lacks one, naming it
function Corpus:labels(names)
  names = names or { "valence", "arousal", "dominance" }
  check_labels("corpus:labels", names)
  local rows, lacking = tensor.zeros(#self.utterances, #names), {}
  for i, u in ipairs(self.utterances) do
    local row, complete = {}, true
    for j, name in ipairs(names) do
      complete = complete and u[name] ~= nil
      row[j] = complete and data.map_label(u[name], self.scale)
    end
    if complete then rows[i] = tensor.tensor(row) else lacking[#lacking + 1] = u.id end
  end
  if #lacking > 0 then
    error(("corpus:labels: %d of %d utterances lack a label (%s%s)"):format(#lacking, #self.utterances,
      table.concat(lacking, ", ", 1, math.min(5, #lacking)), #lacking > 5 and ", ..." or ""), 2)
  end
  return rows
end

--- The utterances for which `keep(utterance)` is true, as a corpus.
function Corpus:filter(keep)
  local list = {}
  for _, u in ipairs(self.utterances) do
    if keep(u) then list[#list + 1] = u end
  end
  return derive(self, list)
end

--- The same utterances in the order of a plain (byte) sort of their ids.
function Corpus:sorted()
  local list = table.move(self.utterances, 1, #self.utterances, 1, {})
  table.sort(list, function(a, b) return byteorder(a.id, b.id) end)
  return derive(self, list)
end

local extract_defaults = {
  window = options.none, step = options.none, drop_zeros = options.none, eps = options.none, deltas = options.none,
  jobs = options.none, progress = "auto", stream = options.none,
}

--- The 68 statistics (HSF; 136 with deltas) of every utterance's audio, over all threads. A file
-- that cannot be read is listed in `failures`, the others are there.
-- @tparam[opt] table given `window`, `step`, `drop_zeros`, `eps`, `deltas` as `tenor.features.extract`;
-- `jobs`, threads at most (`tenor.threads()`, which also bounds it); `progress` ("auto"), "bar",
-- "plain", "silent", or a function of (done, total); `stream` of the bar (io.stderr)
-- @return Features: `tensor` (N, 68) in corpus order, `ids`, `failures` (list of {id, wav, reason})
-- @raise as `tenor.features.extract_many`
function Corpus:extract(given)
  local o = options.fill("corpus:extract", given, extract_defaults)
  return Features.extract(self.utterances, o)
end

--- Features made elsewhere, as an (N, F) tensor whose rows are in corpus order.
function Corpus:features(rows)
  local ok, shape = pcall(function() return rows:shape() end)
  if not ok or #shape ~= 2 or shape[1] ~= #self.utterances then
    error(("corpus:features: rows must be a tensor (%d, F), got %s"):format(#self.utterances,
      ok and "(" .. table.concat(shape, ", ") .. ")" or type(rows)), 2)
  end
  local ids = {}
  for i, u in ipairs(self.utterances) do ids[i] = u.id end
  return Features.new(rows, ids)
end

--- A dataset for `tenor.fit`. Utterances that lack a label or a modality that is
-- asked for are left out and counted.
-- @tparam table given
--
-- - `features`: Features, or a tensor (N, F) in corpus order
-- - `words`: a fitted tokenizer
-- - `labels`: default `{ "valence", "arousal", "dominance" }`
-- - `split`: "paper" (the last session tests), "own" (the `split` column), "session:NAME",
--   "speaker:NAME", "tail" (the last fifth tests), "auto" (own, paper or tail: the first that the
--   corpus allows), or a function of the utterance to "train", "validation", "test" or nil
-- - `validation`: the share of the training rows, the last ones, that validates where the split
--   names none (0.2)
-- - `standardize`: mean 0 and deviation 1 for each feature (false), over all rows (`protocol` "paper")
--   or the training rows alone ("clean")
-- - `length`: of the id sequences (default: the longest)
-- @return `{ train, validation, test, labels, split, inputs, left_out, scaler, scale }`; a part without
-- rows is nil; a part is `{ x, y, ids, label_names }`, x the features, the ids or `{ features, ids }`
-- @raise when no row is left to train on, or the split needs what the corpus lacks
function Corpus:dataset(given)
  if type(given) == "table" and given.labels ~= nil then check_labels("corpus:dataset", given.labels) end
  return require "tenor.corpus.dataset"(self, given)
end

function Corpus:__len() return #self.utterances end

function Corpus:__tostring() return require "tenor.corpus.summary"(self) end

return corpus
