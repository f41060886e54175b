--- Where each millisecond of step.paper goes:
--
--     lua5.4 bench/profile.lua [--runs N] [--threads N]
--
-- Times every layer's forward and backward in a training step, and the rest of
-- the step; for the LSTMs also what the chain of shared padding costs (by a step
-- of the same batch without it, taken in turn) and the rates. Medians.
local root = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/?.lua;" .. package.path

local parser = require "argparse"("bench/profile.lua", "Where a training step's time goes.")
parser:option("--runs", "steps"):convert(math.tointeger):default(15)
parser:option("--threads", "2, or the cores available"):convert(math.tointeger)
local args = parser:parse()

local tenor = require "tenor"
local engine = require "bench.support.engine"
local machine = require "bench.support.machine"
local stats = require "bench.support.stats"
local work = require "bench.support.work"

local threads = args.threads or math.min(2, tenor.threads())
tenor.threads(threads)
local clock = machine.clock
local batch = work.batch()

-- A model whose leaves tell their times: samples by path and direction, in order.
local function watched(padding)
  local model = work.fusion(batch, padding)
  local watch = { model = model, paths = {}, samples = {}, total = {} }
  local function note(key, time)
    watch.samples[key] = watch.samples[key] or {}
    table.insert(watch.samples[key], time)
  end
  model:walk(function(path, module)
    if #module:children() > 0 then return end
    watch.paths[#watch.paths + 1] = { path = path, module = module }
    for _, name in ipairs { "run", "run_back" } do
      local method = module[name]
      module[name] = function(...)
        local begun = clock()
        local y = method(...)
        note(path .. " " .. name, clock() - begun)
        return y
      end
    end
  end)
  local loss, optimizer = tenor.loss.ccc { alpha = 0.7, beta = 0.2 }, tenor.optim.RMSprop()
  local parameters, x = model:parameters(), { batch.hsf, batch.ids }
  model:train()
  function watch.step()
    local t0 = clock()
    for _, p in ipairs(parameters) do p.grad:zero() end
    local t1 = clock()
    local y = model:run(x)
    local t2 = clock()
    loss:forward(y, batch.labels)
    local dy = loss:backward()
    note("loss", clock() - t2)
    model:run_back(dy)
    local t3 = clock()
    optimizer:step(parameters)
    local t4 = clock()
    note("zeroing gradients", t1 - t0)
    note("optimizer", t4 - t3)
    table.insert(watch.total, t4 - t0)
  end
  function watch.time(key) return 1e3 * (stats.median(watch.samples[key] or {}) or 0) end
  return watch
end

local paper, masked = watched "pre", watched "none"
local sgemm = engine.sgemm({ sgemm_size = 2048 }, threads)
local rates = {}
for round = 0, args.runs do
  if round == 1 then -- what came before was warming up
    for _, watch in ipairs { paper, masked } do watch.samples, watch.total = {}, {} end
  end
  paper.step()
  masked.step()
  if sgemm and round % 3 == 0 then rates[#rates + 1] = 2 * 2048 ^ 3 / sgemm.run() / 1e9 end
end
if sgemm then sgemm.stop() end
local rate = stats.median(rates)

local total = 1e3 * stats.median(paper.total)
print(("step.paper on %d threads: %.1f ms; without padding %.1f ms; %d words in %d sentences, the longest %d; sgemm %s GFLOP/s")
  :format(threads, total, 1e3 * stats.median(masked.total), batch.words, #batch.lengths, batch.longest,
    rate and ("%.0f"):format(rate) or "not built"))
print()
print("| part | forward ms | backward ms | share | GFLOP | GFLOP/s | chain ms | chain GB/s |")
print("|---|---:|---:|---:|---:|---:|---:|---:|")
local told = 0
local flops_all = work.step_flops(paper.model, #batch.lengths)

local function line(name, forward, backward, more)
  told = told + forward + backward
  local cells = { name, ("%.2f"):format(forward), backward > 0 and ("%.2f"):format(backward) or "",
    ("%.1f %%"):format(100 * (forward + backward) / total) }
  for i = 1, 4 do cells[#cells + 1] = more and more[i] or "" end
  print("| " .. table.concat(cells, " | ") .. " |")
end

for i, leaf in ipairs(paper.paths) do
  local path, module = leaf.path, leaf.module
  local forward, backward = paper.time(path .. " run"), paper.time(path .. " run_back")
  local more
  if module.class == "LSTM" then
    local flops = work.lstm_flops(module)
    local other = masked.paths[i].path
    local chain = forward + backward - masked.time(other .. " run") - masked.time(other .. " run_back")
    local _, _, steps = module.layout:info()
    -- the chain reads W_hh once a step forward and once backward
    local bytes = 2 * steps * 4 * module.hidden * module.hidden * 4
    more = { ("%.2f"):format(flops / 1e9), ("%.0f"):format(flops / 1e6 / (forward + backward)),
      steps > 0 and ("%.1f"):format(chain) or "", steps > 0 and ("%.1f"):format(bytes / 1e6 / chain) or "" }
  end
  line(path, forward, backward, more)
end
for _, name in ipairs { "loss", "zeroing gradients", "optimizer" } do line(name, paper.time(name), 0) end
line("all else", total - told, 0)
print(("| step | %.1f | | | %.1f | %.0f | | |"):format(total, flops_all / 1e9, flops_all / 1e6 / total))
if rate then
  print()
  print(("All matrix products at the rate of sgemm would take %.1f ms: the step runs at %.0f %% of it.")
    :format(flops_all / 1e6 / rate, 100 * flops_all / 1e6 / total / rate))
end
