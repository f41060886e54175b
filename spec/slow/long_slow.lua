-- Long runs: what is in use must not grow with how long a program runs. Figures are printed.
local shell = require "spec.support.shell"
local tenor = require "tenor"

local nn = tenor.nn

-- Kilobytes that the process has in memory, after what is garbage has gone.
local function resident()
  collectgarbage()
  collectgarbage()
  local file = assert(io.open "/proc/self/status")
  local kb = tonumber(file:read("a"):match "VmRSS:%s*(%d+)")
  file:close()
  return kb
end

-- Runs `f(i)` for i = 1 .. n and looks at ten moments, the first of them after a tenth.
local function watched(n, f)
  local seen = {}
  for i = 1, n do
    f(i)
    if i % (n // 10) == 0 then seen[#seen + 1] = resident() end
  end
  return seen
end

-- Flat: no more at any moment of the second half than at some moment of the first, within 512 KB. What the
-- allocator gives back to the system and takes again lies below that.
local function assert_flat(what, seen)
  print(("%s: %s MB"):format(what, table.concat((function()
    local list = {}
    for i, kb in ipairs(seen) do list[i] = ("%.1f"):format(kb / 1024) end
    return list
  end)(), " ")))
  local before, after = 0, 0
  for i, kb in ipairs(seen) do
    if i <= #seen // 2 then before = math.max(before, kb) else after = math.max(after, kb) end
  end
  assert.is_true(after - before < 512, ("%s grows: from %d to %d KB"):format(what, before, after))
end

describe("Memory stays flat", function()
  after_each(shell.clean)

  it("over 2000 steps of training the fusion network", function()
    tenor.seed(1)
    local n, words, length = 64, 200, 20
    local rng = tenor.rng(2)
    local ids = tenor.zeros(n, length, "int32")
    for i = 1, n do
      for t = rng:integer(length), length do ids[i][t] = rng:integer(words) end
    end
    local model = tenor.networks.fusion { vocabulary = words + 1, embedding = 16, hidden = 16, features = 68 }
    local part = { x = { tenor.randn(n, 68, rng), ids }, y = tenor.randn(n, 3, rng):clamp(-1, 1) }
    local seen, steps = {}, 0
    tenor.fit(model, { train = part }, {
      loss = tenor.loss.ccc(), optimizer = tenor.optim.RMSprop(), batch = 8, epochs = 250, progress = "silent",
      callbacks = { { on_batch_end = function()
        steps = steps + 1
        if steps % 200 == 0 then seen[#seen + 1] = resident() end
      end } },
    })
    assert.equal(2000, steps)
    assert_flat("2000 steps", seen)
  end)

  it("over 100 000 extractions", function()
    local folder = shell.folder()
    local samples = {}
    for i = 1, 1600 do samples[i] = math.sin(i * i / 5000) / 2 end
    local paths = {}
    for i, format in ipairs { "wav", "flac", "ogg", "wav" } do
      paths[i] = ("%s/%d.%s"):format(folder, i, format)
      assert(tenor.audio.write(paths[i], tenor.audio.wave(tenor.tensor(samples), i == 4 and 16000 or 8000)))
    end
    local list = {}
    for i = 1, 1000 do list[i] = paths[i % 4 + 1] end
    list[1000] = folder .. "/missing.wav" -- one that fails each time
    assert_flat("100 000 extractions", watched(100, function()
      local _, reasons = tenor.features.extract_many(list, { progress = "silent", cache = false })
      assert(reasons[1000] and not reasons[1])
    end))
  end)

  it("over 100 000 readings of files that are refused", function()
    local folder = shell.folder()
    local names = { "x.npy", "x.npz", "x.safetensors", "x.wav", "x.flac", "x.csv", "x.txt" }
    for i, name in ipairs(names) do
      names[i] = folder .. "/" .. name
      local file = assert(io.open(names[i], "wb"))
      file:write("RIFF\0\0\1\0WAVEfmt ", ("\xFF"):rep(60), "\n")
      file:close()
    end
    assert_flat("100 000 refusals", watched(100000, function(i)
      local kind = i % #names + 1
      local path = names[kind]
      local value, why
      if kind <= 3 then value, why = tenor.load(path)
      elseif kind <= 5 then value, why = tenor.audio.read(path)
      elseif kind == 6 then value, why = tenor.corpus.manifest(path)
      else value, why = tenor.vectors.glove(path, { "a" }, { progress = "silent" }) end
      assert(value == nil and why:find(path, 1, true))
    end))
  end)

  it("over 20 000 networks that are made, trained a step and dropped", function()
    local x, y = tenor.randn(6, 4, tenor.rng(1)), tenor.randn(6, 2, tenor.rng(2))
    assert_flat("20 000 networks", watched(20000, function()
      local model = nn.Sequential { nn.Dense(4, 8, { activation = "tanh" }), nn.Dense(8, 2) }
      tenor.fit(model, { train = { x = x, y = y } },
        { loss = tenor.loss.ccc(), optimizer = tenor.optim.Adam(), batch = 6, epochs = 1, progress = "silent" })
    end))
  end)
end)

describe("CCC", function()
  it("of ten million utterances is that of an exact reckoning", function()
    -- Numbers in steps of 1/64 up to 64: their sums and those of their products are whole numbers in 64 bits.
    local n, k, rng = 10000000, 64, tenor.rng(3)
    local y = tenor.randn(n, rng):clamp(-8, 8)
    y = (y * k):to "int32"
    local x = (y:to "real" * 0.75 + tenor.randn(n, rng):clamp(-8, 8) * 40 + 3000):to "int32"
    local sx, sy, sxx, syy, sxy = 0, 0, 0, 0, 0
    for first = 1, n, 100000 do
      local a, b = x:narrow(1, first, 100000):totable(), y:narrow(1, first, 100000):totable()
      for i = 1, #a do
        local p, q = a[i], b[i]
        sx, sy, sxx, syy, sxy = sx + p, sy + q, sxx + p * p, syy + q * q, sxy + p * q
      end
    end
    -- 2 (n sxy - sx sy) / (n sxx - sx^2 + n syy - sy^2 + (sx - sy)^2): every term below 2^63 but n sxx, so in two parts
    local function difference(sum, a, b) -- n sum - a b as a float, exactly rounded but for the last step
      local quotient, rest = a // n, a % n -- a b = quotient n b + rest b
      return (sum - quotient * b) * (n + 0.0) - rest * (b + 0.0)
    end
    local expected = 2 * difference(sxy, sx, sy) / (difference(sxx, sx, sx) + difference(syy, sy, sy) + (sx - sy + 0.0) ^ 2)
    local got = tenor.metrics.ccc(x:to "real", y:to "real")
    print(("CCC of ten million: %.17g, exactly %.17g"):format(got, expected))
    assert.is_true(math.abs(got - expected) < 1e-12 * math.abs(expected))
  end)
end)
