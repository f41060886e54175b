--- vectors.glove, memory.vectors: 3437 wanted rows, and the padding's, of a text as
-- GloVe's, 400 000 words of 300 dimensions, about 1 GB, from the file cache; on one core.
local engine = require "bench.support.engine"
local place = require "bench.support.place"
local tenor = require "tenor"
local work = require "bench.support.work"

local wanted = 3437
local path, words, list_path, bytes

local function prepare()
  if path then return end
  path = work.glove(400000, 300)
  words = {}
  for i = 1, wanted do words[i] = "word" .. i * 116 end
  list_path = place.file "words.txt"
  local file = assert(io.open(list_path, "wb"))
  assert(file:write(table.concat(words, "\n"), "\n"))
  file:close()
  file = assert(io.open(path, "rb"))
  bytes = file:seek "end"
  file:close()
end

local function load()
  prepare()
  return engine.of(function() assert(tenor.vectors.glove(path, words, { progress = "silent" })) end)
end

local peer_runner
local function numpy()
  prepare()
  local why
  peer_runner, why = engine.of_peer(engine.start(engine.python_peer("numpy_vectors.py", path, list_path), 1))
  return peer_runner, why
end

local function size() return bytes end

return function()
  return {
    name = "vectors",
    order = { "tenor", "numpy", "memory", "peak" },
    runners = {
      tenor = { name = "tenor", start = load },
      numpy = { name = "NumPy", start = numpy },
      memory = {
        name = "tenor", cold = true,
        start = function(o)
          prepare()
          return engine.of_memory(o, ("vectors '%s' '%s'"):format(path, list_path))
        end,
      },
      peak = {
        name = "NumPy", limit = 1, cold = true,
        start = function()
          if not peer_runner then return nil, "no run" end
          return { run = function()
            local peak, why = peer_runner.peer:ask "peak"
            return peak and peak / 1e6, why
          end }
        end,
      },
    },
    rows = {
      { name = "vectors.glove", tenor = "tenor", peer = "numpy", unit = "MB/s", tenor_work = size, peer_work = size,
        above = 250 },
      { name = "memory.vectors", tenor = "memory", peer = "peak", needs = { "numpy" }, unit = "MB", less = true,
        below = 100 },
    },
  }
end
