--- The trainer: mini-batches reshuffled by seed, validation, early stopping, history.
-- @module fit
local core = require("tenor.core").training
local evaluation = require "tenor.evaluation"
local History = require "tenor.history"
local Module = require "tenor.nn.module"
local nonfinite = require "tenor.nonfinite"
local options = require "tenor.options"
local progress = require "tenor.progress"
local tenor = require "tenor"

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
}

local function whole(name, v, least)
  if math.type(v) ~= "integer" or v < least then
    error(("fit: %s must be a whole number from %d, got %s"):format(name, least, tostring(v)), 4)
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

-- Validation as Keras does it: the loss of whole batches in order, averaged by size.
local function validate(model, part, o)
  local pred = evaluation.run(model, part.x, o.batch)
  if not pred:isfinite() then return 0 / 0 end -- the caller says where that began
  local n, sum = part.y:size(1), 0
  for first = 1, n, o.batch do
    local size = math.min(o.batch, n - first + 1)
    local value = o.loss:value(pred:narrow(1, first, size), part.y:narrow(1, first, size))
    sum = sum + value * size
  end
  return sum / n, evaluation.score(pred, part.y, part.label_names).ccc
end

local function call_back(o, event, info)
  for _, callback in ipairs(o.callbacks or {}) do
    if callback[event] and callback[event](info) == "stop" then return true end
  end
  return false
end

local function shown(history, loss, names)
  local fields = { ("loss %.3f"):format(loss) }
  local last = history.epochs[#history.epochs]
  if last and last.val_loss then
    fields[#fields + 1] = ("val %.3f"):format(last.val_loss)
    local parts = {}
    for k, v in ipairs(last.val_ccc) do
      local letter = names and names[k] and names[k]:sub(1, 1):upper() or tostring(k)
      parts[k] = letter .. " " .. ("%.2f"):format(v):gsub("0%.", ".")
    end
    fields[#fields + 1] = table.concat(parts, " ")
  end
  return fields
end

-- Gradients may explode while the loss is still a number; a step with them would spoil the weights and hide where it began.
local function check_gradients(parameters, loss, where)
  local norm, first = 0, nil
  for _, p in ipairs(parameters) do
    local squares = core.sum_squares(p.grad)
    if squares - squares == 0 then
      norm = norm + squares
    elseif not p.grad:isfinite() then
      first = first or p.name
    end
  end
  if first then
    error(("fit: the gradient of %s is not finite at epoch %d, batch %d, where the loss is %.4g and the norm of the others %.4g")
      :format(first, where.epoch, where.batch, loss, math.sqrt(norm)), 0)
  end
end

-- One training step; returns the loss.
local function step(model, parameters, x, y, o, where)
  for _, p in ipairs(parameters) do p.grad:zero() end
  local pred = model:run(x)
  local value = o.loss:forward(pred, y)
  if value ~= value or value == math.huge or value == -math.huge then
    error(("fit: the loss is %s at epoch %d, batch %d: %s"):format(value ~= value and "NaN" or "infinite", where.epoch,
      where.batch, nonfinite.first_layer(model, x)), 0)
  end
  model:run_back(o.loss:backward())
  check_gradients(parameters, value, where)
  o.optimizer:step(parameters)
  return value
end

-- The last step of an epoch may have spoilt them: no later loss would tell.
local function check_parameters(parameters, epoch)
  for _, p in ipairs(parameters) do
    if not p.value:isfinite() then error(("fit: %s is not finite after epoch %d"):format(p.name, epoch), 0) end
  end
end

local function train(model, data, o, history, best)
  local part, parameters = data.train, model:parameters()
  local n = part.y:size(1)
  local rng = tenor.rng(o.seed)
  local shuffler = rng:fork()
  model:set_rng(rng:fork())
  local batches = (n + o.batch - 1) // o.batch
  local bar <close> = progress.new {
    total = batches * o.epochs, every = batches, title = "epoch", mode = o.progress, stream = o.stream or io.stderr,
  }
  local in_order
  if not o.shuffle then in_order = tenor.arange(1, n + 1, 1, "int32") end
  local since = 0
  for epoch = 1, o.epochs do
    local rows = in_order or shuffler:permutation(n)
    local sum, seen, begun = 0, 0, os.clock()
    model:train()
    for batch = 1, batches do
      local first = (batch - 1) * o.batch + 1
      local size = math.min(o.batch, n - first + 1)
      local picked = rows:narrow(1, first, size)
      local loss = step(model, parameters, evaluation.pick(part.x, picked), part.y:index(picked), o,
        { epoch = epoch, batch = batch })
      sum, seen = sum + loss * size, seen + size
      bar:update((epoch - 1) * batches + batch, shown(history, sum / seen, part.label_names))
      if call_back(o, "on_batch_end", { epoch = epoch, batch = batch, loss = loss, model = model }) then
        history.stopped = "callback"
        break
      end
    end
    check_parameters(parameters, epoch)
    local entry = { epoch = epoch, loss = sum / seen, seconds = os.clock() - begun }
    if data.validation then
      entry.val_loss, entry.val_ccc = validate(model, data.validation, o)
      if entry.val_loss ~= entry.val_loss then
        local first = evaluation.narrow(data.validation.x, 1, math.min(o.batch, data.validation.y:size(1)))
        error(("fit: the validation loss is NaN after epoch %d: %s"):format(epoch,
          nonfinite.first_layer(model:eval(), first)), 0)
      end
    end
    history.epochs[epoch] = entry
    if entry.val_loss and (not best.loss or entry.val_loss < best.loss) then
      best.loss, best.epoch, best.weights, since = entry.val_loss, epoch, model:snapshot(), 0
      history.best_epoch, history.best_val_loss = epoch, entry.val_loss
    else
      since = since + 1
    end
    if call_back(o, "on_epoch_end", { epoch = epoch, entry = entry, model = model, history = history }) then
      history.stopped = "callback"
    elseif o.patience and data.validation and since >= math.max(o.patience, 1) then
      history.stopped = ("no better validation loss for %d epochs"):format(since)
    end
    if history.stopped then break end
  end
  history.stopped = history.stopped or "all epochs done"
  bar:close(("%d epochs, %s%s"):format(#history, history.stopped,
    best.epoch and (", best epoch %d with validation loss %.4f"):format(best.epoch, best.loss) or ""))
end

--- Trains a model. An optimiser carries its moments from one `fit` to the next: make a new one for a new run.
-- @param model a network
-- @param data `{ train = { x =, y = }, validation = { x =, y = } }`: inputs (N, ...) or a
-- table of them for several branches, labels (N, K); validation may be absent.
-- `ids` and `label_names` of a part are used in messages.
-- @param opts `loss`, `optimizer`, `batch` (32), `epochs` (50), `patience`, `restore_best`
-- (true), `shuffle` (true), `seed` (0), `progress` ("auto"), `stream`, `callbacks`: a list
-- of tables whose `on_batch_end(info)` and `on_epoch_end(info)` may return "stop"
-- A last batch of one utterance is trained on as Keras does: its CCC is 0, its gradient too.
-- @return History. Whichever way training ends, an error or Ctrl-C included, the
-- model holds the weights of the best validation loss so far
-- @raise on data that cannot be trained on and on a loss that is not finite,
-- naming epoch, batch and the first layer with a number that is not.
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
  local history, best = History.new { seed = o.seed, batch = o.batch, optimizer = tostring(o.optimizer) }, {}
  local ok, err = pcall(train, model, data, o, history, best)
  if o.restore_best and best.weights then model:restore(best.weights) end
  model:eval()
  if not ok then error(err, 0) end
  return history
end

return fit
