--- The weights of the loss: how much valence (alpha), arousal (beta) and dominance (what is left of 1) count in multi-task
-- learning (equation 4). The paper searched alpha, then beta; here also all 66 points in steps of 0.1.
--
--     lua5.4 examples/alpha_beta.lua CORPUS [--kind simplex] [--glove VECTORS.txt] [--seeds 3] [--results results]
--
-- The point is chosen on validation. `--choose test` is how it was published: the test set has then taken part in the choice, and
-- its scores say less. The page report.html has the map of the simplex beside the published one.
local tenor = require "tenor"

local parser = require "argparse"("alpha_beta.lua", "The search for the weights of the loss.")
parser:argument("corpus", "a manifest (FILE.csv), FILE.npz, iemocap:FOLDER or msp_podcast:FOLDER (docs/corpora.md)")
parser:option("--kind", "linear: alpha, then beta, as the paper; simplex: all points"):default "linear"
parser:option("--network", "fusion, text, acoustic"):default "fusion"
parser:option("--features", "acoustic features made elsewhere, .csv or .npz")
parser:option("--glove", "word vectors to start from")
parser:option("--seeds", "runs of each point"):convert(math.tointeger):default(3)
parser:option("--step", "between two points"):convert(tonumber):default(0.1)
parser:option("--choose", "validation, or test: as published"):default "validation"
parser:option("--measure", "ccc, or ccc_batch32, the paper's"):default "ccc"
parser:option("--epochs", "at most; the paper's by default"):convert(math.tointeger)
parser:option("--batch", "utterances a step; the paper's by default"):convert(math.tointeger)
parser:option("--split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"):default "auto"
parser:option("--protocol", "paper or clean"):default "paper"
parser:option("--jobs", "runs at a time; as many as there are cores by default"):convert(math.tointeger)
parser:option("--results", "folder of the runs; those of table2.lua are used where they are the same"):default "results"
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
local args = parser:parse()

local search = tenor.experiment.search {
  corpus = args.corpus, features = args.features, vectors = { glove = args.glove },
  kind = args.kind, network = args.network, step = args.step, seeds = args.seeds, choose = args.choose, measure = args.measure,
  epochs = args.epochs, batch = args.batch, split = args.split, protocol = args.protocol, results = args.results,
}
local result = assert(search:run { jobs = args.jobs, progress = args.progress })
print(result)
print(("alpha = %g, beta = %g, and %g for dominance"):format(result.best.alpha, result.best.beta, result.best.gamma))

local report = assert(search:report { title = "Weights of the loss" })
local saved, why = report:save(args.results .. "/weights.html")
print(saved and ("the map: %s/weights.html"):format(args.results) or why)
