local assert = require "spec.support.assertions"
local tenor = require "tenor"

-- xoshiro256** and splitmix64 again, from their authors' description; Lua's
-- integers wrap as uint64 do.
local function rotate(x, k) return (x << k) | (x >> (64 - k)) end

local function naive_generator(seed)
  local s = {}
  for i = 1, 4 do
    seed = seed + 0x9e3779b97f4a7c15
    local z = seed
    z = (z ~ (z >> 30)) * 0xbf58476d1ce4e5b9
    z = (z ~ (z >> 27)) * 0x94d049bb133111eb
    s[i] = z ~ (z >> 31)
  end
  return function()
    local result = rotate(s[2] * 5, 7) * 9
    local shifted = s[2] << 17
    s[3] = s[3] ~ s[1]
    s[4] = s[4] ~ s[2]
    s[2] = s[2] ~ s[3]
    s[1] = s[1] ~ s[4]
    s[3] = s[3] ~ shifted
    s[4] = rotate(s[4], 45)
    return result
  end
end

describe("a random generator", function()
  it("draws what xoshiro256** draws from the same seed", function()
    for _, seed in ipairs { 0, 1, 42, -7, math.maxinteger } do
      local rng, next_word = tenor.rng(seed), naive_generator(seed)
      for _ = 1, 100 do assert.equal((next_word() >> 11) * 2.0 ^ -53, rng:uniform()) end
    end
  end)

  it("gives the published outputs for the state 1, 2, 3, 4", function()
    local rng = tenor.rng(0):restore(string.pack("<i8i8i8i8Bd", 1, 2, 3, 4, 0, 0))
    for _, word in ipairs { 11520, 0, 1509978240, 1215971899390074240 } do
      assert.equal((word >> 11) * 2.0 ^ -53, rng:uniform())
    end
  end)

  it("repeats itself for one seed and differs for another", function()
    local a = tenor.randn(100, tenor.rng(5))
    assert.is_true(a == tenor.randn(100, tenor.rng(5)))
    assert.is_false(a == tenor.randn(100, tenor.rng(6)))
  end)

  it("fills tensors with the numbers it gives one by one", function()
    local filled, one = tenor.rand(50, tenor.rng(9)), tenor.rng(9)
    local normal, other = tenor.randn(51, tenor.rng(9)), tenor.rng(9)
    for i = 1, 50 do
      assert.near(one:uniform(), filled[i], 2 ^ -24) -- float32 keeps 24 bits
      assert.near(other:normal(), normal[i], 1e-6)
    end
  end)

  it("stays in [0, 1) and has the moments of a uniform", function()
    local x = tenor.rand(100000, tenor.rng(1))
    assert.is_true(x:min() >= 0 and x:max() < 1)
    -- 5 standard errors: 5 sqrt(1/12 / 1e5)
    assert.near(0.5, x:mean(), 0.0046)
    assert.near(1 / 12, x:var(), 0.002)
  end)

  it("has the moments and the tails of a normal", function()
    local x = tenor.randn(100000, tenor.rng(2))
    assert.near(0, x:mean(), 0.016)
    assert.near(1, x:var(), 0.023)
    assert.near(0, (x ^ 3):mean(), 0.062)
    assert.near(3, (x ^ 4):mean(), 0.16)
    assert.near(0.3173, x:abs():gt(1):mean(), 0.0075)
    assert.near(0.0027, x:abs():gt(3):mean(), 0.0009)
  end)

  it("draws every integer of a small range equally often", function()
    local rng, count = tenor.rng(3), { 0, 0, 0, 0, 0, 0, 0 }
    for _ = 1, 70000 do
      local i = rng:integer(7)
      count[i] = count[i] + 1
    end
    local chi2 = 0
    for i = 1, 7 do chi2 = chi2 + (count[i] - 10000) ^ 2 / 10000 end
    assert.is_true(chi2 < 22.5) -- 6 degrees of freedom, p = 0.001
    assert.equal(1, rng:integer(1))
    assert.is_true(rng:integer(math.maxinteger) >= 1)
  end)

  it("permutes: each number once, each order equally often", function()
    local rng, orders = tenor.rng(4), {}
    for _ = 1, 6000 do
      local key = table.concat(rng:permutation(3):totable(), " ")
      orders[key] = (orders[key] or 0) + 1
    end
    local chi2, kinds = 0, 0
    for _, n in pairs(orders) do chi2, kinds = chi2 + (n - 1000) ^ 2 / 1000, kinds + 1 end
    assert.equal(6, kinds)
    assert.is_true(chi2 < 20.5) -- 5 degrees of freedom, p = 0.001
    local p = rng:permutation(1000)
    assert.equal("int32", p:dtype())
    local sorted = p:totable()
    table.sort(sorted)
    for i = 1, 1000 do assert.equal(i, sorted[i]) end
    assert.same({}, rng:permutation(0):totable())
  end)

  it("goes back to a saved state, with the spare normal number", function()
    for before = 0, 1 do
      local rng = tenor.rng(8)
      for _ = 1, before do rng:normal() end
      local state = rng:state()
      local first = { rng:normal(), rng:uniform(), rng:normal() }
      assert.same(first, { rng:restore(state):normal(), rng:uniform(), rng:normal() })
      local elsewhere = tenor.rng(0):restore(state)
      assert.same(first, { elsewhere:normal(), elsewhere:uniform(), elsewhere:normal() })
    end
  end)

  it("forks generators that differ from it, from one another and from their own forks", function()
    local parent = tenor.rng(11)
    local all = { parent }
    for _ = 1, 3 do
      local child = parent:fork()
      all[#all + 1] = child
      all[#all + 1] = child:fork()
    end
    local draws = {}
    for i, rng in ipairs(all) do draws[i] = tenor.randn(2000, rng) end
    for i = 1, #draws do
      for j = 1, i - 1 do
        -- uncorrelated to 4.5 standard errors
        assert.near(0, (draws[i] * draws[j]):mean(), 4.5 / math.sqrt(2000))
      end
    end
    assert.equal(tenor.rng(11):fork():uniform(), tenor.rng(11):fork():uniform())
  end)

  it("refuses wrong arguments and says what it expected and got", function()
    local rng = tenor.rng(1)
    local zeros = string.rep("\0", 41)
    local wrong = {
      { "tenor.rng: seed must be an integer, got nothing", tenor.rng },
      { "tenor.rng: seed must be an integer, got nil", tenor.rng, nil, n = 3 },
      { "tenor.rng: seed must be an integer, got 1.5", tenor.rng, 1.5 },
      { "tenor.rng: seed must be an integer, got '1'", tenor.rng, "1" },
      { "rng:uniform: self must be a generator, got table", rng.uniform, {} },
      { "rng:normal: self must be a generator, got nothing", rng.normal },
      { "rng:integer: n must be an integer, got nothing", rng.integer, rng },
      { "rng:integer: n must be at least 1, got 0", rng.integer, rng, 0 },
      { "rng:integer: n must be an integer, got 0.5", rng.integer, rng, 0.5 },
      { "rng:integer: self must be a generator, got float", rng.integer, tenor.zeros(2), 1 },
      { "rng:permutation: n must be 0 to 2147483647, got -1", rng.permutation, rng, -1 },
      { "rng:permutation: n must be 0 to 2147483647, got 2147483648", rng.permutation, rng, 2 ^ 31 },
      { "rng:permutation: n must be an integer, got '3'", rng.permutation, rng, "3" },
      { "rng:restore: state must be a string from rng:state(), got 7", rng.restore, rng, 7 },
      { "rng:restore: state must be 41 bytes from rng:state(), got 3", rng.restore, rng, "abc" },
      { "rng:restore: state must be 41 bytes from rng:state(), got 41 bytes that are none", rng.restore, rng, zeros },
      { "rng:state: self must be a generator, got nil", rng.state, nil, n = 3 },
      { "rng:fork: self must be a generator, got 1", rng.fork, 1 },
      { "tenor.rand: the last argument must be a generator, as tenor.rng(seed), got 3", tenor.rand, 2, 3 },
      { "tenor.randn: the last argument must be a generator, as tenor.rng(seed), got nothing", tenor.randn },
      { "tenor.randn: expected 1 to 8 sizes, got 0", tenor.randn, rng },
      { "tenor.rand: size 2 must be an integer of at least 0, got -3", tenor.rand, 2, -3, rng },
    }
    local before = rng:state()
    for _, case in ipairs(wrong) do assert.raises(case[1], table.unpack(case, 2, case.n or #case)) end
    assert.equal(before, rng:state())
  end)

  it("names itself", function()
    assert.equal("Rng xoshiro256**", tostring(tenor.rng(1)))
  end)
end)
