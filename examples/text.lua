--- The text network of the paper (section 5): the words of an utterance to
-- valence, arousal and dominance.
--
--     lua5.4 examples/text.lua CORPUS [--glove VECTORS.txt] [--padding none] [-o model.safetensors]
--
-- A corpus is iemocap:FOLDER, msp_podcast:FOLDER, or a manifest, FILE.csv, with the columns id, text, valence, arousal,
-- dominance, and session or split (docs/corpora.md). Without vectors the embedding is learnt from scratch.
local tenor = require "tenor"
local optim, loss, networks = tenor.optim, tenor.loss, tenor.networks

local parser = require "argparse"("text.lua", "Train the text network.")
parser:argument("corpus", "a manifest (FILE.csv), iemocap:FOLDER or msp_podcast:FOLDER")
parser:option("--glove", "word vectors in GloVe's text format, to start the embedding from")
parser:option("--embedding", "width of an embedding learnt from scratch"):convert(math.tointeger):default(300)
parser:option("--padding", "pre: the paper's, run over; none: masked"):default "pre"
parser:option("--length", "steps of the padded sequence; the longest by default"):convert(math.tointeger)
parser:option("--scale", "range of a manifest's labels; 1 5 by default"):args(2):convert(tonumber)
parser:option("--split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"):default "auto"
parser:option("--seeds", "number of runs"):convert(math.tointeger):default(3)
parser:option("--epochs", "at most"):convert(math.tointeger):default(50)
parser:option("--batch", "utterances a step"):convert(math.tointeger):default(256)
parser:option("-o --output", "a .safetensors for the model of the seed with the best validation loss")
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
local given = {}
for i, word in ipairs(arg) do given[i] = word:gsub("^%-%d", " %0") end -- a negative number is no option
local args = parser:parse(given)

local corpus = assert(tenor.corpus.open(args.corpus, { scale = args.scale }))
print(corpus)
local words = tenor.text.Tokenizer():fit(corpus:texts())
local vectors
if args.glove then
  vectors = assert(tenor.vectors.glove(args.glove, words))
  print(vectors:coverage())
end
local data = corpus:dataset { words = words, labels = corpus:label_names(), split = args.split }
print(data)

-- the paper's weights for three outputs (section 6); for fewer, all alike
local weights = #data.labels == 3 and { alpha = 0.7, beta = 0.2 } or {}

local sums, best = {}, { loss = math.huge }
for seed = 1, args.seeds do
  local model = networks.text {
    vocabulary = words:size() + 1, outputs = data.labels, seed = seed,
    embedding = vectors and vectors:matrix():size(2) or args.embedding, vectors = vectors,
    padding = args.padding, length = args.length or data.inputs.length,
  }
  if seed == 1 then print(model:summary()) end
  local history = tenor.fit(model, data, {
    loss = loss.ccc(weights), optimizer = optim.RMSprop(),
    batch = args.batch, epochs = args.epochs, patience = 10, seed = seed, progress = args.progress,
  })
  local scores = tenor.evaluate(model, data.test)
  print(("seed %d"):format(seed))
  print(scores)
  for k, v in ipairs(scores.ccc) do sums[k] = (sums[k] or 0) + v end
  if history.best_val_loss < best.loss then best = { loss = history.best_val_loss, network = model, history = history } end
end
io.write(("mean ccc of %d seeds:"):format(args.seeds))
for k, name in ipairs(data.labels) do io.write(("  %s %.3f"):format(name, sums[k] / args.seeds)) end
print()
if args.output then -- network, words, labels and their scale in one file, for examples/predict.lua and `tenor predict`
  assert(tenor.model.new { network = best.network, data = data, history = best.history }:save(args.output))
end
