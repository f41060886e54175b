local assert = require "spec.support.assertions"
local gradcheck = require "spec.support.gradcheck"
local relative = require "spec.support.relative"
local tenor = require "tenor"

-- Single precision has no digits to spare for differences.
if not relative.double then return end

local nn, T = tenor.nn, tenor.tensor

local function check(module, x, o)
  for _, entry in ipairs(gradcheck.both(module, x, o)) do
    assert.relative(entry.numeric, entry.analytic, 1e-6, "gradient by " .. entry.name)
  end
end

-- Parameters that are not as special as zero biases and ones.
local function stir(module, rng)
  for _, p in ipairs(module:parameters()) do p.value:add(tenor.randn(p.value:shape(), rng):mul(0.3)) end
  return module
end

local ids = T({ { 0, 0, 0, 3, 1 }, { 0, 0, 0, 0, 0 }, { 2, 5, 0, 1, 4 }, { 0, 0, 0, 0, 3 }, { 0, 0, 5, 2, 2 } }, "int32")

describe("the gradient of Dense", function()
  for _, activation in ipairs { "linear", "relu", "tanh", "sigmoid" } do
    it(("with %s is that of central differences"):format(activation), function()
      local rng = tenor.rng(1)
      local dense = stir(nn.Dense(4, 3, { activation = activation, rng = rng }), rng)
      check(dense, tenor.randn(5, 4, rng))
      check(dense, tenor.randn(2, 3, 4, rng))
    end)
  end

  it("with heads is that of central differences", function()
    local rng = tenor.rng(2)
    check(stir(nn.Dense(4, 3, { heads = true, rng = rng }), rng), tenor.randn(5, 4, rng))
  end)
end)

describe("the gradient of the LSTM", function()
  for _, case in ipairs { { "all outputs", false }, { "the last output", true } } do
    local what, last = table.unpack(case)
    it(("by %s of dense steps is that of central differences"):format(what), function()
      local rng = tenor.rng(3)
      local lstm = stir(nn.LSTM(4, 3, { last = last, rng = rng }), rng)
      check(lstm, tenor.randn(3, 4, 4, rng))
      check(lstm, tenor.randn(2, 1, 4, rng))
      check(lstm, tenor.randn(2, 4, rng))
    end)

    it(("by %s of an initial state is that of central differences"):format(what), function()
      local rng = tenor.rng(4)
      local lstm = stir(nn.LSTM(4, 3, { last = last, rng = rng }), rng)
      local state = { h = tenor.randn(3, 3, rng), c = tenor.randn(3, 3, rng) }
      check(lstm, tenor.randn(3, 4, 4, rng), {
        run = function(m, x) return m:run(x, state) end,
        more = { h0 = { state.h, function() return lstm.grad_state.h end },
          c0 = { state.c, function() return lstm.grad_state.c end } },
      })
    end)

    for _, padding in ipairs { "pre", "none" } do
      it(("by %s of a sequence, padding %s, is that of central differences"):format(what, padding), function()
        local rng = tenor.rng(5)
        local lstm = stir(nn.LSTM(4, 3, { last = last, rng = rng }), rng)
        check(lstm, nn.Embedding(6, 4, { padding = padding, length = 7, rng = rng }):forward(ids))
        local two = stir(nn.Sequential { nn.LSTM(4, 3), nn.LSTM(3, 2, { last = last }) }, rng)
        check(two, nn.Embedding(6, 4, { padding = padding, rng = rng }):forward(ids))
      end)
    end
  end

  it("by its final state is that of central differences", function()
    local rng = tenor.rng(6)
    local lstm = stir(nn.LSTM(4, 3, { rng = rng }), rng)
    check(lstm, nn.Embedding(6, 4, { padding = "none", rng = rng }):forward(ids), {
      run = function(m, x)
        m:run(x)
        local state = m:final_state()
        return tenor.cat({ state.h, state.c }, 2)
      end,
      back = function(m, r)
        local zero = nn.Sequence.new(m.layout, tenor.zeros(m.x:size(1), 3))
        return m:backward(zero, { h = r:narrow(2, 1, 3), c = r:narrow(2, 4, 3) })
      end,
    })
  end)

  it("on the threads' path is that of central differences", function()
    local rng = tenor.rng(7)
    check(stir(nn.LSTM(1, 64, { last = true }), rng), tenor.randn(2, 2, 1, rng), { stride = 37 })
  end)
end)

describe("the gradient of BatchNorm", function()
  it("in training flows through the batch's mean and variance", function()
    local rng = tenor.rng(8)
    check(stir(nn.BatchNorm(4), rng), tenor.randn(6, 4, rng):mul(3):add(1))
    check(stir(nn.BatchNorm(4), rng), tenor.randn(2, 4, rng))
  end)

  it("in inference takes the running moments as given", function()
    local rng = tenor.rng(9)
    local bn = stir(nn.BatchNorm(4), rng)
    bn:forward(tenor.randn(6, 4, rng):mul(2):add(3))
    check(bn:eval(), tenor.randn(5, 4, rng))
    check(bn, tenor.randn(1, 4, rng))
  end)
end)

describe("the gradient of Dropout", function()
  it("is that of the mask that was drawn", function()
    local rng = tenor.rng(10)
    local drop = nn.Dropout(0.4, { rng = rng })
    local state = rng:state()
    check(drop, tenor.randn(5, 4, tenor.rng(1)), { before = function() rng:restore(state) end })
    check(drop:eval(), tenor.randn(5, 4, tenor.rng(1)))
  end)
end)

describe("the gradient of the Embedding", function()
  for _, padding in ipairs { "pre", "none", "dense" } do
    it(("with padding %s is that of central differences"):format(padding), function()
      local rng = tenor.rng(11)
      check(nn.Embedding(6, 3, { padding = padding, rng = rng }), ids)
      check(nn.Embedding(6, 3, { padding = padding, length = 8, rng = rng }), ids)
      check(nn.Embedding(6, 3, { padding = padding, length = 2, rng = rng }), ids)
    end)
  end
end)

describe("the gradient of containers", function()
  it("is that of central differences through Sequential and Concat", function()
    local rng = tenor.rng(12)
    local model = stir(nn.Sequential {
      nn.Concat {
        nn.Sequential { nn.BatchNorm(3), nn.Dense(3, 2, { activation = "tanh" }), name = "left" },
        nn.Sequential { nn.Dense(4, 3, { activation = "sigmoid" }), name = "right" },
      },
      nn.Dense(5, 2),
    }, rng)
    check(model, { tenor.randn(4, 3, rng), tenor.randn(4, 4, rng) })
  end)
end)

describe("the gradient of the CCC loss", function()
  it("is that of central differences by the predictions", function()
    local rng = tenor.rng(13)
    for _, opts in ipairs { {}, { alpha = 0.7, beta = 0.2 }, { weights = { 1, 0, 3 }, eps = 0.1 } } do
      local loss = tenor.loss.ccc(opts)
      local pred, gold = tenor.randn(8, 3, rng), tenor.randn(8, 3, rng):add(0.3)
      loss:forward(pred, gold)
      local analytic = loss:backward():copy()
      local numeric = gradcheck.differences(function() return (loss:forward(pred, gold)) end, pred)
      assert.relative(numeric, gradcheck.pick(analytic), 1e-6, "gradient by the predictions")
    end
  end)
end)

describe("the gradient of the whole fusion network", function()
  for _, padding in ipairs { "pre", "none", "dense" } do
    for _, dropout in ipairs { 0, 0.4 } do
      it(("with padding %s and dropout %g is that of central differences"):format(padding, dropout), function()
        local rng = tenor.rng(14)
        local model = stir(tenor.networks.fusion { features = 3, vocabulary = 6, embedding = 3, hidden = 4, dense = 3,
          fused = { 4, 3 }, padding = padding, length = 7, dropout = dropout, rng = rng }, rng)
        local loss = tenor.loss.ccc { alpha = 0.7, beta = 0.2 }
        local gold, masks = tenor.randn(5, 3, rng), tenor.rng(3)
        local state = masks:state()
        model:set_rng(masks)
        check(model, { tenor.randn(5, 3, rng), ids }, {
          before = function() masks:restore(state) end,
          run = function(m, x) -- the loss is a layer too: its value as (1)
            return T { (loss:forward(m:run(x), gold)) }
          end,
          back = function(m, r) return m:backward(loss:backward() * r[1]) end,
        })
      end)
    end
  end
end)
