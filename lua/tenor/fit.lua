--- The trainer: mini-batches reshuffled by seed, validation, early stopping, history.
-- @module fit
local evaluation = require "tenor.evaluation"
local History = require "tenor.history"
local Module = require "tenor.nn.module"
local nonfinite = require "tenor.nonfinite"
local options = require "tenor.options"
local Run = require "tenor.fit.run"
local train = require "tenor.fit.train"

local defaults = {
  loss = options.none, -- such as loss.ccc { alpha = 0.7, beta = 0.2 }
  optimizer = options.none, -- such as optim.RMSprop { lr = 1e-3 }
  batch = 32, -- utterances a step
  epochs = 50, -- at most
  patience = options.none, -- epochs without a better validation loss before stopping
  restore_best = true, -- end with the weights of the best validation loss
  shuffle = true, -- reshuffle the training part each epoch
  seed = 0, -- of the shuffling and of dropout
  progress = "auto", -- "bar", "plain", "silent"
  stream = options.none, -- where progress goes; io.stderr by default
  callbacks = options.none, -- list of { on_batch_end = f, on_epoch_end = f }
  checkpoint = options.none, -- the path of a file that the run is kept in, and gone on from
  every = options.none, -- when it is written: { epochs = n, batches = n, minutes = x }, the first that is due
}

local function whole(name, v, least, level)
  if math.type(v) ~= "integer" or v < least then
    error(("fit: %s must be a whole number from %d, got %s"):format(name, least, tostring(v)), level or 4)
  end
end

local function check_checkpoint(o)
  if o.checkpoint == nil then
    if o.every ~= nil then error("fit: every says when to write a checkpoint: give checkpoint, the path of a file", 4) end
    return
  end
  if type(o.checkpoint) ~= "string" or o.checkpoint == "" then
    error(("fit: checkpoint must be the path of a file, got %s"):format(o.checkpoint == "" and "''" or type(o.checkpoint)), 4)
  end
  if not o.optimizer.state or not o.optimizer.restore then
    error("fit: a checkpoint needs an optimizer with state and restore, as those of tenor.optim have", 4)
  end
  o.every = options.fill("fit: every", o.every or { epochs = 1 },
    { epochs = options.none, batches = options.none, minutes = options.none }, 5)
  if next(o.every) == nil then error("fit: every must name epochs, batches or minutes", 4) end
  for _, name in ipairs { "epochs", "batches" } do
    if o.every[name] ~= nil then whole("every." .. name, o.every[name], 1, 5) end
  end
  local minutes = o.every.minutes
  if minutes ~= nil and not (type(minutes) == "number" and minutes > 0 and minutes < math.huge) then
    error(("fit: every.minutes must be a positive number, got %s"):format(tostring(minutes)), 4)
  end
end

local function check_options(given)
  local o = options.fill("fit", given, defaults, 4)
  for _, name in ipairs { "loss", "optimizer" } do
    if type(o[name]) ~= "table" or not o[name][name == "loss" and "forward" or "step"] then
      local example = name == "loss" and "tenor.loss.ccc()" or "tenor.optim.RMSprop()"
      error(("fit: %s must be given, such as %s"):format(name, example), 3)
    end
  end
  whole("batch", o.batch, 2)
  whole("epochs", o.epochs, 1)
  if o.patience ~= nil then whole("patience", o.patience, 0) end
  whole("seed", o.seed, math.mininteger)
  if o.callbacks ~= nil and type(o.callbacks) ~= "table" then
    error(("fit: callbacks must be a list of tables, got a %s"):format(type(o.callbacks)), 3)
  end
  for i, callback in ipairs(o.callbacks or {}) do
    if type(callback) ~= "table" then
      error(("fit: callback %d must be a table of functions, got a %s"):format(i, type(callback)), 3)
    end
    options.fill(("fit: callback %d"):format(i), callback, { on_batch_end = options.none, on_epoch_end = options.none }, 4)
  end
  check_checkpoint(o)
  return o
end

local function check_part(name, part, least)
  if type(part) ~= "table" or not part.x or not part.y then
    error(("fit: data.%s must be { x = inputs, y = labels }"):format(name), 4)
  end
  local inputs = type(part.x) == "table" and part.x or { part.x }
  if not Module.is_tensor(part.y) or part.y:rank() ~= 2 or part.y:dtype() == "int32" then
    error(("fit: data.%s.y must be labels (N, K), real numbers, got %s"):format(name, Module.is_tensor(part.y)
      and part.y:dtype() .. " " .. Module.shape_text(part.y) or Module.shape_text(part.y)), 4)
  end
  local n = part.y:size(1)
  for i, x in ipairs(inputs) do
    if not Module.is_tensor(x) then
      error(("fit: data.%s: input %d must be a tensor, got %s"):format(name, i, Module.shape_text(x)), 4)
    end
    if x:size(1) ~= n then
      error(("fit: data.%s: input %d has %d rows, the labels have %d"):format(name, i, x:size(1), n), 4)
    end
    nonfinite.check_rows(("fit: data.%s: input %d"):format(name, i), x, part.ids)
  end
  nonfinite.check_rows(("fit: data.%s: labels"):format(name), part.y, part.ids)
  if n < least then
    error(("fit: data.%s has %d utterances, at least %d are needed: CCC is undefined for fewer"):format(name, n, least), 4)
  end
  evaluation.check_labels("fit: data." .. name, part, 5)
  return n
end

--- Trains a model. An optimiser carries its moments from one `fit` to the next: make a new one for a new run.
-- @param model a network
-- @param data `{ train = { x =, y = }, validation = { x =, y = } }`: inputs (N, ...) or a
-- table of them for several branches, labels (N, K); validation may be absent.
-- `ids` and `label_names` of a part are used in messages.
-- @param opts `loss`, `optimizer`, `batch` (32), `epochs` (50), `patience`, `restore_best`
-- (true), `shuffle` (true), `seed` (0), `progress` ("auto"), `stream`, `callbacks`: a list
-- of tables whose `on_batch_end(info)` and `on_epoch_end(info)` may return "stop"; `checkpoint`, the path of a file,
-- and `every` ({ epochs = 1 }; also `batches`, `minutes`): the state of the run is kept there, and a run that finds it
-- there goes on from it, to the same bits that it would have come to. It must be the same run: network and its first
-- weights, data and options; only `epochs` may grow. SIGINT and SIGTERM then end the batch, write, and raise.
-- A last batch of one utterance is trained on as Keras does: its CCC is 0, its gradient too.
-- @treturn History History. Whichever way training ends, an error or Ctrl-C included, the
-- model holds the weights of the best validation loss so far
-- @raise on data that cannot be trained on and on a loss that is not finite,
-- naming epoch, batch and the first layer with a number that is not; on a checkpoint that is another run's,
-- is damaged as is the one before it, or cannot be written at first (later that is a note in the history)
local function fit(model, data, opts)
  Module.check("fit", model)
  local o = check_options(opts)
  if type(data) ~= "table" then error(("fit: data must be a table, got %s"):format(type(data)), 2) end
  check_part("train", data.train, 2)
  if data.validation then
    check_part("validation", data.validation, 2)
  elseif o.patience then
    error("fit: patience needs a validation part, data.validation", 2)
  end
  local history = History.new { seed = o.seed, batch = o.batch, optimizer = tostring(o.optimizer) }
  local run = Run.new(model, o, history)
  local keeper <close> = o.checkpoint and require "tenor.fit.keeper".new(model, data, o) or nil
  local ok, err = pcall(train, run, data, o, keeper)
  if o.restore_best and run.best.weights then model:restore(run.best.weights) end
  model:eval()
  if not ok then error(err, 0) end
  return history
end

return fit
