--- Workers: processes that pull one run after another, so that each loads corpus, features and vectors once.
--
-- A worker that dies costs its run one of two attempts, and another worker takes its place. All that a worker
-- writes to its standard output and error goes to the log of the run that it is at.
local json = require "tenor.json"
local lines = require "tenor.experiment.lines"
local plans = require "tenor.experiment.plans"
local uv = require "luv"

local ATTEMPTS = 2
local GRACE = 2000 -- milliseconds between asking a worker to end and ending it

local Pool = {}
Pool.__index = Pool

-- The environment with the search paths of this process: the worker finds the modules that we find.
local function environment()
  local list = {}
  for name, value in pairs(uv.os_environ()) do
    if not name:find "^LUA_C?PATH" and name ~= "LUA_INIT" and name ~= "LUA_INIT_5_4" then list[#list + 1] = name .. "=" .. value end
  end
  list[#list + 1] = "LUA_PATH_5_4=" .. package.path
  list[#list + 1] = "LUA_CPATH_5_4=" .. package.cpath
  return list
end

-- What a callback raises must not end the process from inside the loop: it is kept, and raised by `run`.
local function guarded(self, f)
  return function(...)
    local ok, why = xpcall(f, debug.traceback, ...)
    if not ok then self.broken = self.broken or why end
  end
end

local function close(handle)
  if handle and not handle:is_closing() then handle:close() end
end

local function let_go(self, w)
  for _, name in ipairs { "input", "out", "err", "up", "process" } do close(w[name]) end
  self.workers[w] = nil
end

local begin

-- Hands a worker its next run, or lets it end.
local function feed(self, w)
  local plan = not self.stopping and table.remove(self.waiting, 1)
  if not plan then
    close(w.input)
    return
  end
  w.plan = plan
  self.attempts[plan] = (self.attempts[plan] or 0) + 1
  self.status:begin(plan)
  w.input:write(json.encode(plan) .. "\n")
end

local function fail(self, plan, reason)
  self.failed[#self.failed + 1] = { key = plan.key, title = plans.title(plan), reason = reason,
    log = self.store:log(plan.key) }
  self.status:drop(plan, ("%s failed: %s; see %s"):format(plans.title(plan), reason, self.store:log(plan.key)), true)
end

local function hear(self, w, line)
  local message = json.decode(line)
  if type(message) ~= "table" then return end
  if message.event == "ready" then
    w.ready = true
    feed(self, w)
  elseif message.event == "epoch" then
    self.status:epoch(w.plan, message)
  elseif message.event == "done" or message.event == "failed" then
    local plan = w.plan
    w.plan = nil
    if message.event == "done" then
      self.status:finish(plan)
      self.done[#self.done + 1] = plan
    else
      fail(self, plan, message.message)
    end
    feed(self, w)
    self.status:draw(self.waiting, true)
  end
end

local function reason_of(code, signal)
  return signal ~= 0 and ("its process was killed by signal %d"):format(signal) or ("its process ended with status %d"):format(code)
end

-- A worker is gone, and all that it said is read.
local function buried(self, w)
  let_go(self, w)
  local plan = w.plan
  if not w.ready and not self.stopping then
    self.refused = ("a worker could not begin: %s%s"):format(reason_of(w.code, w.signal),
      w.said ~= "" and "\n" .. w.said or "")
    return
  end
  if not plan or self.stopping then return end
  local reason = reason_of(w.code, w.signal)
  self.store:say(plan.key, reason .. "\n")
  if self.store:finished(plan.key) then -- it died between the last write and the word of it
    self.status:finish(plan)
    self.done[#self.done + 1] = plan
  elseif self.attempts[plan] < ATTEMPTS then
    table.insert(self.waiting, 1, plan)
    self.died = self.died + 1
    self.status:drop(plan, ("%s: %s; once more. See %s"):format(plans.title(plan), reason, self.store:log(plan.key)))
  else
    fail(self, plan, ("%s, twice"):format(reason))
  end
  if #self.waiting > 0 then begin(self) end
end

function begin(self)
  local w = { input = uv.new_pipe(false), out = uv.new_pipe(false), err = uv.new_pipe(false), up = uv.new_pipe(false),
    open = 4, said = "" }
  local function settle()
    w.open = w.open - 1
    if w.open == 0 then buried(self, w) end
  end
  local process, why = uv.spawn(self.interpreter, {
    args = { "-e", ("require('tenor.experiment.worker').main { %q }"):format(self.store.folder) },
    stdio = { w.input, w.out, w.err, w.up }, env = environment(), detached = true, -- Ctrl-C is for us alone
  }, guarded(self, function(code, signal)
    w.code, w.signal = code, signal
    settle()
  end))
  if not process then
    let_go(self, w)
    self.refused = ("%s: %s"):format(self.interpreter, why)
    return
  end
  w.process, w.pid = process, why
  self.workers[w] = true
  local function read(pipe, take)
    pipe:read_start(guarded(self, function(trouble, piece)
      if piece and not trouble then return take(piece) end
      pipe:read_stop()
      settle()
    end))
  end
  local function keep(piece)
    w.said = (w.said .. piece):sub(-2000)
    if w.plan then self.store:say(w.plan.key, piece) end
  end
  read(w.out, keep)
  read(w.err, keep)
  read(w.up, lines.reader(function(line) hear(self, w, line) end))
end

local function signal_all(self, signal)
  for w in pairs(self.workers) do
    if w.process and not w.process:is_closing() then w.process:kill(signal) end
  end
end

-- Ends the workers; what they were at is lost and nothing else.
local function stop(self)
  if self.stopping then return signal_all(self, "sigkill") end
  self.stopping = true
  signal_all(self, "sigterm")
  self.patience = uv.new_timer()
  self.patience:start(GRACE, GRACE, guarded(self, function() signal_all(self, "sigkill") end))
end

local function watch_signals(self)
  local watchers = {}
  for _, name in ipairs { "sigint", "sigterm", "sighup" } do
    local watcher = uv.new_signal()
    watcher:start(name, guarded(self, function()
      self.interrupted = self.interrupted or name:upper()
      stop(self)
    end))
    watchers[#watchers + 1] = watcher
  end
  return watchers
end

--- Runs plans in worker processes.
-- @tparam table waiting the plans, in the order in which they begin
-- @tparam table o `jobs`, `store`, `status`, `interpreter`
-- @return `{ done =, failed = list of { key, title, reason, log }, died =, interrupted = "SIGINT" | nil }`; or nil and a
-- message where no worker can begin
function Pool.run(waiting, o)
  local self = setmetatable({
    waiting = table.move(waiting, 1, #waiting, 1, {}), workers = {}, attempts = {}, done = {}, failed = {}, died = 0,
    store = o.store, status = o.status, interpreter = o.interpreter,
  }, Pool)
  local timer, watchers = uv.new_timer(), watch_signals(self)
  local _ <close> = setmetatable({}, { __close = function()
    signal_all(self, "sigkill")
    for w in pairs(self.workers) do let_go(self, w) end
    for _, watcher in ipairs(watchers) do close(watcher) end
    close(timer)
    close(self.patience)
    uv.run "nowait" -- the handles' own ends
  end })
  timer:start(500, 500, guarded(self, function() self.status:draw(self.waiting) end))
  for _ = 1, math.min(o.jobs, #waiting) do begin(self) end
  self.status:draw(self.waiting, true)
  while next(self.workers) and not self.broken do
    if self.refused and not self.stopping then stop(self) end
    uv.run "once"
  end
  if self.broken then error(self.broken, 0) end
  if self.refused and not self.interrupted then return nil, self.refused end
  return { done = self.done, failed = self.failed, died = self.died, interrupted = self.interrupted }
end

return Pool
