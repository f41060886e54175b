local assert = require "spec.support.assertions"
local relative = require "spec.support.relative"
local tenor = require "tenor"

local nn, T = tenor.nn, tenor.tensor
local by_build = relative.by_build

-- The same sums in another order: a few roundings of the largest number. In
-- single precision the padded run adds hundreds of gradients that the branched
-- run adds as one.
local SAME, SAME_GRADS = by_build(1e-12, 1e-5), by_build(1e-12, 2e-4)

-- Front-padded ids (N, T) with these lengths.
local function batch(rng, lengths, steps, vocabulary)
  local rows = {}
  for n, length in ipairs(lengths) do
    rows[n] = {}
    for t = 1, steps do rows[n][t] = t > steps - length and rng:integer(vocabulary - 1) or 0 end
  end
  return T(rows, "int32")
end

local V, E = 12, 5

local function stack(rng, padding, length, hidden, last)
  return nn.Sequential {
    nn.Embedding(V, E, { padding = padding, length = length, rng = rng }),
    nn.LSTM(E, 4, { rng = rng }), nn.LSTM(4, hidden, { rng = rng }),
    nn.LSTM(hidden, 3, { rng = rng, last = last }),
  }
end

-- A padded and a branched twin with the same weights, well away from zero.
local function twins(rng, length, hidden, last, other)
  local plain = stack(rng, "dense", length, hidden, last)
  for _, p in ipairs(plain:parameters()) do p.value:copy_from(tenor.randn(p.value:shape(), rng)):mul(0.5) end
  return plain, stack(rng, other or "pre", length, hidden, last):restore(plain:snapshot())
end

local shapes = {
  { "of all lengths, empty and full among them", { 5, 0, 3, 7, 7, 1, 0, 2 }, 7, 0 },
  { "all full", { 7, 7, 7 }, 7, 0 },
  { "all of one shorter length", { 3, 3, 3, 3 }, 7, 0 },
  { "that are one sequence", { 4 }, 9, 0 },
  { "that are one empty sequence", { 0 }, 6, 0 },
  { "all empty", { 0, 0, 0 }, 4, 0 },
  { "padded further, to 40 steps", { 5, 0, 3, 7, 1 }, 7, 40 },
  { "cut to their last 4 steps", { 5, 0, 3, 7, 4, 1 }, 7, 4 },
  { "cut to the last one", { 2, 0, 5 }, 5, 1 },
  { "one step wide", { 1, 0, 1 }, 1, 0 },
  { "padded by a single step", { 6, 5 }, 6, 0 },
}

describe("sequences that share their front padding", function()
  for i, shape in ipairs(shapes) do
    local what, lengths, steps, length = table.unpack(shape)
    for _, hidden in ipairs { 3, 64 } do
      it(("%s: equal the padded run, outputs and all gradients (%d units)"):format(what, hidden), function()
        local rng = tenor.rng(i)
        local ids = batch(rng, lengths, steps, V)
        for _, last in ipairs { true, false } do
          local plain, branched = twins(rng, length, hidden, last)
          local y, z = plain:forward(ids), branched:forward(ids)
          local dy = tenor.randn(y:shape(), rng)
          if last then
            assert.relative(y, z, SAME)
            branched:backward(dy)
          else
            assert.same(y:shape(), z:shape())
            assert.relative(y, z:dense(), SAME)
            branched:backward(z:fold(dy))
          end
          plain:backward(dy)
          relative.each(relative.grads(plain), relative.grads(branched), SAME_GRADS)
        end
      end)
    end
  end

  it("count a zero inside a row as a step, as Keras does", function()
    local ids = T({ { 0, 0, 3, 0, 5, 0 }, { 0, 2, 0, 0, 0, 1 }, { 4, 1, 2, 0, 0, 0 } }, "int32")
    local rng = tenor.rng(8)
    local plain, branched = twins(rng, 0, 3, true)
    assert.relative(plain:forward(ids), branched:forward(ids), SAME)
    local dy = tenor.randn(3, 3, rng)
    plain:backward(dy)
    branched:backward(dy)
    relative.each(relative.grads(plain), relative.grads(branched), SAME_GRADS)
    local s = nn.Embedding(V, E):forward(ids)
    assert.same({ 4, 5, 6 }, s:lengths():totable())
  end)

  it("give each sequence's final state, and take its gradient", function()
    local rng = tenor.rng(9)
    local ids = batch(rng, { 2, 0, 5, 3 }, 6, V)
    local plain = nn.Embedding(V, E, { padding = "dense", rng = rng })
    local branched = nn.Embedding(V, E):restore(plain:snapshot())
    local a, b = nn.LSTM(E, 4, { rng = rng, last = true }), nn.LSTM(E, 4, { last = true })
    b:restore(a:snapshot())
    a:forward(plain:forward(ids))
    b:forward(branched:forward(ids))
    assert.relative(a:final_state().h, b:final_state().h, SAME)
    assert.relative(a:final_state().c, b:final_state().c, SAME)
    local dy, d_state = tenor.randn(4, 4, rng), { h = tenor.randn(4, 4, rng), c = tenor.randn(4, 4, rng) }
    plain:backward(a:backward(dy, d_state))
    branched:backward(b:backward(dy, d_state))
    relative.each(relative.grads(a), relative.grads(b), SAME_GRADS)
    relative.each(relative.grads(plain), relative.grads(branched), SAME_GRADS)
  end)

  it("pass through Dense step by step", function()
    local rng = tenor.rng(10)
    local ids = batch(rng, { 2, 0, 5 }, 6, V)
    local plain = nn.Sequential { nn.Embedding(V, E, { padding = "dense", rng = rng }),
      nn.Dense(E, 4, { activation = "tanh", rng = rng }), nn.LSTM(4, 3, { last = true, rng = rng }) }
    local branched = nn.Sequential { nn.Embedding(V, E), nn.Dense(E, 4, { activation = "tanh" }),
      nn.LSTM(4, 3, { last = true }) }
    branched:restore(plain:snapshot())
    assert.relative(plain:forward(ids), branched:forward(ids), SAME)
    local dy = tenor.randn(3, 3, rng)
    plain:backward(dy)
    branched:backward(dy)
    relative.each(relative.grads(plain), relative.grads(branched), SAME_GRADS)
  end)

  it("start from zero, say so, and refuse dropout within", function()
    local s = nn.Embedding(V, E):forward(T({ { 0, 1 } }, "int32"))
    local state = { h = tenor.zeros(1, 3), c = tenor.zeros(1, 3) }
    assert.raises("share their front padding start from zero", function() nn.LSTM(E, 3):forward(s, state) end)
    assert.raises("Dropout(0.5): cannot drop inside shared front padding", function() nn.Dropout(0.5):forward(s) end)
    assert.equal("Sequence (1, 2, 5), 1 real steps, front padding shared over 1 steps", tostring(s))
  end)
end)

describe("sequences without padding", function()
  local lengths = { 5, 0, 3, 7, 7, 1 }
  for _, hidden in ipairs { 3, 64 } do
    it(("equal each utterance run alone (%d units)"):format(hidden), function()
      local rng = tenor.rng(hidden)
      local ids = batch(rng, lengths, 7, V)
      local alone, masked = twins(rng, 0, hidden, true, "none")
      local y, dy = masked:forward(ids), tenor.randn(#lengths, 3, rng)
      masked:backward(dy)
      for n, length in ipairs(lengths) do
        if length == 0 then
          assert.same({ 0, 0, 0 }, y[n]:totable())
        else
          local words = ids:narrow(1, n, 1):narrow(2, 7 - length + 1, length)
          assert.relative(alone:forward(words), y:narrow(1, n, 1), SAME)
          alone:backward(dy:narrow(1, n, 1))
        end
      end
      relative.each(relative.grads(alone), relative.grads(masked), SAME_GRADS)
      assert.same(0, masked:parameters()[1].grad[1]:abs():max()) -- the padding row learns nothing
    end)
  end

  it("leave zeros out wherever they stand, and keep the last `length` words", function()
    local ids = T({ { 1, 0, 2, 0, 3 }, { 0, 0, 4, 5, 0 } }, "int32")
    local s = nn.Embedding(V, E, { padding = "none" }):forward(ids)
    assert.same({ 3, 2 }, s:lengths():totable())
    local table_ = nn.Embedding(V, E, { padding = "none", length = 2, rng = tenor.rng(1) })
    local w, d = table_:parameters()[1].value, table_:forward(ids):dense()
    assert.same({ 2, 2, E }, d:shape())
    assert.same({ { w[3]:totable(), w[4]:totable() }, { w[5]:totable(), w[6]:totable() } }, d:totable())
  end)

  it("start from an initial state, each its own, and give its gradient", function()
    local rng = tenor.rng(12)
    local ids = batch(rng, lengths, 7, V)
    local table_ = nn.Embedding(V, E, { padding = "none", rng = rng })
    local lstm, n = nn.LSTM(E, 4, { rng = rng, last = true }), #lengths
    local state = { h = tenor.randn(n, 4, rng), c = tenor.randn(n, 4, rng) }
    local d_state = { h = tenor.randn(n, 4, rng), c = tenor.randn(n, 4, rng) }
    local y, dy = lstm:forward(table_:forward(ids), state), tenor.randn(n, 4, rng)
    local final = lstm:final_state()
    lstm:backward(dy, d_state)
    local grads, grad_state = relative.grads(lstm), lstm.grad_state
    local one, plain = nn.LSTM(E, 4, { last = true }):restore(lstm:snapshot()), nn.Embedding(V, E, { padding = "dense" })
    plain:restore(table_:snapshot())
    for i, length in ipairs(lengths) do
      local function row(t) return t:narrow(1, i, 1) end
      local function rows(s) return { h = row(s.h), c = row(s.c) } end
      local out = one:forward(plain:forward(row(ids):narrow(2, 7 - length + 1, length)), rows(state))
      assert.relative(out, row(y), SAME)
      assert.relative(one:final_state().c, row(final.c), SAME)
      one:backward(row(dy), rows(d_state))
      assert.relative(one.grad_state.h, row(grad_state.h), SAME_GRADS)
      assert.relative(one.grad_state.c, row(grad_state.c), SAME_GRADS)
    end
    relative.each(relative.grads(one), grads, SAME_GRADS)
  end)

  it("may all be empty: the network sees zeros and nothing learns", function()
    local model = stack(tenor.rng(1), "none", 0, 3, true)
    local ids = tenor.zeros(2, 4, "int32")
    assert.same({ { 0, 0, 0 }, { 0, 0, 0 } }, model:forward(ids):totable())
    model:backward(tenor.ones(2, 3))
    for name, grad in pairs(relative.grads(model)) do assert.equal(0, grad:abs():max(), name) end
    assert.same({ 2, 3 }, stack(tenor.rng(1), "none", 0, 3, true):forward(tenor.zeros(2, 0, "int32")):shape())
  end)
end)

describe("a Sequence", function()
  it("lays itself out as the padded batch and folds a gradient back, one the other's transpose", function()
    local rng = tenor.rng(5)
    local ids = batch(rng, { 2, 0, 4 }, 6, V)
    for _, padding in ipairs { "pre", "none" } do
      local s = nn.Embedding(V, E, { padding = padding, rng = rng }):forward(ids)
      local dense = s:dense()
      local g = tenor.randn(dense:shape(), rng)
      local u = s:like(tenor.randn(s.data:shape(), rng)) -- <dense(u), g> = <u, fold(g)>
      assert.near_tensor({ (u:dense() * g):sum() }, T { (u.data * u:fold(g).data):sum() })
    end
  end)

  it("fits only the layers that it was made for", function()
    local s = nn.Embedding(V, E):forward(T({ { 0, 1 }, { 2, 3 } }, "int32"))
    local other = nn.Embedding(V, E):forward(T({ { 0, 1 }, { 0, 3 } }, "int32"))
    local lstm = nn.LSTM(E, 3)
    local y = lstm:forward(s)
    assert.raises("dy must be a Sequence of forward's layout and width 3", lstm.backward, lstm, nn.LSTM(E, 3):forward(other))
    assert.raises("dy must be a Sequence of forward's layout and width 3", lstm.backward, lstm, s)
    assert.raises("dy must be a Sequence", lstm.backward, lstm, y:dense())
    assert.raises("x must be (N, T, 7)", function() nn.LSTM(7, 2):forward(s) end)
    local short = nn.Sequence.new(s.layout, tenor.zeros(1, E))
    assert.raises("x must have", lstm.forward, lstm, short)
    assert.raises("must be", lstm.forward, lstm, nn.Sequence.new(s.layout, tenor.zeros(s.data:size(1), E, "int32")))
    local core = require "tenor.core"
    assert.raises("too many steps", core.layout.uniform, 100000, 100000)
  end)
end)
