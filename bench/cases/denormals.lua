--- denormals: a training step of two LSTM layers and two dense ones whose inputs and weights are below 1e-38,
-- beside the same step with ordinary numbers. Processors take a hundred cycles for what has a denormal number
-- in it, unless they are told to count it as zero, as num/pool tells them inside a step.
local engine = require "bench.support.engine"
local tenor = require "tenor"

local nn = tenor.nn

local function step(scale)
  return function()
    tenor.seed(1)
    local network = nn.Sequential { nn.LSTM(64, 64), nn.LSTM(64, 64, { last = true }), nn.Dense(64, 32), nn.Dense(32, 3) }
    local x, y = tenor.randn(32, 20, 64, tenor.rng(1)) * scale, tenor.randn(32, 3, tenor.rng(2))
    local loss, optimizer, parameters = tenor.loss.ccc(), tenor.optim.RMSprop(), network:train():parameters()
    if scale < 1 then
      for _, p in ipairs(parameters) do p.value:mul(scale) end
    end
    return engine.of(function()
      for _, p in ipairs(parameters) do p.grad:zero() end
      loss:forward(network:run(x), y)
      network:run_back(loss:backward())
      optimizer:step(parameters)
    end, 20)
  end
end

return function()
  return {
    name = "denormals",
    order = { "denormal", "ordinary" },
    runners = {
      denormal = { name = "tenor", start = step(1e-40) },
      ordinary = { name = "ordinary numbers", start = step(1) },
    },
    rows = { { name = "denormals.step", tenor = "denormal", peer = "ordinary", least = 0.9 } },
  }
end
