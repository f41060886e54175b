--- tenor train: a network of the paper on a corpus, saved with all that prediction needs.
local common = require "tenor.cli.common"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local recipes = require "tenor.experiment.recipes"
local tenor = require "tenor"

local kinds = { "acoustic", "text", "fusion" }

-- "200 (acoustic), 50 (text, fusion)": what the recipe of each network says.
local function by_network(pick)
  local said, order = {}, {}
  for _, kind in ipairs(kinds) do
    local value = tostring(pick(recipes.of(kind)))
    if not said[value] then
      said[value] = {}
      order[#order + 1] = value
    end
    table.insert(said[value], kind)
  end
  local parts = {}
  for i, value in ipairs(order) do parts[i] = ("%s for %s"):format(value, table.concat(said[value], ", ")) end
  return "default: " .. table.concat(parts, ", ")
end

local optimizers = { "Adam", "Nadam", "RMSprop", "SGD" }

local function settings()
  local fit = assert(lib.of(tenor.fit, tenor.nn.Dense(1, 1), {}))
  local data = common.defaults "dataset"
  local network = assert(lib.of(tenor.networks.fusion))
  return common.join(common.corpus_options(), {
    options.new("output", "the model to write, .safetensors", { short = "-o", required = true, metavar = "<file>" }),
    options.new("features", "acoustic features from a file, .npz or .csv, instead of the recordings", { metavar = "<file>" }),
    options.new("vectors", "word vectors to begin with: GloVe, fastText, word2vec, .npy", { metavar = "<file>" }),
    options.new("network", "what to train", { default = "fusion", choices = kinds }),
    options.new("labels", "what to learn", { args = "+",
      note = "default: all of valence, arousal, dominance that the corpus has" }),
    options.of(data, "split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME", { default = "auto" }),
    options.of(data, "protocol", "paper: as published; clean: nothing leaks from the test part",
      { choices = { "paper", "clean" } }),
    options.of(data, "validation", "share of the training rows that validates", { kind = "number", default = 0.2 }),
    options.of(network, "hidden", "units of the second and third LSTM"),
    options.of(network, "dense", "width of each branch's dense layer"),
    options.of(network, "embedding", "width of the embedding; that of the vectors where they are given"),
    options.of(network, "padding", "pre: the paper's, run over; none: masked", { choices = { "pre", "none" } }),
    options.of(network, "dropout", "probability of dropping"),
    options.new("alpha", "weight of valence in the loss", { kind = "number",
      note = by_network(function(r) return r.weights.alpha end) }),
    options.new("beta", "weight of arousal in the loss", { kind = "number",
      note = by_network(function(r) return r.weights.beta end) }),
    options.new("optimizer", table.concat(optimizers, ", "), { choices = optimizers,
      note = by_network(function(r) return r.optimizer.name end) }),
    options.new("lr", "learning rate", { kind = "number", note = "default: the optimizer's" }),
    options.new("batch", "utterances a step", { kind = "integer", note = by_network(function(r) return r.batch end) }),
    options.new("epochs", "at most", { kind = "integer", note = by_network(function(r) return r.epochs end) }),
    options.of(fit, "patience", "epochs without a better validation loss before stopping", { default = 10 }),
    options.new("seed", "of weights, shuffling and dropout", { default = 1 }),
    options.new("checkpoint", "keep the run here after each epoch and on Ctrl-C, and go on from it", { metavar = "<file>" }),
  }, common.extraction_options())
end

local function loss_of(args, recipe, labels, ctx)
  if #labels == 3 then
    return tenor.loss.ccc { alpha = args.alpha or recipe.weights.alpha, beta = args.beta or recipe.weights.beta }
  end
  if args.alpha or args.beta then
    ctx.note("note: alpha and beta weigh three labels; %d learn with equal weights", #labels)
  end
  return tenor.loss.ccc()
end

local function network_of(args, data, vectors)
  local o = options.take(args, { "hidden", "dense" })
  o.outputs, o.seed, o.features = data.labels, args.seed or 1, data.inputs.features
  if args.network ~= "acoustic" then
    o.vocabulary, o.length, o.padding, o.dropout = data.inputs.vocabulary, data.inputs.length, args.padding, args.dropout
    o.vectors, o.embedding = vectors, vectors and vectors:dimensions() or args.embedding
  end
  if args.network == "text" then o.features = nil end
  return tenor.networks[args.network](o)
end

return {
  summary = "Train a network of the paper and save it",
  about = "Features are extracted, or read with --features; training follows section 6 of the paper unless options say "
    .. "otherwise. The scores of the test part go to standard output.",
  options = settings,
  run = function(args, ctx)
    args.network = args.network or "fusion"
    if not args.output:find "%.safetensors$" then ctx.misuse(args.output .. ": a model's name ends in .safetensors") end
    local recipe = recipes.of(args.network)
    local corpus, why = common.open(args, ctx)
    if not corpus then return nil, why end
    local features
    if args.network ~= "text" then
      features, why = common.features(args, corpus, ctx)
      if not features then return nil, why end
    end
    local data = corpus:dataset {
      features = features, words = args.network ~= "acoustic" and tenor.text.Tokenizer() or nil,
      labels = args.labels or corpus:label_names(), split = args.split or "auto", protocol = args.protocol,
      validation = args.validation, standardize = recipe.standardize,
    }
    ctx.note(data)
    local vectors
    if args.vectors and args.network ~= "acoustic" then
      vectors, why = tenor.vectors.open(args.vectors, data.words, { progress = args.progress })
      if not vectors then return nil, why end
      ctx.note(vectors:coverage())
    end
    local network = network_of(args, data, vectors)
    local history = tenor.fit(network, data, {
      loss = loss_of(args, recipe, data.labels, ctx),
      optimizer = tenor.optim[args.optimizer or recipe.optimizer.name] { lr = args.lr },
      batch = args.batch or recipe.batch, epochs = args.epochs or recipe.epochs,
      patience = data.validation and (args.patience or 10) or nil, seed = args.seed or 1, progress = args.progress,
      checkpoint = args.checkpoint,
    })
    ctx.note(history)
    local model = tenor.model.new { network = network, data = data, history = history }
    local ok, problem = model:save(args.output)
    if not ok then return nil, problem end
    local scores = data.test and tenor.evaluate(network, data.test)
    ctx.result({ output = args.output, epochs = #history, best_epoch = history.best_epoch,
      validation_loss = history.best_val_loss, labels = tenor.json.array(data.labels), test = scores and common.scores(scores) },
      ("%s%s: %d epochs%s"):format(scores and tostring(scores) .. "\n" or "", args.output, #history,
        history.best_epoch and (", best %d"):format(history.best_epoch) or ""))
    return features and #features.failures > 0 and ctx.status.partly or ctx.status.done
  end,
}
