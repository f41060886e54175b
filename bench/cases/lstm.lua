--- lstm.dense: one LSTM layer 256 -> 256, batch 64, 100 full steps, forward and backward.
local engine = require "bench.support.engine"
local tenor = require "tenor"

local batch, steps, inputs, hidden = 64, 100, 256, 256
-- Four gates of each row meet the input and the state, once forward, twice backward.
local flops = 3 * 2 * batch * steps * 4 * hidden * (inputs + hidden)

local function tenor_layer()
  local layer = tenor.nn.LSTM(inputs, hidden, { rng = tenor.rng(1) })
  local x, dy = tenor.randn(batch, steps, inputs, tenor.rng(2)), tenor.randn(batch, steps, hidden, tenor.rng(3))
  local parameters = layer:parameters()
  return engine.of(function()
    for _, p in ipairs(parameters) do p.grad:zero() end
    layer:run(x)
    layer:run_back(dy)
  end, 4)
end

-- As the layers of a network hand rows to each other: packed by time, which is
-- also the order that the peers get.
local function tenor_packed()
  local ids = tenor.ones({ batch, steps }, "int32")
  local table_of_rows = tenor.nn.Embedding(2, inputs, { padding = "none", rng = tenor.rng(2) })
  local x = table_of_rows:run(ids)
  local layer = tenor.nn.LSTM(inputs, hidden, { rng = tenor.rng(1) })
  local dy = x:like(tenor.randn(batch * steps, hidden, tenor.rng(3)))
  x = x:like(tenor.randn(batch * steps, inputs, tenor.rng(4)))
  local parameters = layer:parameters()
  return engine.of(function()
    for _, p in ipairs(parameters) do p.grad:zero() end
    layer:run(x)
    layer:run_back(dy)
  end, 4)
end

return function(o)
  local sizes = { tostring(batch), tostring(steps), tostring(inputs), tostring(hidden) }
  local function row(peer, least, peer_work)
    return { name = "lstm.dense", tenor = "packed", peer = peer, unit = "GFLOP/s", tenor_work = flops,
      peer_work = peer_work or flops, least = least }
  end
  return {
    name = "lstm",
    order = { "packed", "dense", "sgemm", "onednn", "torch" },
    runners = {
      packed = { name = "tenor", start = tenor_packed },
      dense = { name = "tenor", start = tenor_layer },
      sgemm = { name = "sgemm", start = function() return engine.sgemm(o, o.threads) end },
      onednn = {
        name = "oneDNN",
        start = function()
          local peer, why = engine.program(o, "onednn_lstm", table.unpack(sizes))
          return engine.of_peer(peer, why, 4)
        end,
      },
      torch = {
        name = "PyTorch",
        start = function()
          local peer, why = engine.best(engine.python_peer("torch_lstm.py", table.unpack(sizes)), o)
          return engine.of_peer(peer, why, 4)
        end,
      },
    },
    rows = {
      row("sgemm", 0.88, 2 * o.sgemm_size ^ 3),
      row("onednn", 0.9),
      row("torch", 1.8),
      { name = "lstm.dense.batch_major", tenor = "dense", peer = "sgemm", unit = "GFLOP/s", tenor_work = flops,
        peer_work = 2 * o.sgemm_size ^ 3 },
    },
  }
end
