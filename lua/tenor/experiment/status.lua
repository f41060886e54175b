--- The line that lives while runs are at work: done, running, failed, time left.
--
--    runs 14/40 ━━━━━━━───────────── 2 running  1 failed  HSF+GloVe MTL seed 3: epoch 12, val 0.455  12m30s left
local plans = require "tenor.experiment.plans"
local progress = require "tenor.progress"

local Status = {}
Status.__index = Status

local MINUTE = 60 -- seconds between two plain lines while nothing ends

--- @tparam table o `total` runs, `done` before, `jobs`, `progress` a mode, `stream`, `clock` in seconds
function Status.new(o)
  local self = setmetatable({
    done = o.done, total = o.total, failed = 0, jobs = o.jobs, running = {}, spent = {}, clock = o.clock, last = "",
  }, Status)
  self.bar = progress.new { title = "runs", total = math.max(1, o.total), mode = o.progress, stream = o.stream, rate = false }
  self.drawn = o.clock()
  return self
end

local function group(plan) return plan.name .. " " .. plan.task end

-- Seconds that a run takes: what its like took, or any; nil while none is done.
function Status:expected(plan)
  local of = plan and self.spent[group(plan)] or self.spent[""]
  return of and of.sum / of.n
end

local function duration(s)
  s = math.floor(s + 0.5)
  if s < 60 then return ("%ds left"):format(s) end
  if s < 3600 then return ("%dm%02ds left"):format(s // 60, s % 60) end
  return ("%dh%02dm left"):format(s // 3600, s % 3600 // 60)
end

local function left(self, waiting)
  if not self.spent[""] or self.done + self.failed >= self.total then return end
  local sum, now, longest = 0, self.clock(), 0
  for plan, run in pairs(self.running) do
    local rest = math.max(0, self:expected(plan) - (now - run.begun))
    sum, longest = sum + rest, math.max(longest, rest)
  end
  for _, plan in ipairs(waiting) do sum = sum + self:expected(plan) end
  return duration(math.max(sum / self.jobs, longest))
end

-- Draws the line; in a log only after `force` or a minute.
function Status:draw(waiting, force)
  local now = self.clock()
  if self.bar.mode ~= "bar" and not force and now - self.drawn < MINUTE then return end
  self.drawn = now
  local fields, n = {}, 0
  for _ in pairs(self.running) do n = n + 1 end
  if n > 0 then fields[1] = ("%d running"):format(n) end
  if self.failed > 0 then fields[#fields + 1] = ("%d failed"):format(self.failed) end
  if self.last ~= "" then fields[#fields + 1] = self.last end
  fields[#fields + 1] = left(self, waiting)
  self.bar:update(self.done, fields)
end

function Status:begin(plan) self.running[plan] = { begun = self.clock() } end

function Status:epoch(plan, entry)
  self.last = ("%s: epoch %d, val %.3f"):format(plans.title(plan), entry.epoch, entry.val_loss)
end

local function ended(self, plan)
  local run = self.running[plan]
  self.running[plan] = nil
  return run and self.clock() - run.begun
end

function Status:finish(plan)
  local seconds = ended(self, plan)
  self.done = self.done + 1
  for _, name in ipairs { group(plan), "" } do
    local of = self.spent[name] or { sum = 0, n = 0 }
    of.sum, of.n = of.sum + (seconds or 0), of.n + 1
    self.spent[name] = of
  end
end

--- A run that ended without a result; `note` is told above the line.
function Status:drop(plan, note, for_good)
  ended(self, plan)
  if for_good then self.failed = self.failed + 1 end
  self.bar:note(note)
end

function Status:note(text) self.bar:note(text) end

function Status:close(text) self.bar:close(text) end

function Status:__close() self:close() end

return Status
