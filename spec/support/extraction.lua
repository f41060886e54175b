--- Extraction in a process of its own, which may be killed on its way.
local fs = require "tenor.fs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local uv = require "luv"

local extraction = {}

-- What the process does: ARG[1] names a list of paths, ARG[2] the cache ("" for none), ARG[3] the
-- number of threads, ARG[4] where the rows go. It prints seconds, cached rows, failures, notes, peak KB.
local script = [[
local tenor = require "tenor"
local paths = {}
for line in io.lines(arg[1]) do paths[#paths + 1] = line end
local clock = require("tenor.core").terminal.clock
local begun = clock()
local rows, failures, extra = tenor.features.extract_many(paths,
  { cache = arg[2] ~= "" and arg[2], jobs = tonumber(arg[3]) })
local seconds, failed = clock() - begun, 0
for _ in pairs(failures) do failed = failed + 1 end
if arg[4] then assert(tenor.save(arg[4], rows)) end
local peak = 0
local status = io.open "/proc/self/status"
if status then peak = status:read("a"):match "VmHWM:%s*(%d+)" end
print(seconds, extra.cached, failed, #extra.notes, peak)
]]

local function command(paths, cache, jobs, into)
  local list = scratch.file(".list", table.concat(paths, "\n") .. "\n")
  return ("%s %s %s '%s' %d %s"):format(shell.lua, scratch.file(".lua", script), list, cache or "", jobs, into or "")
end

--- Extracts to the end. @return { seconds, cached, failed, notes, peak = MB }; the rows as .npy's bytes
function extraction.run(paths, cache, jobs)
  local into = scratch.path ".npy"
  local ok, text = shell.run(command(paths, cache, jobs, into))
  assert(ok, text)
  local seconds, cached, failed, notes, peak = text:match "^(%S+)\t(%d+)\t(%d+)\t(%d+)\t(%d+)\n"
  assert(seconds, text)
  return { seconds = tonumber(seconds), cached = tonumber(cached), failed = tonumber(failed), notes = tonumber(notes),
    peak = tonumber(peak) / 1024 }, scratch.read(into)
end

--- How many rows the only file of rows in a cache has, whole ones.
function extraction.kept(cache)
  for _, name in ipairs(fs.is_folder(cache) and fs.list(cache) or {}) do
    if name:find "%.rows$" then return math.max(0, fs.stat(cache .. "/" .. name).size - 512) // extraction.record, name end
  end
  return 0
end
extraction.record = 16 + 69 * (require("tenor").real == "float64" and 8 or 4) + 8

--- Extracts, and kills the process with SIGKILL as soon as `rows` rows are on the disk.
-- @return whether it was killed before its end
function extraction.kill(paths, cache, jobs, rows)
  local ended, signal
  local process
  process = assert(uv.spawn("/bin/sh", { args = { "-c", "exec " .. command(paths, cache, jobs) } }, function(_, by)
    ended, signal = true, by
    process:close()
  end))
  while not ended do
    if extraction.kept(cache) >= rows then process:kill "sigkill" end
    uv.run "nowait"
  end
  uv.run() -- closes the handle
  return signal == 9
end

return extraction
