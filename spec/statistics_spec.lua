--- Statistics against naive rewrites, enumerations and the figures of other programs.
local assert = require "spec.support.assertions"
local naive = require "spec.support.naive"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local statistics = tenor.statistics

local function made(n, seed)
  local rng = tenor.rng(seed or 1)
  local gold = tenor.randn(n, rng)
  return gold * 0.6 + tenor.randn(n, rng) * 0.5 + 0.2, gold, rng
end

-- All 2^n signs of the ranks: P(W+ <= w), P(W+ >= w).
local function enumerate(ranks, w)
  local below, above, n = 0, 0, #ranks
  for signs = 0, 2 ^ n // 1 - 1 do
    local sum = 0
    for i = 1, n do
      if signs >> (i - 1) & 1 == 1 then sum = sum + ranks[i] end
    end
    if sum <= w then below = below + 1 end
    if sum >= w then above = above + 1 end
  end
  return below / 2 ^ n, above / 2 ^ n
end

describe("the normal distribution", function()
  it("gives the quantiles of printed tables", function()
    assert.near(1.959963984540054, statistics.normal_quantile(0.975), 1e-14)
    assert.near(-3.090232306167813, statistics.normal_quantile(0.001), 1e-13)
    assert.near(-6.361340902404056, statistics.normal_quantile(1e-10), 1e-12)
    assert.equal(0.0, statistics.normal_quantile(0.5))
    assert.near(0.158655253931457, statistics.normal_cdf(-1), 1e-14)
  end)

  it("has a quantile that undoes it, far into the tails", function()
    for _, p in ipairs { 1e-300, 1e-20, 1e-5, 0.07, 0.3, 0.93, 1 - 1e-12 } do
      assert.near(1, statistics.normal_cdf(statistics.normal_quantile(p)) / p, 1e-12)
    end
  end)
end)

describe("a summary", function()
  it("has mean, deviation over n - 1 and range", function()
    local s = statistics.summary { 2, 4, 4, 4, 5, 5, 7, 9 }
    assert.same({ 8, 5.0, 2, 9 }, { s.n, s.mean, s.min, s.max })
    assert.near(math.sqrt(32 / 7), s.std, 1e-15)
    assert.equal("5 ± 2.1 (2 to 9), n = 8", tostring(s))
  end)

  it("takes tensors as it takes lists", function()
    assert.equal(tostring(statistics.summary { 1, 2, 4 }), tostring(statistics.summary(tenor.tensor { 1, 2, 4 })))
  end)

  it("of one number has no deviation", function()
    local s = statistics.summary { 0.4 }
    assert.is_nil(s.std)
    assert.equal("0.4, n = 1", tostring(s))
  end)
end)

describe("Wilcoxon's test", function()
  it("gives the figures of SciPy's manual: twin plants of Darwin's, exact", function()
    local d = { 6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75 }
    local t = statistics.wilcoxon(d)
    assert.equal(24.0, t.statistic)
    assert.near(0.041259765625, t.p, 1e-15)
    assert.equal("exact", t.method)
    assert.near(0.0206298828125, statistics.wilcoxon(d, nil, { alternative = "greater" }).p, 1e-15)
    assert.equal("W = 24, p = 0.0413 (two-sided, exact), 15 pairs", tostring(t))
  end)

  it("counts every sign of the ranks, with ties and with zeros in both ways", function()
    local d = { 1, -1, 2, 2, -3, 0, 4, 4, 4, 0, 5 }
    -- midranks without the zeros, and with them below
    for _, case in ipairs {
      { "wilcoxon", { 1.5, 1.5, 3.5, 3.5, 5, 7, 7, 7, 9 } },
      { "pratt", { 3.5, 3.5, 5.5, 5.5, 7, 9, 9, 9, 11 } },
    } do
      local r = case[2]
      local plus = r[1] + r[3] + r[4] + r[6] + r[7] + r[8] + r[9]
      local below, above = enumerate(r, plus)
      local t = statistics.wilcoxon(d, nil, { zeros = case[1] })
      assert.equal(plus, t.w_plus)
      assert.equal(r[2] + r[5], t.w_minus)
      assert.near(2 * math.min(below, above), t.p, 1e-15)
      assert.near(above, statistics.wilcoxon(d, nil, { zeros = case[1], alternative = "greater" }).p, 1e-15)
      assert.near(below, statistics.wilcoxon(d, nil, { zeros = case[1], alternative = "less" }).p, 1e-15)
      assert.equal(2, t.zeros)
    end
  end)

  it("agrees with enumeration on random differences", function()
    local rng = tenor.rng(3)
    for n = 1, 12 do
      local d, order, ranks, plus = {}, {}, {}, 0
      for i = 1, n do d[i], order[i] = rng:normal(), i end
      table.sort(order, function(i, j) return math.abs(d[i]) < math.abs(d[j]) end)
      for rank, i in ipairs(order) do
        ranks[rank] = rank
        if d[i] > 0 then plus = plus + rank end
      end
      local below, above = enumerate(ranks, plus)
      local t = statistics.wilcoxon(d)
      assert.near(math.min(1, 2 * math.min(below, above)), t.p, 1e-14)
      assert.near(math.min(1, 2 ^ (1 - n)), t.least_p, 1e-15)
    end
  end)

  it("takes differences that rounding alone tells apart as ties", function()
    local t = statistics.wilcoxon({ 0.3, 0.2, 0.9 }, { 0.2, 0.1, 0.5 })
    assert.equal(1, t.ties)
    assert.equal(1, statistics.wilcoxon({ 0.1 + 0.2, 1, 2 }, { 0.3, 0, 0 }).zeros)
  end)

  it("of pairs that are all equal is sure of nothing", function()
    local t = statistics.wilcoxon({ 1, 2 }, { 1, 2 })
    assert.equal(1, t.p)
    assert.equal(2, t.zeros)
  end)

  it("approximates closely what it counts", function()
    local rng, d = tenor.rng(4), {}
    for i = 1, 40 do d[i] = rng:normal() + 0.3 end
    local exact = statistics.wilcoxon(d, nil, { method = "exact" })
    assert.near(exact.p, statistics.wilcoxon(d, nil, { method = "normal" }).p, 0.004)
    for i = 41, 51 do d[i] = rng:normal() end
    assert.equal("normal", statistics.wilcoxon(d).method)
  end)

  it("gives SciPy's p-values where SciPy is installed", function()
    local python = "/usr/bin/python3"
    if not os.execute(python .. " -c 'import scipy.stats' >/dev/null 2>&1") then return pending "no SciPy" end
    local rng, lists, lines = tenor.rng(9), {}, {}
    for k = 1, 12 do
      local d, texts = {}, {}
      for i = 1, 8 + 4 * k do
        d[i] = k % 2 == 0 and rng:integer(9) - 4.0 or rng:normal() + 0.2 -- even ones have ties and zeros
        texts[i] = ("%.17g"):format(d[i])
      end
      lists[k], lines[k] = d, "[" .. table.concat(texts, ",") .. "]"
    end
    local script = scratch.file(".py", ([[
from scipy.stats import wilcoxon
for k, d in enumerate([%s]):
    for zeros in ("wilcox", "pratt"):
        for side in ("two-sided", "greater", "less"):
            print("%%.17g" %% wilcoxon(d, zero_method=zeros, alternative=side, mode="approx", correction=True).pvalue)
    if k %% 2 == 0: print("%%.17g" %% wilcoxon(d, mode="exact").pvalue)
]]):format(table.concat(lines, ",")))
    local pipe = assert(io.popen(("%s -W ignore %s 2>&1"):format(python, script)))
    for k, d in ipairs(lists) do
      for _, zeros in ipairs { "wilcoxon", "pratt" } do
        for _, side in ipairs { "two-sided", "greater", "less" } do
          local t = statistics.wilcoxon(d, nil, { zeros = zeros, alternative = side, method = "normal" })
          assert.near(tonumber(pipe:read "l"), t.p, 1e-12)
        end
      end
      if k % 2 == 1 then assert.near(tonumber(pipe:read "l"), statistics.wilcoxon(d, nil, { method = "exact" }).p, 1e-12) end
    end
    pipe:close()
    scratch.clean()
  end)
end)

describe("Holm's correction", function()
  it("multiplies by what is left, and never falls", function()
    local p = statistics.holm { 0.01, 0.04, 0.03, 0.005 }
    for i, expected in ipairs { 0.03, 0.06, 0.06, 0.02 } do assert.near(expected, p[i], 1e-15) end
  end)

  it("leaves comparisons out that were not made", function()
    assert.same({ 0.04, false, 0.9 }, statistics.holm { 0.02, false, 0.9 })
  end)

  it("is followed by marks at the usual levels", function()
    local marks = {}
    for i, p in ipairs { 0.0009, 0.001, 0.0099, 0.049, 0.05 } do marks[i] = statistics.stars(p) end
    assert.same({ "***", "**", "**", "*", "" }, marks)
    assert.equal("", statistics.stars(nil))
  end)
end)

describe("relative improvement", function()
  it("is that of the means, with the deviation carried over", function()
    local i = statistics.improvement({ 0.40, 0.44 }, { 0.2 })
    assert.near(110, i.percent, 1e-12)
    assert.near(100 * (0.02 * math.sqrt(2)) / 0.2, i.std, 1e-12)
    assert.near(i.std / math.sqrt(2), i.error, 1e-12)
  end)

  it("counts the baseline's deviation too, less what pairs share", function()
    local s, b = { 0.40, 0.44, 0.42 }, { 0.20, 0.22, 0.21 }
    assert.near(0, statistics.improvement(s, b, { paired = true }).std, 1e-9)
    local alone = statistics.improvement(s, b)
    assert.near(100 * math.sqrt((0.02 / 0.21) ^ 2 + (2 * 0.01 / 0.21) ^ 2), alone.std, 1e-9)
  end)

  it("has an interval by drawing seeds, the same for the same seed", function()
    local s, b = { 0.40, 0.44, 0.42, 0.45, 0.39 }, { 0.20, 0.22, 0.21, 0.19, 0.2 }
    local i = statistics.improvement(s, b, { bootstrap = true, seed = 3 })
    local again = statistics.improvement(s, b, { bootstrap = true, seed = 3 })
    assert.same({ i.low, i.high }, { again.low, again.high })
    assert.is_true(i.low < i.percent and i.percent < i.high)
    assert.near(2 * 1.96 * i.error, i.high - i.low, 0.25 * (i.high - i.low)) -- five seeds: of that order
  end)

  it("is no number over a baseline that is not above zero", function()
    local none, why = statistics.improvement({ 0.4 }, { -0.1, 0.1 })
    assert.is_nil(none)
    assert.matches("no percentage", why)
    none, why = statistics.improvement({ 0.4 }, { 0.001, 0.017 })
    assert.is_nil(none)
    assert.equal("the baseline's mean, 0.009 with an error of 0.008, is not clearly above 0", why)
  end)
end)

describe("the bootstrap of CCC", function()
  it("estimates what metrics.ccc says", function()
    local pred, gold = made(200)
    for _, method in ipairs { "studentized", "bca", "percentile" } do
      local i = statistics.ccc_interval(pred, gold, { method = method, replicates = 199 })
      assert.near(tenor.metrics.ccc(pred, gold), i.estimate, 1e-12)
      assert.is_true(i.low < i.estimate and i.estimate < i.high)
      assert.is_true(i.high - i.low > 0.05 and i.high - i.low < 0.4)
    end
  end)

  it("does not see where the labels' scale begins", function()
    local pred, gold = made(100)
    local here = statistics.ccc_interval(pred, gold, { replicates = 499 })
    local there = statistics.ccc_interval(pred + 1024, gold + 1024, { replicates = 499 })
    assert.near(here.low, there.low, 1e-3) -- float32 keeps 1e-4 beside 1024
    assert.near(here.high, there.high, 1e-3)
  end)

  it("has the deviation and quantiles of a naive bootstrap", function()
    local pred, gold, rng = made(60)
    local ours, list = statistics.ccc_interval(pred, gold, { method = "percentile", replicates = 4000 }), {}
    for i = 1, 2000 do
      local rows = tenor.zeros(60, "int32")
      for k = 1, 60 do rows[k] = rng:integer(60) end
      list[i] = tenor.metrics.ccc(pred:index(rows), gold:index(rows))
    end
    table.sort(list)
    local std = math.sqrt(naive.var(list))
    assert.near(std, ours.error, 0.08 * std) -- 2000 draws know a deviation to 1.6 %
    assert.near(list[50], ours.low, 0.3 * std)
    assert.near(list[1951], ours.high, 0.3 * std)
  end)

  it("draws whole speakers, in whatever order their utterances come", function()
    local pred, gold = made(90)
    local names, by_name = {}, {}
    for i = 1, 90 do names[i] = "speaker " .. (i - 1) // 9 end
    local i = statistics.ccc_interval(pred, gold, { clusters = names, replicates = 299 })
    assert.equal(10, i.units)
    assert.equal(90, i.size)
    assert.matches("by speaker: 10 speakers, 90 utterances", tostring(i))
    for k = 1, 90 do by_name[k] = (k - 1) // 9 end
    local j = statistics.ccc_interval(pred, gold, { clusters = tenor.tensor(by_name, "int32"), replicates = 299 })
    assert.same({ i.low, i.high }, { j.low, j.high })
  end)

  it("is wider by speaker where speakers are alike within", function()
    local rng, names = tenor.rng(2), {}
    local pred, gold = tenor.zeros(300), tenor.zeros(300)
    for s = 0, 29 do
      local own, off = rng:normal(), rng:normal()
      for k = 1, 10 do
        local row = 10 * s + k
        gold[row] = own + 0.3 * rng:normal()
        pred[row] = 0.7 * gold[row] + 0.6 * off
        names[row] = "s" .. s
      end
    end
    local loose = statistics.ccc_interval(pred, gold, { clusters = names, replicates = 999 })
    local tight = statistics.ccc_interval(pred, gold, { replicates = 999 })
    assert.is_true(loose.high - loose.low > 1.5 * (tight.high - tight.low))
  end)

  it("gives the same bits on any number of threads", function()
    local pred, gold = made(80)
    local before = tenor.threads()
    local lists = {}
    for n = 1, 3 do
      tenor.threads(n)
      local i = statistics.ccc_interval(pred, gold, { replicates = 500, seed = 7 })
      lists[n] = { i.low, i.high, i.error }
    end
    tenor.threads(before)
    assert.same(lists[1], lists[2])
    assert.same(lists[1], lists[3])
  end)

  it("has an interval for each column", function()
    local rng = tenor.rng(5)
    local gold = tenor.randn(50, 3, rng)
    local list = statistics.ccc_interval(gold + tenor.randn(50, 3, rng), gold, { replicates = 99 })
    assert.equal(3, #list)
  end)

  it("of perfect predictions is a point", function()
    local _, gold = made(30)
    for _, method in ipairs { "studentized", "bca", "percentile" } do
      local i = statistics.ccc_interval(gold, gold, { method = method, replicates = 99 })
      assert.near(1, i.low, 1e-12)
      assert.near(1, i.high, 1e-12)
    end
  end)

  it("of a difference finds the better system, and none between a system and itself", function()
    local good, gold, rng = made(300)
    local worse = good + tenor.randn(300, rng)
    local d = statistics.ccc_difference({ worse, good }, gold, { replicates = 999 })
    assert.near(tenor.metrics.ccc(good, gold) - tenor.metrics.ccc(worse, gold), d.estimate, 1e-12)
    assert.is_true(d.low > 0)
    assert.near(0.002, d.p, 1e-12) -- none of 999 on the other side
    local same = statistics.ccc_difference({ good, good }, gold, { method = "percentile", replicates = 99 })
    assert.equal(0.0, same.estimate)
    assert.equal(1, same.p)
    same = statistics.ccc_difference({ good, good }, gold, { replicates = 99 })
    assert.same({ 0.0, 0.0 }, { same.low, same.high })
  end)

  it("is narrower for a difference than the intervals of both, since they meet the same utterances", function()
    local first, gold, rng = made(200)
    local second = first + tenor.randn(200, rng) * 0.1
    local d = statistics.ccc_difference({ first, second }, gold, { replicates = 999 })
    local one = statistics.ccc_interval(first, gold, { replicates = 999 })
    assert.is_true(d.high - d.low < 0.7 * (one.high - one.low))
  end)
end)

describe("an interval", function()
  local pred, gold = made(40, 9)
  for _, method in ipairs { "bca", "percentile", "studentized" } do
    it("of a level next to 1 is as wide as the replicates, and next to 0 a point: " .. method, function()
      local widest = statistics.ccc_interval(pred, gold, { method = method, level = 1 - 2 ^ -53, replicates = 99 })
      local usual = statistics.ccc_interval(pred, gold, { method = method, replicates = 99 })
      local narrow = statistics.ccc_interval(pred, gold, { method = method, level = 2 ^ -60, replicates = 99 })
      assert.is_true(widest.low <= usual.low and usual.high <= widest.high)
      assert.near(narrow.low, narrow.high, 1e-9)
    end)
  end
end)

describe("the statistics' errors", function()
  local pred, gold = made(10)

  for message, f in pairs {
    ["statistics.ccc_interval: predictions and labels must be tensors, both (N) or (N, K), got "] = function()
      statistics.ccc_interval({ 1, 2 }, gold)
    end,
    ["statistics.ccc_interval: unknown option 'cluster' (did you mean 'clusters'?)"] = function()
      statistics.ccc_interval(pred, gold, { cluster = {} })
    end,
    ["statistics.ccc_interval: method must be 'studentized', 'bca', 'percentile', got 'BCa'"] = function()
      statistics.ccc_interval(pred, gold, { method = "BCa" })
    end,
    ["statistics.ccc_interval: level must be a number between 0 and 1, got 95"] = function()
      statistics.ccc_interval(pred, gold, { level = 95 })
    end,
    ["statistics.ccc_interval: clusters must be a list of 10 names, one an utterance, got 2"] = function()
      statistics.ccc_interval(pred, gold, { clusters = { "a", "b" } })
    end,
    ["statistics.ccc_interval: at least 5 speakers are needed, got 1"] = function()
      statistics.ccc_interval(pred, gold, { clusters = { "a", "a", "a", "a", "a", "a", "a", "a", "a", "a" } })
    end,
    ["statistics.ccc_interval: the labels of column 1 are all 0: CCC is undefined for constant labels"] = function()
      statistics.ccc_interval(pred, tenor.zeros(10))
    end,
    ["statistics.ccc_interval: the predictions hold a number that is not finite"] = function()
      statistics.ccc_interval(pred * (0 / 0), gold)
    end,
    ["statistics.ccc_interval: clusters[1] is nan, which names no speaker"] = function()
      local clusters = { 0 / 0 }
      for i = 2, pred:size(1) do clusters[i] = i end
      statistics.ccc_interval(pred, gold, { clusters = clusters })
    end,
    ["names, one an utterance, got a userdata"] = function() statistics.ccc_interval(pred, gold, { clusters = tenor.rng(1) }) end,
    ["statistics.ccc_difference: systems must be { first, second }, the predictions of two systems, got 1"] = function()
      statistics.ccc_difference({ pred }, gold)
    end,
    ["statistics.wilcoxon: a and b must be pairs, got 2 and 1 numbers"] = function() statistics.wilcoxon({ 1, 2 }, { 1 }) end,
    ["statistics.wilcoxon: b[2] must be a finite number, got inf"] = function() statistics.wilcoxon({ 1, 2 }, { 1, 1 / 0 }) end,
    ["statistics.wilcoxon: zeros must be 'wilcoxon', 'pratt', got 'drop'"] = function()
      statistics.wilcoxon({ 1 }, { 2 }, { zeros = "drop" })
    end,
    ["statistics.summary: list must be a list of at least 1 number, got 0"] = function() statistics.summary {} end,
    ["statistics.holm: p-value 1 must be from 0 to 1, got 2"] = function() statistics.holm { 2 } end,
    ["statistics.improvement: pairs are wanted, got 2 and 1 scores"] = function()
      statistics.improvement({ 1, 2 }, { 1 }, { paired = true })
    end,
  } do
    it("name what is wrong: " .. message, function()
      assert.raises(message, f)
    end)
  end

  it("point at the caller's line", function()
    local _, message = pcall(function() statistics.ccc_interval(pred, gold, { level = 2 }) end)
    assert.matches("statistics_spec%.lua:%d+: ", message)
    _, message = pcall(function() statistics.ccc_interval(pred, tenor.zeros(10)) end)
    assert.matches("statistics_spec%.lua:%d+: ", message)
    _, message = pcall(function() statistics.ccc_difference({ pred, gold }, gold, { clusters = {} }) end)
    assert.matches("statistics_spec%.lua:%d+: ", message)
  end)
end)
