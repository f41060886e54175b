--- predict.one: from one wav of 3 s and twelve words to valence, arousal and
-- dominance by a loaded fusion model, padded to 554 steps. PyTorch gets the
-- features for nothing.
local engine = require "bench.support.engine"
local tenor = require "tenor"
local work = require "bench.support.work"

local text = "well i never thought that you would come back here so soon"
local vocabulary, length = 3438, 554

local function tokenizer()
  local list = { text }
  for i = 1, vocabulary - 1 - 12 do list[#list + 1] = "word" .. i end
  return tenor.text.Tokenizer():fit(list)
end

local function inputs(words, path)
  return { assert(tenor.features.extract(path)):reshape(1, 68), words:encode_all({ text }) }
end

local function wave() return work.voice("three-seconds.wav", 3, 99) end

local function tenor_predict()
  local words, path = tokenizer(), wave()
  local model = work.fusion({ vocabulary = vocabulary, length = length }, "pre")
  return engine.of(function() return tenor.predict(model, inputs(words, path))[1]:totable() end, 20)
end

return function(o)
  return {
    name = "predict",
    order = { "tenor", "torch" },
    runners = {
      tenor = { name = "tenor", start = tenor_predict },
      torch = {
        name = "PyTorch padded",
        start = function()
          local x = inputs(tokenizer(), wave())
          local path = work.save({
            hsf = x[1], ids = x[2], labels = tenor.zeros(1, 3), lengths = { 12 }, vocabulary = vocabulary, length = length,
          }, "one.npz")
          local peer, why = engine.best(engine.python_peer("torch_predict.py", path), o)
          return engine.of_peer(peer, why, 5)
        end,
      },
    },
    rows = { { name = "predict.one", tenor = "tenor", peer = "torch", least = 15, below = 0.004 } },
  }
end
