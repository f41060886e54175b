-- Who looks after the checkpoint of a run: finds the state to go on from, writes when it is time, and ends the run
-- in order when a signal asks for it.
local checkpoint = require "tenor.fit.checkpoint"
local clock = require "tenor.core".terminal.clock
local identity = require "tenor.fit.identity"
local interrupt = require "tenor.core".interrupt
local quoted = require "tenor.quoted"
local tenor = require "tenor"

local Keeper = {}
Keeper.__index = Keeper

--- @param o the options of `fit`, checked: `checkpoint`, a path, and `every`
function Keeper.new(model, data, o)
  return setmetatable({
    path = o.checkpoint, every = o.every, data = data, identity = identity.of(model, data, o), whole = false,
    written = clock(), batches = 0, watch = interrupt.watch(),
  }, Keeper)
end

local function where(position)
  if position.batch == 0 then return ("at the beginning of epoch %d"):format(position.epoch) end
  return ("after batch %d of epoch %d"):format(position.batch, position.epoch)
end

-- Why a state is not one of this run, or nil.
function Keeper:refusal(state, o)
  local accepted = { [identity.tensors(state.model)] = true }
  if state.best then accepted[identity.tensors(state.best)] = true end
  local differs = identity.differs(state.identity, self.identity, accepted)
  if differs then return "is of another run: " .. differs end
  local done = state.position.epoch - (state.position.batch == 0 and 1 or 0)
  if done > o.epochs then return ("is in epoch %d, epochs is %d"):format(done, o.epochs) end
end

-- What of a state of this run cannot be, in words, or nil; where all of it can, the run is there.
local function fault(state, run, data, o)
  local position, n = state.position, data.train.y:size(1)
  local batches = (n - 1) // o.batch + 1
  if position.batch > batches or position.seen ~= math.min(n, position.batch * o.batch) then
    return ("%d utterances after %d batches, of %d and %d"):format(position.seen, position.batch, n, batches)
  end
  for _, entry in ipairs(state.history.epochs) do
    if #(entry.val_ccc or {}) ~= (data.validation and data.validation.y:size(2) or 0) then
      return ("%d CCC on validation in epoch %d"):format(#(entry.val_ccc or {}), entry.epoch)
    end
  end
  local ok, why = pcall(run.restore, run, state)
  if not ok then return (tostring(why):gsub("^[^:]*:%d+: ", "")) end
end

--- Puts a run where its checkpoint says, if there is one; else writes the first, so that a path that cannot
-- be written is known before any work is done.
-- @param run from fit/train
function Keeper:begin(run, o)
  checkpoint.clean(self.path)
  local refusal
  local state, note, whole = checkpoint.find(self.path, function(found)
    refusal = self:refusal(found, o)
    if not refusal then return fault(found, run, self.data, o) end
  end)
  self.mark = checkpoint.mark(self.path)
  if not state then
    if note then
      error(("fit: cannot go on from the checkpoint: %s; remove %s* to begin anew"):format(note, self.path), 0)
    end
    local ok, why = self:write(run)
    if not ok then error("fit: the checkpoint cannot be written: " .. why, 0) end
    return
  end
  if refusal then
    error(("fit: the checkpoint %s %s; name another one, or remove %s* to begin anew"):format(self.path, refusal,
      self.path), 0)
  end
  self.whole = whole
  self.identity = state.identity -- also the next ones know the first weights
  if note then run:note(note) end
  if state.version ~= tenor._VERSION then
    run:note(("the checkpoint was written by tenor %s, and this is %s: bits may differ from those of a run that was never "
      .. "broken off"):format(quoted(state.version or "of before"):sub(2, -2), tenor._VERSION))
  end
  local position, history = run.position, run.history
  if history.stopped == run.ALL_DONE and position.epoch <= o.epochs then history.stopped = nil end -- there are more now
  if history.stopped == nil then
    table.insert(history.resumed, { epoch = position.epoch, batch = position.batch })
    run:say(("resumed from %s, %s"):format(self.path, where(position)))
  end
end

function Keeper:write(run)
  -- one of another run, started with the same path, is not ours to move
  local there = checkpoint.mark(self.path)
  if there and there ~= self.mark then
    self.written, self.batches = clock(), 0
    return nil, self.path .. ": another process has written it meanwhile; it is left alone"
  end
  local state = run:state()
  state.identity = self.identity
  local ok, why = checkpoint.write(self.path, state, self.whole)
  self.written, self.batches, self.mark = clock(), 0, checkpoint.mark(self.path)
  if ok then self.whole, self.at = true, { epoch = run.position.epoch, batch = run.position.batch } end
  return ok, why
end

-- A disk that is full for an hour must not end a run of days: it is said, and tried again when it is time again.
function Keeper:try(run)
  local ok, why = self:write(run)
  if not ok then run:note(("the checkpoint %s was not written: %s"):format(where(run.position), why)) end
  return ok, why
end

-- Writes and leaves where a signal has come.
function Keeper:heed(run)
  local signal = self.watch:pending()
  if not signal then return end
  local ok, why = self:write(run)
  local kept = ok and ("%s has its state"):format(self.path)
    or ("its state could not be written (%s)%s"):format(why, self.at and (", that %s is there"):format(where(self.at)) or "")
  error(("fit: interrupted by %s %s; %s"):format(signal, where(run.position), kept), 0)
end

--- After each batch.
function Keeper:after_batch(run)
  self:heed(run)
  self.batches = self.batches + 1
  local every = self.every
  if every.batches and self.batches >= every.batches or every.minutes and clock() - self.written >= 60 * every.minutes then
    self:try(run)
  end
end

--- After each epoch, when the next one's position is set; `ended`: after the last one.
function Keeper:after_epoch(run, ended)
  local due = self.every.epochs and (run.position.epoch - 1) % self.every.epochs == 0
  if ended or due then self:try(run) end
  self:heed(run)
end

function Keeper:close() self.watch:close() end
Keeper.__close = Keeper.close

return Keeper
