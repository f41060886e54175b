--- tenor evaluate: a saved model against the labels of a corpus.
local common = require "tenor.cli.common"
local evaluation = require "tenor.evaluation"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local parts = { "test", "validation", "train", "all" }

-- The utterances of a part, as a corpus; those that lack a label are counted and left out.
local function chosen(args, corpus, model, ctx)
  local part = args.part or "test"
  local unlabelled = 0
  local split = part ~= "all" and corpus:split(args.split or model.record and model.record.split or "auto")
  local list = corpus:filter(function(u)
    if split and split:part(u) ~= part then return false end
    for _, name in ipairs(model.labels) do
      if u[name] == nil then
        unlabelled = unlabelled + 1
        return false
      end
    end
    return true
  end)
  if unlabelled > 0 then ctx.note("left out: %d utterances lack a label", unlabelled) end
  if #list == 0 then return nil, ("%s: no labelled utterance is in the part '%s'"):format(args.corpus, part) end
  return list
end

-- What model:predict takes: utterances by name, or with their rows of features.
local function utterances(args, list, ctx)
  if not args.features then return list end
  local features, why = common.features(args, list, ctx)
  if not features then return nil, why end
  local items = {}
  for i, u in ipairs(list.utterances) do
    local row = features:row(u.id)
    items[i] = { id = u.id, text = u.text, features = row and features.tensor[row] }
  end
  return items
end

return {
  summary = "Score a saved model on a corpus",
  about = "Both protocols are printed: ccc of the whole part, and ccc_batch32, the mean over batches of 32 that the paper "
    .. "reports. By default the test part of the split that the model was trained with is scored.",
  arguments = { { name = "model", text = "a file of `tenor train`, .safetensors" } },
  options = function()
    return common.join(common.corpus_options(), {
      options.new("features", "acoustic features from a file, .npz or .csv, instead of the recordings", { metavar = "<file>" }),
      options.new("part", "which part of the split", { default = "test", choices = parts }),
      options.new("split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME",
        { note = "default: the model's own" }),
      options.new("predictions", "also write what was predicted, .csv", { metavar = "<file>" }),
      options.new("jobs", "threads at most", { kind = "integer", note = "default: all" }),
      common.progress(),
    })
  end,
  run = function(args, ctx)
    local model, why = tenor.model.load(args.model)
    if not model then return nil, why end
    local corpus
    corpus, why = common.open(args, ctx)
    if not corpus then return nil, why end
    local list, items
    list, why = chosen(args, corpus, model, ctx)
    if not list then return nil, why end
    items, why = utterances(args, list, ctx)
    if not items then return nil, why end
    local predictions
    predictions, why = model:predict(items, { jobs = args.jobs, cache = true, progress = args.progress or "auto" })
    if not predictions then return nil, why end
    local kept = {}
    for i, u in ipairs(list.utterances) do
      if predictions[i].reason then ctx.note("left out: %s, %s", u.id, predictions[i].reason) else kept[#kept + 1] = i end
    end
    if #kept == 0 then return nil, "no utterance could be predicted" end
    local part = { y = list:labels(model.labels):index(kept), label_names = model.labels }
    evaluation.check_labels("evaluate", part, 0)
    local scores = evaluation.score(predictions.raw, part.y, model.labels)
    if args.predictions then
      local ok, problem = predictions:write(args.predictions)
      if not ok then return nil, problem end
    end
    ctx.result(common.scores(scores), scores)
    return #kept < #list and ctx.status.partly or ctx.status.done
  end,
}
