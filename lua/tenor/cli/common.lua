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
function common.corpus_options(required)
  return {
    options.new("corpus", "a manifest (FILE.csv), features of a corpus (FILE.npz), or KIND:PATH such as iemocap:FOLDER",
      { required = required ~= false, metavar = "<corpus>" }),
    options.new("scale", "range of a manifest's labels", { kind = "number", args = 2,
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

--- Opens what `--corpus` names. Only a manifest is told a scale.
function common.open(args, ctx)
  local given = args.scale and { scale = args.scale } or nil
  local corpus, why = tenor.corpus.open(args.corpus, given)
  if not corpus then return nil, why end
  for _, note in ipairs(corpus.notes and corpus.notes:summary() or {}) do ctx.note("%s: note: %s", args.corpus, note) end
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
-- @string path
-- @tparam ?string ending that its name must have
-- @return true, or nil and a message; a wrong ending is misuse
function common.may_write(path, ending, ctx)
  if ending and not path:lower():find("%." .. ending .. "$") then
    ctx.misuse(("%s: the name must end in .%s"):format(path, ending))
  end
  if fs.is_folder(path) then return nil, path .. ": is a folder" end
  local folder = path:match "^(.*/)[^/]*$" or "."
  local ok, why = fs.may_write(folder)
  if ok then return true end
  return nil, ("%s: cannot be written, %s"):format(path, why)
end

--- The features of a corpus, from a file where `--features` names one, else from its recordings.
function common.features(args, corpus, ctx)
  local features, why
  if args.features then
    features, why = corpus:features(args.features)
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

--- Scores as plain data: `{ n =, ccc = { valence = 0.6, ... }, ccc_batch32 =, rmse =, mae = }`.
function common.scores(scores)
  local told = { n = scores.size }
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
