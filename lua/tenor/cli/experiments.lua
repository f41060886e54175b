--- What the commands that run experiments share: their options, and how they tell how it goes.
local common = require "tenor.cli.common"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local experiments = {}

local vectors = { "glove", "word2vec", "fasttext", "bert" }
local optimizers = { "Adam", "Nadam", "RMSprop", "SGD" }

--- Options of any experiment, with the defaults of `tenor.experiment.new`.
-- @tparam table more the command's own
function experiments.options(more)
  local d = assert(lib.of(tenor.experiment.new))
  local list = common.join(common.corpus_options(), {
    options.new("features", "acoustic features from a file, .npz or .csv, instead of the recordings; `tenor extract` has the "
      .. "options of extraction", { metavar = "<file>" }),
  })
  for _, kind in ipairs(vectors) do
    list[#list + 1] = options.new(kind, "word vectors of this kind to begin with", { metavar = "<file>" })
  end
  return common.join(list, {
    options.new("bert_vocabulary", "BERT's vocab.txt, which --bert needs", { metavar = "<file>" }),
    options.of(d, "results", "folder of the runs", { name = "output", short = "-o", metavar = "<folder>" }),
    options.of(d, "name", "of the experiment, in its report", { note = "default: the command's" }),
  }, more, {
    options.of(d, "split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"),
    options.of(d, "validation", "share of the training rows that validates"),
    options.of(d, "epochs", "at most", { kind = "integer", note = "default: the paper's, 200 without words, 50 with" }),
    options.of(d, "batch", "utterances a step", { kind = "integer", note = "default: the paper's, 64 without words, 256 with" }),
    options.of(d, "patience", "epochs without a better validation loss before stopping"),
    options.of(d, "optimizer", table.concat(optimizers, ", "), { choices = optimizers,
      note = "default: the paper's, Nadam without words, RMSprop with" }),
    options.new("lr", "learning rate of --optimizer", { kind = "number", note = "default: the optimizer's" }),
    options.of(d, "standardize", "features to mean 0 and deviation 1, also without words, where the paper does not",
      { kind = "boolean" }),
    options.of(d, "padding", "pre: the paper's, run over; none: masked", { choices = { "pre", "none" } }),
    options.of(d, "length", "words of a sentence at most", { kind = "integer", note = "default: of the longest" }),
    options.of(d, "tokenizer", "options of tenor.text.Tokenizer", { kind = "table" }),
    options.of(d, "options", "what the networks are made with, as { hidden = 64 }", { kind = "table" }),
    options.of(d, "threads", "of one run"),
    options.new("jobs", "runs at a time", { kind = "integer", note = "default: cores divided by threads" }),
    common.progress(),
  })
end

local passed = { "seeds", "name", "split", "validation", "epochs", "batch", "patience", "padding", "threads", "features",
  "standardize", "length", "tokenizer", "options" }

--- The table for `tenor.experiment`, without what is the command's own.
-- @return it, or nil and a message
function experiments.given(args, ctx)
  local given = options.take(args, passed)
  given.corpus, given.results = args.corpus, args.output and args.output:gsub("(.)/+$", "%1")
  given.vectors = options.take(args, vectors)
  if args.bert then
    if not args.bert_vocabulary then ctx.misuse "--bert needs --bert-vocabulary too" end
    given.vectors.bert = { path = args.bert, vocabulary = args.bert_vocabulary }
  end
  if args.lr and not args.optimizer then ctx.misuse "--lr needs --optimizer too" end
  if args.optimizer then given.optimizer = { name = args.optimizer, lr = args.lr } end
  if type(given.seeds) == "table" and #given.seeds == 1 then given.seeds = given.seeds[1] end
  if args.scale then
    local corpus, why = common.open(args, ctx)
    if not corpus then return nil, why end
    given.corpus = corpus
  end
  return given
end

--- Runs an experiment or a search.
-- @return its summary; or nil and a message where it did not come to its end
function experiments.run(work, args, ctx)
  local summary, why = work:run { jobs = args.jobs, progress = args.progress }
  if not summary then return nil, why end
  for _, f in ipairs(summary.failed) do ctx.note("failed: %s, %s; see %s", f.title, f.reason, f.log) end
  return summary
end

--- Runs that failed, as plain data.
function experiments.failed(summary)
  local list = {}
  for i, f in ipairs(summary.failed) do list[i] = { run = f.title, reason = f.reason, log = f.log } end
  return tenor.json.array(list)
end

return experiments
