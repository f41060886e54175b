-- Where a run of training stands: all that decides how it goes on, to be kept and to be gone back to.
--
--    position   { epoch in work, batch: how many of it are done, sum, seen: of its loss, seconds, since: epochs
--                 without a better validation loss }
--    best       { loss, epoch, weights } of the best validation loss
--    shuffler, dropout   generators; `begun` is the shuffler's state at the beginning of the epoch
local tenor = require "tenor"

local Run = {}
Run.__index = Run

Run.ALL_DONE = "all epochs done"

function Run.new(model, o, history)
  local rng = tenor.rng(o.seed)
  local self = setmetatable({
    model = model, optimizer = o.optimizer, history = history, best = {}, shuffler = rng:fork(), dropout = rng:fork(),
    position = { epoch = 1, batch = 0, sum = 0, seen = 0, seconds = 0, since = 0 },
  }, Run)
  self.begun = self.shuffler:state()
  model:set_rng(self.dropout)
  return self
end

--- Goes to the next epoch.
function Run:advance()
  local p = self.position
  self.position = { epoch = p.epoch + 1, batch = 0, sum = 0, seen = 0, seconds = 0, since = p.since }
  self.begun = self.shuffler:state()
end

local function copy(value)
  if type(value) ~= "table" then return value end
  local t = {}
  for name, item in pairs(value) do t[name] = copy(item) end
  return t
end

local kept = { "epochs", "best_epoch", "best_val_loss", "stopped", "resumed", "notes" }

--- All of it, as fit/checkpoint writes it.
function Run:state()
  local history = {}
  for _, name in ipairs(kept) do history[name] = copy(self.history[name]) end
  return {
    position = copy(self.position), history = history, model = self.model:snapshot(), best = self.best.weights,
    optimizer = self.optimizer:state(self.model:parameters()), shuffler = self.begun, dropout = self.dropout:state(),
  }
end

--- Goes back to a state.
-- @raise where the optimiser or the model refuses its part
function Run:restore(state)
  self.optimizer:restore(state.optimizer, self.model:parameters())
  self.model:restore(state.model)
  for _, name in ipairs(kept) do self.history[name] = state.history[name] end
  self.shuffler:restore(state.shuffler)
  self.dropout:restore(state.dropout)
  self.begun, self.position = state.shuffler, state.position
  self.best = { loss = self.history.best_val_loss, epoch = self.history.best_epoch, weights = state.best }
end

--- Says something that is neither success nor failure: to who watches, and in the history.
function Run:note(text)
  table.insert(self.history.notes, text)
  self:say(text)
end

function Run:say(text)
  if self.bar then self.bar:note(text) end
end

return Run
