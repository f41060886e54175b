--- What a saved model says: of one utterance, of several, along a long recording, and for a whole corpus.
--
--     lua5.4 examples/predict.lua MODEL --wav hello.wav --text "well, hello there"
--     lua5.4 examples/predict.lua MODEL --wav first.wav second.wav --text "well, hello" "good bye"
--     lua5.4 examples/predict.lua MODEL --wav interview.wav --window 4 --step 1 --csv course.csv --plot course.svg
--     lua5.4 examples/predict.lua MODEL --corpus manifest.csv --csv predictions.csv
--
-- MODEL is what `-o` of acoustic.lua, text.lua and fusion.lua writes, or `tenor train`. A model of the voice needs wavs, one of
-- words texts, one of both needs both. `tenor predict` does the same from the command line.
local tenor = require "tenor"

local parser = require "argparse"("predict.lua", "Predict with a saved model.")
parser:argument("model", "a .safetensors file, or the folder of a cross-validation")
parser:option("--wav", "recordings"):args("*"):default {}
parser:option("--text", "what is said in each of them"):args("*"):default {}
parser:option("--window", "seconds: predict along one recording"):convert(tonumber)
parser:option("--step", "seconds from one window to the next; the window by default"):convert(tonumber)
parser:option("--corpus", "a manifest, FILE.csv")
parser:option("--csv", "write the numbers here")
parser:option("--plot", "with --window: draw them here, .svg")
local args = parser:parse()

-- A model brings along all that it was trained with: how features are extracted and scaled, its words, the label scale.
local model = assert(tenor.model.load(args.model))
print(model)

-- Along a recording. Each window is an utterance of its own; its values are a row of `course.values`.
local function along(wav, text)
  local course = assert(model:predict({ wav = wav, text = text }, { window = args.window, step = args.step }))
  print(course)
  local values = course.values
  for k, label in ipairs(course.labels) do
    print(("%s: %.3f on average, highest from %.2f s on"):format(label, values:mean(1)[k], course.first[values:argmax(1)[k]]))
  end
  if args.csv then assert(course:write(args.csv)) end
  if args.plot then assert(course:plot(args.plot)) end
end

-- One utterance: a table from label to number, or nil and a message where the file cannot be read.
local function one(wav, text)
  local y, why = model:predict { wav = wav, text = text }
  if not y then error(why, 0) end
  for _, label in ipairs(model.labels) do print(("%-10s %.3f"):format(label, y[label])) end
  -- Which quadrant of Russell's circumplex the point lies in: a direction in words, and no recognised emotion.
  if y.valence and y.arousal then print(model:reading(y)) end
end

-- Several: a list in the same order. What one file lacks costs itself alone, and says so in `reason`.
local function several(list)
  local predictions = assert(model:predict(list))
  for i, p in ipairs(predictions) do
    local cells = {}
    for k, label in ipairs(p.reason and {} or model.labels) do cells[k] = ("%s %.3f"):format(label, p[label]) end
    print(("%s: %s"):format(p.id or i, p.reason or table.concat(cells, ", ")))
  end
  print(("%d of %d predicted"):format(#predictions - #predictions.failures, #predictions))
  if args.csv then assert(predictions:write(args.csv)) end
  local scores = predictions:scores() -- nil where no labels are known
  if scores then print(scores) end
end

local utterances = {}
for i = 1, math.max(#args.wav, #args.text) do
  utterances[i] = { id = args.wav[i], wav = args.wav[i], text = args.text[i] }
end
if args.corpus then
  several(assert(tenor.corpus.manifest(args.corpus, { scale = model.scale })))
elseif args.window then
  along(args.wav[1], args.text[1])
elseif #utterances == 1 then
  one(args.wav[1], args.text[1])
elseif #utterances > 1 then
  several(utterances)
else
  parser:error "give --wav and --text as the model needs them, or --corpus"
end
