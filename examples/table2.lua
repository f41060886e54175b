--- Table II of the paper on a corpus of yours: the voice alone (HSF) and with words (WE, learnt from scratch, or
-- pre-trained vectors), learning valence alone (STL) or all dimensions (MTL), many seeds each.
--
--     lua5.4 examples/table2.lua CORPUS [--glove VECTORS.txt] [--seeds 20] [--jobs 2] [--results results]
--
-- Stop it when you like: what is done is kept in the results folder, and the same command goes on from there. The tables,
-- figures and tests are in its report.html too (docs/experiments.md).
local tenor = require "tenor"

local parser = require "argparse"("table2.lua", "Table II: features x STL, MTL, mean and deviation over seeds.")
parser:argument("corpus", "a manifest (FILE.csv), FILE.npz, iemocap:FOLDER or msp_podcast:FOLDER (docs/corpora.md)")
parser:option("--features", "acoustic features made elsewhere, .csv, .npz or .npy; by default the 68 HSF are extracted")
for _, kind in ipairs { "word2vec", "fasttext", "glove" } do
  parser:option("--" .. kind, kind .. " vectors; without, their row is left out")
end
parser:option("--bert", "BERT's embeddings and its vocabulary: model.safetensors vocab.txt"):args(2)
parser:option("--seeds", "runs of each system"):convert(math.tointeger):default(20)
parser:option("--epochs", "at most; the paper's 200 and 50 by default"):convert(math.tointeger)
parser:option("--batch", "utterances a step; the paper's 64 and 256 by default"):convert(math.tointeger)
parser:option("--padding", "pre: the paper's, run over; none: masked"):default "pre"
parser:option("--scale", "range of a manifest's labels; 1 5 by default"):args(2):convert(tonumber)
parser:option("--split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"):default "auto"
parser:option("--protocol", "paper: as published; clean: nothing leaks; both"):default "paper"
parser:option("--jobs", "runs at a time; as many as there are cores by default"):convert(math.tointeger)
parser:option("--results", "folder of the runs"):default "results"
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
local given = {}
for i, word in ipairs(arg) do given[i] = word:gsub("^%-%d", " %0") end -- a negative number is no option
local args = parser:parse(given)

-- An experiment is a table of plain data. Networks, optimisers, batches and weights are those of the paper's section 6
-- unless it says otherwise; systems those of Table II for which the vectors are there.
local experiment = tenor.experiment.new {
  name = "Table II",
  corpus = assert(tenor.corpus.open(args.corpus, { scale = args.scale })),
  features = args.features,
  vectors = { word2vec = args.word2vec, fasttext = args.fasttext, glove = args.glove,
    bert = args.bert and { path = args.bert[1], vocabulary = args.bert[2] } },
  seeds = args.seeds, epochs = args.epochs, batch = args.batch, padding = args.padding, split = args.split,
  protocol = args.protocol == "both" and { "paper", "clean" } or args.protocol,
  results = args.results,
}
assert(experiment:prepare { progress = args.progress })
print(experiment.corpus)
print(experiment)
print(experiment:notes())

-- Every run leaves a record; those that are there already are not run again.
local summary, why = experiment:run { jobs = args.jobs, progress = args.progress }
if not summary then -- Ctrl-C, say: the same command goes on from here
  print(why)
  os.exit(false, true)
end
for _, failed in ipairs(summary.failed) do print(("failed: %s, %s; see %s"):format(failed.title, failed.reason, failed.log)) end

local report = assert(experiment:report())
print()
print(report:text())
local saved, trouble = report:save(args.results .. "/report.html")
print(saved and ("with figures: %s/report.html"):format(args.results) or trouble)
os.exit(#summary.failed == 0, true)
