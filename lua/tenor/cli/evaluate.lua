--- tenor evaluate: a saved model against the labels of a corpus.
local common = require "tenor.cli.common"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local parts = { "test", "validation", "train", "all" }

-- The utterances of a part, as a corpus: those of the split that is asked for or that the model was trained with. Of a fold's
-- model the test part is what it held out; the models of a cross-validation have not seen any of theirs.
local function chosen(args, corpus, model, ctx)
  if model.models then
    if args.part or args.split then ctx.misuse "a cross-validation is scored on all utterances: no --part and no --split" end
    return corpus
  end
  local part, fold = args.part or "test", not args.split and model.fold
  if part == "all" then
    if args.split then ctx.misuse "--split says what the parts are, and --part is all" end
    return corpus
  end
  local list
  if fold then
    if part ~= "test" then ctx.misuse(("the model is that of fold %s: give --part test or all, or --split"):format(fold.name)) end
    local held_out = {}
    for _, id in ipairs(fold.held_out) do held_out[id] = true end
    list = corpus:filter(function(u) return held_out[u.id] end)
  else
    local split = corpus:split(args.split or model.record and model.record.split or "auto")
    list = corpus:filter(function(u) return split:part(u) == part end)
  end
  if #list == 0 then return nil, ("%s: no utterance is in the part '%s'"):format(args.corpus, part) end
  return list
end

return {
  summary = "Score a saved model on a corpus",
  about = "Both protocols are printed: ccc of the whole part, and ccc_batch32, the mean over batches of 32 that the paper "
    .. "reports. By default the test part of the split that the model was trained with is scored. By a cross-validation's "
    .. "folder each utterance is predicted by the model that has not seen it, and the scores are of all pooled.",
  arguments = { { name = "model", text = "what `tenor train` wrote: a .safetensors file, or a folder of --folds" } },
  options = function()
    return common.join(common.corpus_options(true, "default: the model's"), {
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
    local ok, why = common.may_write(args.predictions)
    if not ok then return nil, why end
    local model
    model, why = tenor.model.load(args.model)
    if not model then return nil, why end
    local corpus, list, predictions, scores
    corpus, why = common.open(args, ctx, model)
    if not corpus then return nil, why end
    list, why = chosen(args, corpus, model, ctx)
    if not list then return nil, why end
    predictions, why = common.predict(model, list, args, ctx)
    if not predictions then return nil, why end
    scores, why = predictions:scores()
    if not scores then return nil, ("%s: %s"):format(args.corpus, why) end
    if scores.unlabelled > 0 then ctx.note("not scored, for want of a label: %d", scores.unlabelled) end
    if args.predictions then
      ok, why = predictions:write(args.predictions)
      if not ok then return nil, why end
    end
    ctx.result(common.scores(scores), scores)
    return #predictions.failures > 0 and ctx.status.partly or ctx.status.done
  end,
}
