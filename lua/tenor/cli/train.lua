--- tenor train: a network of the paper on a corpus, saved with all that prediction needs; or one for each fold.
local common = require "tenor.cli.common"
local cross = require "tenor.model.cross_validate"
local lib = require "tenor.options"
local options = require "tenor.cli.options"
local recipes = require "tenor.experiment.recipes"
local tenor = require "tenor"
local training = require "tenor.cli.training"

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
  local words = assert(lib.of(tenor.text.Tokenizer))
  return common.join(common.corpus_options(), {
    options.new("output", "the model to write, .safetensors; with --folds a folder for the models", { short = "-o",
      required = true, metavar = "<file>" }),
    options.new("features", "acoustic features from a file, .npz or .csv, instead of the recordings", { metavar = "<file>" }),
    options.new("vectors", "word vectors to begin with: GloVe, fastText, word2vec, .npy", { metavar = "<file>" }),
    options.new("network", "what to train", { default = "fusion", choices = kinds }),
    options.new("labels", "what to learn", { args = "+",
      note = "default: all of valence, arousal, dominance that the corpus has" }),
    options.of(data, "split", "auto, own, own:TEST, paper, tail, session:NAME, speaker:NAME", { default = "auto" }),
    options.new("folds", "cross-validation, a model a fold: session, speaker or utterance, each left out once; or K or "
      .. "K:session, K:utterance, for K folds of whole speakers, sessions or utterances"),
    options.of(data, "protocol", "paper: as published; clean: nothing leaks from the test part",
      { choices = { "paper", "clean" }, note = "default: paper, with --folds clean" }),
    options.of(data, "validation", "share of the training rows that validates; 0: none, and all epochs are run", {
      kind = "number", default = 0.2 }),
    options.new("standardize", "features to mean 0 and deviation 1, as fusion always does", { kind = "boolean" }),
    options.of(data, "length", "steps of the word sequences", { kind = "integer",
      note = "default: the longest text's; in protocol clean, of the training part" }),
    options.of(words, "contractions", "keep: don't is one word; split: two, do n't, as in GloVe's text",
      { choices = { "keep", "split" } }),
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
    options.new("clip_norm", "largest norm of all gradients together", { kind = "number", note = "default: none" }),
    options.new("batch", "utterances a step", { kind = "integer", note = by_network(function(r) return r.batch end) }),
    options.new("epochs", "at most", { kind = "integer", note = by_network(function(r) return r.epochs end) }),
    options.of(fit, "patience", "epochs without a better validation loss before stopping", { default = 10 }),
    options.new("seed", "of weights, shuffling and dropout", { default = 1 }),
    options.new("checkpoint", "keep the run here after each epoch and on Ctrl-C, and go on from it", { metavar = "<file>" }),
  }, common.extraction_options())
end

local function one(t, args, ctx)
  local model, data = t:train(args.split or "auto", ctx)
  if not model then return nil, data end
  for _, note in ipairs(model.history.notes) do ctx.note("note: %s", note) end
  local ok, problem = model:save(args.output)
  if not ok then return nil, problem end
  local scores = data.test and tenor.evaluate(model.network, data.test)
  local history = model.history
  ctx.result({ output = args.output, epochs = #history, best_epoch = history.best_epoch,
    validation_loss = history.best_val_loss, labels = tenor.json.array(data.labels), test = scores and common.scores(scores) },
    ("%s%s: %d epochs%s"):format(scores and tostring(scores) .. "\n" or "", args.output, #history,
      history.best_epoch and (", best %d"):format(history.best_epoch) or ""))
  return true
end

-- "5" → { kfold = 5 }, "5:session" → { kfold = 5, by = "session" }, "speaker" as it is.
local function folds_of(word, ctx)
  if word == "session" or word == "speaker" or word == "utterance" then return word end
  local k, by = word:match "^(%d+)$", nil
  if not k then k, by = word:match "^(%d+):(%l+)$" end
  if not k or by and by ~= "session" and by ~= "speaker" and by ~= "utterance" then
    ctx.misuse(("--folds must be session, speaker, utterance, K, K:session or K:utterance, got '%s'"):format(word))
  end
  return { kfold = math.tointeger(k), by = by }
end

local function cross_validated(t, args, ctx)
  local list, skipped = t:scored(t.corpus:folds(folds_of(args.folds, ctx)))
  if #skipped > 0 then
    ctx.note("left out: folds none of whose utterances has what is learnt (%s%s)",
      table.concat(skipped, ", ", 1, math.min(3, #skipped)), #skipped > 3 and (" and %d more"):format(#skipped - 3) or "")
  end
  if #list < 2 then return nil, ("%s: cross-validation needs two folds, there is %d"):format(args.corpus, #list) end
  ctx.note("%d folds; the first:", #list)
  local bar <close> = t:watch(#list)
  local crossed, why = tenor.model.cross_validate(list, function(fold, number)
    return t:train(fold, number == 1 and ctx or nil, bar, number)
  end, { folder = args.output })
  if not crossed then return nil, why end
  bar:close()
  local predictions = crossed:predict(t.corpus, { features = t.features })
  local scores, problem = predictions:scores()
  if not scores then return nil, problem end
  local told = tenor.json.array {}
  for i, model in ipairs(crossed.models) do
    told[i] = { name = model.fold.name, held_out = #model.fold.held_out, epochs = #model.history,
      best_epoch = model.history.best_epoch }
  end
  ctx.result({ output = args.output, labels = tenor.json.array(crossed.labels), folds = told, scores = common.scores(scores) },
    ("%s\n%s: %d models, each trained without the utterances of its fold"):format(tostring(scores), args.output, #crossed))
  return true
end

local of_words = { "vectors", "embedding", "padding", "dropout", "length", "contractions" }
local of_extraction = { "window", "step", "deltas", "drop_zeros", "eps" }
local of_voice = common.join(of_extraction, { "features", "standardize" })

-- Options that this training does not look at are misuse: they would be passed over in silence.
local function check(args, ctx)
  local function forbid(names, reason)
    for _, name in ipairs(names) do
      if args[name] ~= nil then ctx.misuse(("--%s %s"):format(name:gsub("_", "-"), reason)) end
    end
  end
  if args.network == "acoustic" then forbid(of_words, "is of words, which the acoustic network does not take") end
  if args.network == "text" then forbid(of_voice, "is of the voice, which the text network does not take") end
  if args.features then forbid(of_extraction, "is of extraction, and --features has it done") end
  if args.vectors then forbid({ "embedding" }, "is the width of the vectors, which are given") end
  if args.validation == 0 then forbid({ "patience" }, "needs a validation part, and --validation is 0") end
  if args.folds then
    forbid({ "split" }, "and --folds both say who tests: give one")
    forbid({ "checkpoint" }, "keeps one run, and --folds makes several")
    if args.output:find "%.safetensors$" then ctx.misuse(args.output .. ": with --folds, give a folder for the models") end
    folds_of(args.folds, ctx)
  elseif not args.output:find "%.safetensors$" then
    ctx.misuse(args.output .. ": a model's name ends in .safetensors")
  end
end

-- What cannot be written should be known before the training.
local function writable(args)
  if args.folds then return cross.prepare(args.output) end
  local ok, why = common.may_write(args.output)
  if not ok then return nil, why end
  return common.may_write(args.checkpoint)
end

return {
  summary = "Train a network of the paper and save it",
  about = "Features are extracted, or read with --features; training follows section 6 of the paper unless options say "
    .. "otherwise. The scores of the test part go to standard output. With --folds, a model is trained for each fold on all "
    .. "other utterances, and the scores are those of all held-out predictions pooled.",
  options = settings,
  run = function(args, ctx)
    args.network = args.network or "fusion"
    check(args, ctx)
    local ok, why = writable(args)
    if not ok then return nil, why end
    local corpus
    corpus, why = common.open(args, ctx)
    if not corpus then return nil, why end
    local features
    if args.network ~= "text" then
      features, why = common.features(args, corpus, ctx)
      if not features then return nil, why end
    end
    ok, why = (args.folds and cross_validated or one)(training.new(args, corpus, features), args, ctx)
    if not ok then return nil, why end
    return features and #features.failures > 0 and ctx.status.partly or ctx.status.done
  end,
}
