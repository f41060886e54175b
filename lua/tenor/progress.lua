--- One line that lives: how far the work is, its figures, the time left.
--
--    epoch 12/50 ━━━━━━━━━━━━━━━━────── 17/25  loss 0.412  val 0.455  0.4 s/step  1m52s left
--
-- On a terminal the line is redrawn in place. Elsewhere, as in a log, plain
-- lines come now and then. The library prints nowhere else, and here only when
-- asked to.
local terminal = require("tenor.core").terminal
local harmless = require "tenor.harmless"
local options = require "tenor.options"
local tell = require "tenor.tell"

local progress = {}
--- A progress line; may be a to-be-closed variable.
local Progress = {}
Progress.__index = Progress
Progress.__name = "tenor.progress.Progress"

local BAR = 22 -- columns, where there is room
local REDRAW = 0.1 -- seconds between two drawings of the bar
local PLAIN, PLAIN_QUIET = 5, 30 -- seconds: least between two plain lines, most without one
local MEMORY = 20 -- seconds over which the rate forgets

local defaults = {
  stream = io.stderr, mode = "auto", title = "", total = options.none, every = options.none,
  clock = terminal.clock, width = options.none, utf8 = options.none, unit = options.none, patience = 0, rate = true,
}

local function speaks_utf8()
  for _, name in ipairs { "LC_ALL", "LC_CTYPE", "LANG" } do
    local value = os.getenv(name)
    if value and value ~= "" then return value:lower():find("utf%-?8") ~= nil end
  end
  return false
end

local function duration(seconds)
  seconds = math.floor(seconds + 0.5)
  if seconds < 60 then return ("%ds"):format(seconds) end
  if seconds < 3600 then return ("%dm%02ds"):format(seconds // 60, seconds % 60) end
  return ("%dh%02dm"):format(seconds // 3600, seconds % 3600 // 60)
end

local function columns(text) return utf8.len(text) or #text end

local function cut(text, width)
  return columns(text) <= width and text or text:sub(1, (utf8.offset(text, width + 1) or width + 1) - 1)
end

-- What a line says may come from a file, and a terminal would obey.
local function shown(text) return harmless(text, "?", true) end

--- Begins a progress line.
-- @tparam table given
--   `total`: steps of the whole work (required);
--   `every`: steps of one part, as of an epoch: the bar then shows the part,
--   and the title its number (`epoch 12/50`), the time left is the whole's;
--   `unit`: what a step is, as "MB": then the line has `120/980 MB` and the rate;
--   `patience` (0): seconds during which nothing is shown, as of work that may end at once;
--   `title`; `stream` (io.stderr); `mode`: "bar", "plain", "silent", or "auto"
--   (the default), a bar on a terminal and plain lines elsewhere;
--   `rate`: whether pace and time left are shown (true); where steps are few and long, a caller knows better;
--   `clock`, `width`, `utf8` stand in for the terminal's own.
-- @treturn Progress a progress object; it may be a to-be-closed variable
function progress.new(given)
  local self = setmetatable(options.fill("progress.new", given, defaults), Progress)
  for _, name in ipairs { "total", "every" } do
    local n = self[name]
    if (n ~= nil or name == "total") and (math.type(n) ~= "integer" or n < 1) then
      error(("progress.new: %s must be a positive integer, got %s"):format(name, tostring(n)), 2)
    end
  end
  if self.mode == "auto" then
    self.mode = terminal.isatty(self.stream) and os.getenv("TERM") ~= "dumb" and "bar" or "plain"
  elseif self.mode ~= "bar" and self.mode ~= "plain" and self.mode ~= "silent" then
    error(("progress.new: mode must be auto, bar, plain or silent, got %s"):format(tostring(self.mode)), 2)
  end
  local unicode = self.utf8
  if unicode == nil then unicode = speaks_utf8() end
  self.full, self.rest = unicode and "━" or "=", unicode and "─" or "-"
  self.done, self.fields, self.steps, self.seconds = 0, {}, 0, 0
  self.seen = self.clock()
  self.drawn = self.mode == "plain" and self.seen or -math.huge
  self.hidden_until = self.seen + self.patience
  return self
end

--- The line as text.
-- @number width columns
-- @bool[opt=false] plain without the bar
-- @treturn string
function Progress:line(width, plain)
  local done, total, title = self.done, self.total, shown(self.title)
  if self.every then
    -- a full part is shown full, before the next begins
    local part = math.max(1, (done + self.every - 1) // self.every)
    title = ("%s %d/%d"):format(title, part, (total - 1) // self.every + 1)
    total = math.min(self.every, total - (part - 1) * self.every)
    done = done - (part - 1) * self.every
  end
  local unit = self.unit and " " .. self.unit or ""
  local after = { ("%d/%d%s"):format(done, total, unit), table.unpack(self.fields) }
  if self.rate and self.steps > 0 then
    local pace = self.seconds / self.steps
    after[#after + 1] = self.unit and pace > 0 and (pace < 0.1 and "%.0f%s/s" or "%.1f%s/s"):format(1 / pace, unit)
      or pace >= 0.1 and ("%.1f s/step"):format(pace) or ("%.0f ms/step"):format(pace * 1e3)
    if self.done < self.total then after[#after + 1] = duration((self.total - self.done) * pace) .. " left" end
  end
  local text = shown(table.concat(after, "  "))
  if title ~= "" then title = title .. " " end
  if plain then return title .. text end
  local room = math.min(BAR, width - columns(title) - columns(text) - 1)
  if room < 4 then return cut(title .. text, width) end
  local full = math.floor(room * done / total + 0.5)
  return title .. self.full:rep(full) .. self.rest:rep(room - full) .. " " .. text
end

--- Draws the line in place.
function Progress:draw()
  -- the last column stays free: writing there makes some terminals wrap
  local width = (self.width or terminal.width(self.stream) or 80) - 1
  tell(self.stream, "\r", self:line(width), "\27[K")
end

--- Says that `done` steps of the total are done.
-- @param done steps since the beginning
-- @param[opt] fields array of texts to show, as `{ "loss 0.412" }`; kept until replaced
function Progress:update(done, fields)
  if self.closed then return end
  local now = self.clock()
  -- one decay for both sums, so that their ratio is unbiased from the start
  local keep = math.exp(-(now - self.seen) / MEMORY)
  self.seconds = self.seconds * keep + (now - self.seen)
  self.steps = self.steps * keep + (done - self.done)
  self.seen, self.done, self.fields = now, done, fields or self.fields
  local since, part_ended = now - self.drawn, not self.every or done % self.every == 0
  local wait = self.mode == "bar" and REDRAW or part_ended and PLAIN or PLAIN_QUIET
  if self.mode == "silent" or now < self.hidden_until or (since < wait and done < self.total) then return end
  self.hidden_until = -math.huge
  self.drawn = now
  if self.mode == "bar" then
    self:draw()
    return
  end
  tell(self.stream, self:line(math.huge, true), "\n")
end

--- Begins after steps that were done before, and say nothing of the pace.
function Progress:skip(done)
  self.done, self.seen = done, self.clock()
end

--- Prints a line of text above the bar.
function Progress:note(text)
  if self.mode == "silent" then return end
  local live = self.mode == "bar" and not self.closed
  tell(self.stream, live and "\r\27[K" or "", shown(text), "\n")
  if live then self:draw() end
end

--- Ends the line; with `final_text`, that stands in its place. Later calls do nothing.
function Progress:close(final_text)
  if self.closed then return end
  self.closed = true
  if self.clock() < self.hidden_until then return end
  final_text = final_text and shown(final_text)
  if self.mode == "bar" then
    if not final_text then self:draw() end
    tell(self.stream, final_text and "\r\27[K" .. final_text or "", "\n")
  elseif self.mode == "plain" and final_text then
    tell(self.stream, final_text, "\n")
  end
end

function Progress:__close() self:close() end

return progress
