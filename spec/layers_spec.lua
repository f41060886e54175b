local assert = require "spec.support.assertions"
local naive = require "spec.support.naive"
local relative = require "spec.support.relative"
local tenor = require "tenor"

local nn, T = tenor.nn, tenor.tensor
local by_build = relative.by_build

-- sums of a few dozen products: that many roundings at the most
local NEAR = by_build(1e-13, 2e-6)

local activations = {
  linear = function(z) return z end,
  relu = function(z) return math.max(z, 0) end,
  tanh = function(z) return (math.exp(2 * z) - 1) / (math.exp(2 * z) + 1) end,
  sigmoid = function(z) return 1 / (1 + math.exp(-z)) end,
}

local function transposed(m) return T(m):t():totable() end
local function value(module, name)
  for _, p in ipairs(module:parameters()) do if p.name == name then return p.value end end
  for _, b in ipairs(module:buffers()) do if b.name == name then return b.value end end
end

describe("Dense", function()
  for name, f in pairs(activations) do
    it(("with %s is f(x Wᵀ + b)"):format(name), function()
      local rng = tenor.rng(1)
      local dense = nn.Dense(5, 3, { activation = name, rng = rng })
      value(dense, "bias"):copy_from(tenor.randn(3, rng))
      local x = tenor.randn(7, 5, rng)
      local z = naive.zip(naive.matmul(x:totable(), transposed(value(dense, "weight"):totable())),
        value(dense, "bias"):totable(), function(a, b) return f(a + b) end)
      assert.relative(z, dense:forward(x), NEAR)
      assert.relative(T(z):reshape(7, 1, 3), dense:forward(x:reshape(7, 1, 5)), NEAR) -- steps, each alike
    end)

    it(("with %s passes NaN on"):format(name), function()
      local y = nn.Dense(20, 33, { activation = name }):forward(tenor.full({ 1, 20 }, 0 / 0))
      for _, v in ipairs(y[1]:totable()) do assert.is_true(v ~= v) end
    end)
  end

  it("draws Glorot uniform weights and zero biases", function()
    local dense = nn.Dense(300, 50, { rng = tenor.rng(2) })
    local limit, w = math.sqrt(6 / 350), value(dense, "weight")
    assert.is_true(w:max() <= limit and w:max() > 0.99 * limit)
    assert.is_true(w:min() >= -limit and w:min() < -0.99 * limit)
    assert.is_true(math.abs(w:mean()) < limit / 50) -- 15 000 draws: 3.5 standard errors
    assert.equal(0, value(dense, "bias"):abs():max())
    -- heads are so many layers of one output
    assert.is_true(value(nn.Dense(300, 50, { heads = true, rng = tenor.rng(2) }), "weight"):max() > 0.99 * math.sqrt(6 / 301))
  end)

  it("takes no rows at all", function()
    local dense = nn.Dense(4, 2)
    assert.same({ 0, 2 }, dense:forward(tenor.zeros(0, 4)):shape())
    assert.same({ 0, 4 }, dense:backward(tenor.zeros(0, 2)):shape())
  end)
end)

describe("BatchNorm", function()
  it("normalises by the batch in training and moves the running moments", function()
    local rng = tenor.rng(3)
    local bn = nn.BatchNorm(3, { momentum = 0.9 })
    value(bn, "gamma"):copy_from(tenor.randn(3, rng))
    value(bn, "beta"):copy_from(tenor.randn(3, rng))
    local gamma, beta = value(bn, "gamma"):totable(), value(bn, "beta"):totable()
    local x = tenor.randn(6, 3, rng):mul(4):add(2)
    local mean, var = naive.reduce(x:totable(), 1, naive.mean), naive.reduce(x:totable(), 1, naive.var)
    local want, moved = {}, { mean = {}, var = {} }
    for i, row in ipairs(x:totable()) do
      want[i] = {}
      for f, v in ipairs(row) do want[i][f] = gamma[f] * (v - mean[f]) / math.sqrt(var[f] + 1e-3) + beta[f] end
    end
    for f = 1, 3 do
      moved.mean[f] = 0.1 * mean[f]
      moved.var[f] = 0.9 + 0.1 * var[f] * 6 / 5 -- the unbiased estimate
    end
    assert.relative(want, bn:forward(x), NEAR)
    assert.relative(moved.mean, value(bn, "running_mean"), NEAR)
    assert.relative(moved.var, value(bn, "running_var"), NEAR)
    local before = bn:snapshot()
    local y = bn:eval():forward(x)
    for i, row in ipairs(x:totable()) do
      for f, v in ipairs(row) do
        want[i][f] = gamma[f] * (v - moved.mean[f]) / math.sqrt(moved.var[f] + 1e-3) + beta[f]
      end
    end
    assert.relative(want, y, NEAR)
    relative.each(before, bn:snapshot(), 0)
  end)

  it("makes beta of one row in training, and counts its variance as 0, as Keras", function()
    local bn = nn.BatchNorm(2)
    assert.same({ 0, 0 }, bn:forward(tenor.tensor { { 3, -4 } })[1]:totable())
    local after = bn:snapshot()
    assert.relative({ 0.03, -0.04 }, after.running_mean, 1e-6) -- rounded numbers in float
    assert.relative({ 0.99, 0.99 }, after.running_var, 1e-6)
    assert.same({ 0, 0 }, bn:backward(tenor.ones(1, 2))[1]:totable())
    assert.same({ 1, 2 }, bn:eval():forward(tenor.ones(1, 2)):shape())
    assert.raises("BatchNorm(2): training needs at least 1 row, got none", bn.forward, bn:train(), tenor.zeros(0, 2))
  end)

  it("keeps the digits of columns far from zero", function()
    local x = tenor.randn(50, 1, tenor.rng(4)) + 1e3
    local y = nn.BatchNorm(1):forward(x)
    assert.is_true(math.abs(y:mean()) < by_build(1e-12, 1e-4)) -- the mean itself is a rounded number
  end)
end)

describe("Dropout", function()
  it("drops a share p and scales the rest, anew each time, and its gradient alike", function()
    local drop = nn.Dropout(0.4, { rng = tenor.rng(5) })
    local x = tenor.ones(100, 100)
    local y = drop:forward(x)
    local kept = 0
    for _, v in ipairs(naive.flat(y:totable())) do
      if v ~= 0 then
        kept = kept + 1
        assert.is_true(math.abs(v - 1 / 0.6) < 1e-6)
      end
    end
    assert.is_true(math.abs(kept / 10000 - 0.6) < 0.02) -- 4 standard errors
    assert.is_true(relative.same(y, drop:backward(x)))
    assert.is_false(relative.same(y, drop:forward(x)))
  end)

  it("does nothing in inference, nor with p = 0", function()
    local x = tenor.randn(3, 4, tenor.rng(6))
    for _, drop in ipairs { nn.Dropout(0.9):eval(), nn.Dropout(0) } do
      assert.is_true(relative.same(x, drop:forward(x)))
      assert.is_true(relative.same(x, drop:backward(x)))
    end
  end)

  it("differs from layer to layer and repeats by the generator's seed", function()
    local x = tenor.ones(8, 8)
    tenor.seed(1)
    local a, b = nn.Dropout(0.5), nn.Dropout(0.5)
    local y = a:forward(x)
    assert.is_false(relative.same(y, b:forward(x)))
    tenor.seed(1)
    assert.is_true(relative.same(y, b:forward(x)))
    tenor.seed(0)
  end)
end)

describe("the Embedding", function()
  it("picks rows, zeros included", function()
    local emb = nn.Embedding(4, 3, { padding = "dense", rng = tenor.rng(7) })
    local w, y = value(emb, "weight"), emb:forward(T({ { 0, 2 }, { 3, 2 } }, "int32"))
    assert.same({ { w[1]:totable(), w[3]:totable() }, { w[4]:totable(), w[3]:totable() } }, y:totable())
    emb:backward(tenor.ones(2, 2, 3))
    assert.same({ { 1, 1, 1 }, { 0, 0, 0 }, { 2, 2, 2 }, { 1, 1, 1 } }, relative.grads(emb).weight:totable())
  end)

  it("draws uniform ±0.05, or begins with the rows that it is given", function()
    local w = value(nn.Embedding(200, 20, { rng = tenor.rng(8) }), "weight")
    assert.is_true(w:abs():max() <= 0.05 and w:abs():max() > 0.0499)
    local given = tenor.randn(4, 3, tenor.rng(9))
    for _, weights in ipairs { given, { matrix = function() return given end } } do
      local emb = nn.Embedding(4, 3, { weights = weights })
      assert.is_true(relative.same(given, value(emb, "weight")))
      value(emb, "weight"):zero()
      emb:initialize(tenor.rng(1))
      assert.is_true(relative.same(given, value(emb, "weight")))
    end
  end)
end)

describe("the LSTM's initial weights", function()
  it("are Glorot uniform, orthogonal, zero and 1 for the forget gate", function()
    for _, h in ipairs { 1, 5, 40 } do
      local lstm = nn.LSTM(30, h, { rng = tenor.rng(h) })
      local limit = math.sqrt(6 / (30 + 4 * h))
      assert.is_true(value(lstm, "w_ih"):abs():max() <= limit)
      local w = value(lstm, "w_hh")
      local product = w:t():matmul(w)
      for i = 1, h do product[i][i] = product[i][i] - 1 end
      assert.is_true(product:abs():max() < by_build(1e-12, 1e-6))
      local bias = {}
      for r = 1, 4 * h do bias[r] = (r > h and r <= 2 * h) and 1 or 0 end
      assert.same(bias, naive.map(value(lstm, "bias"):totable(), math.floor))
    end
  end)
end)

describe("containers", function()
  it("run layers in turn, and networks side by side", function()
    local rng = tenor.rng(10)
    local a, b = nn.Dense(3, 2, { rng = rng }), nn.Dense(4, 5, { activation = "relu", rng = rng })
    local x, z = tenor.randn(6, 3, rng), tenor.randn(6, 4, rng)
    local joined = nn.Concat { a, b }:forward { x, z }
    assert.is_true(relative.same(tenor.cat({ a:forward(x), b:forward(z) }, 2), joined))
    local c = nn.Dense(2, 4, { rng = rng })
    assert.is_true(relative.same(b:forward(c:forward(a:forward(x))), nn.Sequential { a, c, b }:forward(x)))
  end)

  it("do not overwrite what an earlier forward or backward gave", function()
    local rng = tenor.rng(11)
    local model = nn.Sequential { nn.BatchNorm(4), nn.LSTM(4, 3), nn.Dropout(0.3), nn.Dense(3, 2) }
    local layers = { model, nn.Dense(4, 2), nn.LSTM(4, 2), nn.BatchNorm(4), nn.Dropout(0.5), nn.Dropout(0),
      nn.Concat { nn.Dense(4, 2) } }
    for _, layer in ipairs(layers) do
      local wrap = layer.class == "Concat" and function(x) return { x } end or function(x) return x end
      local x = tenor.randn(5, 4, rng)
      local y = layer:forward(wrap(x))
      local dx = layer:backward(tenor.ones(y:shape()))
      if layer.class == "Concat" then dx = dx[1] end
      local y_was, dx_was, x_was = y:totable(), dx:totable(), x:totable()
      layer:forward(wrap(tenor.randn(5, 4, rng)))
      layer:backward(tenor.full(y:shape(), 7))
      assert.same(y_was, y:totable())
      assert.same(dx_was, dx:totable())
      assert.same(x_was, x:totable())
    end
  end)

  it("name their parameters by the path, numbered from the second of a kind on", function()
    local function names(model)
      local list = {}
      for i, p in ipairs(model:parameters()) do list[i] = p.name end
      return table.concat(list, " ")
    end
    local function dense(name) return nn.Dense(1, 1, { name = name }) end
    assert.equal("weight bias", names(dense()))
    assert.equal("Dense.weight Dense.bias Dense_2.weight Dense_2.bias head.weight head.bias",
      names(nn.Sequential { dense(), dense(), dense "head" }))
    assert.equal("a.Dense.weight a.Dense.bias b.Dense.weight b.Dense.bias Dense.weight Dense.bias",
      names(nn.Sequential { nn.Concat { nn.Sequential { dense(), name = "a" }, nn.Sequential { dense(), name = "b" } },
        dense() }))
    -- a name given by hand that an unnamed layer would have had
    assert.equal("Dense_2.weight Dense_2.bias Dense.weight Dense.bias Dense_3.weight Dense_3.bias",
      names(nn.Sequential { dense "Dense_2", dense(), dense() }))
    assert.equal("Dense.weight Dense.bias Dense_2.weight Dense_2.bias",
      names(nn.Sequential { nn.Concat { dense "Dense" }, dense() }))
    assert.raises("is in it twice", function()
      local same = dense()
      nn.Sequential { same, dense(), nn.Sequential { same } }
    end)
  end)
end)

describe("a model", function()
  local function paper() return tenor.networks.fusion { vocabulary = 3438 } end

  it("counts the paper's fusion network, and sums it up as Keras prints it", function()
    local model = paper()
    assert.same({ 3787123, 136 }, { model:count() })
    local text = model:summary()
    for _, line in ipairs { "acoustic.BatchNorm  (N, 68)", "text.Embedding      (N, 554, 300)     1 031 400",
      "text.LSTM           (N, 554, 300)       721 200", "text.LSTM_2         (N, 554, 256)       570 368",
      "text.LSTM_3         (N, 256)            525 312", "text.Dense          (N, 64)              16 448",
      "Dense_3             (N, 3)", "trainable 3 787 123, other 136" } do
      assert.is_truthy(text:find(line, 1, true), line .. " is not in\n" .. text)
    end
    assert.is_truthy(nn.Sequential { nn.Concat { nn.Dropout(0.1), nn.Dense(2, 3) }, nn.Dense(5, 1) }:summary())
  end)

  it("prints itself", function()
    assert.equal("LSTM(300 -> 256), 570 368 parameters", tostring(nn.LSTM(300, 256)))
    assert.equal("Dense(2 -> 1), 3 parameters", tostring(nn.Dense(2, 1)))
    assert.equal("Dropout(0.4)", tostring(nn.Dropout(0.4)))
    assert.equal("Sequential {\n  Dense(2 -> 3),\n  Dense(3 -> 1),\n}, 13 parameters",
      tostring(nn.Sequential { nn.Dense(2, 3), nn.Dense(3, 1) }))
  end)

  it("is drawn anew by initialize, the same from the same seed", function()
    local model = tenor.networks.fusion { features = 4, vocabulary = 9, embedding = 3, hidden = 5, dense = 4, seed = 3 }
    local twin = tenor.networks.fusion { features = 4, vocabulary = 9, embedding = 3, hidden = 5, dense = 4, seed = 3 }
    relative.each(model:snapshot(), twin:snapshot(), 0)
    twin:initialize(tenor.rng(5))
    assert.is_false(relative.same(value(model, "Dense.weight"), value(twin, "Dense.weight")))
    local drawn = twin:snapshot()
    relative.each(drawn, model:initialize(tenor.rng(5)):snapshot(), 0)
  end)

  it("goes back to a snapshot, which must fit in every name", function()
    local model = nn.Sequential { nn.BatchNorm(2), nn.Dense(2, 1) }
    local kept = model:snapshot()
    model:forward(tenor.randn(4, 2, tenor.rng(1)))
    model:initialize(tenor.rng(9))
    assert.is_true(model:restore(kept) == model)
    relative.each(kept, model:snapshot(), 0)
    local wrong = model:snapshot()
    wrong["Dense.weight"] = tenor.zeros(1, 3)
    wrong["BatchNorm.gamma"] = tenor.zeros(2)
    assert.raises("restore: 'Dense.weight' must be (1, 2), got (1, 3)", model.restore, model, wrong)
    assert.same({ 1, 1 }, value(model, "BatchNorm.gamma"):totable()) -- nothing was written
    wrong["Dense.weight"] = nil
    assert.raises("restore: 'Dense.weight' is missing", model.restore, model, wrong)
    assert.raises("restore: expected a table name -> tensor, got nil", model.restore, model, nil)
    kept.more = tenor.zeros(1)
    assert.raises("restore: the model has no 'more'", model.restore, model, kept)
  end)
end)
