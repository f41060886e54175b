--- Prints the most memory, in bytes, that a process held which did one thing:
--
--     bench/memory.lua step THREADS        two steps of step.paper
--     bench/memory.lua vectors TEXT WORDS  vectors.glove
local root = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/?.lua;" .. package.path
local tenor = require "tenor"

local kinds = {}

function kinds.step(threads)
  local work = require "bench.support.work"
  tenor.threads(math.tointeger(threads) or 2)
  local batch = work.batch()
  local step = work.step(work.fusion(batch, "pre"), batch)
  for _ = 1, 2 do step() end
end

function kinds.vectors(path, list)
  local words = {}
  for word in io.lines(list) do words[#words + 1] = word end
  assert(tenor.vectors.glove(path, words, { progress = "silent" }))
end

kinds[arg[1]](table.unpack(arg, 2))
for line in io.lines "/proc/self/status" do
  local kilobytes = line:match "^VmHWM:%s*(%d+)"
  if kilobytes then print(kilobytes * 1024) end
end
