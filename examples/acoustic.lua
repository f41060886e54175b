--- The acoustic network of the paper (section 5): 68 statistics of the voice to
-- valence, arousal and dominance.
--
--     lua5.4 examples/acoustic.lua CORPUS [-o model.safetensors]
--     lua5.4 examples/acoustic.lua FOLDER        with x_train.npy, y_train.npy, and _val, _test
--
-- A corpus is iemocap:FOLDER, msp_podcast:FOLDER, or a manifest, FILE.csv, with the columns id, wav, valence,
-- arousal, dominance, session, split (docs/corpora.md); those of the labels that it lacks are not learnt.
local tenor = require "tenor"
local optim, loss, networks = tenor.optim, tenor.loss, tenor.networks

local parser = require "argparse"("acoustic.lua", "Train the acoustic network.")
parser:argument("data", "a manifest (FILE.csv), iemocap:FOLDER, msp_podcast:FOLDER, or a folder of .npy files")
parser:option("--labels", "comma-separated; all that the manifest has by default")
parser:option("--scale", "range of a manifest's labels; 1 5 by default"):args(2):convert(tonumber)
parser:option("--split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"):default "auto"
parser:option("--seeds", "number of runs"):convert(math.tointeger):default(3)
parser:option("--epochs", "at most"):convert(math.tointeger):default(200)
parser:option("--batch", "utterances a step"):convert(math.tointeger):default(64)
parser:option("-o --output", "a .safetensors for the model of the seed with the best validation loss")
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
local given = {}
for i, word in ipairs(arg) do given[i] = word:gsub("^%-%d", " %0") end -- a negative number is no option
local args = parser:parse(given)

-- The labels asked for, or all that the corpus has.
local function label_names(corpus)
  if not args.labels then return corpus:label_names() end
  local names = {}
  for name in args.labels:gmatch "[^,%s]+" do names[#names + 1] = name end
  return names
end

local function from_corpus(spec)
  local corpus = assert(tenor.corpus.open(spec, { scale = args.scale }))
  print(corpus)
  local features = corpus:extract { progress = args.progress }
  for _, failure in ipairs(features.failures) do print(("left out: %s, %s"):format(failure.id, failure.reason)) end
  local dataset = corpus:dataset { features = features, labels = label_names(corpus), split = args.split }
  print(dataset)
  return dataset
end

local function from_arrays(folder)
  local function part(name)
    return { x = assert(tenor.load(("%s/x_%s.npy"):format(folder, name))),
             y = assert(tenor.load(("%s/y_%s.npy"):format(folder, name))) }
  end
  return tenor.data.arrays { train = part "train", validation = part "val", test = part "test",
    labels = { "valence", "arousal", "dominance" }, scale = args.scale or { 1, 5 } }
end

local data = ((args.data:lower():find "%.csv$" or args.data:find "^[%a_]+:.") and from_corpus or from_arrays)(args.data)
local names = data.labels
-- the paper's weights for three outputs (section 6); for fewer, all alike
local weights = #names == 3 and { alpha = 0.1, beta = 0.4 } or {}

local sums, best = {}, { loss = math.huge }
for seed = 1, args.seeds do
  local model = networks.acoustic { features = data.train.x:size(2), outputs = names, seed = seed }
  if seed == 1 then print(model:summary()) end
  local history = tenor.fit(model, data, {
    loss = loss.ccc(weights), optimizer = optim.Nadam(),
    batch = args.batch, epochs = args.epochs, patience = 10, seed = seed, progress = args.progress,
  })
  local scores = tenor.evaluate(model, data.test)
  print(("seed %d"):format(seed))
  print(scores)
  for k, v in ipairs(scores.ccc) do sums[k] = (sums[k] or 0) + v end
  if history.best_val_loss < best.loss then best = { loss = history.best_val_loss, network = model, history = history } end
end
io.write(("mean ccc of %d seeds:"):format(args.seeds))
for k, name in ipairs(names) do io.write(("  %s %.3f"):format(name, sums[k] / args.seeds)) end
print()
if args.output then -- network, features, labels and their scale in one file, for examples/predict.lua and `tenor predict`
  assert(tenor.model.new { network = best.network, data = data, history = best.history }:save(args.output))
end
