--- What `tenor train` trains: datasets, networks and models from its options, for one split or many.
local options = require "tenor.cli.options"
local recipes = require "tenor.experiment.recipes"
local tenor = require "tenor"

local Training = {}
Training.__index = Training

--- @tparam table args of the command line
-- @param corpus
-- @param[opt] features of the corpus
function Training.new(args, corpus, features)
  return setmetatable({ args = args, corpus = corpus, features = features, recipe = recipes.of(args.network),
    labels = args.labels or corpus:label_names() }, Training)
end

function Training:loss(ctx)
  local args, weights = self.args, self.recipe.weights
  if #self.labels == 3 then
    return tenor.loss.ccc { alpha = args.alpha or weights.alpha, beta = args.beta or weights.beta }
  end
  if ctx and (args.alpha or args.beta) then
    ctx.note("note: alpha and beta weigh three labels; %d learn with equal weights", #self.labels)
  end
  return tenor.loss.ccc()
end

function Training:network(data, vectors)
  local args = self.args
  local o = options.take(args, { "hidden", "dense" })
  o.outputs, o.seed, o.features = data.labels, args.seed or 1, data.inputs.features
  if args.network ~= "acoustic" then
    o.vocabulary, o.length, o.padding, o.dropout = data.inputs.vocabulary, data.inputs.length, args.padding, args.dropout
    o.vectors, o.embedding = vectors, vectors and vectors:dimensions() or args.embedding
  end
  if args.network == "text" then o.features = nil end
  return tenor.networks[args.network](o)
end

function Training:dataset(split)
  local args = self.args
  local words = args.network ~= "acoustic" and tenor.text.Tokenizer { contractions = args.contractions } or nil
  return self.corpus:dataset {
    features = self.features, words = words, labels = self.labels, length = args.length,
    split = split, protocol = args.protocol or args.folds and "clean" or nil, validation = args.validation,
    standardize = args.standardize or self.recipe.standardize,
  }
end

--- How many epochs a training has at most.
function Training:epochs() return self.args.epochs or self.recipe.epochs end

--- A model of one split.
-- @param split
-- @param[opt] ctx told of dataset and vectors
-- @param[opt] bar of `watch`, and the fold's number; without it training shows its own
-- @return the model and its dataset; or nil and a message
function Training:train(split, ctx, bar, number)
  local args, recipe = self.args, self.recipe
  local data = self:dataset(split)
  if ctx then ctx.note(data) end
  local vectors, why
  if args.vectors and args.network ~= "acoustic" then
    vectors, why = tenor.vectors.open(args.vectors, data.words, { progress = bar and "silent" or args.progress })
    if not vectors then return nil, why end
    if ctx then ctx.note(vectors:coverage()) end
  end
  local network, epochs = self:network(data, vectors), self:epochs()
  local history = tenor.fit(network, data, {
    loss = self:loss(ctx),
    optimizer = tenor.optim[args.optimizer or recipe.optimizer.name] { lr = args.lr, clip_norm = args.clip_norm },
    batch = args.batch or recipe.batch, epochs = epochs, patience = data.validation and (args.patience or 10) or nil,
    seed = args.seed or 1, progress = bar and "silent" or args.progress, checkpoint = args.checkpoint,
    callbacks = bar and { { on_epoch_end = function(info)
      bar:update((number - 1) * epochs + info.epoch, { ("loss %.3f"):format(info.entry.loss) })
    end } },
  })
  if bar and #history < epochs then bar:update(number * epochs) end -- it was stopped early
  return tenor.model.new { network = network, data = data, history = history }, data
end

--- Those of the folds that hold out an utterance which can be scored, and the names of the others. Who lacks a label or an
-- input takes part in no training, so a fold of such utterances alone would be a model of everybody.
function Training:scored(folds)
  local kept, others = {}, {}
  local function usable(u)
    for _, name in ipairs(self.labels) do
      if u[name] == nil then return false end
    end
    return (not self.features or self.features:row(u.id) ~= nil) and (self.args.network == "acoustic" or u.text ~= nil)
  end
  for _, fold in ipairs(folds) do
    local any = false
    for _, u in ipairs(fold.sides.test) do any = any or usable(u) end
    if any then kept[#kept + 1] = fold else others[#others + 1] = fold.name end
  end
  return kept, others
end

--- One bar for all epochs of all folds.
function Training:watch(folds)
  local epochs = math.min(self:epochs(), math.maxinteger // folds)
  return tenor.progress.new { total = folds * epochs, every = epochs, title = "fold",
    mode = self.args.progress or "auto", stream = io.stderr }
end

return Training
