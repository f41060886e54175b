--- extract.1, extract.2: from 47 wav files to their 68 statistics, frames of 25 ms every 10 ms.
--
-- The files are read anew each time on both sides. The peer works on one core.
local engine = require "bench.support.engine"
local tenor = require "tenor"
local work = require "bench.support.work"

local function extract(threads)
  return {
    name = "tenor",
    start = function()
      local paths = work.waves()
      return engine.of(function()
        local before = tenor.threads()
        tenor.threads(threads)
        local _, failures = tenor.features.extract_many(paths)
        assert(next(failures) == nil, "a file has no features")
        tenor.threads(before)
      end, 4)
    end,
  }
end

return function()
  return {
    name = "extract",
    order = { "one", "two", "numpy" },
    runners = {
      one = extract(1),
      two = extract(2),
      numpy = {
        name = "NumPy",
        start = function()
          local peer, why = engine.start(engine.python_peer("numpy_paa.py", table.unpack((work.waves()))), 1)
          return engine.of_peer(peer, why)
        end,
      },
    },
    rows = {
      { name = "extract.1", tenor = "one", peer = "numpy", least = 80 },
      { name = "extract.2", tenor = "two", peer = "numpy", least = 150 },
    },
  }
end
