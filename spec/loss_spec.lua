local assert = require "spec.support.assertions"
local naive = require "spec.support.naive"
local relative = require "spec.support.relative"
local shared = require "spec.support.shared"
local tenor = require "tenor"

local loss, metrics, T = tenor.loss, tenor.metrics, tenor.tensor

-- moments are double in both builds: what differs is the rounding of the inputs
local NEAR = relative.by_build(1e-13, 1e-6)

local function ccc(x, y, eps)
  local mx, my = naive.mean(x), naive.mean(y)
  local cov = 0
  for i = 1, #x do cov = cov + (x[i] - mx) * (y[i] - my) / #x end
  return 2 * cov / (naive.var(x) + naive.var(y) + (mx - my) ^ 2 + (eps or 0)), cov
end

local function column(t, k) return t:t()[k]:totable() end

describe("the CCC loss", function()
  for _, name in ipairs { "mtl", "acoustic" } do
    shared.it(("meets golden ccc_%s: value, each CCC and the gradient"):format(name), function()
      local z = assert(tenor.load(shared.path(("golden/ccc_%s.npz"):format(name))))
      local l = loss.ccc { weights = z.weights:totable() }
      local value, each = l:forward(z.pred, z.gold)
      local tolerance, label = relative.by_build(1e-9, 1e-5), "ccc_" .. name .. " "
      assert.relative(z.loss, { value }, tolerance, label .. "loss")
      assert.relative(z.ccc, each, tolerance, label .. "ccc")
      assert.relative(z.grad_pred, l:backward(), tolerance, label .. "grad_pred")
    end)
  end

  it("is Σ w (1 - CCC), with 1e-7 in the denominator, by alpha and beta or weights", function()
    local rng = tenor.rng(1)
    local pred, gold = tenor.randn(9, 3, rng), tenor.randn(9, 3, rng)
    local want = {}
    for k = 1, 3 do want[k] = ccc(column(pred, k), column(gold, k), 1e-7) end
    for _, case in ipairs { { { alpha = 0.7, beta = 0.2 }, { 0.7, 0.2, 0.1 } }, { {}, { 1 / 3, 1 / 3, 1 / 3 } },
      { { weights = { 2, 0, 1 } }, { 2, 0, 1 } }, { { alpha = 1, beta = 0 }, { 1, 0, 0 } } } do
      local sum = 0
      for k, w in ipairs(case[2]) do sum = sum + w * (1 - want[k]) end
      local l = loss.ccc(case[1])
      local value, each = l:forward(pred, gold)
      assert.relative({ sum }, { value }, NEAR)
      assert.relative(want, each, NEAR)
      assert.equal(value, l:value(pred, gold))
    end
    local single = loss.ccc():forward(pred:narrow(2, 1, 1), gold:narrow(2, 1, 1))
    assert.relative({ 1 - want[1] }, { single }, NEAR)
  end)

  it("has the gradient that differences in plain double arithmetic give", function()
    local rng = tenor.rng(2)
    local pred, gold = tenor.randn(7, 1, rng), tenor.randn(7, 1, rng)
    local l, x, y, want = loss.ccc(), column(pred, 1), column(gold, 1), {}
    l:forward(pred, gold)
    for i = 1, #x do
      local at = x[i]
      x[i] = at + 1e-5
      local up = ccc(x, y, 1e-7)
      x[i] = at - 1e-5
      want[i] = { (ccc(x, y, 1e-7) - up) / 2e-5 }
      x[i] = at
    end
    assert.relative(want, l:backward(), 1e-6)
  end)

  it("of constant labels is finite: CCC is 0, eps keeps the gradient so too", function()
    local l = loss.ccc()
    local value, each = l:forward(tenor.randn(5, 1, tenor.rng(3)), tenor.full({ 5, 1 }, 0.1))
    assert.same({ 1, { 0 } }, { value, each })
    assert.is_true(l:backward():isfinite())
    assert.equal(1, (l:forward(tenor.full({ 5, 1 }, 0.1), tenor.full({ 5, 1 }, 0.1))))
    assert.is_true(l:backward():isfinite())
    assert.equal(1, l:value(tenor.zeros(1, 1), tenor.ones(1, 1))) -- as Keras counts a batch of one
  end)

  it("refuses what it cannot weigh or compare", function()
    local x = tenor.randn(4, 3, tenor.rng(4))
    for _, case in ipairs {
      { "give alpha and beta, or weights, not both", { alpha = 1, weights = { 1 } } },
      { "beta must be a number, got nil", { alpha = 1 } },
      { "alpha + beta at most 1, got 0.7 and 0.4", { alpha = 0.7, beta = 0.4 } },
      { "alpha and beta must not be negative", { alpha = -0.1, beta = 0.4 } },
      { "weights must be a table of numbers, got number", { weights = 3 } },
      { "weights[2] must be a number, got x", { weights = { 1, "x" } } },
      { "weights[1] must be a number, got", { weights = { 0 / 0 } } },
      { "eps must be a number, got tiny", { eps = "tiny" } },
      { "loss.ccc: unknown option 'gamma'", { gamma = 1 } },
    } do assert.raises(case[1], loss.ccc, case[2]) end
    local l = loss.ccc { alpha = 0.7, beta = 0.2 }
    assert.raises("loss.ccc: backward comes after forward", l.backward, l)
    assert.raises("the loss weighs 3 outputs, the model has 1", l.forward, l, x:narrow(2, 1, 1), x:narrow(2, 1, 1))
    assert.raises("predictions and labels must both be (N, K), got (4, 3) and (3, 3)", l.forward, l, x, x:narrow(1, 1, 3))
    assert.raises("must both be (N, K), got (3) and (3)", l.forward, l, x[1], x[1])
    assert.raises("CCC is undefined for a batch of 0", l.forward, l, tenor.zeros(0, 3), tenor.zeros(0, 3))
    assert.raises("must be tensors, got a table and (4, 3)", l.forward, l, {}, x)
    assert.raises("labels must be " .. tenor.real .. " (4, 3), got int32 (4, 3)", l.forward, l, x, tenor.zeros(4, 3, "int32"))
    assert.equal("CCC loss, weights 0.7, 0.2, 0.1", tostring(l))
  end)
end)

describe("the measures", function()
  local rng = tenor.rng(5)
  local pred, gold = tenor.randn(71, 2, rng):mul(0.3), tenor.randn(71, 2, rng):add(0.5)

  it("agree with plain rewrites, for (N) and (N, K)", function()
    local want = { ccc = {}, pcc = {}, rmse = {}, mae = {} }
    for k = 1, 2 do
      local x, y = column(pred, k), column(gold, k)
      local c, cov = ccc(x, y)
      local squares, absolutes = {}, {}
      for i = 1, #x do squares[i], absolutes[i] = (x[i] - y[i]) ^ 2, math.abs(x[i] - y[i]) end
      want.ccc[k], want.pcc[k] = c, cov / math.sqrt(naive.var(x) * naive.var(y))
      want.rmse[k], want.mae[k] = math.sqrt(naive.mean(squares)), naive.mean(absolutes)
    end
    for name, values in pairs(want) do
      assert.relative(values, metrics[name](pred, gold), NEAR, name)
      assert.relative({ values[2] }, { metrics[name](pred:t()[2], gold:t()[2]) }, NEAR, name)
    end
  end)

  it("are 1 or 0 for a perfect prediction", function()
    for _, x in ipairs { gold, gold + 1e4, gold * 1e-6 } do
      assert.relative({ 1, 1 }, metrics.ccc(x, x), 1e-12)
      assert.relative({ 1, 1 }, metrics.pcc(x, x), 1e-12)
      assert.same({ 0, 0 }, metrics.rmse(x, x))
      assert.same({ 0, 0 }, metrics.mae(x, x))
    end
    assert.relative({ -1, -1 }, metrics.ccc(gold - gold:mean(1), gold:mean(1) - gold), relative.by_build(1e-12, 1e-6))
  end)

  it("take what no single float, and no int32, holds the difference of", function()
    assert.equal(2000000000, metrics.mae(tenor.tensor({ 2000000000, 5 }, "int32"), tenor.tensor({ -2000000000, 5 }, "int32")))
    assert.relative({ 2e38 }, { metrics.mae(tenor.tensor { 2e38, 0 }, tenor.tensor { -2e38, 1 }) }, 1e-6)
    assert.relative({ 2e38 * math.sqrt(2) }, { metrics.rmse(tenor.tensor { 2e38, 0 }, tenor.tensor { -2e38, 1 }) }, 1e-6)
  end)

  it("ccc_batch is the mean of batches by size, the last one short", function()
    local want = {}
    for k = 1, 2 do
      local x, y, sum = column(pred, k), column(gold, k), 0
      for first = 1, 71, 32 do
        local last = math.min(first + 31, 71)
        sum = sum + (last - first + 1) * ccc({ table.unpack(x, first, last) }, { table.unpack(y, first, last) }, 1e-7)
      end
      want[k] = sum / 71
    end
    assert.relative(want, metrics.ccc_batch(pred, gold), NEAR)
    assert.relative({ want[1] }, { metrics.ccc_batch(pred:t()[1], gold:t()[1], 32) }, NEAR)
    assert.same({ 0, 0 }, metrics.ccc_batch(pred, gold, 1))
  end)

  it("ccc_batch by hand: a last batch of one counts 0", function()
    -- (0, 1) against (0, 1) agrees fully: 0.5 / (0.5 + 1e-7); then one alone
    local one = T { 0, 1, 5 }
    assert.relative({ 0.5 / (0.5 + 1e-7) * 2 / 3 }, { metrics.ccc_batch(one, one, 2) }, 1e-12)
    assert.equal(0, metrics.ccc_batch(T { 3 }, T { 3 }))
  end)

  it("refuse constant labels, to the last bit and no further", function()
    for _, value in ipairs { 0, 0.1, -1 / 3, 1e6 + 0.1 } do
      local constant = tenor.full({ 10 }, value)
      local other = tenor.arange(10)
      assert.raises("CCC is undefined for constant labels", metrics.ccc, other, constant)
      assert.raises("column 1 of the labels is constant", metrics.pcc, other, constant)
      assert.raises("column 1 of the predictions is constant", metrics.pcc, constant, other)
      assert.equal(0, metrics.ccc(constant, other))
    end
    local almost = tenor.full({ 10 }, 0.1)
    almost[3] = 0.1 + 1e-7
    assert.is_number(metrics.ccc(tenor.arange(10), almost))
  end)

  it("take whole numbers too", function()
    local x, y = T({ 1, 2, 3 }, "int32"), T({ 1, 2, 4 }, "int32")
    for _, name in ipairs(metrics.names) do
      assert.equal(metrics[name](x:to "real", y:to "real"), metrics[name](x, y), name)
    end
  end)

  it("refuse what does not fit", function()
    local x = tenor.zeros(3, 2)
    assert.raises("metrics.ccc: predictions and labels must both be (N) or (N, K), got (3, 2) and (2, 2)", metrics.ccc, x,
      tenor.zeros(2, 2))
    assert.raises("must both be", metrics.rmse, tenor.zeros(2, 2, 2), tenor.zeros(2, 2, 2))
    assert.raises("metrics.mae: predictions and labels must be tensors, got a table and (3, 2)", metrics.mae, { 1 }, x)
    assert.raises("metrics.ccc: predictions and labels must be tensors, got nil and (3, 2)", metrics.ccc, nil, x)
    assert.raises("at least 2 utterances are needed, got 1", metrics.ccc, x:narrow(1, 1, 1), x:narrow(1, 1, 1))
    assert.raises("at least 1 utterance is needed, got 0", metrics.rmse, tenor.zeros(0), tenor.zeros(0))
    assert.raises("batch must be a whole number from 1, got 0", metrics.ccc_batch, x, x, 0)
    assert.raises("no measure 'cc'; there are ccc, ccc_batch, pcc, rmse, mae", function() return metrics.cc end)
  end)
end)
