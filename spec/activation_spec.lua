local assert = require "spec.support.assertions"
local relative = require "spec.support.relative"
local tenor = require "tenor"

-- The activations as a network meets them: a Dense with the weight 1, or an LSTM's gates.
local function through(activation, xs)
  local dense = tenor.nn.Dense(1, 1, { activation = activation })
  dense:restore { weight = tenor.ones(1, 1), bias = tenor.zeros(1) }
  local x = tenor.tensor(xs)
  return x:totable(), dense:forward(x:reshape(#xs, 1)):reshape(#xs):totable()
end

-- many numbers a row: the vector code, with a tail that fills no register
local function in_a_row(activation, xs)
  local dense, n = tenor.nn.Dense(1, #xs, { activation = activation }), #xs
  dense:restore { weight = tenor.zeros(n, 1), bias = tenor.tensor(xs) }
  return tenor.tensor(xs):totable(), dense:forward(tenor.zeros(1, 1))[1]:totable()
end

local function range(low, high, count)
  local xs = {}
  for i = 0, count - 1 do xs[#xs + 1] = low + (high - low) * i / (count - 1) end
  return xs
end

local function tanh(x) -- without cancellation near zero
  if math.abs(x) < 0.05 then
    return x - x ^ 3 / 3 + 2 * x ^ 5 / 15 - 17 * x ^ 7 / 315 + 62 * x ^ 9 / 2835 - 1382 * x ^ 11 / 155925
  end
  local e = math.exp(-2 * math.abs(x))
  return (x < 0 and -1 or 1) * (1 - e) / (1 + e)
end
local function sigmoid(x) return 1 / (1 + math.exp(-x)) end

-- The header's bounds; double takes libm's, a few units of the last place.
local function worst(f, activation, xs)
  local most = 0
  for _, run in ipairs { through, in_a_row } do
    local at, got = run(activation, xs)
    for i, x in ipairs(at) do
      local want = f(x)
      most = math.max(most, want == 0 and math.abs(got[i]) or math.abs(got[i] / want - 1))
    end
  end
  return most
end

describe("the activations", function()
  it("sigmoid is exact to 2e-7 relative from -87 to 88", function()
    local bound = relative.by_build(1e-15, 2e-7)
    assert.is_true(worst(sigmoid, "sigmoid", range(-87, 88, 70001)) <= bound)
    assert.is_true(worst(sigmoid, "sigmoid", range(-1, 1, 20003)) <= bound)
  end)

  it("tanh is exact to 3e-7 relative, down to the smallest numbers", function()
    local bound = relative.by_build(1e-15, 3e-7)
    assert.is_true(worst(tanh, "tanh", range(-20, 20, 70001)) <= bound)
    assert.is_true(worst(tanh, "tanh", range(0.6, 0.65, 20003)) <= bound) -- where its two formulas meet
    assert.is_true(worst(tanh, "tanh", range(-1e-3, 1e-3, 2001)) <= bound)
    assert.is_true(worst(tanh, "tanh", { 1e-30, -1e-30, 0, 1e-8 }) <= bound)
  end)

  it("come to their limits far out, infinity included", function()
    local _, s = in_a_row("sigmoid", { -math.huge, -1000, 1000, math.huge })
    assert.is_true(s[1] >= 0 and s[1] < 1e-37 and s[2] >= 0 and s[2] < 1e-37)
    assert.same({ 1, 1 }, { s[3], s[4] })
    local _, t = in_a_row("tanh", { -math.huge, -1000, 1000, math.huge })
    assert.same({ -1, -1, 1, 1 }, t)
  end)

  it("keep NaN, in every place of a row", function()
    for _, activation in ipairs { "linear", "relu", "tanh", "sigmoid" } do
      for place = 1, 19 do
        local xs = range(-3, 3, 19)
        xs[place] = 0 / 0
        local _, got = in_a_row(activation, xs)
        for i, v in ipairs(got) do assert.equal(i ~= place, v == v) end
      end
    end
  end)
end)
