local tenor = require "tenor"
local shared = require "spec.support.shared"
require "spec.support.assertions"

local features, audio = tenor.features, tenor.audio
local double = tenor.real == "float64"

-- The goldens come from another FFT, in double: 1e-9 leaves room for some
-- ill-conditioned means. A float is off by 6e-8 when its descriptor is rounded,
-- and the statistics of rounded descriptors by a few times that.
local relative = double and 1e-9 or 1e-5
-- Frames of digital silence hold rounding noise near eps, different in every
-- FFT, and the MFCC take its logarithm.
local silence = 1e-6

local function close(expected, got, rtol, atol, what)
  if math.abs(expected - got) > rtol * math.abs(expected) + atol or got ~= got then
    error(("%s: expected %.17g, got %.17g"):format(what, expected, got), 2)
  end
end

local function close_rows(expected, got, rtol, atol, what)
  local e, g = expected:totable(), got:totable()
  assert.equal(#e, #g)
  for i = 1, #e do
    if type(e[i]) == "table" then
      assert.equal(#e[i], #g[i])
      for j = 1, #e[i] do close(e[i][j], g[i][j], rtol, atol, ("%s[%d][%d]"):format(what, i, j)) end
    else
      close(e[i], g[i], rtol, atol, ("%s[%d]"):format(what, i))
    end
  end
end

-- A wave of any formula; noise from a congruential generator, so that a test
-- means the same everywhere.
local function noise(seed)
  return function()
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed / 1073741824 - 1
  end
end

local function wave_of(n, rate, f)
  local samples = {}
  for i = 1, n do samples[i] = f(i - 1) end
  return audio.wave(tenor.tensor(samples), rate)
end

local function noisy(n, rate, seed)
  local random = noise(seed or 1)
  return wave_of(n, rate, function(i) return 0.3 * math.sin(2 * math.pi * 200 * i / rate) + 0.1 * random() end)
end

local function recording(i) return shared.path(("data/speech_emotion/%02d.wav"):format(i)) end

describe("the names of the features", function()
  it("are 34, 34 deltas and 68 statistics", function()
    assert.equal(34, #features.names)
    assert.equal(34, #features.delta_names)
    assert.equal(68, #features.hsf_names)
    assert.equal("mfcc_1", features.names[9])
    assert.equal("delta_chroma_std", features.delta_names[34])
    assert.equal("mean_zcr", features.hsf_names[1])
    assert.equal("std_chroma_std", features.hsf_names[68])
  end)

  shared.it("are pyAudioAnalysis's, in its order", function()
    assert.same(shared.lines "golden/paa_feature_names.txt", features.names)
  end)
end)

describe("features against pyAudioAnalysis", function()
  local golden = shared.present and assert(tenor.load(shared.path "golden/paa_speech_emotion.npz"))

  shared.it("has its statistics for every recording", function()
    for i = 0, 46 do
      close_rows(golden.hsf[i + 1], assert(features.extract(recording(i))), relative, 0, "hsf " .. i)
    end
  end)

  shared.it("has them with zeros dropped", function()
    for i = 0, 46 do
      local got = assert(features.extract(recording(i), { drop_zeros = true }))
      close_rows(golden.hsf_zeros_dropped[i + 1], got, relative, 0, "hsf " .. i)
    end
  end)

  shared.it("has them with the eps of the paper's own runs", function()
    for i = 0, 46 do
      local got = assert(features.extract(recording(i), { eps = 1e-8 }))
      close_rows(golden["hsf_eps_1e-8"][i + 1], got, relative, 0, "hsf " .. i)
    end
  end)

  shared.it("has its descriptors frame by frame", function()
    for i = 0, 2 do
      local wave = assert(audio.read(recording(i)))
      close_rows(golden["lld_25_10_0" .. i], features.lld(wave), relative, silence, "25/10 " .. i)
      local slow = features.lld(wave, { window = 0.05, step = 0.025 })
      close_rows(golden["lld_50_25_0" .. i], slow, relative, silence, "50/25 " .. i)
    end
  end)

  shared.it("has its deltas", function()
    local got = assert(features.lld(recording(0), { deltas = true }))
    close_rows(golden.lld_25_10_deltas_00, got, relative, silence, "deltas")
  end)

  shared.it("has its statistics from the descriptors' matrix", function()
    for i = 0, 2 do
      local lld = assert(features.lld(recording(i)))
      close_rows(golden.hsf[i + 1], features.hsf(lld), relative, 0, "hsf " .. i)
      close_rows(golden.hsf_zeros_dropped[i + 1], features.hsf(lld, { drop_zeros = true }), relative, 0, "hsf " .. i)
    end
  end)
end)

-- Section by section as docs/features.md writes it, with the slowest transform there is.
local naive = {}

function naive.frame(wave, W, start)
  local s, mean, peak = wave:samples():totable(), 0, 0
  for i = 1, #s do mean = mean + s[i] / #s end
  for i = 1, #s do peak = math.max(peak, math.abs(s[i] - mean)) end
  local x = {}
  for i = 1, W do x[i] = (s[start + i] - mean) / (peak + 1e-10) end
  return x
end

function naive.spectrum(x)
  local W, X = #x, {}
  local K = W // 2
  for k = 0, K - 1 do
    local re, im = 0, 0
    for i = 0, W - 1 do
      local angle = 2 * math.pi * (k * i % W) / W
      re, im = re + x[i + 1] * math.cos(angle), im - x[i + 1] * math.sin(angle)
    end
    X[k + 1] = math.sqrt(re * re + im * im) / K
  end
  return X
end

function naive.entropy(x, eps)
  local block, total, sum = #x // 10, 0, 0
  for i = 1, #x do total = total + x[i] * x[i] end
  for j = 0, 9 do
    local p = 0
    for i = j * block + 1, (j + 1) * block do p = p + x[i] * x[i] end
    p = p / (total + eps)
    sum = sum - p * math.log(p + eps, 2)
  end
  return sum
end

function naive.chroma(X, rate, eps)
  local K, notes, shared_by, C, classes, total = #X, {}, {}, {}, {}, 0
  for k = 0, K - 1 do
    local note = 12 * math.log((k + 1) * rate / (2 * K) / 27.5, 2)
    notes[k] = math.floor(note + 0.5) -- no test rate hits a half exactly
    shared_by[notes[k]] = (shared_by[notes[k]] or 0) + 1
    total = total + X[k + 1] ^ 2
  end
  local function at(note) return note < 0 and note + K or note end
  local function inside(note) return note >= -K and note < K end
  for k = 0, K - 1 do C[k] = 0 end
  for k = 0, K - 1 do if inside(notes[k]) then C[at(notes[k])] = X[k + 1] ^ 2 end end
  for k = 0, K - 1 do if inside(notes[k]) then C[k] = C[k] / shared_by[notes[at(notes[k])]] end end
  for c = 1, 12 do classes[c] = 0 end
  for k = 0, K - 1 do classes[k % 12 + 1] = classes[k % 12 + 1] + C[k] / (total == 0 and eps or total) end
  return classes
end

describe("features against naive rewrites", function()
  local eps = 2.0 ^ -52
  -- the naive sums and transform lose a few digits themselves
  local rtol, atol = double and 1e-9 or 1e-5, double and 1e-12 or 1e-7

  local function each(check)
    -- an even and an odd window, one whose notes pass the last bin, one of a low rate
    for _, case in ipairs { { 16000, 400 }, { 11025, 275 }, { 48000, 96 }, { 1000, 50 }, { 8000, 21 } } do
      local rate, W = case[1], case[2]
      local wave = noisy(3 * W, rate, W)
      local lld = assert(features.lld(wave, { window = (W + 0.5) / rate, step = (W + 0.5) / rate }))
      assert.same({ 3, 34 }, lld:shape())
      for t = 1, 3 do
        local x = naive.frame(wave, W, (t - 1) * W)
        check(x, naive.spectrum(x), lld[t]:totable(), rate, t)
      end
    end
  end

  it("agrees on zero crossings and energy", function()
    each(function(x, _, got)
      local function sign(v) return v > 0 and 1 or v < 0 and -1 or 0 end
      local crossings, energy = 0, 0
      for i = 1, #x do
        if i > 1 then crossings = crossings + math.abs(sign(x[i]) - sign(x[i - 1])) end
        energy = energy + x[i] * x[i]
      end
      close(crossings / 2 / (#x - 1), got[1], rtol, atol, "zcr")
      close(energy / #x, got[2], rtol, atol, "energy")
    end)
  end)

  it("agrees on both entropies", function()
    each(function(x, X, got)
      close(naive.entropy(x, eps), got[3], rtol, atol, "energy entropy")
      close(naive.entropy(X, eps), got[6], rtol, atol, "spectral entropy")
    end)
  end)

  it("agrees on centroid, spread and roll-off", function()
    each(function(_, X, got, rate)
      local K, peak, sum, first, second, energy = #X, math.max(table.unpack(X)), eps, 0, 0, 0
      for k = 1, K do
        sum, first, energy = sum + X[k] / peak, first + k * rate / (2 * K) * X[k] / peak, energy + X[k] ^ 2
      end
      local centroid = first / sum
      for k = 1, K do second = second + (k * rate / (2 * K) - centroid) ^ 2 * X[k] / peak end
      close(centroid / (rate / 2), got[4], rtol, atol, "centroid")
      close(math.sqrt(second / sum) / (rate / 2), got[5], rtol, atol, "spread")
      local below, rolloff = eps, 0
      for k = 1, K do
        below = below + X[k] ^ 2
        if below > 0.9 * energy then rolloff = (k - 1) / K break end
      end
      close(rolloff, got[8], rtol, atol, "roll-off")
    end)
  end)

  it("agrees on flux, zero in the first frame", function()
    local before
    each(function(_, X, got, _, t)
      local sum, flux = 0, 0
      for k = 1, #X do sum = sum + X[k] + eps end
      for k = 1, #X do
        X[k] = X[k] / sum
        if t > 1 then flux = flux + (X[k] - before[k]) ^ 2 end
      end
      close(flux, got[7], rtol, atol, "flux")
      before = X
    end)
  end)

  it("agrees on chroma and its deviation", function()
    each(function(_, X, got, rate)
      local chroma, mean, square = naive.chroma(X, rate, eps), 0, 0
      for c = 1, 12 do
        close(chroma[c], got[21 + c], rtol, atol, "chroma " .. c)
        mean = mean + chroma[c] / 12
      end
      for c = 1, 12 do square = square + (chroma[c] - mean) ^ 2 / 12 end
      close(math.sqrt(square), got[34], rtol, atol, "chroma deviation")
    end)
  end)

  it("agrees on the MFCC", function()
    each(function(_, X, got, rate)
      local K, p, logs = #X, {}, {}
      for i = 0, 12 do p[i] = 133.33 + i * 200 / 3 end
      for i = 13, 41 do p[i] = p[12] * 1.0711703 ^ (i - 12) end
      for i = 0, 39 do
        local energy, height = 0, 2 / (p[i + 2] - p[i])
        local function bin(j) return math.floor(p[j] * K / rate) end
        local low, top, high = bin(i) + 1, bin(i + 1), bin(i + 2)
        for n = low, math.min(high, K - 1) do
          local f = n * rate / K
          local weight = n <= top and (f - p[i]) / (p[i + 1] - p[i]) or (p[i + 2] - f) / (p[i + 2] - p[i + 1])
          energy = energy + height * weight * X[n + 1]
        end
        logs[i] = math.log(energy + eps, 10)
      end
      for c = 0, 12 do
        local sum = 0
        for f = 0, 39 do sum = sum + logs[f] * math.cos(math.pi * (c * (2 * f + 1) % 160) / 80) end
        sum = sum * math.sqrt((c == 0 and 1 or 2) / 40)
        close(sum, got[9 + c], rtol, 1e-4 * rtol, "mfcc " .. c + 1)
      end
    end)
  end)
end)

describe("features", function()
  it("have one frame where the wave just holds it, and S samples more for the next", function()
    for n, frames in pairs { [400] = 1, [559] = 1, [560] = 2, [719] = 2, [720] = 3 } do
      assert.same({ frames, 34 }, features.lld(noisy(n, 16000)):shape())
    end
  end)

  it("do not change when the wave is scaled or shifted", function()
    -- by powers of two, so that nothing is rounded but 1e-10 beside the peak
    local random = noise(7)
    local samples = {}
    for i = 1, 4000 do samples[i] = math.floor(random() * 1024) / 4096 end
    local x = tenor.tensor(samples)
    local lld = features.lld(audio.wave(x, 16000))
    for i = 1, 4000 do samples[i] = samples[i] / 2 + 0.25 end
    close_rows(lld, features.lld(audio.wave(tenor.tensor(samples), 16000)), double and 1e-7 or 1e-5, 1e-6, "scaled")
  end)

  it("take stereo as (L+R)/2, and more channels as their mean", function()
    local random, mono, stereo, three = noise(3), {}, {}, {}
    for i = 1, 2000 do
      local l, r = math.floor(random() * 256) / 512, math.floor(random() * 256) / 512
      mono[i], stereo[i], three[i] = (l + r) / 2, { l, r }, { (l + r) / 2, l, r }
    end
    local expected = features.lld(audio.wave(tenor.tensor(mono), 8000))
    local function samples_of(t) return features.lld(audio.wave(tenor.tensor(t), 8000)):totable() end
    assert.same(expected:totable(), samples_of(stereo))
    close_rows(expected, features.lld(audio.wave(tenor.tensor(three), 8000)), double and 1e-9 or 1e-5, 1e-6, "three")
  end)

  it("give rows of silence for silence", function()
    local lld = features.lld(wave_of(1600, 16000, function() return 0 end)):totable()
    for t = 1, #lld do
      for c = 1, 34 do
        if c ~= 9 then close(0, lld[t][c], 0, silence, "column " .. c) end
      end
      close(math.sqrt(40) * math.log(2.0 ^ -52, 10), lld[t][9], 1e-6, 0, "mfcc_1")
    end
  end)

  it("take deltas as differences to the frame before", function()
    local wave = noisy(3000, 16000)
    local plain, deltas = features.lld(wave):totable(), features.lld(wave, { deltas = true })
    assert.same({ #plain, 68 }, deltas:shape())
    deltas = deltas:totable()
    for t = 1, #plain do
      for c = 1, 34 do
        assert.equal(plain[t][c], deltas[t][c])
        local difference = t == 1 and 0 or plain[t][c] - plain[t - 1][c]
        -- a float holds the rounded difference, not that of rounded numbers
        close(difference, deltas[t][34 + c], 0, double and 0 or 4e-6, "delta")
      end
    end
  end)

  it("are the same from a file as from memory, bit for bit", function()
    local path = os.tmpname()
    local random = noise(11)
    local samples = {}
    for i = 1, 50001 do samples[i] = { random() / 2, random() / 3 } end
    assert(audio.write(path, audio.wave(tenor.tensor(samples), 22050), { format = "wav", subtype = "double" }))
    local wave = assert(audio.read(path))
    -- a step longer than the window skips samples; a window of many blocks spans them
    for _, opts in ipairs { {}, { step = 0.3 }, { window = 1, step = 0.05 }, { deltas = true } } do
      assert.same(features.lld(wave, opts):totable(), features.lld(path, opts):totable())
      assert.same(features.extract(wave, opts):totable(), features.extract(path, opts):totable())
    end
    os.remove(path)
  end)

  it("are the same on every call, whatever was extracted between", function()
    local wave = noisy(8000, 16000)
    local first = features.lld(wave):totable()
    for window = 20, 60 do features.lld(wave, { window = window / 1000 }) end
    assert.same(first, features.lld(wave):totable())
  end)
end)

describe("features.hsf", function()
  it("is the mean and the population deviation of every column", function()
    local hsf = features.hsf(tenor.tensor { { 1, 10, 5 }, { 2, 10, 0 }, { 6, 10, 1 } }):totable()
    local expected = { 3, 10, 2, math.sqrt(14 / 3), 0, math.sqrt(14 / 3) }
    for i = 1, 6 do close(expected[i], hsf[i], double and 1e-15 or 1e-7, 0, "hsf") end
  end)

  it("leaves exact zeros out on request, and gives zeros for a column of zeros", function()
    local hsf = features.hsf(tenor.tensor { { 0, 0, 3 }, { 2, 0, 0 }, { 4, 0, 3 } }, { drop_zeros = true })
    assert.same({ 3, 0, 3, 1, 0, 0 }, hsf:totable())
  end)

  it("has 136 numbers of descriptors with deltas", function()
    assert.same({ 136 }, features.hsf(features.lld(noisy(3000, 16000), { deltas = true })):shape())
  end)

  it("agrees with extract", function()
    local wave = noisy(20000, 16000)
    for _, drop in ipairs { false, true } do
      local one = features.extract(wave, { drop_zeros = drop })
      local two = features.hsf(features.lld(wave), { drop_zeros = drop })
      close_rows(one, two, double and 0 or 1e-5, double and 0 or 1e-7, "hsf")
    end
  end)
end)

describe("wrong arguments to features", function()
  local wave = noisy(1600, 16000)

  for text, call in pairs {
    ["features.lld: unknown option 'windows' (did you mean 'window'?)"] = function()
      features.lld(wave, { windows = 0.05 })
    end,
    ["features.lld: unknown option 'drop_zeros'"] = function() features.lld(wave, { drop_zeros = true }) end,
    ["features.hsf: unknown option 'window'"] = function() features.hsf(features.lld(wave), { window = 1 }) end,
    ["features.lld: wave must be a Wave or a path, got nil"] = function() features.lld() end,
    ["features.extract: wave must be a Wave or a path, got number"] = function() features.extract(3) end,
    ["features.extract: wave must be a Wave or a path, got tenor.Tensor"] = function()
      features.extract(wave:samples())
    end,
    ["features.lld: window must be a positive number, got 0"] = function() features.lld(wave, { window = 0 }) end,
    ["features.lld: window must be a positive number, got nan"] = function()
      features.lld(wave, { window = math.abs(0 / 0) })
    end,
    ["features.lld: step must be a positive number, got -1"] = function() features.lld(wave, { step = -1 }) end,
    ["features.lld: step must be a positive number, got inf"] = function()
      features.lld(wave, { step = math.huge })
    end,
    ["features.lld: eps must be a positive number, got x"] = function() features.lld(wave, { eps = "x" }) end,
    ["features.lld: deltas must be true or false, got 1"] = function() features.lld(wave, { deltas = 1 }) end,
    ["features.lld: window must hold at least 20 samples"] = function() features.lld(wave, { window = 0.0012 }) end,
    ["features.extract: step must be at least one sample, got 6e-05 s at 16000 Hz"] = function()
      features.extract(wave, { step = 0.00006 })
    end,
    ["features.hsf: lld must be"] = function() features.hsf(wave) end,
    ["features.hsf: lld must hold at least one frame"] = function() features.hsf(tenor.zeros(0, 34)) end,
  } do
    it("raise: " .. text, function() assert.raises(text, call) end)
  end

  it("accept a window of 20 samples", function()
    assert.same({ 34 }, features.lld(wave, { window = 0.00126 })[1]:shape())
  end)
end)

describe("waves that have no features", function()
  it("return a message when shorter than one frame", function()
    local result, message = features.lld(noisy(160, 16000))
    assert.is_nil(result)
    assert.equal("wave: 0.01 s is shorter than one frame of 0.025 s", message)
    local path = os.tmpname()
    assert(audio.write(path, noisy(160, 16000), { format = "wav" }))
    for _, source in ipairs { path, assert(audio.read(path)) } do
      result, message = features.extract(source)
      assert.is_nil(result)
      assert.equal(path .. ": 0.01 s is shorter than one frame of 0.025 s", message)
    end
    os.remove(path)
  end)

  it("return a message when a sample is not finite", function()
    for _, bad in ipairs { 0 / 0, math.huge, -math.huge } do
      local random = noise(5)
      local wave = wave_of(1600, 16000, function(i) return i == 122 and bad or random() end)
      for _, f in ipairs { features.lld, features.extract } do
        local result, message = f(wave)
        assert.is_nil(result)
        assert.equal("wave: sample 123 is not finite", message)
      end
    end
  end)

  it("return a message when there is no such file", function()
    local result, message = features.extract "/nowhere/at/all.wav"
    assert.is_nil(result)
    assert.equal("/nowhere/at/all.wav: No such file or directory", message)
  end)
end)
