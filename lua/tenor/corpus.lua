--- Corpora: utterances with audio, transcript and labels, any of which may be missing.
--
-- An utterance is a table `{ id, wav, text, valence, arousal, dominance, session,
-- speaker, split }` by name; labels are on the corpus's own scale, clipped to it
-- (`clipped` keeps by name the values that were), `extra` holds what else the corpus tells.
-- A text of no characters is a transcript without words; no text is no transcript.
--
-- A corpus has `utterances`, their list; `scale`, the labels' range; `notes`, what was odd in
-- its files; `source`, the table from which `corpus.open` makes it again, where there is one.
local byteorder = require "tenor.byteorder"
local data = require "tenor.data"
local extraction = require "tenor.features.options"
local harmless = require "tenor.harmless"
local named = require "tenor.named"
local options = require "tenor.options"
local tensor = require "tenor.tensor"
local Features = require "tenor.corpus.features"
local Notes = require "tenor.corpus.notes"

local corpus = {}

--- Utterances in their order: `#corpus` of them, each a table. Fields: `name`; `utterances`, their list; `scale`, low and
-- high of the labels; `notes`, what was odd in its files; `source`, what `corpus.open` makes it again from, or nil.
local Corpus = {}
Corpus.__index = Corpus
Corpus.__name = "tenor.Corpus"

local label_names = { valence = true, arousal = true, dominance = true }

local function new(fields) return setmetatable(fields, Corpus) end

-- The same corpus with other utterances, or in another order.
local function derive(self, utterances, source, notes)
  return new {
    name = self.name, utterances = utterances, scale = self.scale, extra = self.extra, lengths = self.lengths,
    source = source, notes = notes or Notes.new(), at_hand = self.at_hand,
  }
end

--- A corpus from utterances at hand.
-- @tparam table fields `name`, `utterances`; optionally `scale` ({1, 5}), `extra` (names in the utterances'
-- `extra`), `notes`, `source`
-- @treturn Corpus
-- @local
function corpus.new(fields)
  fields.scale, fields.extra, fields.lengths = fields.scale or { 1, 5 }, fields.extra or {}, {}
  fields.notes = fields.notes or Notes.new()
  return new(fields)
end

local function check_path(call, path, what)
  if type(path) ~= "string" then
    error(("%s: %s must be a string, got %s"):format(call, what, type(path)), 3)
  end
  local bare = path:gsub("(.)/+$", "%1")
  return bare
end

local manifest_defaults = { scale = { 1, 5 }, root = options.none, order = "id" }

--- A corpus from a CSV manifest with the columns `id, wav, text, valence, arousal,
-- dominance, session, speaker, split`, in any order. All but `id` may be absent,
-- and that too where `wav` is there to name the utterance; an empty field is missing.
-- Columns `V`, `A`, `D` stand for the labels where their long names are absent. Files of spreadsheets are taken as they
-- are: semicolons or tabs for commas, and then commas in numbers; Windows-1252; capitals in the header.
-- @string path
-- @tparam[opt] table given `scale` ({1, 5}), the labels' range; `root`, the folder of relative
-- wavs (the manifest's own); `order`, "id" (a plain string sort, the paper's) or "file"
-- @treturn Corpus the corpus, or nil and a message with file and line
function corpus.manifest(path, given)
  local call = "corpus.manifest"
  local o = options.fill(call, given, manifest_defaults)
  check_path(call, path, "path")
  if o.order ~= "id" and o.order ~= "file" then
    error(("%s: order must be 'id' or 'file', got '%s'"):format(call, tostring(o.order)), 2)
  end
  if o.root ~= nil then check_path(call, o.root, "root") end
  data._check_scale(call, o.scale)
  local source = { kind = "manifest", path = path,
    options = { scale = { o.scale[1], o.scale[2] }, root = o.root, order = o.order } }
  o.root = o.root and o.root:gsub("/*$", "/", 1) or path:match("^.*/") or ""
  local notes = Notes.new()
  local utterances, extra = require "tenor.corpus.manifest"(path, o, notes)
  if not utterances then return nil, extra end
  local self = corpus.new { name = path:match("[^/]+$"), utterances = utterances, scale = o.scale, extra = extra,
    notes = notes, source = source }
  return o.order == "id" and self:sorted() or self
end

--- IEMOCAP as it is released (paper, section 2). The labels decide who is an utterance; transcript
-- lines without one (46 in the release) are left out, junk files passed over. `session` is the folder's
-- number, `speaker` session and letter ("Ses01F": the last part of an id tells who speaks), `extra`
-- has `emotion`, `start` and `stop` (seconds in the dialogue) as they are written.
-- @string root the folder of Session1 to Session5, or the one above it
-- @tparam[opt] table given no options yet
-- @treturn Corpus the corpus, ordered by a plain string sort of the ids; or nil and a message with file and line.
-- What was odd and yet no error is in its `notes`.
function corpus.iemocap(root, given)
  local call = "corpus.iemocap"
  options.fill(call, given, {})
  local notes, path = Notes.new(), check_path(call, root, "root")
  local utterances, why = require "tenor.corpus.iemocap"(path, notes)
  if not utterances then return nil, harmless(why) end -- names of its files are a stranger's
  return corpus.new({ name = "IEMOCAP", utterances = utterances, extra = { "emotion", "start", "stop" }, notes = notes,
    source = { kind = "iemocap", path = root, options = {} } }):sorted()
end

--- MSP-Podcast as it is released (Lotfian and Busso 2019): `Labels/labels_consensus.csv` or `.json`,
-- `Transcripts/*.txt`, `Audios/` or `Audio/`. Labels are on a scale of 1 to 7. `split` is the release's
-- `Split_Set` ("Train", "Development", "Test1" ...), which the split "own" understands; speakers
-- called "Unknown" count as unknown (nil); `extra` has `emotion` and `gender`.
-- @string root the folder of `Labels`, or the one above it
-- @tparam[opt] table given `labels`, "csv" or "json", where the release has both (the CSV)
-- @treturn Corpus the corpus, ordered by a plain string sort of the ids (file names without ending); or nil and a
-- message with file and line. What was odd and yet no error is in its `notes`.
function corpus.msp_podcast(root, given)
  local call = "corpus.msp_podcast"
  local o = options.fill(call, given, { labels = options.none })
  if o.labels ~= nil and o.labels ~= "csv" and o.labels ~= "json" then
    error(("%s: labels must be 'csv' or 'json', got '%s'"):format(call, tostring(o.labels)), 2)
  end
  local notes, path = Notes.new(), check_path(call, root, "root")
  local utterances, why = require "tenor.corpus.msp_podcast"(path, o, notes)
  if not utterances then return nil, harmless(why) end
  return corpus.new({ name = "MSP-Podcast", utterances = utterances, scale = { 1, 7 }, extra = { "emotion", "gender" },
    notes = notes, source = { kind = "msp_podcast", path = root, options = { labels = o.labels } } }):sorted()
end

--- A corpus that has its features with it, in one .npz: as `features:save` writes it, or anyone's. `corpus:features()` gives
-- them.
-- @string path
-- @tparam[opt] table given names of the arrays: `features` (N, F), `ids` (N), `names` (F, optional), `labels` (N, K; NaN
-- is missing), `wav`, `text`, `session`, `speaker`, `split` (N strings or whole numbers, "" is missing), each called as the
-- option is by default, and all but the first two may be absent then; `label_names`, a list (the file's array of that
-- name), `scale` (the file's, else {1, 5}); `order`, "id" or "file"
-- @treturn Corpus the corpus, or nil and a message
function corpus.npz(path, given)
  return require "tenor.corpus.npz"(corpus, path, given)
end

--- Opens a corpus of any kind.
-- @param spec a corpus's `source`, `{ kind =, path =, options = }`, or a string as the command line has it:
-- `iemocap:FOLDER`, `msp_podcast:FOLDER`, `manifest:FILE`, `npz:FILE`, or a plain `FILE.csv` or `FILE.npz`
-- @tparam[opt] table given options of that kind, over those of the table
-- @treturn Corpus the corpus, or nil and a message
-- @raise where the spec names no kind
function corpus.open(spec, given)
  return require "tenor.corpus.open"(corpus, spec, given)
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

--- How long the recordings are together, from the headers of their files (about 20 µs each where the
-- system has them in memory). Each file is opened once; `tostring` does so for up to 20 000.
-- @treturn number hours
-- @treturn integer how many files could not be opened
-- @treturn integer how many could
function Corpus:hours() return require "tenor.corpus.hours".of(self) end

--- Writes the corpus as a manifest, whole or not at all; `corpus.manifest` with the same scale reads
-- the same utterances from it. Wavs below the manifest's folder are named relative to it, others by their
-- whole path; labels that were clipped are written as they were.
-- @string path
-- @return true, or nil and a message
function Corpus:write(path)
  check_path("corpus:write", path, "path")
  return require "tenor.corpus.write"(self, path)
end

-- Calls what raises without a place, and gives its complaints that of our caller. For `return at_caller(...)` alone:
-- a tail call leaves no frame between.
local function at_caller(f, ...)
  local results = table.pack(pcall(f, ...))
  if results[1] then return table.unpack(results, 2, results.n) end
  local why = results[2]
  error(why, type(why) == "string" and why:find "^corpus:%l+: " and 2 or 0)
end

--- Labels mapped linearly from the corpus's scale to -1..1.
-- @tparam[opt] table names default `{ "valence", "arousal", "dominance" }`
-- @return tensor (N, k)
-- @raise when an utterance lacks one, naming it
function Corpus:labels(names)
  names = names or { "valence", "arousal", "dominance" }
  local ok, why = pcall(check_labels, "corpus:labels", names)
  if not ok then error(why, 2) end
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
      named(table.move(lacking, 1, 5, 1, {})), #lacking > 5 and ", ..." or ""), 2)
  end
  return rows
end

--- The utterances for which `keep(utterance)` is true, as a corpus.
-- @treturn Corpus a corpus of those
function Corpus:filter(keep)
  local list = {}
  for _, u in ipairs(self.utterances) do
    if keep(u) then list[#list + 1] = u end
  end
  return derive(self, list, #list == #self.utterances and self.source or nil, #list == #self.utterances and self.notes or nil)
end

--- The same utterances in the order of a plain (byte) sort of their ids.
-- @treturn Corpus the same utterances in that order
function Corpus:sorted()
  local list = table.move(self.utterances, 1, #self.utterances, 1, {})
  table.sort(list, function(a, b) return byteorder(a.id, b.id) end)
  local source = self.source
  if source and source.options.order then
    local given = {}
    for name, value in pairs(source.options) do given[name] = value end
    given.order = "id"
    source = { kind = source.kind, path = source.path, options = given }
  end
  return derive(self, list, source, self.notes)
end

--- The 68 statistics (HSF; 136 with deltas) of every utterance's audio, over all threads. A file
-- that cannot be read is listed in `failures`, the others are there. Rows are kept on the disk, by
-- content and options: what was extracted before, if only by a run that was killed, is read back.
-- @tparam[opt] table given `window`, `step`, `drop_zeros`, `eps`, `deltas` as `tenor.features.extract`;
-- `jobs`, threads at most (`tenor.threads()`, which also bounds it); `progress` ("auto"), "bar",
-- "plain", "silent", or a function of (done, total); `stream` of the bar (io.stderr); `cache` (true):
-- false, or a folder other than @{tenor.cache.folder}; `verify` (false): every file is read to see
-- whether it has changed, even where its size and times say that it has not
-- @treturn Features Features: `tensor` (N, 68) in corpus order, `ids`, `failures` (list of {id, wav, reason}),
-- `cached` (how many rows were read back), `silent` (ids of files in which nothing is to be heard),
-- `notes` (list of sentences: what else went otherwise)
-- @raise as `tenor.features.extract_many`
function Corpus:extract(given)
  local o = extraction.corpus("corpus:extract", given)
  return Features._extract(self, o)
end

--- Features made elsewhere.
-- @param from a tensor (N, F) or a `.npy` whose rows are in corpus order (that of `corpus.utterances`, by id unless the
-- corpus was opened otherwise); or the path of an `.npz` or a `.csv`, whose rows are found by id, or by a file's
-- name without folder and ending; or nothing, for those that came with the corpus
-- (@{corpus.npz})
-- @tparam[opt] table given of a path: the options of @{features.load}
-- @treturn Features Features in corpus order, with `failures` (utterances without a row) and `notes` (rows of no utterance);
-- of a path nil and a message where it cannot be read
function Corpus:features(from, given)
  return Features._from(self, from, given)
end

--- A dataset for `tenor.fit`. Utterances that lack a label or a modality that is
-- asked for are left out and counted.
-- @tparam table given
--
-- - `features`: Features, or a tensor (N, F) in corpus order
-- - `words`: a tokenizer. One that is not fitted yet is fitted here, as a copy: over the corpus's texts
--   (protocol "paper") or those of the training part ("clean"). `dataset.words` is the fitted one, which
--   `tenor.vectors` takes
-- - `labels`: default `{ "valence", "arousal", "dominance" }`
-- - `split`: "paper" (the last session tests), "own" (the `split` column; "own:Test1" with one of several
--   test sets), "session:NAME", "speaker:NAME", "utterance:ID", "tail" (the last fifth tests), "auto" (own, paper or
--   tail: the first that the corpus allows), `{ kfold = 5, fold = 1, by = "speaker", seed = 1 }`, what `corpus:folds` and
--   `corpus:split` give, or a function of the utterance to "train", "validation", "test" or nil
-- - `validation`: the share of the training rows that validates where the split names none (0.2)
-- - `standardize`: mean 0 and deviation 1 for each feature (false)
-- - `protocol`: "paper", as published: means, deviations and vocabulary over all rows, the last training rows
--   validate; or "clean": they are fitted on the training part alone, and so is `length`; validation takes whole
--   speakers (with their sessions, where those divide them). A tokenizer that knows words from outside the
--   training part, and a split with a speaker both in training and in validation, then raise
-- - `length`: of the id sequences (default: the longest)
-- @treturn Dataset `{ train, validation, test, labels, split, protocol, inputs, words, speakers, left_out, scaler, scale,
-- extraction }`; a part without rows is nil; a part is `{ x, y, ids, label_names }`, x the features, the ids or
-- `{ features, ids }`; `speakers` proves who is where; `extraction` has the options of the features, where known
-- @raise when no row is left to train on, or the split needs what the corpus lacks
function Corpus:dataset(given)
  return at_caller(function()
    if type(given) == "table" and given.labels ~= nil then check_labels("corpus:dataset", given.labels) end
    return require "tenor.corpus.dataset"(self, given)
  end)
end

--- A split that can be looked at: how many are where, and whether any speaker is on two sides.
-- @param spec as `split` of `corpus:dataset`, which takes the result too
-- @treturn Split Split: `split:counts()`, `split:part(utterance)`, `split:proof()`, `split.name`, `split.spec` (nil for a function)
-- @raise when the corpus lacks what the split needs
function Corpus:split(spec) return at_caller(require "tenor.corpus.split"._of, "corpus:split", self, spec) end

--- Cross-validation: splits in which each session, each speaker, each utterance or each k-th of them tests once.
-- `tenor.model.cross_validate` trains a model for each.
--     for _, fold in ipairs(corpus:folds { kfold = 5, by = "speaker", seed = 1 }) do
--       local data = corpus:dataset { features = features, split = fold, protocol = "clean" }
-- @param spec "session", "speaker" or "utterance" (leave one out), or a table of `kfold`; `by`, "speaker" (default),
-- "session" or "utterance"; `seed` (1), which deals them so that folds have about as many utterances
-- @treturn Split[] list of Splits
-- @raise when an utterance lacks what they go by
function Corpus:folds(spec) return at_caller(require "tenor.corpus.split"._folds, "corpus:folds", self, spec) end

function Corpus:__len() return #self.utterances end

function Corpus:__tostring() return require "tenor.corpus.summary"(self) end

return corpus
