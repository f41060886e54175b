-- Inference keeps the states of the shared front padding until a weight changes.
local assert = require "spec.support.assertions"
local tenor = require "tenor"

local nn = tenor.nn

-- The same function by another order of summation in the input projection.
local tolerance = tenor.real == "float64" and 1e-13 or 1e-6

local function ids_of(lengths, steps, rng)
  local ids = tenor.zeros(#lengths, steps, "int32")
  for i, length in ipairs(lengths) do
    for t = steps - length + 1, steps do ids[i][t] = rng:integer(19) end
  end
  return ids
end

local function network(padding, more)
  local rng = tenor.rng(4)
  local layers = {
    nn.Embedding(20, 6, { padding = padding, length = 30, rng = rng }),
    nn.LSTM(6, 70, { rng = rng }),
    more or nn.LSTM(70, 70, { rng = rng }),
    nn.LSTM(70, 5, { last = true, rng = rng }),
    nn.Dense(5, 2, { rng = rng }),
  }
  return nn.Sequential(layers)
end

describe("inference over shared front padding", function()
  local ids = ids_of({ 3, 0, 7, 1, 7 }, 8, tenor.rng(1))

  it("gives what the padded computation gives", function()
    local shared, plain = network("pre"), network("dense")
    assert.near_tensor(plain:eval():forward(ids), tenor.predict(shared, ids), tolerance)
    assert.near_tensor(shared:eval():forward(ids), tenor.predict(shared, ids), tolerance)
  end)

  it("passes a Dense between the LSTMs", function()
    local function dense() return nn.Dense(70, 70, { activation = "tanh", rng = tenor.rng(9) }) end
    local shared, plain = network("pre", dense()), network("dense", dense())
    assert.near_tensor(plain:eval():forward(ids), tenor.predict(shared, ids), tolerance)
  end)

  it("serves shorter and longer padding in any order", function()
    local shared, plain = network("pre"), network("dense")
    for _, lengths in ipairs { { 30 }, { 8, 5 }, { 0 }, { 29 }, { 2, 30, 0 } } do
      local batch = ids_of(lengths, 30, tenor.rng(2))
      assert.near_tensor(plain:eval():forward(batch), tenor.predict(shared, batch), tolerance)
    end
  end)

  for _, where in ipairs { "Embedding.weight", "LSTM.w_hh", "LSTM_2.w_ih", "LSTM_3.bias", "Dense.bias" } do
    it("notices a change of " .. where, function()
      local shared, plain = network("pre"), network("dense")
      tenor.predict(shared, ids)
      for _, model in ipairs { shared, plain } do
        for _, p in ipairs(model:parameters()) do
          if p.name == where then p.value[1] = 0.25 end
        end
      end
      assert.near_tensor(plain:eval():forward(ids), tenor.predict(shared, ids), tolerance)
    end)
  end

  it("keeps nothing of it in training", function()
    local shared, plain = network("pre"), network("dense")
    tenor.predict(shared, ids)
    local dy = tenor.ones(5, 2)
    for _, model in ipairs { shared, plain } do
      model:train():zero_grad()
      model:forward(ids)
      model:backward(dy)
    end
    local wanted = {}
    for _, p in ipairs(plain:parameters()) do wanted[p.name] = p.grad end
    for _, p in ipairs(shared:parameters()) do
      assert.near_tensor(wanted[p.name], p.grad, tenor.real == "float64" and 1e-12 or 1e-4)
    end
  end)

  it("runs twice to the same bits", function()
    local shared = network("pre")
    assert.is_true(tenor.predict(shared, ids) == tenor.predict(shared, ids))
  end)
end)
