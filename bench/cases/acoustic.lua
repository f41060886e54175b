--- epoch.acoustic: one epoch of the acoustic network through tenor.fit, 6295 rows
-- of 68 features, batch 64, Nadam, reshuffled; no validation on either side.
local engine = require "bench.support.engine"
local place = require "bench.support.place"
local tenor = require "tenor"

local rows, batch = 6295, 64

local function data()
  local rng = tenor.rng(1)
  return { x = tenor.randn(rows, 68, rng), y = tenor.rand(rows, 3, rng) * 2 - 1 }
end

local function tenor_epoch()
  local part = data()
  local model = tenor.networks.acoustic { seed = 1 }
  local options = {
    loss = tenor.loss.ccc { alpha = 0.1, beta = 0.4 }, optimizer = tenor.optim.Nadam(), batch = batch, epochs = 1,
    progress = "silent", seed = 1,
  }
  return engine.of(function() tenor.fit(model, { train = part }, options) end)
end

return function(o)
  return {
    name = "acoustic",
    order = { "tenor", "torch" },
    runners = {
      tenor = { name = "tenor", start = tenor_epoch },
      torch = {
        name = "PyTorch",
        start = function()
          local path = place.file "acoustic.npz"
          assert(tenor.save(path, data()))
          local peer, why = engine.best(engine.python_peer("torch_acoustic.py", path, tostring(batch)), o)
          return engine.of_peer(peer, why)
        end,
      },
    },
    rows = { { name = "epoch.acoustic", tenor = "tenor", peer = "torch", least = 4 } },
  }
end
