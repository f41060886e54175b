--- What several commands share: opening a corpus, its features, their options and their words.
local fs = require "tenor.fs"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local common = {}

-- A corpus without utterances, to ask its methods for their options.
local function nobody() return tenor.corpus.new { name = "none", utterances = {} } end

--- The default options of `corpus:extract`, `corpus:dataset` and `tenor.fit`.
function common.defaults(method)
  local corpus = nobody()
  return assert(lib.of(corpus[method], corpus))
end

--- `--corpus` and the range of its labels.
-- @param[opt=true] required
-- @string[opt] note in place of the range's default
function common.corpus_options(required, note)
  return {
    options.new("corpus", "a manifest (FILE.csv), features of a corpus (FILE.npz), or KIND:PATH such as iemocap:FOLDER",
      { required = required ~= false, metavar = "<corpus>" }),
    options.new("scale", "range of a manifest's labels", { kind = "number", args = 2, note = note,
      default = assert(lib.of(tenor.corpus.manifest, "x.csv")).scale }),
  }
end

--- Options of extraction.
function common.extraction_options()
  local d = common.defaults "extract"
  local from = assert(lib.of(tenor.features.extract, "x.wav"))
  return {
    options.of(from, "window", "seconds of a frame"),
    options.of(from, "step", "seconds from one frame to the next"),
    options.of(from, "deltas", "34 columns more, each descriptor's difference to the frame before"),
    options.of(from, "drop_zeros", "exact zeros count as missing"),
    options.of(from, "eps", "what logarithms add to their argument"),
    options.of(d, "jobs", "threads at most", { kind = "integer", note = "default: all" }),
    options.of(d, "cache", "extract everything anew, and keep nothing for the next time"),
    options.of(d, "verify", "look into every file, even where its size and times say that it has not changed"),
    common.progress(),
  }
end

common.extraction_names = { "window", "step", "deltas", "drop_zeros", "eps", "jobs", "cache", "verify", "progress" }

function common.progress()
  return options.new("progress", "auto, bar, plain or silent", { default = common.defaults("extract").progress,
    choices = { "auto", "bar", "plain", "silent" } })
end

-- Other corpora know their scale themselves.
local function is_manifest(spec) return spec:lower():find "%.csv$" and not spec:find "^[%a_][%w_]+:" or spec:find "^manifest:" end

-- Labels on another scale than the one that is taken for theirs would be learnt as its ends.
local function tell_clipped(corpus, path, ctx)
  local clipped, low, high = 0, math.huge, -math.huge
  for _, u in ipairs(corpus.utterances) do
    for _, value in pairs(u.clipped or {}) do
      clipped, low, high = clipped + 1, math.min(low, value), math.max(high, value)
    end
  end
  if clipped > 0 then
    ctx.note("%s: note: %d labels from %g to %g are clipped to the scale, %g to %g; --scale names another", path, clipped, low,
      high, corpus.scale[1], corpus.scale[2])
  end
end

--- Opens what `--corpus` names. Only a manifest is told a scale: that of `--scale`, or of the model at hand.
function common.open(args, ctx, model)
  local scale = args.scale or model and is_manifest(args.corpus) and model.scale or nil
  local corpus, why = tenor.corpus.open(args.corpus, scale and { scale = scale })
  if not corpus then return nil, why end
  if model and model.scale and (model.scale[1] ~= corpus.scale[1] or model.scale[2] ~= corpus.scale[2]) then
    ctx.note("note: labels of the corpus are from %g to %g, those of the model from %g to %g; scores are of both on -1 to 1",
      corpus.scale[1], corpus.scale[2], model.scale[1], model.scale[2])
  end
  for _, note in ipairs(corpus.notes and corpus.notes:summary() or {}) do ctx.note("%s: note: %s", args.corpus, note) end
  tell_clipped(corpus, args.corpus, ctx)
  return corpus
end

local NAMED <const> = 10

--- Tells what was left out: the first of them by name and reason, more are counted.
-- @tparam table failures list of `{ id =, wav =, reason = }`
function common.tell_left_out(failures, ctx)
  for i = 1, math.min(NAMED, #failures) do
    local f = failures[i]
    local name = f.id or f.wav
    local named = f.reason:sub(1, #name + 2) == name .. ": " -- files are named by their reasons
    ctx.note("left out: %s%s", named and "" or name .. ", ", f.reason)
  end
  if #failures > NAMED then ctx.note("left out: %d more", #failures - NAMED) end
end

--- Asks, before the work whose result a file is to hold, whether it can be written.
-- @tparam ?string path nil: no file is to be written
-- @tparam ?string ending that its name must have
-- @return true, or nil and a message; a wrong ending is misuse
function common.may_write(path, ending, ctx)
  if not path then return true end
  if ending and not path:lower():find("%." .. ending .. "$") then
    ctx.misuse(("%s: the name must end in .%s"):format(path, ending))
  end
  return fs.may_write(path)
end

local function has_wavs(corpus)
  for _, u in ipairs(corpus.utterances) do
    if u.wav then return true end
  end
  return false
end

--- The features of a corpus, from a file where `--features` names one, else from its recordings; a corpus that came with
-- features and has no recordings gives those.
function common.features(args, corpus, ctx)
  local features, why
  if args.features then
    features, why = corpus:features(args.features)
  elseif corpus.at_hand and not has_wavs(corpus) then
    features, why = corpus:features()
  else
    features, why = corpus:extract(options.take(args, common.extraction_names))
  end
  if not features then return nil, why end
  common.tell_left_out(features.failures, ctx)
  if args.features or args.progress == "silent" then -- else they stand beside the progress
    for _, note in ipairs(features.notes or {}) do ctx.note("note: %s", note) end
  end
  return features
end

--- Predictions of a model for a corpus, of its recordings or of the features that `--features` names.
-- @return as `model:predict`
function common.predict(model, corpus, args, ctx)
  local features, why
  if args.features then
    features, why = common.features(args, corpus, ctx)
    if not features then return nil, why end
  end
  local predictions
  predictions, why = model:predict(corpus, { features = features, jobs = args.jobs, cache = true,
    progress = args.progress or "auto" })
  if not predictions then return nil, why end
  if not features then common.tell_left_out(predictions.failures, ctx) end
  if #predictions > 0 and #predictions.failures == #predictions then return nil, "no utterance could be predicted" end
  common.account(predictions, ctx)
  return predictions
end

--- Says how the models of a cross-validation were used.
function common.account(predictions, ctx)
  local account = predictions.account and predictions:account()
  if account and account ~= "" then ctx.note("predicted: %s", account) end
end

--- Scores as plain data: `{ n =, ccc = { valence = 0.6, ... }, ccc_batch32 =, rmse =, mae = }`; of pooled predictions
-- `folds`, how many there are.
function common.scores(scores)
  local told = { n = scores.size, folds = scores.pooled }
  for _, measure in ipairs { "ccc", "ccc_batch32", "rmse", "mae" } do
    told[measure] = {}
    for k, name in ipairs(scores.names) do told[measure][name] = scores[measure][k] end
  end
  return told
end

--- One list of several.
function common.join(...)
  local all = {}
  for _, list in ipairs { ... } do table.move(list, 1, #list, #all + 1, all) end
  return all
end

return common
