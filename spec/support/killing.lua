--- Starts the trainer and sends it a signal after some batches.
local shell = require "spec.support.shell"
local uv = require "luv"

local killing = {}

--- Runs the trainer.
-- @string path its checkpoint, "" for none
-- @int width of its hidden layer: how long a checkpoint takes to write
-- @param[opt] stop `{ signal =, batches =, wait = }`: the signal is sent so many batches after the start, and `wait`
-- nanoseconds later
-- @return `{ outcome = text or nil, signal = by which it died, status, batches, errors = what it said }`
function killing.run(path, width, stop)
  local out, err = uv.new_pipe(), uv.new_pipe()
  local result, said, left = { batches = 0 }, {}, 3
  local process
  process = assert(uv.spawn("/bin/sh", {
    args = { "-c", ("exec %s spec/support/trainer.lua '%s' %d"):format(shell.lua, path, width) }, stdio = { nil, out, err },
  }, function(status, signal)
    result.status, result.signal, left = status, signal, left - 1
  end))
  local text = ""
  out:read_start(function(_, data)
    if not data then
      left = left - 1
      return
    end
    text = text .. data
    local _, batches = text:gsub("batch\n", "")
    result.batches = batches
    if stop and batches >= stop.batches and left == 3 then
      local until_then = uv.hrtime() + (stop.wait or 0)
      while uv.hrtime() < until_then do end
      process:kill(stop.signal)
      stop = nil
    end
  end)
  err:read_start(function(_, data)
    if data then said[#said + 1] = data else left = left - 1 end
  end)
  while left > 0 do uv.run "once" end
  for _, handle in ipairs { out, err, process } do handle:close() end
  uv.run "nowait"
  result.outcome, result.errors = text:match "outcome ([^\n]*)", table.concat(said)
  return result
end

return killing
