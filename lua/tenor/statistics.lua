--- What may be said of scores: intervals, tests, and how much one system is above another.
--
-- Two things make scores vary. Another test set would give another CCC: bootstrap intervals (`ccc_interval`,
-- `ccc_difference`) tell how far off. Another seed would give another model: `summary`, `wilcoxon` and `improvement`
-- take lists of one score a seed.
-- @module statistics
local bootstrap = require "tenor.statistics.bootstrap"
local check = require "tenor.statistics.check"
local core = require "tenor.core".statistics
local options = require "tenor.options"

local statistics = {
  ccc_interval = bootstrap.ccc_interval,
  ccc_difference = bootstrap.ccc_difference,
  wilcoxon = require "tenor.statistics.wilcoxon",
  --- The normal distribution function: the part of a standard normal that is below x.
  -- @function normal_cdf
  -- @number x
  normal_cdf = core.normal_cdf,
  --- Its inverse; infinite at 0 and 1, NaN beyond.
  -- @function normal_quantile
  -- @number p 0 to 1
  normal_quantile = core.normal_quantile,
}

--- The summary of a list of numbers; prints as one line.
local Summary = {}
Summary.__index = Summary
Summary.__name = "tenor.Summary"

function Summary:__tostring()
  local text = ("%.4g"):format(self.mean)
  if self.std then text = ("%s ± %.2g (%.4g to %.4g)"):format(text, self.std, self.min, self.max) end
  return ("%s, n = %d"):format(text, self.n)
end

--- Mean, deviation and range of a list.
-- @tparam table list finite numbers, at least one; or a tensor (N)
-- @treturn table table: `n`, `mean`, `std` (of the sample, over n - 1; nil for a single number), `min`, `max`
function statistics.summary(list)
  list = check.numbers("statistics.summary", "list", list, 1)
  local n, mean, squares = #list, 0, 0
  local low, high = list[1], list[1]
  for _, x in ipairs(list) do mean, low, high = mean + x / n, math.min(low, x), math.max(high, x) end
  for _, x in ipairs(list) do squares = squares + (x - mean) ^ 2 end
  return setmetatable({
    n = n, mean = mean, std = n > 1 and math.sqrt(squares / (n - 1)) or nil,
    min = low, max = high,
  }, Summary)
end

-- Quantiles of the improvement when seeds are drawn with replacement.
local function resampled(system, baseline, o)
  local rng, list = require "tenor.tensor".rng(o.seed), {}
  for i = 1, o.replicates do
    local above, below = 0, 0
    if o.paired then
      for _ = 1, #system do
        local k = rng:integer(#system)
        above, below = above + system[k], below + baseline[k]
      end
    else
      for _ = 1, #system do above = above + system[rng:integer(#system)] end
      for _ = 1, #baseline do below = below + baseline[rng:integer(#baseline)] end
      above, below = above / #system, below / #baseline
    end
    list[i] = 100 * (above / below - 1)
  end
  table.sort(list)
  local q = (1 - o.level) / 2
  return list[math.max(1, math.floor(q * (#list + 1)))], list[math.min(#list, math.ceil((1 - q) * (#list + 1)))]
end

--- Relative improvement of the mean of a system over that of a baseline, in per cent: 100 (s/b - 1).
-- The deviation is that of one run, and the error that of the mean, to first order (s/b)² (σs²/s² + σb²/b² - 2 σsb/sb),
-- the last term for pairs alone.
-- @tparam table system a score a seed
-- @tparam table baseline a score a seed; a single one counts as exact
-- @tparam[opt] table given `paired` (false): scores at the same place share their seed; `bootstrap` (false): also
-- `low` and `high` at `level` (0.95) by drawing seeds, `replicates` (9999), `seed` (0)
-- @treturn table table: `percent`, `std` (nil for a single score), `error`, with `bootstrap` `low` and `high`;
-- or nil and why, where the baseline's mean is not above 0 by two of its errors: nothing is a percentage of that
function statistics.improvement(system, baseline, given)
  local call = "statistics.improvement"
  system = check.numbers(call, "system", system, 1)
  baseline = check.numbers(call, "baseline", baseline, 1)
  local o = options.fill(call, given, { paired = false, bootstrap = false, level = 0.95, replicates = 9999, seed = 0 })
  check.between(call, "level", o.level, 0, 1)
  check.whole(call, "replicates", o.replicates, 99, 1000000)
  if o.paired and #system ~= #baseline then
    error(("%s: pairs are wanted, got %d and %d scores"):format(call, #system, #baseline), 2)
  end
  local s, b = statistics.summary(system), statistics.summary(baseline)
  if b.mean <= 0 then return nil, ("the baseline's mean is %.3f: no percentage of that"):format(b.mean) end
  if b.std and b.mean < 2 * b.std / math.sqrt(b.n) then
    return nil, ("the baseline's mean, %.3f with an error of %.3f, is not clearly above 0"):format(b.mean, b.std / math.sqrt(b.n))
  end
  local ratio, out = s.mean / b.mean, {}
  out.percent = 100 * (ratio - 1)
  if s.std then
    local covariance = 0
    for i = 1, o.paired and s.n or 0 do
      covariance = covariance + (system[i] - s.mean) * (baseline[i] - b.mean) / (s.n - 1)
    end
    local noise, base = s.std ^ 2, (ratio * (b.std or 0)) ^ 2
    local shared = 2 * ratio * covariance
    out.std = 100 / b.mean * math.sqrt(math.max(noise + base - shared, 0))
    out.error = 100 / b.mean * math.sqrt(math.max((noise - shared) / s.n + base / b.n, 0))
    if o.bootstrap then out.low, out.high = resampled(system, baseline, o) end
  end
  return out
end

--- Holm's correction of many p-values (Holm 1979): the chance of even one false finding stays below the level.
-- @tparam table list p-values; false stands for a comparison that was not made, and stays
-- @treturn number[] a list in the same order
function statistics.holm(list)
  if type(list) ~= "table" then error("statistics.holm: p-values must be a list, got " .. type(list), 2) end
  local order, out = {}, {}
  for i, p in ipairs(list) do
    if p ~= false then
      if type(p) ~= "number" or not (p >= 0 and p <= 1) then
        error(("statistics.holm: p-value %d must be from 0 to 1, got %s"):format(i, tostring(p)), 2)
      end
      order[#order + 1] = i
    end
    out[i] = false
  end
  table.sort(order, function(i, j)
    if list[i] ~= list[j] then return list[i] < list[j] end
    return i < j
  end)
  local highest = 0
  for k, i in ipairs(order) do
    highest = math.max(highest, math.min(1, (#order - k + 1) * list[i]))
    out[i] = highest
  end
  return out
end

--- The mark of a p-value: "***" below 0.001, "**" below 0.01, "*" below 0.05, "" otherwise or for nil or false.
-- @treturn string
function statistics.stars(p)
  if not p then return "" end
  return p < 0.001 and "***" or p < 0.01 and "**" or p < 0.05 and "*" or ""
end

return statistics
