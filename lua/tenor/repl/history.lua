--- The interpreter's history: a file that its owner alone can read, and to which each line is added when it is entered, so
-- that neither `os.exit` nor a crash loses it. Sessions side by side add to the same file.
local uv = require "luv"
local fs = require "tenor.fs"

local Lines = {}
Lines.__index = Lines

local KEPT <const> = 1000
local OWN <const> = 384 -- 0600

-- $XDG_STATE_HOME/tenor/history, where the specification puts such files; nil where no variable tells.
local function location()
  local function set(name)
    local value = os.getenv(name)
    return value and value:find "^/" and value or nil
  end
  local state = set "XDG_STATE_HOME" or set "HOME" and set "HOME" .. "/.local/state"
  if state then return state .. "/tenor", state .. "/tenor/history" end
end

-- Opens, writes and closes. @return true, or nil and a message
local function write(path, mode, text)
  local descriptor, why = uv.fs_open(path, mode, OWN)
  if not descriptor then return nil, why end
  local n, reason = uv.fs_write(descriptor, text, -1)
  uv.fs_close(descriptor)
  if n ~= #text then return nil, reason or path .. ": no space left on device" end
  return true
end

--- The history as sessions before have left it; of a long one the last lines.
-- @tparam function tell what is told, once, where lines cannot be kept
function Lines.open(tell)
  local folder, path = location()
  local self = setmetatable({ file = path, tell = tell, lines = {} }, Lines)
  for line in (path and fs.read(path) or ""):gmatch "[^\n]+" do self.lines[#self.lines + 1] = line end
  local n = #self.lines
  if n > KEPT then
    self.lines = table.move(self.lines, n - KEPT + 1, n, 1, {})
    if n > 2 * KEPT and write(path .. ".next", "w", table.concat(self.lines, "\n") .. "\n") then
      fs.rename(path .. ".next", path)
    end
  end
  if path then
    local ok, why = fs.make_folder(folder)
    if not ok then self:give_up(why) end
  end
  return self
end

function Lines:give_up(why)
  self.file = nil
  self.tell("history is not kept: " .. why)
end

--- Keeps a line.
function Lines:add(line)
  if not self.file then return end
  local ok, why = write(self.file, "a", line .. "\n")
  if not ok then self:give_up(tostring(why):gsub("^%u+: ", "")) end
end

return Lines
