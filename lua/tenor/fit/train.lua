-- The loop of training: epoch after epoch, batch after batch, from wherever a run stands.
local core = require("tenor.core").training
local evaluation = require "tenor.evaluation"
local nonfinite = require "tenor.nonfinite"
local progress = require "tenor.progress"
local tenor = require "tenor"

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

-- The last step of an epoch may have spoilt them, and moments may have overflowed: no later loss would tell.
local function check_state(model, epoch)
  for _, list in ipairs { model:parameters(), model:buffers() } do
    for _, p in ipairs(list) do
      if not p.value:isfinite() then error(("fit: %s is not finite after epoch %d"):format(p.name, epoch), 0) end
    end
  end
end

-- The batches of the epoch that are not done yet.
local function run_epoch(run, data, o, keeper)
  local model, part, position, parameters = run.model, data.train, run.position, run.model:parameters()
  local n = part.y:size(1)
  local batches = (n - 1) // o.batch + 1
  local rows = o.shuffle and run.shuffler:permutation(n) or tenor.arange(1, n + 1, 1, "int32")
  model:train()
  while position.batch < batches do
    local begun = os.clock()
    local first = position.batch * o.batch + 1
    local size = math.min(o.batch, n - first + 1)
    local picked = rows:narrow(1, first, size)
    local at = { epoch = position.epoch, batch = position.batch + 1 }
    local loss = step(model, parameters, evaluation.pick(part.x, picked), part.y:index(picked), o, at)
    position.batch = at.batch
    position.sum, position.seen = position.sum + loss * size, position.seen + size
    position.seconds = position.seconds + os.clock() - begun
    run.bar:update((at.epoch - 1) * batches + at.batch, shown(run.history, position.sum / position.seen, part.label_names))
    if call_back(o, "on_batch_end", { epoch = at.epoch, batch = at.batch, loss = loss, model = model }) then
      run.history.stopped = "callback"
      break
    end
    if keeper then keeper:after_batch(run) end
  end
  check_state(model, position.epoch)
end

-- Validation, history, and whether that was the last epoch.
local function end_epoch(run, data, o)
  local model, position, history, best = run.model, run.position, run.history, run.best
  local begun = os.clock()
  local entry = { epoch = position.epoch, loss = position.sum / position.seen }
  if data.validation then
    entry.val_loss, entry.val_ccc = validate(model, data.validation, o)
    if entry.val_loss ~= entry.val_loss then
      local first = evaluation.narrow(data.validation.x, 1, math.min(o.batch, data.validation.y:size(1)))
      error(("fit: the validation loss is NaN after epoch %d: %s"):format(position.epoch,
        nonfinite.first_layer(model:eval(), first)), 0)
    end
  end
  entry.seconds = position.seconds + os.clock() - begun
  history.epochs[position.epoch] = entry
  if entry.val_loss and (not best.loss or entry.val_loss < best.loss) then
    best.loss, best.epoch, best.weights, position.since = entry.val_loss, position.epoch, model:snapshot(), 0
    history.best_epoch, history.best_val_loss = best.epoch, best.loss
  else
    position.since = position.since + 1
  end
  if call_back(o, "on_epoch_end", { epoch = position.epoch, entry = entry, model = model, history = history }) then
    history.stopped = "callback"
  elseif not history.stopped and o.patience and data.validation and position.since >= math.max(o.patience, 1) then
    history.stopped = ("no better validation loss for %d epochs"):format(position.since)
  end
end

return function(run, data, o, keeper)
  local n = data.train.y:size(1)
  local batches = (n - 1) // o.batch + 1
  local total = batches * math.min(o.epochs, math.maxinteger // batches) -- "for ever" is a number of epochs too
  local bar <close> = progress.new {
    total = total, every = batches, title = "epoch", mode = o.progress, stream = o.stream or io.stderr,
  }
  run.bar = bar
  local history = run.history
  if keeper then
    keeper:begin(run, o)
    bar:skip(math.min((run.position.epoch - 1) * batches + run.position.batch, total))
  end
  while not history.stopped do
    if run.position.epoch > o.epochs then
      history.stopped = run.ALL_DONE
    else
      run_epoch(run, data, o, keeper)
      end_epoch(run, data, o)
      if not history.stopped and run.position.epoch == o.epochs then history.stopped = run.ALL_DONE end
      run:advance()
      if keeper then keeper:after_epoch(run, history.stopped ~= nil) end
    end
  end
  local best = run.best
  bar:close(("%d epochs, %s%s"):format(#history, history.stopped,
    best.epoch and (", best epoch %d with validation loss %.4f"):format(best.epoch, best.loss) or ""))
end
