--- tenor predict: valence, arousal and dominance of recordings and their words.
local common = require "tenor.cli.common"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local function plain(prediction, labels)
  local told = { id = prediction.id, wav = type(prediction.wav) == "string" and prediction.wav or nil, reason = prediction.reason }
  for _, name in ipairs(labels) do told[name] = prediction[name] end
  return told
end

local function one_text(prediction, model)
  local lines = {}
  for i, name in ipairs(model.labels) do lines[i] = ("%-9s %.3f"):format(name, prediction[name]) end
  return table.concat(lines, "\n")
end

local function one(args, model, ctx)
  local prediction, why = model:predict { wav = args.wav and args.wav[1], text = args.text }
  if not prediction then
    if why == "no text" or why == "no wav" then ctx.misuse(("the model needs --%s too"):format(why:match "%a+$")) end
    return nil, why
  end
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
  local along, why = model:predict({ wav = args.wav[1], text = args.text }, given)
  if not along then return nil, why end
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

local function many(args, model, ctx)
  local what = args.corpus
  if what then
    local corpus, why = common.open(args, ctx)
    if not corpus then return nil, why end
    what = corpus
  else
    what = {}
    for i, path in ipairs(args.wav) do what[i] = { id = path, wav = path } end
  end
  local predictions, why = model:predict(what, { jobs = args.jobs, progress = args.progress or "auto" })
  if not predictions then return nil, why end
  for _, failure in ipairs(predictions.failures) do ctx.note("left out: %s, %s", failure.id or failure.wav, failure.reason) end
  if #predictions.failures == #predictions then return nil, "no utterance could be predicted" end
  if args.output then
    local ok, problem = predictions:write(args.output)
    if not ok then return nil, problem end
  end
  local list, lines = {}, {}
  for i, p in ipairs(predictions) do
    list[i] = plain(p, model.labels)
    local cells = {}
    for k, name in ipairs(model.labels) do cells[k] = p[name] and ("%s %.3f"):format(name, p[name]) end
    if not p.reason then lines[#lines + 1] = ("%s: %s"):format(p.id or p.wav, table.concat(cells, ", ")) end
  end
  ctx.result(tenor.json.array(list),
    args.output and ("%s: %d predictions"):format(args.output, #lines) or table.concat(lines, "\n"))
  return #predictions.failures > 0 and ctx.status.partly or ctx.status.done
end

return {
  summary = "Predict valence, arousal and dominance",
  about = "Of one recording with its words, of several recordings, of a corpus, or along a long recording (--window). "
    .. "Values are on the label scale that the model was trained with.",
  arguments = { { name = "model", text = "a file of `tenor train`, .safetensors" } },
  options = function()
    local d = assert(lib.of(require "tenor.model.predict", {}, "x.wav"))
    return common.join({
      options.new("wav", "a recording, or several", { args = "+", metavar = "<file>" }),
      options.new("text", "what is said in it"),
    }, common.corpus_options(false), {
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
    if args.corpus then return many(args, model, ctx) end
    if not args.wav and not args.text then
      ctx.misuse "give --wav and --text as the model needs them, or --corpus"
    end
    if args.window and not args.wav then ctx.misuse "--window needs --wav" end
    if args.window then return course(args, model, ctx) end
    if args.wav and #args.wav > 1 then return many(args, model, ctx) end
    return one(args, model, ctx)
  end,
}
