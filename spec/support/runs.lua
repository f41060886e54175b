--- Made-up records of runs, in the form that experiments write. No number in them was measured.
local hash = require "tenor.core".hash
local tenor = require "tenor"

local runs = {}

-- mean scores of the made-up systems: STL V, MTL V, A, D
local levels = {
  { "HSF", 0.30, 0.28, 0.60, 0.47 },
  { "HSF+WE", 0.46, 0.45, 0.61, 0.50 },
  { "HSF+GloVe", 0.55, 0.54, 0.63, 0.52 },
}
runs.levels = levels

local all = { "valence", "arousal", "dominance" }

-- scores that fall with the batch protocol, as real ones do
local function scored(list, rng, spread, factor)
  local out = {}
  for k, level in ipairs(list) do out[k] = factor * level + spread * rng:normal() end
  return out
end

local function history(best, final, k, rng)
  local list = {}
  for epoch = 1, best + 10 do
    local grown = 1 - math.exp(-epoch / 4)
    local ccc = {}
    for i = 1, k do ccc[i] = final[i] * grown - 0.002 * math.max(0, epoch - best) + 0.01 * rng:normal() end
    list[epoch] = { epoch = epoch, loss = 1 - 0.8 * grown, val_loss = 1 - 0.6 * grown + 0.004 * math.max(0, epoch - best),
      val_ccc = ccc }
  end
  return list
end

--- One record. @param o `name`, `task`, `seed`, `levels` (test CCC by label), and what to replace
function runs.record(o)
  local stl = o.task == "STL"
  local labels = o.labels or (stl and { "valence" } or all)
  local point = o.alpha and math.floor(o.alpha * 977 + o.beta * 131) or 0
  local rng = tenor.rng(o.seed * 1000 + #o.name * 7 + (stl and 1 or 2) + point)
  local spread = o.spread or (o.name == "HSF" and 0.004 or 0.008)
  local ccc, batch = scored(o.levels, rng, spread, 1), scored(o.levels, rng, spread, 0.75)
  local best = 12 + rng:integer(8)
  local key = hash.bytes(table.concat({ o.name, o.task, o.seed, o.protocol or "", o.alpha or "", o.beta or "" }, "|")):sub(1, 16)
  return {
    key = key, name = o.name, task = o.task, seed = o.seed, labels = labels, settings = { batch = 256, padding = "pre" },
    epochs = best + 10, best_epoch = best, history = history(best, o.levels, #labels, rng),
    validation = { ccc = scored(o.levels, rng, spread, 1.02), ccc_batch32 = scored(o.levels, rng, spread, 0.8), n = 96 },
    test = { ccc = ccc, ccc_batch32 = batch, rmse = { 0.6, 0.6, 0.6 }, mae = { 0.5, 0.5, 0.5 }, n = o.n or 240 },
    predictions = ("predictions/%s.csv"):format(key), seconds = 12.3, versions = { tenor = "0.1.0", lua = "Lua 5.4.4" },
    machine = { processor = "made up" }, started = ("2026-01-02T03:%02d:05Z"):format(o.seed), protocol = o.protocol or "clean",
    split = o.split or "session:5",
    weights = not stl and { alpha = o.alpha or 0.7, beta = o.beta or 0.2 } or nil,
  }
end

--- A whole Table II of three systems. @param seeds how many, or name → list of seeds
function runs.table2(seeds, protocol)
  local list = {}
  for _, level in ipairs(levels) do
    for _, task in ipairs { "STL", "MTL" } do
      local own = type(seeds) == "table" and seeds[level[1]] or nil
      for i = 1, own and #own or (type(seeds) == "number" and seeds or 5) do
        list[#list + 1] = runs.record { name = level[1], task = task, seed = own and own[i] or i, protocol = protocol,
          levels = task == "STL" and { level[2] } or { level[3], level[4], level[5] } }
      end
    end
  end
  return list
end

--- A search over the simplex in steps of a fifth, best at alpha 0.6, beta 0.2.
function runs.search(seeds)
  local list = {}
  for i = 0, 5 do
    for j = 0, 5 - i do
      for seed = 1, seeds or 2 do
        local alpha, beta = i / 5, j / 5
        local off = (alpha - 0.6) ^ 2 + (beta - 0.2) ^ 2
        list[#list + 1] = runs.record { name = "HSF+GloVe", task = "MTL", seed = seed, alpha = alpha, beta = beta, spread = 0.003,
          levels = { 0.54 - 0.4 * off, 0.63 - 0.4 * off, 0.52 - 0.4 * off } }
      end
    end
  end
  return list
end

--- Writes the predictions of records into folder/predictions: 220 made-up test utterances of 12 speakers; the records' CCC
-- becomes theirs.
function runs.predictions(folder, list)
  local csv, fs = require "tenor.csv", require "tenor.fs"
  assert(fs.make_folder(folder .. "/predictions"))
  for _, r in ipairs(list) do
    local gold, noise = tenor.rng(1), tenor.rng(100 + r.seed)
    local header, rows = { "id", "split", "speaker" }, {}
    for _, label in ipairs(r.labels) do
      header[#header + 1], header[#header + 2] = "gold_" .. label, "pred_" .. label
    end
    for i = 1, 240 do
      local row = { id = ("utt%03d"):format(i), split = i <= 20 and "validation" or "test", speaker = "s" .. (i % 12) }
      for k, label in ipairs(r.labels) do
        local c = r.test.ccc[k]
        local y = math.min(5, math.max(1, math.floor(2 * (3 + 0.9 * gold:normal()) + 0.5) / 2))
        row["gold_" .. label] = y
        row["pred_" .. label] = 3 + c * (y - 3) + 0.9 * math.sqrt(math.max(c - c * c, 0)) * noise:normal()
      end
      rows[i] = row
    end
    r.test.n = 220
    for k, label in ipairs(r.labels) do
      local y, p = {}, {}
      for i = 21, 240 do y[i - 20], p[i - 20] = rows[i]["gold_" .. label], rows[i]["pred_" .. label] end
      r.test.ccc[k] = tenor.metrics.ccc(tenor.tensor(p), tenor.tensor(y))
    end
    assert(csv.write(folder .. "/" .. r.predictions, header, rows))
  end
end

return runs
