--- How often intervals of CCC cover the truth, where the truth is known.
--
-- 2000 made sets a case: the part that is covered is then known to half a per cent
-- (one standard error), and four of those are the 2 % that are promised.
local tenor = require "tenor"

local TRIALS = 2000

-- y = s + e with a speaker's own s; x = y/2 + u + noise + shift with a speaker's own u.
-- Returns predictions, labels, speakers and the CCC of the population.
local function speakers(o)
  local truth = 2 * 0.5 / (0.25 + o.u ^ 2 + o.noise ^ 2 + 1 + o.shift ^ 2)
  local within = math.sqrt(1 - o.s ^ 2) -- var y is 1
  return truth, function(rng)
    local pred, gold, names = {}, {}, {}
    for g = 1, o.speakers do
      local own, off = o.s * rng:normal(), o.u * rng:normal()
      local count = o.uneven and rng:integer(2 * o.each - 1) or o.each
      for _ = 1, count do
        local y = own + within * rng:normal()
        gold[#gold + 1] = y
        pred[#pred + 1] = 0.5 * y + off + o.noise * rng:normal() + o.shift
        names[#names + 1] = g
      end
    end
    return tenor.tensor(pred), tenor.tensor(gold), names
  end
end

-- Labels as people give them, in steps of a half from 1 to 5, skewed; errors that are not normal.
local function ratings(n)
  local function draw(rng)
    local y = 2 + rng:normal()
    y = math.min(5, math.max(1, math.floor(2 * y + 0.5) / 2))
    local e = rng:uniform()
    return y, 0.4 * y + 1.5 - 0.5 * math.log(1 - e)
  end
  -- the truth by moments of four million pairs: known to 5e-4 where the interval is 0.1 wide
  local rng, count = tenor.rng(99), 4000000
  local sx, sy, sxx, syy, sxy = 0, 0, 0, 0, 0
  for _ = 1, count do
    local y, x = draw(rng)
    sx, sy, sxx, syy, sxy = sx + x, sy + y, sxx + x * x, syy + y * y, sxy + x * y
  end
  local mx, my = sx / count, sy / count
  local truth = 2 * (sxy / count - mx * my) / (sxx / count - mx ^ 2 + syy / count - my ^ 2 + (mx - my) ^ 2)
  return truth, function(r)
    local pred, gold = {}, {}
    for i = 1, n do gold[i], pred[i] = draw(r) end
    return tenor.tensor(pred), tenor.tensor(gold)
  end
end

local function coverage(truth, draw, method)
  local rng, covered = tenor.rng(11), 0
  for trial = 1, TRIALS do
    local pred, gold, names = draw(rng)
    local i = tenor.statistics.ccc_interval(pred, gold, { clusters = names, method = method, replicates = 999, seed = trial })
    if i.low <= truth and truth <= i.high then covered = covered + 1 end
  end
  return 100 * covered / TRIALS
end

local function without_names(truth, draw)
  return truth, function(rng)
    local pred, gold = draw(rng)
    return pred, gold
  end
end

local function pairs_of(n, o)
  return without_names(speakers { speakers = n, each = 1, s = 0, u = 0, noise = o.noise, shift = o.shift })
end

describe("the studentized 95 % interval of CCC covers the truth at 95 % ± 2 %", function()
  for _, case in ipairs {
    { "by utterance, 50 pairs", function() return pairs_of(50, { noise = 0.6, shift = 0.3 }) end },
    { "by utterance, 200 pairs", function() return pairs_of(200, { noise = 0.6, shift = 0.3 }) end },
    { "by utterance, 1000 pairs of a weak system", function() return pairs_of(1000, { noise = 2, shift = 0 }) end },
    { "by utterance, 100 skewed ratings in steps", function() return ratings(100) end },
    { "by utterance, 500 skewed ratings in steps", function() return ratings(500) end },
    { "by speaker, 30 speakers of 20", function()
      return speakers { speakers = 30, each = 20, s = 0.6, u = 0.4, noise = 0.5, shift = 0.2 }
    end },
    { "by speaker, 60 speakers of 1 to 19", function()
      return speakers { speakers = 60, each = 10, uneven = true, s = 0.6, u = 0.4, noise = 0.5, shift = 0.2 }
    end },
  } do
    it(case[1], function()
      local part = coverage(case[2]())
      print(("\n%s: %.1f %%"):format(case[1], part))
      assert.is_true(part >= 93 and part <= 97, ("covered %.1f %%"):format(part))
    end)
  end
end)

describe("the studentized 95 % interval of a difference", function()
  it("covers the truth at 95 % ± 2 %, by utterance, 200 pairs", function()
    -- two systems with errors in common; CCC is 2c / (c² + e² + f² + 1) where x = c y + errors
    local function ccc(c, own) return 2 * c / (c ^ 2 + 0.4 ^ 2 + own ^ 2 + 1) end
    local truth, rng, covered = ccc(0.6, 0.3) - ccc(0.4, 0.5), tenor.rng(21), 0
    for trial = 1, TRIALS do
      local gold, shared = tenor.randn(200, rng), tenor.randn(200, rng) * 0.4
      local first = gold * 0.4 + shared + tenor.randn(200, rng) * 0.5
      local second = gold * 0.6 + shared + tenor.randn(200, rng) * 0.3
      local i = tenor.statistics.ccc_difference({ first, second }, gold, { replicates = 999, seed = trial })
      if i.low <= truth and truth <= i.high then covered = covered + 1 end
    end
    local part = 100 * covered / TRIALS
    print(("\na difference, 200 pairs: %.1f %%"):format(part))
    assert.is_true(part >= 93 and part <= 97)
  end)
end)

describe("what the other ways lose", function()
  it("by utterance where speakers are alike within, and the other methods by speaker", function()
    local truth, draw = speakers { speakers = 30, each = 20, s = 0.6, u = 0.4, noise = 0.5, shift = 0.2 }
    local loose = coverage(without_names(truth, draw))
    local bca, percentile = coverage(truth, draw, "bca"), coverage(truth, draw, "percentile")
    print(("\nby utterance, 30 speakers of 20: %.1f %%; by speaker, bca %.1f %%, percentile %.1f %%"):format(loose, bca,
      percentile))
    assert.is_true(loose < 75)
    assert.is_true(bca < 95 and percentile < 95)
  end)
end)
