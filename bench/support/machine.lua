--- What the numbers were measured on.
local cpu = require "tenor.cpu"
local place = require "bench.support.place"
local tenor = require "tenor"

local machine = {}

local function field(path, name)
  local file = io.open(path)
  if not file then return nil end
  for line in file:lines() do
    local value = line:match("^" .. name .. "%s*:%s*(.-)%s*$")
    if value then
      file:close()
      return value
    end
  end
  file:close()
end

--- Memory that is free for the asking, in bytes, or nil where the system does not say.
function machine.free_memory()
  local kilobytes = (field("/proc/meminfo", "MemAvailable") or ""):match "%d+"
  return kilobytes and tonumber(kilobytes) * 1024
end

--- Processes that want to run, a minute's mean, or nil where the system does not say.
function machine.load()
  local line = place.first_line "cat /proc/loadavg"
  return line and tonumber(line:match "^%S+")
end

--- Seconds of this moment, from a clock that never steps back.
machine.clock = require "tenor.core".terminal.clock

function machine.describe()
  local flags = " " .. (field("/proc/cpuinfo", "flags") or "") .. " "
  return {
    processor = field("/proc/cpuinfo", "model name") or "unknown",
    vectors = flags:find " avx512f " and "AVX-512" or flags:find " avx2 " and "AVX2" or "neither AVX2 nor AVX-512",
    cores = tonumber(place.first_line "nproc") or 1,
    kernels = cpu.blas or "OpenBLAS's own choice",
    scalar = tenor.real,
    tenor = tenor._VERSION,
    commit = place.first_line(("git -C '%s' describe --always --dirty --abbrev=12"):format(place.root)),
    date = os.date "!%Y-%m-%d %H:%M UTC",
  }
end

return machine
