--- A small run of training with all that has a state: batch normalisation, dropout, an optimiser with moments,
-- shuffling, early stopping. And what two runs must agree in.
local identity = require "tenor.fit.identity"
local tenor = require "tenor"

local nn = tenor.nn
local training = {}

--- Data of 22 and 10 utterances; the same for the same seed.
function training.data(seed)
  local rng = tenor.rng(seed or 5)
  local function part(n) return { x = tenor.randn(n, 6, rng), y = tenor.randn(n, 2, rng) } end
  return { train = part(22), validation = part(10) }
end

function training.model(seed, width)
  tenor.seed(seed or 3)
  return nn.Sequential {
    nn.BatchNorm(6), nn.Dense(6, width or 5, { activation = "relu" }), nn.Dropout(0.3), nn.Dense(width or 5, 2),
  }
end

--- Options of `fit` with more, or others, in `given`. Batches of 6: four an epoch.
function training.options(given)
  local o = { loss = tenor.loss.ccc(), optimizer = tenor.optim.Nadam(), batch = 6, epochs = 4, seed = 2, progress = "silent" }
  for name, value in pairs(given or {}) do o[name] = value end
  return o
end

local function bare(history)
  local epochs = {}
  for i, e in ipairs(history.epochs) do
    local ccc = {}
    for k, v in ipairs(e.val_ccc or {}) do ccc[k] = ("%a"):format(v) end
    epochs[i] = { e.epoch, ("%a"):format(e.loss), ("%a"):format(e.val_loss or 0), table.unpack(ccc) }
  end
  return { epochs, history.best_epoch or 0, ("%a"):format(history.best_val_loss or 0), history.stopped }
end

--- All that a run comes to but its time, bit for bit.
function training.outcome(model, optimizer, history)
  local state = optimizer:state(model:parameters())
  local moments = {}
  for name, list in pairs(state.moments) do
    for i, t in ipairs(list) do moments[name .. i] = t end
  end
  return { identity.tensors(model:snapshot()), identity.tensors(moments), state.steps, ("%a"):format(state.product or 0),
    bare(history) }
end

--- Trains from the beginning, or from a checkpoint in `given`.
-- @return the outcome, and the history
function training.run(given)
  local model, o = training.model(), training.options(given)
  local history = tenor.fit(model, training.data(), o)
  return training.outcome(model, o.optimizer, history), history
end

--- Callbacks that stop a run with an error at the end of a batch, before its checkpoint would be written.
function training.stop_at(epoch, batch)
  return { { on_batch_end = function(info)
    if info.epoch == epoch and info.batch == batch then error("stopped here", 0) end
  end } }
end

--- Trains with what stops it. @return the message
function training.broken_off(given)
  local ok, why = pcall(training.run, given)
  assert(not ok, "was not stopped")
  return why
end

return training
