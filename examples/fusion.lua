--- The paper's fusion network (section 5, figure 1), written out: voice and words
-- to valence, arousal and dominance.
--
--     lua5.4 examples/fusion.lua CORPUS [--glove VECTORS.txt] [-o model.safetensors]
--
-- A corpus is iemocap:FOLDER, msp_podcast:FOLDER, or a manifest, FILE.csv, with the columns id, wav, text, valence,
-- arousal, dominance, and session or split (docs/corpora.md).
local tenor = require "tenor"
local nn, optim, loss = tenor.nn, tenor.optim, tenor.loss

local parser = require "argparse"("fusion.lua", "Train the fusion network.")
parser:argument("corpus", "a manifest (FILE.csv), iemocap:FOLDER or msp_podcast:FOLDER")
parser:option("--glove", "word vectors in GloVe's text format, to start the embedding from")
parser:option("--padding", "pre: the paper's, run over; none: masked"):default "pre"
parser:option("--scale", "range of a manifest's labels; 1 5 by default"):args(2):convert(tonumber)
parser:option("--split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"):default "auto"
parser:option("--seed", "of weights, shuffling and dropout"):convert(math.tointeger):default(1)
parser:option("--epochs", "at most"):convert(math.tointeger):default(50)
parser:option("--batch", "utterances a step"):convert(math.tointeger):default(256)
parser:option("-o --output", "a .safetensors for the trained model")
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
local given = {}
for i, word in ipairs(arg) do given[i] = word:gsub("^%-%d", " %0") end -- a negative number is no option
local args = parser:parse(given)

-- The data: features of the voice, ids of the words, labels on -1 .. 1.
local corpus = assert(tenor.corpus.open(args.corpus, { scale = args.scale }))
print(corpus)
local features = corpus:extract { progress = args.progress }
for _, failure in ipairs(features.failures) do print(("left out: %s, %s"):format(failure.id, failure.reason)) end
local words = tenor.text.Tokenizer():fit(corpus:texts())
local vectors
if args.glove then
  vectors = assert(tenor.vectors.glove(args.glove, words))
  print(vectors:coverage())
end
local data = corpus:dataset { features = features, words = words, standardize = true,
  labels = corpus:label_names(), split = args.split }
print(data)

-- The network. Every layer draws its first weights from one generator.
local rng = tenor.rng(args.seed)
local f, e = data.inputs.features, vectors and vectors:matrix():size(2) or 300
local function stack(n)
  return nn.LSTM(n, n, { rng = rng }), nn.LSTM(n, 256, { rng = rng }),
    nn.LSTM(256, 256, { last = true, rng = rng }), nn.Dense(256, 64, { rng = rng })
end
local lstm, lstm_2, lstm_3, dense = stack(e)
local model = nn.Sequential {
  nn.Concat {
    nn.Sequential { name = "acoustic", nn.BatchNorm(f), stack(f) },
    nn.Sequential { name = "text",
      nn.Embedding(words:size() + 1, e, { weights = vectors, padding = args.padding, length = data.inputs.length,
        rng = rng }),
      lstm, lstm_2, lstm_3, dense, nn.Dropout(0.4) },
  },
  nn.Dense(128, 64, { activation = "relu", rng = rng }),
  nn.Dense(64, 32, { activation = "relu", rng = rng }),
  nn.Dropout(0.4),
  nn.Dense(32, #data.labels, { heads = true, rng = rng }),
}
print(model:summary())

-- The paper's training: equation 4 with alpha = 0.7, beta = 0.2; fewer labels weigh alike.
local weights = #data.labels == 3 and { alpha = 0.7, beta = 0.2 } or {}
local history = tenor.fit(model, data, {
  loss = loss.ccc(weights), optimizer = optim.RMSprop { lr = 1e-3 },
  batch = args.batch, epochs = args.epochs, patience = 10, seed = args.seed, progress = args.progress,
})
print(history)
print(tenor.evaluate(model, data.test))
if args.output then -- network, features, scaler, words, labels: examples/predict.lua and `tenor predict` need nothing besides
  assert(tenor.model.new { network = model, data = data, history = history }:save(args.output))
end
