--- Prints the most memory, in bytes, that a process held which did two steps of
-- step.paper: `bench/memory.lua THREADS`.
local root = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/?.lua;" .. package.path
local tenor = require "tenor"
local work = require "bench.support.work"

tenor.threads(math.tointeger(arg[1]) or 2)
local batch = work.batch()
local step = work.step(work.fusion(batch, "pre"), batch)
for _ = 1, 2 do step() end
for line in io.lines "/proc/self/status" do
  local kilobytes = line:match "^VmHWM:%s*(%d+)"
  if kilobytes then print(kilobytes * 1024) end
end
