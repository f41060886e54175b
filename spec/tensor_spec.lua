local assert = require "spec.support.assertions"
local naive = require "spec.support.naive"
local tenor = require "tenor"

local T = tenor.tensor
local real = tenor.real

-- a random tensor and its numbers as a nested table
local function random(rng, ...)
  local x = tenor.randn(..., rng)
  return x, x:totable()
end

describe("making tensors", function()
  it("takes sizes as arguments or in a table, and a dtype last", function()
    for name, value in pairs { zeros = 0, ones = 1 } do
      assert.same({ 2, 3 }, tenor[name](2, 3):shape())
      assert.same({ 2, 3 }, tenor[name]({ 2, 3 }):shape())
      assert.equal(real, tenor[name](2):dtype())
      assert.equal("int32", tenor[name](2, 3, "int32"):dtype())
      assert.equal("int32", tenor[name]({ 4 }, "int32"):dtype())
      assert.same({ { value, value } }, tenor[name](1, 2, "int32"):totable())
    end
    assert.same({ { 7, 7 } }, tenor.full({ 1, 2 }, 7):totable())
    assert.same({ 7, 7 }, tenor.full(2, 7, "int32"):totable())
    assert.equal(real, tenor.full(2, 7, "real"):dtype())
    assert.same({ 0, 5 }, tenor.zeros(0, 5):shape())
  end)

  it("reads nested tables and writes them back", function()
    local nested = { { { 1, 2 }, { 3, 4 }, { 5, 6 } }, { { -1, 0.5 }, { 0, 0 }, { 8, 9 } } }
    local x = T(nested)
    assert.same({ 2, 3, 2 }, x:shape())
    assert.equal(12, x:size())
    assert.equal(3, x:size(2))
    assert.equal(2, x:size(-1))
    assert.equal(3, x:rank())
    assert.same(nested, x:totable())
    local ids = T({ { 1, 2.0 }, { -3, 2147483647 } }, "int32")
    assert.equal("integer", math.type(ids:totable()[1][2]))
    assert.same({ 0 }, T({}):shape())
    assert.same({ 2, 0 }, T({ {}, {} }):shape())
    assert.same({ {}, {} }, T({ {}, {} }):totable())
  end)

  it("counts as NumPy's arange does", function()
    assert.same({ 0, 1, 2 }, tenor.arange(3):totable())
    assert.same({ 2, 3, 4 }, tenor.arange(2, 5, "int32"):totable())
    assert.same({ 5, 3 }, tenor.arange(5, 1, -2):totable())
    assert.near_tensor({ 0, 0.25, 0.5, 0.75 }, tenor.arange(0, 1, 0.25))
    assert.same({}, tenor.arange(3, 1):totable())
  end)
end)

describe("indexing", function()
  it("is 1-based, and negative from the end", function()
    local x = T { { 1, 2, 3 }, { 4, 5, 6 } }
    assert.equal(6, x[2][3])
    assert.equal(6, x[-1][-1])
    assert.equal(2, #x)
    assert.equal(3, #x[1])
    assert.same({ 4, 5, 6 }, x[2]:totable())
    assert.equal("integer", math.type(T({ 3 }, "int32")[1]))
    assert.equal("float", math.type(T({ 3 })[1]))
    assert.equal(5, x[2.0][2])
    assert.is_nil(x.no_such_name)
  end)

  it("raises past the end", function()
    local x = T { 1, 2, 3 }
    assert.raises("index 9 is out of range for axis 1 of size 3", function() return x[9] end)
    assert.raises("index 0 is out of range for axis 1 of size 3", function() return x[0] end)
    assert.raises("index -4 is out of range for axis 1 of size 3", function() return x[-4] end)
    assert.raises("index 4 is out of range for axis 1 of size 3", function() x[4] = 1 end)
    assert.raises("index 1 is out of range for axis 1 of size 0", function() return tenor.zeros(0, 3)[1] end)
    assert.raises("index must be an integer, got 1.5", function() return x[1.5] end)
    assert.raises("only rows can be set, with an integer index, got 'grad'", function() x.grad = 1 end)
  end)

  it("sets numbers and rows", function()
    local x = tenor.zeros(3, 2)
    x[1][2] = 5
    x[2] = 7
    x[3] = T { 8, 9 }
    assert.same({ { 0, 5 }, { 7, 7 }, { 8, 9 } }, x:totable())
    x[1] = T({ 1 }, "int32")
    x[-1] = x[2]
    assert.same({ { 1, 1 }, { 7, 7 }, { 7, 7 } }, x:totable())
    local ids = tenor.zeros(2, "int32")
    ids[1] = 4.0
    assert.same({ 4, 0 }, ids:totable())
    assert.raises("value must be an integer that fits int32, got 1.5", function() ids[1] = 1.5 end)
    assert.raises("value must be an integer that fits int32, got 2147483648", function() ids[1] = 1 << 31 end)
    assert.raises("value must be a number, got 'a'", function() ids[1] = "a" end)
    assert.raises("value must be a number or a tensor, got table", function() x[1] = { 1, 2 } end)
    assert.raises("the source must broadcast to (2), got (3)", function() x[1] = T { 1, 2, 3 } end)
    assert.raises("the source must broadcast to (2), got (1, 2)", function() x[1] = T { { 1, 2 } } end)
  end)

  it("iterates over rows and stops", function()
    local seen = {}
    for i, row in T({ { 1, 2 }, { 3, 4 } }):rows() do seen[i] = row:totable() end
    assert.same({ { 1, 2 }, { 3, 4 } }, seen)
    for _ in tenor.zeros(0, 2):rows() do error("no row") end
    local sum = 0
    for _, v in T({ 1, 2, 3 }):rows() do sum = sum + v end
    assert.equal(6, sum)
  end)

  it("gathers rows by a table or by an int32 tensor of any shape", function()
    local x = T { { 1, 2 }, { 3, 4 }, { 5, 6 } }
    assert.same({ { 5, 6 }, { 1, 2 }, { 5, 6 } }, x:index({ 3, 1, -1 }):totable())
    assert.same({ { 3, 4 } }, x:index(T({ 2 }, "int32")):totable())
    local ids = T({ { 1, 2 }, { 3, 3 } }, "int32")
    assert.same({ { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 5, 6 } } }, x:index(ids):totable())
    assert.same({ 0, 2 }, x:index({}):shape())
    assert.same({ 9, 7 }, T({ 7, 8, 9 }, "int32"):index({ 3, 1 }):totable())
    local taken = x:index({ 1 })
    taken[1][1] = 100
    assert.equal(1, x[1][1])
  end)
end)

describe("shapes", function()
  it("reshapes as a view, and works out a -1", function()
    local x = tenor.arange(12)
    local y = x:reshape(3, -1)
    assert.same({ 3, 4 }, y:shape())
    y[2][1] = 100
    assert.equal(100, x[5])
    assert.same({ 12 }, y:reshape(-1):shape())
    assert.same({ 2, 2, 3 }, x:reshape({ 2, 2, 3 }):shape())
    assert.same({ 0, 3 }, tenor.zeros(0):reshape(-1, 3):shape())
  end)

  it("transposes matrices of every size", function()
    local rng = tenor.rng(1)
    for _, s in ipairs { { 1, 1 }, { 1, 7 }, { 5, 3 }, { 16, 16 }, { 33, 50 }, { 0, 4 } } do
      local x = tenor.randn(s, rng)
      local y = x:t()
      assert.same({ s[2], s[1] }, y:shape())
      for i = 1, s[1] do for j = 1, s[2] do assert.equal(x[i][j], y[j][i]) end end
    end
    assert.same({ { 1, 3 }, { 2, 4 } }, T({ { 1, 2 }, { 3, 4 } }, "int32"):t():totable())
  end)

  it("narrows and selects: views along axis 1, copies along others", function()
    local x = tenor.arange(24):reshape(2, 3, 4)
    assert.same({ { { 12, 13, 14, 15 }, { 16, 17, 18, 19 }, { 20, 21, 22, 23 } } }, x:narrow(1, 2, 1):totable())
    assert.same({ { { 1, 2 }, { 5, 6 }, { 9, 10 } }, { { 13, 14 }, { 17, 18 }, { 21, 22 } } },
      x:narrow(3, 2, 2):totable())
    assert.same({ { { 8, 9, 10, 11 } }, { { 20, 21, 22, 23 } } }, x:narrow(2, -1, 1):totable())
    assert.same({ { 4, 5, 6, 7 }, { 16, 17, 18, 19 } }, x:select(2, 2):totable())
    assert.same({ { 3, 7, 11 }, { 15, 19, 23 } }, x:select(-1, -1):totable())
    assert.same({ 0, 3, 4 }, x:narrow(1, 3, 0):shape())
    assert.equal(2, T({ 1, 2 }, "int32"):select(1, -1))
    x:select(1, 2):fill(0)
    x:narrow(1, 1, 1):fill(1)
    assert.equal(12, x:sum())
    x:narrow(2, 1, 2):fill(5)
    x:select(2, 1):fill(5)
    assert.equal(12, x:sum())
  end)

  it("joins along an axis", function()
    local a, b = T { { 1, 2 }, { 3, 4 } }, T { { 5, 6 } }
    assert.same({ { 1, 2 }, { 3, 4 }, { 5, 6 } }, tenor.cat({ a, b }):totable())
    assert.same({ { 1, 2, 9 }, { 3, 4, 9 } }, tenor.cat({ a, tenor.full({ 2, 1 }, 9) }, 2):totable())
    assert.same({ { 1, 2 }, { 3, 4 } }, tenor.cat({ a, tenor.zeros(0, 2) }, -2):totable())
    assert.same({ 1, 2, 3 }, tenor.cat({ T({ 1 }, "int32"), T({ 2, 3 }, "int32") }):totable())
  end)

  it("stacks along a new axis", function()
    local a, b = T { 1, 2, 3 }, T { 4, 5, 6 }
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, tenor.stack({ a, b }):totable())
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, tenor.stack({ a, b }, 2):totable())
    assert.same({ 1, 3 }, tenor.stack({ a }):shape())
    local m = tenor.arange(4):reshape(2, 2)
    assert.same({ { { 0, 0 }, { 1, 1 } }, { { 2, 2 }, { 3, 3 } } }, tenor.stack({ m, m }, 3):totable())
  end)
end)

describe("arithmetic", function()
  local operations = {
    { "+", function(a, b) return a + b end }, { "-", function(a, b) return a - b end },
    { "*", function(a, b) return a * b end }, { "/", function(a, b) return a / b end },
  }

  it("broadcasts as a naive loop does", function()
    local rng = tenor.rng(2)
    local shapes = {
      { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 4 } }, { { 3, 4 }, { 3, 1 } }, { { 3, 4 }, { 1, 4 } },
      { { 3, 1 }, { 1, 4 } }, { { 4 }, { 3, 1 } }, { { 2, 3, 4 }, { 3, 1 } }, { { 2, 1, 4 }, { 1, 3, 1 } },
      { { 1 }, { 2, 2 } }, { { 2, 3, 1, 5 }, { 3, 4, 1 } }, { { 5, 1, 1 }, { 5, 1, 1 } }, { { 1, 1 }, { 1 } },
      { { 7, 33 }, { 33 } },
    }
    for _, s in ipairs(shapes) do
      for _, pair in ipairs { { s[1], s[2] }, { s[2], s[1] } } do
        local a, ta = random(rng, pair[1])
        local b, tb = random(rng, pair[2])
        for _, o in ipairs(operations) do assert.near_tensor(naive.zip(ta, tb, o[2]), o[2](a, b)) end
        for name, f in pairs {
          lt = function(x, y) return x < y and 1 or 0 end, ge = function(x, y) return x >= y and 1 or 0 end,
        } do
          assert.near_tensor(naive.zip(ta, tb, f), a[name](a, b))
        end
      end
    end
    assert.same({ 0, 3 }, (tenor.zeros(0, 3) + tenor.zeros(3)):shape())
    assert.same({ 0 }, (tenor.zeros(0) + 1):shape())
  end)

  it("takes numbers on both sides", function()
    local x = T { 1, 2, 4 }
    assert.same({ 3, 4, 6 }, (x + 2):totable())
    assert.same({ 1, 0, -2 }, (2 - x):totable())
    assert.same({ 8, 4, 2 }, (8 / x):totable())
    assert.same({ 2, 4, 16 }, (2 ^ x):totable())
    assert.same({ 1, 4, 16 }, (x ^ 2):totable())
    assert.near_tensor({ 1, 2 ^ 0.5, 2 }, x:pow(0.5))
    assert.same({ -1, -2, -4 }, (-x):totable())
  end)

  it("keeps int32 for + - *, and gives reals for / ^ and mixtures", function()
    local a, b = T({ 7, -8 }, "int32"), T({ 2, 0 }, "int32")
    assert.equal("int32", (a + b):dtype())
    assert.same({ 14, 0 }, (a * b):totable())
    assert.same({ 8, -7 }, (a + 1):totable())
    assert.equal("int32", (1 - a):dtype())
    assert.equal(real, (a + 1.0):dtype())
    assert.equal(real, (a + T { 1, 2 }):dtype())
    assert.equal(real, (a / b):dtype())
    assert.same({ 3.5, -math.huge }, (a / b):totable())
    assert.same({ 49, 64 }, (a ^ 2):totable())
    assert.equal("int32", a:abs():dtype())
    assert.same({ 7, 8 }, a:abs():totable())
    assert.same({ -7, 8 }, (-a):totable())
    assert.equal(real, a:exp():dtype())
  end)

  it("wraps int32 around instead of trapping", function()
    local most, least = T({ 2147483647 }, "int32"), T({ -2147483648 }, "int32")
    assert.same({ -2147483648 }, (most + 1):totable())
    assert.same({ 2147483647 }, (least - 1):totable())
    assert.same({ 0 }, (least * 2):totable())
    assert.same({ -2147483648 }, (-least):totable())
    assert.same({ -2147483648 }, least:abs():totable())
  end)

  it("changes in place and answers the tensor", function()
    local x = T { { 1, 2 }, { 3, 4 } }
    assert.is_true(rawequal(x, x:add(1)))
    x:mul(T { 2, 10 }):sub(T { { 1 }, { 2 } }):div(2)
    assert.same({ { 1.5, 14.5 }, { 3, 24 } }, x:totable())
    assert.same({ { 0, 0 }, { 0, 0 } }, x:zero():totable())
    assert.same({ { 3, 3 }, { 3, 3 } }, x:fill(3):totable())
    assert.same({ { 1, 2 }, { 1, 2 } }, x:copy_from(T({ 1, 2 }, "int32")):totable())
    assert.same({ { 2, 4 }, { 2, 4 } }, x:add(x):totable())
    local ids = T({ 1, 2 }, "int32")
    assert.same({ 3, 6 }, ids:mul(3):totable())
  end)

  it("reads a row of the tensor it changes before it changes it", function()
    local x = T { { 1, 2 }, { 3, 4 }, { 5, 6 } }
    assert.same({ { 2, 4 }, { 4, 6 }, { 6, 8 } }, x:add(x[1]):totable())
    assert.same({ { 2, 4 }, { 2, 4 }, { 2, 4 } }, x:copy_from(x:narrow(1, 1, 1)):totable())
    local y = tenor.arange(5)
    y:narrow(1, 2, 4):copy_from(y:narrow(1, 1, 4))
    assert.same({ 0, 0, 1, 2, 3 }, y:totable())
    y = tenor.arange(5)
    y:narrow(1, 2, 4):add(y:narrow(1, 1, 4))
    assert.same({ 0, 1, 3, 5, 7 }, y:totable())
  end)

  it("computes functions of each number", function()
    local rng = tenor.rng(3)
    local x, t = random(rng, { 3, 50 })
    local functions = {
      exp = math.exp, abs = math.abs,
      tanh = function(v) return (math.exp(2 * v) - 1) / (math.exp(2 * v) + 1) end,
      sigmoid = function(v) return 1 / (1 + math.exp(-v)) end,
    }
    for name, f in pairs(functions) do assert.near_tensor(naive.map(t, f), x[name](x)) end
    local positive, tp = x:abs() + 1, naive.map(t, function(v) return math.abs(v) + 1 end)
    assert.near_tensor(naive.map(tp, math.log), positive:log())
    assert.near_tensor(naive.map(tp, math.sqrt), positive:sqrt())
    assert.same({ 0, 1 }, T({ -1000, 1000 }):sigmoid():totable())
    assert.same({ 1, 1, 2, 3, 3 }, T({ 0, 1, 2, 3, 4 }):clamp(1, 3):totable())
    assert.same({ -5, 3 }, T({ -5, 7 }, "int32"):clamp(nil, 3):totable())
    assert.same({ 0, 7 }, T({ -5, 7 }):clamp(0):totable())
  end)

  it("compares into int32 masks and chooses by them", function()
    local x = T { 1, 2, 3, 0 / 0 }
    assert.same({ 0, 1, 0, 0 }, x:eq(2):totable())
    assert.same({ 1, 0, 1, 1 }, x:ne(2):totable())
    assert.same({ 1, 0, 0, 0 }, x:lt(2):totable())
    assert.same({ 1, 1, 0, 0 }, x:le(2):totable())
    assert.same({ 0, 0, 1, 0 }, x:gt(2):totable())
    assert.same({ 0, 1, 1, 0 }, x:ge(T({ 2 }, "int32")):totable())
    assert.equal("int32", x:eq(2):dtype())
    assert.same({ 0, 1 }, T({ 16777216, 16777217 }, "int32"):eq(16777217):totable())
    local mask = T({ { 1 }, { 0 } }, "int32")
    assert.same({ { 1, 2 }, { 9, 9 } }, tenor.where(mask, T { 1, 2 }, 9):totable())
    assert.same({ { 5, 5 }, { 1, 2 } }, mask:where(5, T({ 1, 2 }, "int32")):totable())
    assert.equal("int32", mask:where(5, T({ 1, 2 }, "int32")):dtype())
  end)

  it("is equal by shape and numbers, and close by tolerance", function()
    assert.is_true(T { 1, 2 } == T { 1, 2 })
    assert.is_true(T { 1, 2 } == T({ 1, 2 }, "int32"))
    assert.is_false(T { 1, 2 } == T { { 1, 2 } })
    assert.is_false(T { 1, 0 / 0 } == T { 1, 0 / 0 })
    assert.is_true(tenor.allclose(T { 1, 2 }, T { 1.000001, 2 }))
    assert.is_false(tenor.allclose(T { 1, 2 }, T { 1.001, 2 }))
    assert.is_true(tenor.allclose(T { 1, 2 }, T { 1.001, 2 }, { atol = 0.01 }))
    assert.is_true(T({ 1, 1 }):allclose(1))
    assert.is_true(T({ math.huge }):allclose(T { math.huge }))
    assert.is_false(T({ 1 }):allclose(math.huge))
    assert.is_false(T({ 0 / 0 }):allclose(0 / 0))
    assert.is_true(T({ 0 / 0 }):allclose(0 / 0, { equal_nan = true }))
  end)

  it("converts between dtypes, cutting toward zero", function()
    assert.same({ 1, -1, 0 }, T({ 1.9, -1.9, 0.5 }):to("int32"):totable())
    assert.equal(real, T({ 1 }, "int32"):to("real"):dtype())
    assert.equal(real, T({ 1 }, "int32"):to(real):dtype())
    local x = T { 1 }
    assert.is_false(rawequal(x, x:to("real")))
  end)
end)

describe("reductions", function()
  local reductions = {
    sum = naive.sum, mean = naive.mean, var = naive.var,
    std = function(list) return naive.var(list) ^ 0.5 end,
    max = function(list) return math.max(table.unpack(list)) end,
    min = function(list) return math.min(table.unpack(list)) end,
    argmax = naive.argmax, argmin = naive.argmin,
  }

  it("agree with naive loops along every axis and over all", function()
    local rng = tenor.rng(4)
    for _, s in ipairs { { 1 }, { 23 }, { 7, 19 }, { 4, 1 }, { 3, 5, 7 }, { 2, 3, 4, 5 }, { 5, 200 }, { 2, 130, 3 } } do
      local x, t = random(rng, s)
      for name, f in pairs(reductions) do
        assert.near(f(naive.flat(t)), x[name](x), 1e-9 + 1e-6 * math.abs(x[name](x)))
        for axis = 1, #s do
          local got = x[name](x, axis)
          if #s == 1 then
            assert.near(f(t), got, 1e-6)
          else
            assert.near_tensor(naive.reduce(t, axis, f), got)
            assert.is_true(got == x[name](x, axis - #s - 1))
            local kept = x[name](x, axis, { keepdims = true })
            assert.equal(1, kept:size(axis))
            assert.is_true(kept:reshape(got:shape()) == got)
          end
        end
      end
    end
  end)

  it("sum in double, so that a million small numbers keep their digits", function()
    local x = tenor.full(1000000, 0.1)
    assert.near(1000000 * x[1], x:sum(), 1e-3)
    assert.near(0, x:std(), 1e-9)
    local far = tenor.randn(10000, tenor.rng(1)) + 4096 -- a naive E[x^2] - E[x]^2 would lose this variance
    assert.near(1, far:var(), 0.08)
  end)

  it("give int32 back as integers, and choose the first of equals", function()
    local x = T({ { 3, 1 }, { 3, 2 } }, "int32")
    assert.equal("integer", math.type(x:sum()))
    assert.equal("int32", x:sum(1):dtype())
    assert.same({ 6, 3 }, x:sum(1):totable())
    assert.equal("integer", math.type(x:max()))
    assert.same({ 1.5, 2.5 }, (x:mean(1) - 1.5 + T { 0, 2.5 }):totable())
    assert.equal(1, x:argmax())
    assert.same({ 1, 2 }, x:argmax(1):totable())
    assert.same({ 2, 2 }, x:argmin(2):totable())
    assert.equal("int32", x:argmax(1):dtype())
    assert.equal(4294967294, T({ 2147483647, 2147483647 }, "int32"):sum())
    assert.raises("tensor:sum: int32 sums must fit int32", function()
      return T({ { 2147483647 }, { 1 } }, "int32"):sum(1)
    end)
  end)

  it("treat a NaN and nothing as NumPy does", function()
    local nan = 0 / 0
    local x = T { { 1, nan, 3 }, { 4, nan, 6 } }
    assert.is_true(x:max() ~= x:max())
    assert.equal(2, x:argmax())
    assert.equal(2, x:argmin())
    assert.near_tensor({ 1, nan, 3 }, x:min(1))
    assert.near_tensor({ nan, nan }, x:max(2))
    assert.is_false(x:isfinite())
    assert.is_false(T({ 1, math.huge }):isfinite())
    assert.is_true(T({ 1, 2 }):isfinite())
    assert.is_true(T({ 1 }, "int32"):isfinite())
    local long = tenor.zeros(10000)
    assert.is_true(long:isfinite())
    long[9999] = nan
    assert.is_false(long:isfinite())
    assert.equal(0, tenor.zeros(0):sum())
    assert.is_true(tenor.zeros(0):mean() ~= tenor.zeros(0):mean())
    assert.same({ 0, 0 }, tenor.zeros(0, 2):sum(1):totable())
    assert.near_tensor({ nan, nan }, tenor.zeros(0, 2):var(1))
    assert.same({ 0 }, tenor.zeros(0, 2):max(2):shape())
  end)
end)

describe("matmul", function()
  it("agrees with the naive triple loop", function()
    local rng = tenor.rng(5)
    for _, s in ipairs { { 1, 1, 1 }, { 2, 3, 4 }, { 1, 5, 3 }, { 4, 6, 1 }, { 17, 9, 33 } } do
      local a, ta = random(rng, { s[1], s[2] })
      local b, tb = random(rng, { s[2], s[3] })
      assert.near_tensor(naive.matmul(ta, tb), a:matmul(b))
    end
  end)

  it("takes vectors, and nothing", function()
    local m, v = T { { 1, 2 }, { 3, 4 }, { 5, 6 } }, T { 1, 10 }
    assert.same({ 21, 43, 65 }, m:matmul(v):totable())
    assert.same({ 531, 642 }, T({ 1, 10, 100 }):matmul(m):totable())
    assert.equal(101, v:matmul(v))
    assert.same({ { 0, 0 } }, tenor.zeros(1, 0):matmul(tenor.zeros(0, 2)):totable())
    assert.same({ 0, 2 }, tenor.zeros(0, 3):matmul(tenor.zeros(3, 2)):shape())
    assert.equal(0, tenor.zeros(0):matmul(tenor.zeros(0)))
  end)

  it("says which shapes do not go together", function()
    assert.raises("tensor:matmul: inner dimensions must agree, got (3, 4) and (5, 6)", function()
      return tenor.zeros(3, 4):matmul(tenor.zeros(5, 6))
    end)
  end)
end)

describe("tostring", function()
  local function shows(expected, x) assert.equal("Tensor " .. expected, tostring(x)) end

  it("prints as NumPy does", function()
    shows(real .. " (3)\n[1. 2. 3.]", T { 1, 2, 3 })
    shows(real .. " (1)\n[0.5]", T { 0.5 })
    shows(real .. " (2, 2)\n[[ 1.5    -2.    ]\n [ 0.3333 10.    ]]", T { { 1.5, -2 }, { 1 / 3, 10 } })
    shows("int32 (2, 2)\n[[ 1 20]\n [-3  4]]", T({ { 1, 20 }, { -3, 4 } }, "int32"))
    shows(real .. " (2)\n[1.e+00 1.e+10]", T { 1, 1e10 })
    shows(real .. " (2)\n[1.2346e-05 1.0000e+00]", T { 1.23456e-5, 1 })
    shows(real .. " (4)\n[  1.  nan -inf  inf]", T { 1, 0 / 0, -math.huge, math.huge })
    shows(real .. " (0, 3)\n[]", tenor.zeros(0, 3))
    shows(real .. " (2, 1, 2)\n[[[0. 1.]]\n\n [[2. 3.]]]", tenor.arange(4):reshape(2, 1, 2))
  end)

  it("breaks long rows and leaves out the middle of large tensors", function()
    shows(real .. " (30)\n" ..
      "[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.\n" ..
      " 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29.]", tenor.arange(30))
    shows("int32 (1001)\n[   0    1    2 ...  998  999 1000]", tenor.arange(1001, "int32"))
    shows(real .. " (100, 20)\n" ..
      "[[0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]\n ...\n" ..
      " [0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]]", tenor.zeros(100, 20))
  end)
end)

describe("memory", function()
  local function churn()
    for _ = 1, 200 do
      for _ = 1, 20 do tenor.full(64, -1) end
    end
  end

  after_each(function()
    collectgarbage("incremental")
    collectgarbage("setpause", 200)
  end)

  it("keeps the numbers of a view alive after their owner is gone", function()
    for _, mode in ipairs { "generational", "pause 0" } do
      if mode == "generational" then
        collectgarbage("generational")
      else
        collectgarbage("incremental")
        collectgarbage("setpause", 0)
      end
      local views = {}
      for i = 1, 50 do
        local x = tenor.full({ 4, 64 }, i)
        views[i] = { x[2], x:narrow(1, 2, 2)[1], x:reshape(-1):narrow(1, 65, 64), x:select(1, 2):reshape(8, 8)[1] }
      end
      churn()
      collectgarbage()
      churn()
      for i = 1, 50 do
        for _, view in ipairs(views[i]) do
          assert.equal(i, view:min())
          assert.equal(i, view:max())
        end
      end
    end
  end)

  it("lets dropped tensors go: 400 of 8 MB do not pile up", function()
    local function resident()
      local file = io.open("/proc/self/status")
      if not file then return nil end
      local text = file:read("a")
      file:close()
      return tonumber(text:match("VmRSS:%s*(%d+) kB"))
    end
    if not resident() then pending("no /proc here") end
    collectgarbage()
    local before, peak = resident(), 0
    for _ = 1, 400 do
      local _ = tenor.zeros(8 * 1024 * 1024 // 8 * (real == "float64" and 1 or 2))
      peak = math.max(peak, resident())
    end
    -- with numbers that the collector does not see this is 3.1 GB
    assert.is_true(peak - before < 400 * 1024, ("grew by %d kB"):format(peak - before))
  end)
end)

describe("misuse", function()
  it("raises with the call, the argument, what was expected and what came", function()
    local wide = {}
    for i = 1, 16 do wide[i] = tenor.zeros(1 << 60, 0, "int32") end
    local x, ids, rng = tenor.zeros(2, 3), tenor.zeros(3, "int32"), tenor.rng(1)
    local cyclic = {}
    cyclic[1] = cyclic
    local deep = { { { { { { { { { 1 } } } } } } } } }
    local X = real .. " (2, 3)"
    local wrong = {
      { "tenor.zeros: expected 1 to 8 sizes, got 0", tenor.zeros },
      { "tenor.zeros: expected 1 to 8 sizes, got 0", tenor.zeros, {} },
      { "tenor.zeros: expected 1 to 8 sizes, got 9", tenor.zeros, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
      { "tenor.zeros: size 2 must be an integer of at least 0, got -1", tenor.zeros, 2, -1 },
      { "tenor.zeros: size 1 must be an integer of at least 0, got 1.5", tenor.zeros, { 1.5 } },
      { "tenor.zeros: size 1 must be an integer of at least 0, got nil", tenor.zeros, nil, n = 3 },
      { "tenor.zeros: dtype must be 'int32', 'real' or '" .. real .. "', got 'float16'", tenor.zeros, 2, "float16" },
      { "tenor.zeros: nothing may follow the table of sizes here, got 3", tenor.zeros, { 2 }, 3 },
      { "tensor: the shape is too large", tenor.zeros, 1 << 40, 1 << 40 },
      { "tensor: the shape is too large", tenor.ones, math.maxinteger },
      { "tenor.ones: size 1 must be an integer of at least 0, got table", tenor.ones, { {} } },
      { "tenor.full: value must be a number, got nothing", tenor.full, 2 },
      { "tenor.full: value must be an integer that fits int32, got 0.5", tenor.full, 2, 0.5, "int32" },
      { "tenor.full: size 1 must be an integer of at least 0, got 'a'", tenor.full, "a", 1 },
      { "tenor.full: expected 1 to 8 sizes, got 0", tenor.full, {}, 1 },
      { "tenor.arange: expected 1 to 3 numbers, got 0", tenor.arange },
      { "tenor.arange: step must not be 0, got 0", tenor.arange, 1, 2, 0 },
      { "tenor.arange: stop must be finite, got inf", tenor.arange, math.huge },
      { "tenor.arange: stop must be a number, got table", tenor.arange, {} },
      { "tenor.arange: start must be an integer that fits int32, got 0.5", tenor.arange, 0.5, 2, "int32" },
      { "tenor.arange: expected at most 9e15 numbers", tenor.arange, 0, 1, 1e-300 },
      { "tenor.tensor: t must be a table of numbers, got 5", T, 5 },
      { "tenor.tensor: t must be a table of numbers, got " .. X, T, x },
      { "tenor.tensor: t[2] must be a table of 2 like those before it, got 1", T, { { 1, 2 }, { 3 } } },
      { "tenor.tensor: t[2] must be a table of 2 like those before it, got 3", T, { { 1, 2 }, 3 } },
      { "tenor.tensor: t[2] must be a number, got table", T, { 1, { 2 } } },
      { "tenor.tensor: t[2][1] must be a number, got 'x'", T, { { 1, 2 }, { "x", 3 } } },
      { "tenor.tensor: t[1][2] must be an integer that fits int32, got 1.5", T, { { 1, 1.5 } }, "int32" },
      { "tenor.tensor: t[1] must be a number, got boolean", T, { true } },
      { "tenor.tensor: t may nest 8 tables deep, got more", T, cyclic },
      { "tenor.tensor: t may nest 8 tables deep, got more", T, deep },
      { "tenor.tensor: dtype must be", T, { 1 }, "float" },
      { "tenor.cat: tensors must be a table of tensors, got nothing", tenor.cat },
      { "tenor.cat: tensors must hold at least one tensor, got 0", tenor.cat, {} },
      { "tenor.cat: the shape is too large", tenor.cat, wide },
      { "tenor.cat: tensors[2] must be a tensor, got 3", tenor.cat, { x, 3 } },
      { "tenor.cat: axis must be 1 to 2, or negative from the end, got 3", tenor.cat, { x, x }, 3 },
      { "tenor.cat: tensors[2] must be " .. X .. " but for axis 1, got int32 (3)", tenor.cat, { x, ids } },
      { "tenor.stack: tensors[2] must be " .. X .. ", got " .. real .. " (3, 2)", tenor.stack, { x, x:t() } },
      { "tenor.stack: axis must be 1 to 3", tenor.stack, { x }, 4 },
      { "tenor.stack: tensors must be a table of tensors, got " .. X, tenor.stack, x },
      { "tenor.stack: tensors must have rank below 8, got 8", tenor.stack, { tenor.zeros(1, 1, 1, 1, 1, 1, 1, 1) } },
      { "tenor.where: mask must be a tensor, got nothing", tenor.where },
      { "tenor.where: mask must be int32, got " .. X, tenor.where, x, 1, 2 },
      { "tenor.where: b must be a tensor or a number, got nothing", tenor.where, ids, 1 },
      { "tenor.where: shapes must broadcast, got (3) and (2)", tenor.where, ids, tenor.zeros(2), 1 },
      { "tenor.allclose: unknown option 'rtoll' (did you mean 'rtol'?)", tenor.allclose, x, x, { rtoll = 1 } },
      { "allclose: rtol must be a number, got 'a'", tenor.allclose, x, x, { rtol = "a" } },
      { "allclose: b must be a tensor or a number, got nil", tenor.allclose, x },
      { "allclose: a must be a tensor, got 1", tenor.allclose, 1, 1 },
      { "allclose: shapes must broadcast, got (2, 3) and (2)", tenor.allclose, x, tenor.zeros(2) },
      { "tensor +: shapes must broadcast, got (2, 3) and (2)", function() return x + tenor.zeros(2) end },
      { "tensor +: b must be a tensor or a number, got 'a'", function() return x + "a" end },
      { "tensor *: a must be a tensor or a number, got table", function() return {} * x end },
      { "tensor /: b must be a tensor or a number, got nil", function() return x / nil end },
      { "tensor ^: b must be a tensor or a number, got tenor.Rng", function() return x ^ rng end },
      { "tensor +: b must be an integer that fits int32, got 4294967296", function() return ids + (1 << 32) end },
      { "tensor:reshape: sizes must hold the 6 numbers of (2, 3), got (4)", x.reshape, x, 4 },
      { "tensor:reshape: sizes must hold the 6 numbers of (2, 3), got (4, 0) with 0 for -1", x.reshape, x, 4, -1 },
      { "tensor:reshape: only one size may be -1, got sizes 1 and 2", x.reshape, x, -1, -1 },
      { "tensor:reshape: expected 1 to 8 sizes, got 0", x.reshape, x },
      { "tensor:reshape: size 1 must be an integer of at least 0, got -2", x.reshape, x, -2 },
      { "tensor:reshape: sizes must hold the 6 numbers", x.reshape, x, 1 << 40, 1 << 40 },
      { "tensor:rows: x must be a tensor, got table", x.rows, {} },
      { "tensor:t: x must have rank 2, got int32 (3)", ids.t, ids },
      { "tensor:narrow: axis must be an integer, got nothing", x.narrow, x },
      { "tensor:narrow: axis must be 1 to 2, or negative from the end, got 0", x.narrow, x, 0, 1, 1 },
      { "tensor:narrow: start 2 and length 2 are out of range for axis 1 of size 2", x.narrow, x, 1, 2, 2 },
      { "tensor:narrow: start 0 and length 1 are out of range", x.narrow, x, 1, 0, 1 },
      { "tensor:narrow: start -9 and length 1 are out of range", x.narrow, x, 1, -9, 1 },
      { "tensor:narrow: length must be at least 0, got -1", x.narrow, x, 1, 1, -1 },
      { "tensor:narrow: start 1 and length 9223372036854775807", x.narrow, x, 1, 1, math.maxinteger },
      { "tensor:select: index 4 is out of range for axis 2 of size 3", x.select, x, 2, 4 },
      { "tensor:select: index must be an integer, got nothing", x.select, x, 2 },
      { "tensor:index: rows must be a table of integers or an int32 tensor, got 1", x.index, x, 1 },
      { "tensor:index: rows must be a table of integers or an int32 tensor, got " .. X, x.index, x, x },
      { "tensor:index: rows[2] must be an integer, got 'a'", x.index, x, { 1, "a" } },
      { "tensor:index: index 3 is out of range for axis 1 of size 2", x.index, x, { 1, 3 } },
      { "tensor:index: index 0 is out of range for axis 1 of size 2", x.index, x, ids },
      { "tensor:index: the result must have rank at most 8, got 9", x.index, x,
        tenor.ones(1, 1, 1, 1, 1, 1, 1, 1, "int32") },
      { "tensor:add: b must broadcast to (2, 3), got " .. real .. " (2)", x.add, x, tenor.zeros(2) },
      { "tensor:add: b must broadcast to (2, 3), got " .. real .. " (4, 2, 3)", x.add, x, tenor.zeros(4, 2, 3) },
      { "tensor:sub: b must be a tensor or a number, got nothing", x.sub, x },
      { "tensor:mul: b must be int32 like x, got " .. real .. " (3)", ids.mul, ids, tenor.zeros(3) },
      { "tensor:mul: b must be an integer that fits int32, got 0.5", ids.mul, ids, 0.5 },
      { "tensor:div: x must be " .. real .. ", as a quotient is, got int32 (3)", ids.div, ids, 2 },
      { "tensor:fill: value must be a number, got 'a'", x.fill, x, "a" },
      { "tensor:copy_from: source must be a tensor, got 1", x.copy_from, x, 1 },
      { "tensor:copy_from: the source must be int32, got " .. real, ids.copy_from, ids, tenor.zeros(3) },
      { "tensor:copy_from: the source must broadcast to (2, 3), got (3, 2)", x.copy_from, x, x:t() },
      { "tensor:to: dtype must be", x.to, x },
      { "tensor:to: numbers must fit int32, got", x.to, tenor.full(2, 3e9), "int32" },
      { "tensor:to: numbers must fit int32, got", x.to, tenor.full(2, 0 / 0), "int32" },
      { "tensor:clamp: low must be a number, got 'a'", x.clamp, x, "a" },
      { "tensor:clamp: high must be an integer that fits int32, got 0.5", ids.clamp, ids, 0, 0.5 },
      { "tensor:pow: b must be a tensor or a number, got nothing", x.pow, x },
      { "tensor:eq: b must be a tensor or a number, got 'a'", x.eq, x, "a" },
      { "tensor:matmul: b must be a tensor, got 2", x.matmul, x, 2 },
      { "tensor:matmul: a and b must be " .. real .. " of rank 1 or 2, got " .. X .. " and int32 (3)", x.matmul, x, ids },
      { "tensor:matmul: inner dimensions must agree, got (2, 3) and (2)", x.matmul, x, tenor.zeros(2) },
      { "tensor:mean: axis must be 1 to 2, or negative from the end, got 3", x.mean, x, 3 },
      { "tensor:mean: axis must be an integer, got 'a'", x.mean, x, "a" },
      { "tensor:sum: options must be a table, got 1", x.sum, x, 1, 1 },
      { "tensor:sum: unknown option 'keep' (options: keepdims)", x.sum, x, 1, { keep = true } },
      { "tensor:sum: keepdims must be a boolean, got 1", x.sum, x, 1, { keepdims = 1 } },
      { "tensor:sum: axis must be an integer with keepdims, got nil", x.sum, x, nil, { keepdims = true } },
      { "tensor:max: x must hold numbers to choose from, got " .. real .. " (0)", x.max, tenor.zeros(0) },
      { "tensor:argmin: x must hold numbers to choose from, got " .. real .. " (0, 2)", x.argmin, tenor.zeros(0, 2), 1 },
      { "tensor:size: axis must be 1 to 2, or negative from the end, got -3", x.size, x, -3 },
      { "tensor: index must be an integer", function() return x[0.5] end },
    }
    for _, case in ipairs(wrong) do assert.raises(case[1], table.unpack(case, 2, case.n or #case)) end
  end)

  it("never crashes a method that gets something else for a tensor", function()
    local methods = require("tenor.core").tensor.methods
    local strange = { 1, "a", {}, true, print, tenor.rng(1), io.stdout, coroutine.create(print), 0 / 0 }
    for name, f in pairs(methods) do
      assert.is_false((pcall(f)), name)
      for _, value in ipairs(strange) do
        assert.is_false((pcall(f, value)), name)
        for _, x in ipairs { tenor.ones(2, 2), tenor.ones(2, "int32"), tenor.zeros(0) } do
          pcall(f, x, value)
          pcall(f, x, value, value)
          pcall(f, x, 1, value, 1)
          pcall(f, x, x, x, value)
        end
      end
    end
    for name, f in pairs(getmetatable(tenor.zeros(1))) do
      if type(f) == "function" then
        for _, value in ipairs(strange) do
          pcall(f, value)
          pcall(f, value, value, value)
          pcall(f, tenor.zeros(1), value, value)
        end
        if name ~= "__eq" then assert.is_false((pcall(f)), name) end
      end
    end
  end)
end)
