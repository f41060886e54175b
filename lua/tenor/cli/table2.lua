--- tenor table2: the paper's Table II on a corpus, many seeds of each system.
local common = require "tenor.cli.common"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local vectors = { "glove", "word2vec", "fasttext", "bert" }

return {
  summary = "Run the systems of the paper's Table II",
  about = "The voice alone (HSF) and with words, learning valence alone (STL) or all labels (MTL), as many seeds as asked "
    .. "for. What is done is kept in the results folder: stop it when you like, the same command goes on from there.",
  options = function()
    local d = assert(lib.of(tenor.experiment.new))
    local list = common.join(common.corpus_options(), {
      options.new("features", "acoustic features from a file, .npz or .csv, instead of the recordings", { metavar = "<file>" }),
    })
    for _, kind in ipairs(vectors) do
      list[#list + 1] = options.new(kind, ("word vectors of this kind; without, their row is left out"), { metavar = "<file>" })
    end
    return common.join(list, {
      options.of(d, "results", "folder of the runs", { name = "output", short = "-o", metavar = "<folder>" }),
      options.of(d, "seeds", "runs of each system"),
      options.of(d, "tasks", "STL, MTL", { args = "+" }),
      options.of(d, "protocol", "paper: as published; clean: nothing leaks from the test part; both",
        { choices = { "paper", "clean", "both" } }),
      options.of(d, "split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME"),
      options.of(d, "validation", "share of the training rows that validates"),
      options.of(d, "epochs", "at most", { kind = "integer", note = "default: the paper's, 200 without words, 50 with" }),
      options.of(d, "batch", "utterances a step", { kind = "integer", note = "default: the paper's, 64 without words, 256 with" }),
      options.of(d, "patience", "epochs without a better validation loss before stopping"),
      options.of(d, "padding", "pre: the paper's, run over; none: masked", { choices = { "pre", "none" } }),
      options.of(d, "threads", "of one run"),
      options.new("jobs", "runs at a time", { kind = "integer", note = "default: cores divided by threads" }),
      common.progress(),
    })
  end,
  run = function(args, ctx)
    local given = options.take(args, { "seeds", "tasks", "split", "validation", "epochs", "batch", "patience", "padding",
      "threads", "features" })
    given.name, given.corpus, given.results = "Table II", args.corpus, args.output and args.output:gsub("(.)/+$", "%1")
    given.protocol = args.protocol == "both" and { "paper", "clean" } or args.protocol
    given.vectors = options.take(args, vectors)
    if args.scale then
      local corpus, why = common.open(args, ctx)
      if not corpus then return nil, why end
      given.corpus = corpus
    end
    return require "tenor.cli.running"(tenor.experiment.new(given), args, ctx)
  end,
}
