local assert = require "spec.support.assertions"
local naive = require "spec.support.naive_lstm"
local relative = require "spec.support.relative"
local shared = require "spec.support.shared"
local tenor = require "tenor"

local nn, T = tenor.nn, tenor.tensor
local by_build = relative.by_build

-- Against another program's order of additions: a few dozen roundings of the
-- largest numbers, 2e-16 or 6e-8 each; gradients pass through every step twice.
local OUTPUTS, GRADS = by_build(1e-12, 1e-5), by_build(1e-12, 1e-4)

local function numbers(lstm)
  local net = {}
  for _, p in ipairs(lstm:parameters()) do net[p.name] = p.value:totable() end
  return net
end

-- N utterances of T steps run one by one by the naive rewrite: outputs, states, gradients.
local function oracle(lstm, x, state, dy, d_state)
  local net = numbers(lstm)
  local grads, out = naive.grads(net), { y = {}, h = {}, c = {}, dx = {}, dh = {}, dc = {} }
  for n, steps in ipairs(x:totable()) do
    local trace = naive.run(steps, net, state and state.h[n]:totable(), state and state.c[n]:totable())
    out.y[n], out.h[n], out.c[n] = trace.y, trace.h, trace.c
    out.dx[n], out.dh[n], out.dc[n] = naive.back(trace, grads, dy and dy[n]:totable(),
      d_state and d_state.h[n]:totable(), d_state and d_state.c[n]:totable())
  end
  out.grads = { w_ih = T(grads.w_ih), w_hh = T(grads.w_hh), bias = T(grads.bias) }
  return out
end

local function state_of(rng, n, h) return { h = tenor.randn(n, h, rng):mul(0.5), c = tenor.randn(n, h, rng) } end

describe("the LSTM against PyTorch", function()
  for _, name in ipairs { "small", "odd", "one_step", "batch_one" } do
    shared.it(("meets golden lstm_%s: outputs, states and every gradient"):format(name), function()
      local z = assert(tenor.load(shared.path(("golden/lstm_%s.npz"):format(name))))
      local lstm = nn.LSTM(z.x:size(3), z.h0:size(2))
      lstm:restore { w_ih = z.weight_ih, w_hh = z.weight_hh, bias = z.bias }
      local label = "lstm_" .. name .. " "
      local outputs, grads = by_build(1e-9, 1e-5), by_build(1e-9, 1e-4)
      assert.relative(z.y, lstm:forward(z.x, { h = z.h0, c = z.c0 }), outputs, label .. "y")
      local last = lstm:final_state()
      assert.relative(z.hn, last.h, outputs, label .. "hn")
      assert.relative(z.cn, last.c, outputs, label .. "cn")
      assert.relative(z.grad_x, lstm:backward(z.grad_y), grads, label .. "grad_x")
      relative.each({ w_ih = z.grad_weight_ih, w_hh = z.grad_weight_hh, bias = z.grad_bias }, relative.grads(lstm),
        grads, label .. "grad_")
      assert.relative(z.grad_h0, lstm.grad_state.h, grads, label .. "grad_h0")
      assert.relative(z.grad_c0, lstm.grad_state.c, grads, label .. "grad_c0")
    end)
  end
end)

describe("the LSTM against a plain rewrite", function()
  -- {N, T, D, H}; threads share the units from H = 64 on, 16 at a time
  for _, dims in ipairs { { 1, 1, 1, 1 }, { 2, 5, 3, 1 }, { 4, 3, 2, 3 }, { 3, 6, 5, 16 }, { 5, 2, 7, 17 },
    { 2, 3, 4, 64 }, { 3, 4, 5, 80 }, { 2, 2, 3, 256 } } do
    local n, steps, d, h = table.unpack(dims)
    it(("agrees for %d x %d steps of %d, %d units, with and without initial state"):format(n, steps, d, h), function()
      local rng = tenor.rng(h)
      local lstm = nn.LSTM(d, h, { rng = rng })
      local x, dy = tenor.randn(n, steps, d, rng), tenor.randn(n, steps, h, rng)
      for _, case in ipairs { {}, { state = state_of(rng, n, h), d_state = state_of(rng, n, h) } } do
        local want = oracle(lstm, x, case.state, dy, case.d_state)
        lstm:zero_grad()
        assert.relative(want.y, lstm:forward(x, case.state), OUTPUTS)
        assert.relative(want.h, lstm:final_state().h, OUTPUTS)
        assert.relative(want.c, lstm:final_state().c, OUTPUTS)
        assert.relative(want.dx, lstm:backward(dy, case.d_state), GRADS)
        relative.each(want.grads, relative.grads(lstm), GRADS)
        if case.state then
          assert.relative(want.dh, lstm.grad_state.h, GRADS)
          assert.relative(want.dc, lstm.grad_state.c, GRADS)
        end
      end
    end)
  end

  it("gives with `last` the last of all outputs, and its gradient", function()
    local rng = tenor.rng(3)
    local all, last = nn.LSTM(4, 6, { rng = rng }), nn.LSTM(4, 6, { last = true })
    last:restore(all:snapshot())
    local x, dy, d_state = tenor.randn(5, 7, 4, rng), tenor.randn(5, 6, rng), state_of(rng, 5, 6)
    local every = tenor.zeros(5, 7, 6)
    for n = 1, 5 do every[n][7]:copy_from(dy[n]) end
    local y = all:forward(x)
    local out = last:forward(x)
    assert.same({ 5, 6 }, out:shape())
    for n = 1, 5 do assert.same(y[n][7]:totable(), out[n]:totable()) end
    assert.relative(all:backward(every, d_state), last:backward(dy, d_state), GRADS)
    relative.each(relative.grads(all), relative.grads(last), GRADS)
  end)

  it("takes (N, D) as one step, (N, 1, D) alike", function()
    local rng = tenor.rng(4)
    local lstm = nn.LSTM(5, 3, { rng = rng })
    local x, dy, state = tenor.randn(4, 5, rng), tenor.randn(4, 3, rng), state_of(rng, 4, 3)
    local want = oracle(lstm, x:reshape(4, 1, 5), state, dy:reshape(4, 1, 3))
    local y = lstm:forward(x, state)
    assert.same({ 4, 3 }, y:shape())
    assert.relative(T(want.y):reshape(4, 3), y, OUTPUTS)
    assert.relative(T(want.dx):reshape(4, 5), lstm:backward(dy), GRADS)
    assert.relative(want.dh, lstm.grad_state.h, GRADS)
    assert.same({ 4, 1, 3 }, lstm:forward(x:reshape(4, 1, 5), state):shape())
    assert.same({ 4, 1, 5 }, lstm:backward(dy:reshape(4, 1, 3)):shape())
    relative.each({ w_ih = want.grads.w_ih * 2, w_hh = want.grads.w_hh * 2, bias = want.grads.bias * 2 },
      relative.grads(lstm), GRADS) -- gradients of the two passes add up
  end)

  it("goes on from a final state as if never interrupted", function()
    local rng = tenor.rng(5)
    local lstm = nn.LSTM(3, 5, { rng = rng })
    local x = tenor.randn(2, 6, 3, rng)
    local whole = lstm:forward(x)
    local first = lstm:forward(x:narrow(2, 1, 4))
    local second = lstm:forward(x:narrow(2, 5, 2), lstm:final_state())
    assert.relative(whole, tenor.cat({ first, second }, 2), OUTPUTS)
  end)
end)

describe("the LSTM's threads", function()
  local before = tenor.threads()
  after_each(function() tenor.threads(before) end)

  for _, h in ipairs { 64, 80, 256 } do
    it(("change nothing but rounding at %d units, and repeat bit for bit"):format(h), function()
      local rng = tenor.rng(h)
      local model = nn.Sequential { nn.Embedding(9, 20, { rng = rng, length = 11 }), nn.LSTM(20, h, { rng = rng }),
        nn.LSTM(h, h, { rng = rng, last = true }) }
      local ids, dy = T({ { 0, 0, 1, 2 }, { 3, 4, 5, 6 }, { 0, 0, 0, 0 }, { 0, 0, 0, 8 } }, "int32"), tenor.randn(4, h, rng)
      local function run(threads)
        tenor.threads(threads)
        model:zero_grad()
        local out = { y = model:forward(ids) }
        model:backward(dy)
        for name, grad in pairs(relative.grads(model)) do out[name] = grad:copy() end
        return out
      end
      local one, two, again, many = run(1), run(2), run(2), run(7)
      relative.each(one, two, by_build(1e-13, 1e-5))
      relative.each(one, many, by_build(1e-13, 1e-5)) -- more threads than blocks of units: some have no work
      for name, t in pairs(two) do assert.is_true(relative.same(t, again[name]), name) end
    end)
  end
end)

describe("the LSTM's own kernels for the recurrent product", function()
  local lstm_core = require("tenor.core").lstm
  local before = tenor.threads()
  after_each(function()
    tenor.threads(before)
    lstm_core.panels(64)
  end)

  -- units that fill no panel, and more than a block of the sum; rows for every size of tile
  for _, h in ipairs { 2, 5, 33, 100, 300 } do
    it(("agree with BLAS at %d units for any number of rows, and with themselves on any threads"):format(h), function()
      local rng = tenor.rng(h)
      local lstm = nn.LSTM(2, h, { rng = rng })
      for _, n in ipairs { 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 16, 27 } do
        local x, dy = tenor.randn(n, 3, 2, rng), tenor.randn(n, 3, h, rng)
        local function run(bytes, threads)
          lstm_core.panels(bytes)
          tenor.threads(threads)
          lstm:zero_grad()
          local out = { y = lstm:forward(x), dx = lstm:backward(dy) }
          for name, grad in pairs(relative.grads(lstm)) do out[name] = grad:copy() end
          return out
        end
        local blas = run(0, 1)
        for _, bytes in ipairs { 32, 64 } do -- AVX2, AVX-512: where the machine has them
          local ours, three = run(bytes, 1), run(bytes, 3)
          relative.each(blas, ours, by_build(1e-13, 1e-5))
          relative.each(ours, three, by_build(1e-13, 1e-5))
          assert.is_true(relative.same(ours.y, three.y)) -- a sum in one order, whatever the split
        end
      end
    end)
  end

  it("may change between two runs", function()
    local lstm, x = nn.LSTM(3, 70, { rng = tenor.rng(1) }), tenor.randn(4, 3, 3, tenor.rng(2))
    lstm_core.panels(0)
    lstm:forward(x)
    lstm_core.panels(64)
    local dx = lstm:backward(tenor.ones(4, 3, 70))
    lstm:forward(x)
    assert.relative(lstm:backward(tenor.ones(4, 3, 70)), dx, GRADS)
  end)
end)

describe("the LSTM's arguments", function()
  local lstm = nn.LSTM(4, 3, { rng = tenor.rng(1) })

  it("are refused with what was expected and what came", function()
    local x, y = tenor.zeros(2, 5, 4), tenor.zeros(2, 5, 3)
    local state = { h = tenor.zeros(2, 3), c = tenor.zeros(2, 3) }
    assert.raises("LSTM(4 -> 3): x must be (N, T, 4), or (N, 4) for one step, got (2, 5)", lstm.forward, lstm, tenor.zeros(2, 5))
    assert.raises("got (4)", lstm.forward, lstm, tenor.zeros(4))
    assert.raises("got nil", lstm.forward, lstm, nil)
    assert.raises("x must be", lstm.forward, lstm, tenor.zeros(2, 5, 4, "int32"))
    assert.raises("the batch is empty", lstm.forward, lstm, tenor.zeros(0, 5, 4))
    assert.raises("the batch is empty", lstm.forward, lstm, tenor.zeros(0, 5, 4)) -- and again
    assert.raises("state.h must be (2, 3), got (3, 3)", lstm.forward, lstm, x, { h = tenor.zeros(3, 3), c = state.c })
    assert.raises("state.c must be (2, 3), got nil", lstm.forward, lstm, x, { h = state.h })
    assert.raises("state must be { h =, c = }, got a number", lstm.forward, lstm, x, 3)
    assert.raises("state.c must be (2, 3)", lstm.forward, lstm, x, { h = state.h, c = tenor.zeros(2, 3, "int32") })
    lstm:forward(x)
    assert.raises("dy must be (2, 5, 3), got (2, 5, 4)", lstm.backward, lstm, x)
    assert.raises("dy must be (2, 5, 3), got (10, 3)", lstm.backward, lstm, y:reshape(10, 3))
    assert.raises("dy must be (2, 5, 3)", lstm.backward, lstm, tenor.zeros(2, 5, 3, "int32"))
    assert.raises("d_state.h must be (2, 3), got (1, 3)", lstm.backward, lstm, y, { h = tenor.zeros(1, 3) })
    lstm:backward(y)
    assert.raises("backward comes after forward, once for each", lstm.backward, lstm, y)
    assert.raises("there is no state before the first forward", function() nn.LSTM(2, 2):final_state() end)
  end)

  it("that fail leave nothing to go back through", function()
    lstm:forward(tenor.ones(2, 5, 4))
    assert.raises("state.h", lstm.forward, lstm, tenor.ones(3, 5, 4), { h = 1, c = 2 })
    assert.raises("backward comes after forward", lstm.backward, lstm, tenor.ones(3, 5, 3))
  end)

  it("may have no steps at all: the state stays what it was", function()
    local state = state_of(tenor.rng(2), 2, 3)
    assert.same({ 2, 0, 3 }, lstm:forward(tenor.zeros(2, 0, 4), state):shape())
    assert.same(state.h:totable(), lstm:final_state().h:totable())
    assert.same({ 2, 0, 4 }, lstm:backward(tenor.zeros(2, 0, 3), state):shape())
    assert.same(state.c:totable(), lstm.grad_state.c:totable())
  end)

  it("that are NaN leave no trace in the next run", function()
    local fresh = nn.LSTM(4, 80, { rng = tenor.rng(1) })
    local x, dy = tenor.randn(1, 2, 4, tenor.rng(2)), tenor.ones(1, 2, 80)
    local function run()
      fresh:zero_grad()
      local y = fresh:forward(x)
      return y, fresh:backward(dy), fresh.grads.w_hh:copy()
    end
    local before = { run() }
    fresh:forward(tenor.full({ 1, 2, 4 }, 0 / 0))
    fresh:backward(dy)
    for i, t in ipairs { run() } do assert.is_true(relative.same(before[i], t)) end
  end)
end)
