--- tenor predict: valence, arousal and dominance of recordings and their words.
local common = require "tenor.cli.common"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local function plain(prediction, labels)
  local told = { id = prediction.id, wav = type(prediction.wav) == "string" and prediction.wav or nil, reason = prediction.reason,
    fold = prediction.fold }
  for _, name in ipairs(labels) do told[name] = prediction[name] end
  return told
end

local function one_text(prediction, model)
  local lines = {}
  for i, name in ipairs(model.labels) do lines[i] = ("%-9s %.3f"):format(name, prediction[name]) end
  return table.concat(lines, "\n")
end

-- What a prediction that stands alone cannot tell by itself: it is the mean of the folds' models.
local function tell_mean(model, ctx)
  if model.models then ctx.note("predicted: a recording in no fold, the mean over %d models", #model) end
end

local function one(args, model, ctx)
  local prediction, why = model:predict { wav = args.wav and args.wav[1], text = args.text and args.text[1] }
  if not prediction then return nil, why end
  tell_mean(model, ctx)
  local told, text = plain(prediction, model.labels), one_text(prediction, model)
  if args.reading then
    local reading = model:reading(prediction)
    told.reading, text = tostring(reading), text .. "\n" .. tostring(reading)
  end
  ctx.result(told, text)
  return ctx.status.done
end

-- Along one recording.
local function course(args, model, ctx)
  local given = { window = args.window, step = args.step, progress = args.progress or "auto" }
  local along, why = model:predict({ wav = args.wav[1], text = args.text and args.text[1] }, given)
  if not along then return nil, why end
  tell_mean(model, ctx)
  for _, target in ipairs { args.output and { "write", args.output } or false, args.plot and { "plot", args.plot } or false } do
    if target then
      local ok, problem = along[target[1]](along, target[2])
      if not ok then return nil, problem end
    end
  end
  local rows = {}
  for i = 1, #along do
    rows[i] = { start = along.first[i], stop = along.last[i] }
    for k, name in ipairs(model.labels) do rows[i][name] = along.values[i][k] end
  end
  ctx.result(tenor.json.array(rows), along)
  return ctx.status.done
end

local function predictions_of(args, model, ctx)
  if args.corpus then
    local corpus, why = common.open(args, ctx, model)
    if not corpus then return nil, why end
    return common.predict(model, corpus, args, ctx)
  end
  local list, wavs, texts = {}, args.wav or {}, args.text or {}
  for i = 1, math.max(#wavs, #texts) do list[i] = { id = wavs[i] or ("text %d"):format(i), wav = wavs[i], text = texts[i] } end
  local predictions, why = model:predict(list, { jobs = args.jobs, progress = args.progress or "auto" })
  if not predictions then return nil, why end
  common.tell_left_out(predictions.failures, ctx)
  if #predictions.failures == #predictions then return nil, "no utterance could be predicted" end
  common.account(predictions, ctx)
  return predictions
end

-- Scores where the corpus has labels, and what they are of.
local function scores_of(args, model, predictions, ctx)
  if not args.corpus then return nil end
  local scores, why = predictions:scores()
  if not scores then
    if next(predictions.gold) then ctx.note("no scores: %s", why) end
    return nil
  end
  if scores.unlabelled > 0 then ctx.note("not scored, for want of a label: %d", scores.unlabelled) end
  if not model.models then
    ctx.note("note: the scores are of all utterances, those that the model was trained on too; %s",
      "`tenor evaluate` scores its test part")
  end
  return scores
end

local function many(args, model, ctx)
  local predictions, why = predictions_of(args, model, ctx)
  if not predictions then return nil, why end
  if args.output then
    local ok, problem = predictions:write(args.output)
    if not ok then return nil, problem end
  end
  local scores = scores_of(args, model, predictions, ctx)
  local list, lines = tenor.json.array {}, {}
  for i, p in ipairs(predictions) do
    list[i] = plain(p, model.labels)
    local cells = {}
    for k, name in ipairs(model.labels) do cells[k] = p[name] and ("%s %.3f"):format(name, p[name]) end
    if not p.reason then lines[#lines + 1] = ("%s: %s"):format(p.id, table.concat(cells, ", ")) end
  end
  if args.output then lines = { ("%s: %d predictions"):format(args.output, #lines) } end
  if scores then lines[#lines + 1] = tostring(scores) end
  ctx.result({ predictions = list, models = predictions.models, held_out = predictions.held_out,
    averaged = predictions.averaged, scores = scores and common.scores(scores) }, table.concat(lines, "\n"))
  return #predictions.failures > 0 and ctx.status.partly or ctx.status.done
end

-- Whether the recordings and texts are what the model takes.
local function check_inputs(args, model, ctx)
  local takes = {}
  for _, input in ipairs(model.inputs) do takes[input.kind == "ids" and "text" or "wav"] = true end
  for _, name in ipairs { "wav", "text" } do
    if takes[name] and not args[name] then ctx.misuse(("the model needs --%s too"):format(name)) end
    if args[name] and not takes[name] and not (name == "wav" and args.window) then
      ctx.note("note: the model does not take --%s", name)
    end
  end
end

-- Options that the way at hand does not look at are misuse: they would be passed over in silence.
local function check(args, model, ctx)
  if not args.corpus and not args.wav and not args.text then
    ctx.misuse "give --wav and --text as the model needs them, or --corpus"
  end
  if not args.corpus then check_inputs(args, model, ctx) end
  local wavs, texts = args.wav and #args.wav or 0, args.text and #args.text or 0
  local several = args.corpus or wavs > 1 or texts > 1
  if wavs > 0 and texts > 0 and wavs ~= texts then
    ctx.misuse(("give as many --text as --wav: a text is one word of the command line, in quotes; got %d and %d"):format(texts,
      wavs))
  end
  local function forbid(names, reason)
    for _, name in ipairs(names) do
      if args[name] ~= nil then ctx.misuse(("--%s %s"):format(name, reason)) end
    end
  end
  if args.corpus then forbid({ "wav", "text", "window", "step", "plot" }, "does not go with --corpus") end
  if several then forbid({ "window", "step", "plot", "reading" }, "is for one recording") end
  if not args.corpus then forbid({ "scale", "features" }, "goes with --corpus") end
  if args.window and not args.wav then ctx.misuse "--window needs --wav" end
  if not args.window then forbid({ "step", "plot" }, "goes with --window") end
  if args.window then forbid({ "reading" }, "does not go with --window") end
  if not several and not args.window then forbid({ "output" }, "goes with --corpus, several recordings, or --window") end
  if args.output and not args.output:lower():find "%.csv$" then ctx.misuse(args.output .. ": the table's name ends in .csv") end
  if args.plot and not args.plot:lower():find "%.svg$" then ctx.misuse(args.plot .. ": the plot's name ends in .svg") end
  if args.reading then
    local has = {}
    for _, name in ipairs(model.labels) do has[name] = true end
    if not (has.valence and has.arousal) then
      ctx.misuse(("--reading needs valence and arousal, and the model predicts %s"):format(table.concat(model.labels, ", ")))
    end
  end
  return several
end

return {
  summary = "Predict valence, arousal and dominance",
  about = "Of one recording with its words, of several recordings, of a corpus, or along a long recording (--window). "
    .. "Values are on the label scale that the model was trained with. Of a corpus with labels the scores are told too. "
    .. "By a cross-validation's folder each utterance of the corpus is predicted by the model that has not seen it, and a new "
    .. "one by the mean over all models.",
  arguments = { { name = "model", text = "what `tenor train` wrote: a .safetensors file, or a folder of --folds" } },
  options = function()
    local d = assert(lib.of(require "tenor.model.predict", {}, "x.wav"))
    return common.join({
      options.new("wav", "a recording, or several", { args = "+", metavar = "<file>" }),
      options.new("text", "what is said in it, in quotes; as many as recordings", { args = "+" }),
    }, common.corpus_options(false, "default: the model's"), {
      options.new("features", "acoustic features of the corpus from a file, .npz or .csv, instead of the recordings",
        { metavar = "<file>" }),
      options.of(d, "window", "predict along the recording, in windows of so many seconds", { kind = "number" }),
      options.of(d, "step", "seconds from one window to the next", { kind = "number", note = "default: the window" }),
      options.new("output", "also write a table, .csv", { short = "-o", metavar = "<file>" }),
      options.new("plot", "with --window: draw the values over time, .svg", { metavar = "<file>" }),
      options.new("reading", "also name quadrant and nearest affect: a rough reading, no recognised emotion", { kind = "boolean" }),
      options.of(d, "jobs", "threads at most", { kind = "integer", note = "default: all" }),
      common.progress(),
    })
  end,
  run = function(args, ctx)
    local model, why = tenor.model.load(args.model)
    if not model then return nil, why end
    local several = check(args, model, ctx)
    for _, path in ipairs { args.output or false, args.plot or false } do
      local ok, problem = common.may_write(path)
      if not ok then return nil, problem end
    end
    if several then return many(args, model, ctx) end
    if args.window then return course(args, model, ctx) end
    return one(args, model, ctx)
  end,
}
