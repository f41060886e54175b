--- step.paper, step.masked, step.kernel, memory.step: one training step of the
-- fusion network at the paper's size, forward, backward and RMSprop.
--
-- step.kernel divides all operations of the matrix products that remain after
-- the prefix identity (real words' and the chain's, forward once, backward
-- twice) by the time of the *whole* step, everything else included;
-- step.kernel.words counts the real words' alone over the same time. Both are
-- held against sgemm of large squares, taken in turn with the step.
local engine = require "bench.support.engine"
local machine = require "bench.support.machine"
local work = require "bench.support.work"

local kinds = {}
-- One batch and two models serve all rows.
local batch, path

local function get_batch()
  if not batch then
    batch = work.batch()
    path = work.save(batch)
  end
  return batch
end

local function tenor_step(padding)
  return {
    name = "tenor",
    start = function()
      local b = get_batch()
      local model = work.fusion(b, padding)
      kinds[padding] = model
      return engine.of(work.step(model, b))
    end,
  }
end

-- Memory is that of a process of its own.
local function tenor_memory()
  return {
    name = "tenor", cold = true,
    start = function(o) return engine.of_memory(o, "step " .. o.threads) end,
  }
end

local function torch(kind)
  return function(o)
    get_batch()
    local peer, why = engine.best(engine.python_peer("torch_step.py", kind, path), o)
    return engine.of_peer(peer, why)
  end
end

local padded_runner
local function padded(o)
  local free = machine.free_memory()
  if free and free < 8e9 then return nil, "needs 8 GB of free memory" end
  local runner, why = torch "padded"(o)
  padded_runner = runner
  return runner, why
end

local function step_work(padding, words_only)
  return function()
    local model = kinds[padding]
    return model and work.step_flops(model, #batch.lengths, words_only)
  end
end

return function(o)
  local sgemm_work = 2 * o.sgemm_size ^ 3
  return {
    name = "step",
    order = { "pre", "packed", "none", "sgemm", "memory", "padded", "padded_peak" },
    runners = {
      pre = tenor_step "pre",
      none = tenor_step "none",
      packed = { name = "PyTorch packed", start = torch "packed" },
      padded = { name = "PyTorch padded", start = padded, limit = o.padded, cold = true },
      sgemm = { name = "sgemm", start = function() return engine.sgemm(o, o.threads) end },
      memory = tenor_memory(),
      padded_peak = {
        name = "PyTorch padded", limit = math.min(o.padded, 1), cold = true,
        start = function()
          if not padded_runner then return nil, "no padded run" end
          return { run = function()
            local bytes, why = padded_runner.peer:ask "peak"
            return bytes and bytes / 1e6, why
          end }
        end,
      },
    },
    rows = {
      { name = "step.paper", tenor = "pre", peer = "padded", least = 60 },
      { name = "step.paper", tenor = "pre", peer = "packed", least = 1.5 },
      { name = "step.masked", tenor = "none", peer = "packed", least = 2.5 },
      { name = "step.kernel", tenor = "pre", peer = "sgemm", unit = "GFLOP/s", tenor_work = step_work "pre",
        peer_work = sgemm_work, least = 0.6 },
      { name = "step.kernel.words", tenor = "pre", peer = "sgemm", unit = "GFLOP/s",
        tenor_work = step_work("pre", true), peer_work = sgemm_work },
      { name = "step.kernel.masked", tenor = "none", peer = "sgemm", unit = "GFLOP/s", tenor_work = step_work "none",
        peer_work = sgemm_work },
      { name = "memory.step", tenor = "memory", peer = "padded_peak", needs = { "padded" }, unit = "MB", less = true,
        below = 600 },
    },
  }
end
