local assert = require "spec.support.assertions"
local relative = require "spec.support.relative"
local tenor = require "tenor"

local optim = tenor.optim

-- 20 steps of a few roundings each
local NEAR = relative.by_build(1e-13, 3e-6)

local sqrt = math.sqrt

-- One number's life under each rule, as its paper writes it: f(o) → step(p, g, t) → p
local rules = {
  SGD = function(o)
    local v = 0
    return function(p, g)
      v = o.momentum * v - o.lr * g
      return p + (o.nesterov and o.momentum * v - o.lr * g or v)
    end
  end,
  RMSprop = function(o)
    local v = 0
    return function(p, g)
      v = o.rho * v + (1 - o.rho) * g ^ 2
      return p - o.lr * g / (sqrt(v) + o.eps)
    end
  end,
  Adam = function(o)
    local m, v = 0, 0
    return function(p, g, t)
      m, v = o.beta1 * m + (1 - o.beta1) * g, o.beta2 * v + (1 - o.beta2) * g ^ 2
      return p - o.lr * sqrt(1 - o.beta2 ^ t) / (1 - o.beta1 ^ t) * m / (sqrt(v) + o.eps)
    end
  end,
  Nadam = function(o)
    local m, v, schedule = 0, 0, 1
    local function mu(t) return o.beta1 * (1 - 0.5 * 0.96 ^ (t * o.schedule_decay)) end
    return function(p, g, t)
      schedule = schedule * mu(t)
      m, v = o.beta1 * m + (1 - o.beta1) * g, o.beta2 * v + (1 - o.beta2) * g ^ 2
      local ahead = schedule * mu(t + 1) * (o.variant == "torch" and mu(t) or 1)
      local m_bar = (1 - mu(t)) * g / (1 - schedule) + mu(t + 1) * m / (1 - ahead)
      return p - o.lr * m_bar / (sqrt(v / (1 - o.beta2 ^ t)) + o.eps)
    end
  end,
}

local cases = {
  { "SGD", {}, { lr = 0.01, momentum = 0, nesterov = false } },
  { "SGD", { lr = 0.1, momentum = 0.9 }, { lr = 0.1, momentum = 0.9, nesterov = false } },
  { "SGD", { lr = 0.1, momentum = 0.9, nesterov = true }, { lr = 0.1, momentum = 0.9, nesterov = true } },
  { "RMSprop", {}, { lr = 0.001, rho = 0.9, eps = 1e-7 } },
  { "RMSprop", { lr = 0.05, rho = 0.99, eps = 1e-3 }, { lr = 0.05, rho = 0.99, eps = 1e-3 } },
  { "Adam", {}, { lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-7 } },
  { "Adam", { lr = 0.02, beta1 = 0.5, beta2 = 0.9 }, { lr = 0.02, beta1 = 0.5, beta2 = 0.9, eps = 1e-7 } },
  { "Nadam", {}, { lr = 0.002, beta1 = 0.9, beta2 = 0.999, eps = 1e-7, schedule_decay = 0.004, variant = "torch" } },
  { "Nadam", { variant = "keras" },
    { lr = 0.002, beta1 = 0.9, beta2 = 0.999, eps = 1e-7, schedule_decay = 0.004, variant = "keras" } },
  { "Nadam", { lr = 0.01, schedule_decay = 0.1, variant = "keras" },
    { lr = 0.01, beta1 = 0.9, beta2 = 0.999, eps = 1e-7, schedule_decay = 0.1, variant = "keras" } },
}

describe("the optimisers", function()
  for _, case in ipairs(cases) do
    local name, given, full = table.unpack(case)
    it(("move as a plain rewrite over 20 steps: %s"):format(tostring(optim[name](given))), function()
      local rng = tenor.rng(1)
      -- two parameters: one of a size that fills no vector, and one that the threads share
      for _, n in ipairs { 7, relative.double and 67 or 65601 } do
        local optimizer = optim[name](given)
        local value, grad = tenor.randn(n, rng), tenor.zeros(n)
        local parameters = { { name = "p", value = value, grad = grad },
          { name = "q", value = tenor.ones(2), grad = tenor.ones(2) } }
        local watched, plain = {}, {}
        for _, i in ipairs { 1, n // 2, n } do
          watched[#watched + 1] = i
          plain[#plain + 1] = { at = value[i], step = rules[name](full) }
        end
        local start = value:copy()
        for t = 1, 20 do
          grad:copy_from(tenor.randn(n, rng))
          optimizer:step(parameters)
          for k, i in ipairs(watched) do plain[k].at = plain[k].step(plain[k].at, grad[i], t) end
        end
        for k, i in ipairs(watched) do
          assert.relative({ plain[k].at }, { value[i] }, NEAR)
          -- and within a small part of the way gone, beyond the 20 roundings of the value itself
          local way, size = math.abs(plain[k].at - start[i]), math.max(1, math.abs(value[i]))
          local near = relative.by_build(1e-12, 1e-4) * way + 20 * relative.by_build(1.2e-16, 6e-8) * size
          assert.is_true(math.abs(value[i] - plain[k].at) <= near)
        end
      end
    end)
  end

  it("scale all gradients together when their norm exceeds clip_norm", function()
    local function parameters() -- norm 13
      return { { name = "a", value = tenor.zeros(2), grad = tenor.tensor { 3, 4 } },
        { name = "b", value = tenor.zeros(1), grad = tenor.tensor { 12 } } }
    end
    local p = parameters()
    assert.equal(13, optim.grad_norm(p))
    optim.SGD({ lr = 1, clip_norm = 6.5 }):step(p)
    assert.near_tensor({ -1.5, -2 }, p[1].value)
    assert.near_tensor({ -6 }, p[2].value)
    p = parameters()
    optim.SGD({ lr = 1, clip_norm = 13 }):step(p)
    assert.near_tensor({ -12 }, p[2].value)
  end)

  it("keep the sum of squares of long gradients exact", function()
    local n = 1000003
    local norm = optim.grad_norm { { grad = tenor.full(n, 0.5) } }
    assert.is_true(math.abs(norm / (0.5 * sqrt(n)) - 1) < 1e-12)
  end)

  it("refuse options out of range, and say which they know", function()
    for _, case in ipairs {
      { "SGD", { lr = -1 }, "optim.SGD: lr must be a number of at least 0, got -1" },
      { "SGD", { lr = math.huge }, "lr must be a number of at least 0" },
      { "SGD", { lr = 0 / 0 }, "lr must be a number" },
      { "SGD", { momentum = 1 }, "momentum must be a number of at least 0 and less than 1, got 1" },
      { "RMSprop", { rho = 1.5 }, "rho must be a number of at least 0 and less than 1, got 1.5" },
      { "RMSprop", { eps = "x" }, "eps must be a number of at least 0, got x" },
      { "Adam", { beta2 = 1 }, "beta2 must be a number of at least 0 and less than 1, got 1" },
      { "Adam", { clip_norm = -1 }, "clip_norm must be a number of at least 0, got -1" },
      { "Adam", { learning_rate = 1 }, "optim.Adam: unknown option 'learning_rate'" },
      { "Nadam", { variant = "dozat" }, "variant must be 'torch' or 'keras', got 'dozat'" },
      { "Nadam", { variant = false }, "variant must be 'torch' or 'keras', got 'false'" },
    } do assert.raises(case[3], optim[case[1]], case[2]) end
    assert.raises("options must be a table, got number", optim.SGD, 0.1)
  end)
end)

describe("The state of an optimiser", function()
  local nn = tenor.nn
  local function model() return nn.Sequential { nn.Dense(3, 2, { rng = tenor.rng(1) }), nn.Dense(2, 1, { rng = tenor.rng(2) }) } end
  local function steps(m, optimizer, n)
    for i = 1, n do
      for _, p in ipairs(m:parameters()) do p.grad:copy_from(tenor.randn(p.value:shape(), tenor.rng(i + optimizer.steps))) end
      optimizer:step(m:parameters())
    end
  end

  for name in pairs(rules) do
    it("restored lets another one go on to the same bits, " .. name, function()
      local one, two, o = model(), model(), name == "SGD" and { momentum = 0.9 } or {}
      local first, second = optim[name](o), optim[name](o)
      steps(one, first, 3)
      two:restore(one:snapshot())
      assert.equal(second, second:restore(first:state(one:parameters()), two:parameters()))
      steps(one, first, 4)
      steps(two, second, 4)
      for key, value in pairs(one:snapshot()) do assert.same(value:totable(), two:snapshot()[key]:totable()) end
    end)
  end

  it("is a copy", function()
    local m, optimizer = model(), optim.Adam()
    steps(m, optimizer, 1)
    local state = optimizer:state(m:parameters())
    local before = state.moments["Dense.weight"][1]:totable()
    steps(m, optimizer, 1)
    assert.same(before, state.moments["Dense.weight"][1]:totable())
    assert.equal(1, state.steps)
  end)

  it("of another network or optimiser is refused", function()
    local m, adam = model(), optim.Adam()
    steps(m, adam, 1)
    local state = adam:state(m:parameters())
    assert.raises("has 2 moments, SGD keeps 1", function() optim.SGD():restore(state, m:parameters()) end)
    local wide = nn.Sequential { nn.Dense(3, 4), nn.Dense(4, 1) }
    assert.raises("optimizer:restore: the moments of 'Dense.weight' must be (4, 3), got (2, 3)",
      function() optim.Adam():restore(state, wide:parameters()) end)
    assert.raises("optimizer:restore: the parameters have no 'Dense_2.", function()
      optim.Adam():restore(state, nn.Sequential { nn.Dense(3, 2) }:parameters())
    end)
    assert.raises("optimizer:restore: state must be a table from optimizer:state(), got nil",
      function() adam:restore(nil, m:parameters()) end)
  end)
end)
