--- Table II of the paper on a corpus of yours: the voice alone (HSF) and with words (WE, learnt from scratch, or
-- pre-trained vectors), learning valence alone (STL) or all dimensions (MTL), many seeds each.
--
<<<<<<< HEAD
--     lua5.4 examples/table2.lua CORPUS [--glove VECTORS.txt] [--seeds 20] [--jobs 2] [--results results]
--
-- CORPUS is a manifest (docs/files.md) or, as iemocap:/data/IEMOCAP, a corpus in its own layout. Stop it when you like: what is
-- done is kept in the results folder, and the same command goes on from there (docs/experiments.md).
=======
--     lua5.4 examples/table2.lua CORPUS [--glove VECTORS.txt] [--seeds 20]
>>>>>>> 1e8e78c97672cc77e63ff7b839a22996bd4bcb7f
local tenor = require "tenor"

local parser = require "argparse"("table2.lua", "Table II: features x STL, MTL, mean and deviation over seeds.")
<<<<<<< HEAD
parser:argument("corpus", "a manifest, or KIND:PATH such as iemocap:/data/IEMOCAP")
parser:option("--features", "acoustic features made elsewhere, .csv, .npy or .npz; by default the 68 HSF are extracted")
for _, kind in ipairs { "word2vec", "fasttext", "glove", "bert" } do
  parser:option("--" .. kind, ("%s vectors; without, their row is left out"):format(kind))
end
=======
parser:argument("corpus", "a manifest (FILE.csv), iemocap:FOLDER or msp_podcast:FOLDER (docs/corpora.md)")
parser:option("--glove", "word vectors in GloVe's text format; without, that row is left out")
>>>>>>> 1e8e78c97672cc77e63ff7b839a22996bd4bcb7f
parser:option("--seeds", "runs of each system"):convert(math.tointeger):default(20)
parser:option("--epochs", "at most; the paper's 200 and 50 by default"):convert(math.tointeger)
parser:option("--batch", "utterances a step; the paper's 64 and 256 by default"):convert(math.tointeger)
parser:option("--padding", "pre: the paper's, run over; none: masked"):default "pre"
<<<<<<< HEAD
parser:option("--scale", "range of a manifest's labels, 1 5 by default"):args(2):convert(tonumber)
parser:option("--split", "auto, own, paper, tail, session:NAME, speaker:NAME"):default "auto"
parser:option("--protocol", "paper: as published; clean: nothing leaks; both"):default "paper"
parser:option("--jobs", "runs at a time; as many as there are cores by default"):convert(math.tointeger)
parser:option("--results", "folder of the runs"):default "results"
=======
parser:option("--scale", "range of a manifest's labels; 1 5 by default"):args(2):convert(tonumber)
parser:option("--split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"):default "auto"
>>>>>>> 1e8e78c97672cc77e63ff7b839a22996bd4bcb7f
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
local given = {}
for i, word in ipairs(arg) do given[i] = word:gsub("^%-%d", " %0") end -- a negative number is no option
local args = parser:parse(given)

<<<<<<< HEAD
-- An experiment is a table of plain data. Networks, optimisers, batches and weights are section 6's unless it says otherwise.
local experiment = tenor.experiment.new {
  name = "Table II",
  corpus = args.scale and assert(tenor.corpus.manifest(args.corpus, { scale = args.scale })) or args.corpus,
  features = args.features,
  vectors = { word2vec = args.word2vec, fasttext = args.fasttext, glove = args.glove, bert = args.bert },
  seeds = args.seeds, epochs = args.epochs, batch = args.batch, padding = args.padding, split = args.split,
  protocol = args.protocol == "both" and { "paper", "clean" } or args.protocol,
  results = args.results,
}
assert(experiment:prepare { progress = args.progress })
print(experiment)
print(experiment:notes())
=======
local corpus = assert(tenor.corpus.open(args.corpus, { scale = args.scale }))
print(corpus)
local features = corpus:extract { progress = args.progress }
for _, failure in ipairs(features.failures) do print(("left out: %s, %s"):format(failure.id, failure.reason)) end
local words = tenor.text.Tokenizer():fit(corpus:texts())
local glove = args.glove and assert(tenor.vectors.glove(args.glove, words))
>>>>>>> 1e8e78c97672cc77e63ff7b839a22996bd4bcb7f

local summary = assert(experiment:run { jobs = args.jobs, progress = args.progress })
print(experiment:table())
for _, failed in ipairs(summary.failed) do print(("failed: %s, %s; see %s"):format(failed.title, failed.reason, failed.log)) end
os.exit(#summary.failed == 0, true)
