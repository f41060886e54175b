--- The work that several cases share: batches of the paper's size, training
-- steps, waves.
local tenor = require "tenor"
local place = require "bench.support.place"

local work = {}

--- A batch as in the paper: hsf (N, 68), ids (N, T) with zeros in front, labels (N, 3).
-- Lengths are geometric with mean `words`, seeded, at most `length`.
-- @param o `batch` 256, `words` 11, `vocabulary` 3438, `length` 554, `seed` 1
function work.batch(o)
  o = o or {}
  local n, mean, vocabulary, length = o.batch or 256, o.words or 11, o.vocabulary or 3438, o.length or 554
  local rng = tenor.rng(o.seed or 1)
  local lengths, longest, total = {}, 0, 0
  for i = 1, n do
    local l = 1
    while l < length and rng:uniform() > 1 / mean do l = l + 1 end
    lengths[i], longest, total = l, math.max(longest, l), total + l
  end
  local ids = tenor.zeros(n, longest, "int32")
  for i, l in ipairs(lengths) do
    local row = ids[i]
    for t = longest - l + 1, longest do row[t] = rng:integer(vocabulary - 1) end
  end
  return {
    hsf = tenor.randn(n, 68, rng), ids = ids, labels = tenor.rand(n, 3, rng) * 2 - 1, lengths = lengths,
    words = total, longest = longest, vocabulary = vocabulary, length = length,
  }
end

--- Writes a batch for the peers. @return the path
function work.save(batch, name)
  local path = place.file(name or "batch.npz")
  assert(tenor.save(path, {
    hsf = batch.hsf, ids = batch.ids, labels = batch.labels, lengths = tenor.tensor(batch.lengths, "int32"),
    sizes = tenor.tensor({ batch.vocabulary, batch.length }, "int32"),
  }))
  return path
end

--- The fusion network for a batch. @string padding "pre" or "none"
function work.fusion(batch, padding)
  return tenor.networks.fusion {
    vocabulary = batch.vocabulary, features = 68, length = batch.length, padding = padding, seed = 1,
  }
end

--- A function that does one training step, as tenor.fit does it.
function work.step(model, batch)
  local loss, optimizer = tenor.loss.ccc { alpha = 0.7, beta = 0.2 }, tenor.optim.RMSprop()
  local parameters, x, y = model:parameters(), { batch.hsf, batch.ids }, batch.labels
  model:train()
  return function()
    for _, p in ipairs(parameters) do p.grad:zero() end
    loss:forward(model:run(x), y)
    model:run_back(loss:backward())
    optimizer:step(parameters)
  end
end

--- The LSTM layers of a model, in order: list of { path =, layer = }.
function work.lstms(model)
  local list = {}
  model:walk(function(path, module)
    if module.class == "LSTM" then list[#list + 1] = { path = path, layer = module } end
  end)
  return list
end

--- Floating-point operations of an LSTM's matrix products, forward and backward,
-- after it has run: rows of input, rows of state, twice that backward.
-- @param layer @bool words_only leave the chain of padding out
function work.lstm_flops(layer, words_only)
  local _, steps, chain, m = layer.layout:info()
  local inputs = words_only and m or layer.x:size(1)
  local states = words_only and m or m + chain
  if chain == 0 and steps == 1 then states = 0 end -- from zero there is nothing to recur
  return 3 * 2 * 4 * layer.hidden * (layer.inputs * inputs + layer.hidden * states)
end

--- Operations of all matrix products of a step that the model has run.
function work.step_flops(model, rows, words_only)
  local sum = 0
  model:walk(function(_, module)
    if module.class == "LSTM" then
      sum = sum + work.lstm_flops(module, words_only)
    elseif module.class == "Dense" then
      sum = sum + 3 * 2 * rows * module.inputs * module.outputs
    end
  end)
  return sum
end

-- Speech-like sound: harmonics of a gliding pitch under slowly moving formants,
-- in syllables, with breath; 16 kHz.
local function voice(seconds, rng)
  local rate = 16000
  local n = math.floor(seconds * rate)
  local samples, phase, pitch = {}, 0, 90 + 120 * rng:uniform()
  local syllable, first, second = 0, 500, 1500
  for i = 0, n - 1 do
    if i % 3200 == 0 then
      syllable = rng:uniform() < 0.8 and 0.3 + 0.7 * rng:uniform() or 0
      first, second = 300 + 600 * rng:uniform(), 900 + 1500 * rng:uniform()
      pitch = pitch * (0.9 + 0.2 * rng:uniform())
    end
    phase = phase + 2 * math.pi * pitch / rate
    local sum = 0
    for k = 1, 8 do
      local f = k * pitch
      sum = sum + math.sin(k * phase) * (1 / (1 + ((f - first) / 120) ^ 2) + 0.5 / (1 + ((f - second) / 200) ^ 2))
    end
    local swell = math.sin(math.pi * (i % 3200) / 3200)
    samples[i + 1] = 0.2 * syllable * swell * sum + 0.002 * (rng:uniform() - 0.5)
  end
  return tenor.audio.wave(tenor.tensor(samples), rate)
end

--- Writes a wav of made speech. @return its path
function work.voice(name, seconds, seed)
  local path = place.file(name)
  if not place.is_file(path) then assert(tenor.audio.write(path, voice(seconds, tenor.rng(seed)))) end
  return path
end

--- The recordings to extract from: 47 real ones, or as many made ones.
-- @return list of paths, what they are
function work.waves()
  local folder = (os.getenv "TENOR_SHARED" or place.root .. "/../shared") .. "/data/speech_emotion"
  local paths, kind = {}, "recordings"
  for i = 0, 46 do
    local path = ("%s/%02d.wav"):format(folder, i)
    if not place.is_file(path) then
      paths, kind = {}, "synthetic voices"
      break
    end
    paths[#paths + 1] = path
  end
  if #paths == 0 then
    for i = 1, 47 do paths[i] = work.voice(("voice-%02d.wav"):format(i), 1.5 + (i % 7) * 0.5, i) end
  end
  return paths, kind
end

--- Writes a text as GloVe's: words `word1`, `word2`, ... with vectors from 997 made ones, so that
-- it is written at the disk's speed. One that is there already is taken. @return its path
function work.glove(count, dimensions)
  local path = place.file(("glove.%d.%dd.txt"):format(count, dimensions))
  if place.is_file(path) then return path end
  local rng, rows = tenor.rng(1), {}
  for i = 1, 997 do
    local values, texts = tenor.randn(dimensions, rng) * 0.4, {}
    for k = 1, dimensions do texts[k] = ("%.5g"):format(values[k]) end
    rows[i] = " " .. table.concat(texts, " ") .. "\n"
  end
  local file = assert(io.open(path .. ".part", "wb"))
  for i = 1, count do assert(file:write("word", i, rows[i % #rows + 1])) end
  assert(file:close())
  assert(os.rename(path .. ".part", path))
  return path
end

return work
