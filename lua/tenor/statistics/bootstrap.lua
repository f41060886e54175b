--- Bootstrap intervals of CCC, and of the CCC of one system less that of another.
--
-- What is drawn with replacement are utterances, or, where utterances of a speaker are
-- alike, whole speakers. Three intervals:
--   studentized  quantiles of (z* - z) / error*, z = atanh CCC, the error by the infinitesimal
--                jackknife (bootstrap-t; Davison and Hinkley 1997, section 5.2); of a difference without atanh
--   bca          quantiles of the replicates, corrected for bias and skewness (Efron 1987)
--   percentile   quantiles of the replicates
local check = require "tenor.statistics.check"
local core = require "tenor.core".statistics
local Module = require "tenor.nn.module"
local options = require "tenor.options"

local bootstrap = {}

local LEAST = 5 -- units: with fewer, a resample of one unit alone is no rarity
local LEAST_TAIL <const> = 2.0 ^ -53 -- beside 1: the level may be so near it that 1 - q is 1
local methods = { "studentized", "bca", "percentile" }

local defaults = {
  method = "studentized", level = 0.95, replicates = 9999, seed = 0, clusters = options.none, by = "speaker",
}

-- Utterances' units as int32 (N) from 1, in the order of first appearance, and their number.
local function units_of(call, clusters, n, what)
  if clusters == nil then return nil, n end
  local list = clusters
  if Module.is_tensor(clusters) and clusters:rank() == 1 then list = clusters:totable() end
  if type(list) ~= "table" or #list ~= n then
    error(("%s: clusters must be a list of %d names, one an utterance, got %s"):format(call, n,
      type(list) == "table" and #list or Module.shape_text(list)), 4)
  end
  local numbers, count, rows = {}, 0, {}
  for i = 1, n do
    local name = list[i]
    if name == nil or name == "" then error(("%s: clusters[%d] is empty"):format(call, i), 4) end
    if name ~= name then error(("%s: clusters[%d] is nan, which names no %s"):format(call, i, what), 4) end
    if not numbers[name] then
      count = count + 1
      numbers[name] = count
    end
    rows[i] = numbers[name]
  end
  return require "tenor.tensor".tensor(rows, "int32"), count
end

-- The q-quantile of a sorted list, at (n + 1) q, between neighbours in proportion.
local function quantile(sorted, q)
  local at = math.min(math.max((#sorted + 1) * q, 1), #sorted)
  local below = math.floor(at)
  local above = math.min(below + 1, #sorted)
  return sorted[below] + (at - below) * (sorted[above] - sorted[below])
end

local function sorted_finite(list, keep)
  local out = {}
  for i, x in ipairs(list) do
    local value = keep(x, i)
    if value == value and value ~= math.huge and value ~= -math.huge then out[#out + 1] = value end
  end
  table.sort(out)
  return out
end

-- where the quantiles of a BCa interval lie, for the tails q and 1 - q
local function bca_tails(estimate, sorted, without, q)
  local below = 0
  for _, x in ipairs(sorted) do
    below = below + (x < estimate and 1 or x == estimate and 0.5 or 0)
  end
  local z0 = core.normal_quantile(math.min(math.max(below / #sorted, 0.5 / #sorted), 1 - 0.5 / #sorted))
  local mean, squares, cubes = 0, 0, 0
  for _, x in ipairs(without) do mean = mean + x / #without end
  for _, x in ipairs(without) do
    squares, cubes = squares + (mean - x) ^ 2, cubes + (mean - x) ^ 3
  end
  local scale = 6 * squares ^ 1.5 -- may be 0 though squares are not
  local a = scale > 0 and cubes / scale or 0
  local function tail(p)
    local z = z0 + core.normal_quantile(math.min(math.max(p, LEAST_TAIL), 1 - LEAST_TAIL))
    return core.normal_cdf(z0 + z / (1 - a * z))
  end
  return tail(q), tail(1 - q)
end

local function tanh(x)
  local e = math.exp(-2 * math.abs(x))
  return (x < 0 and -1 or 1) * (1 - e) / (1 + e)
end

local function deviation(list)
  local mean, squares = 0, 0
  for _, x in ipairs(list) do mean = mean + x / #list end
  for _, x in ipairs(list) do squares = squares + (x - mean) ^ 2 end
  return math.sqrt(squares / (#list - 1))
end

local function identity(x) return x end

-- Two-sided: how rarely a replicate lies on the other side of no difference.
local function p_value(replicates)
  local low, high = 0, 0
  for _, x in ipairs(replicates) do
    if x <= 0 then low = low + 1 end
    if x >= 0 then high = high + 1 end
  end
  return math.min(1, 2 * (math.min(low, high) + 1) / (#replicates + 1))
end

-- One column. first and second are (N, K); second nil for a single system.
local function interval(call, first, second, gold, column, o, units, count)
  local studentize = o.method == "studentized"
  local estimate, error_of, replicates, errors, without = core.bootstrap(first, second, gold, column, units, count,
    o.replicates, o.seed, studentize)
  local back = studentize and not second and tanh or identity
  local out = {
    estimate = back(estimate), level = o.level, method = o.method, units = count,
    by = units and o.by or "utterance", size = first:size(1), replicates = o.replicates, seed = o.seed,
  }
  local sorted = sorted_finite(replicates, identity)
  if #sorted == 0 then -- perfect agreement: atanh 1 is no number, and nothing varies
    out.estimate = core.bootstrap(first, second, gold, column, units, count, 1, o.seed, false)
    out.low, out.high, out.error, out.undefined = out.estimate, out.estimate, 0, 0
    return out
  end
  out.undefined = #replicates - #sorted
  if out.undefined > #replicates // 100 then
    error(("%s: CCC is undefined in %d of %d resamples: the labels vary too little"):format(call, out.undefined,
      #replicates), 4)
  end
  local q = (1 - o.level) / 2
  if studentize then
    local t = sorted_finite(replicates, function(z, i) return (z - estimate) / errors[i] end)
    out.low, out.high = back(estimate - error_of * quantile(t, 1 - q)), back(estimate - error_of * quantile(t, q))
  else
    local low, high = q, 1 - q
    if o.method == "bca" then low, high = bca_tails(estimate, sorted, without, q) end
    out.low, out.high = quantile(sorted, low), quantile(sorted, high)
  end
  for i, x in ipairs(sorted) do sorted[i] = back(x) end
  out.error = deviation(sorted)
  if second then out.p = p_value(sorted) end
  return out
end

--- An interval of confidence: `low`, `high`, and what it is of; prints as one line.
local Interval = {}
Interval.__index = Interval
Interval.__name = "tenor.Interval"

function Interval:__tostring()
  local text = ("%.3f [%.3f, %.3f], %g %% %s interval by %s: %d %ss"):format(self.estimate, self.low, self.high,
    100 * self.level, self.method, self.by, self.units, self.by)
  if self.units ~= self.size then text = text .. (", %d utterances"):format(self.size) end
  text = text .. (", %d resamples, seed %d"):format(self.replicates, self.seed)
  if self.p then text = text .. (", p = %.2g"):format(self.p) end
  if self.undefined > 0 then text = text .. (", %d of them undefined"):format(self.undefined) end
  return text
end

local function run(call, first, second, gold, flat, given)
  local o = options.fill(call, given, defaults, 4)
  check.choice(call, "method", o.method, methods, 4)
  check.between(call, "level", o.level, 0, 1, 4)
  check.whole(call, "replicates", o.replicates, 99, 1000000, 4)
  if math.type(o.seed) ~= "integer" then error(("%s: seed must be an integer, got %s"):format(call, tostring(o.seed)), 3) end
  local units, count = units_of(call, o.clusters, first:size(1), o.by)
  if count < LEAST then
    error(("%s: at least %d %ss are needed, got %d"):format(call, LEAST, units and o.by or "utterance", count), 3)
  end
  local spread = (gold:max(1) - gold:min(1)):totable()
  local list = {}
  for k = 1, gold:size(2) do
    if spread[k] == 0 then
      error(("%s: the labels of column %d are all %g: CCC is undefined for constant labels"):format(call, k, gold[1][k]), 3)
    end
    list[k] = setmetatable(interval(call, first, second, gold, k, o, units, count), Interval)
  end
  return flat and list[1] or list
end

--- A bootstrap confidence interval of the whole-set CCC.
-- By utterance where utterances are independent; by speaker (`clusters`) where those of a speaker are
-- alike and the claim is about new speakers. The studentized 95 % interval covers the truth at 95 ± 2 % from 50 utterances,
-- or 30 speakers, on (`make slow`); with fewer it is too narrow (10 speakers: 92 %). The other two need more speakers.
-- @param pred predictions, (N) or (N, K)
-- @param gold labels of the same shape
-- @tparam[opt] table given `method` ("studentized", "bca", "percentile"), `level` (0.95),
-- `clusters` a list of N names or an int32 tensor (none: by utterance), `by`, what a cluster is ("speaker"),
-- `replicates` (9999, 99 to 1e6), `seed` (0)
-- @treturn Interval|Interval[] an Interval, for (N, K) a list of K: `estimate`, `low`, `high`, `error`
-- (deviation of the replicates), `level`,
-- `method`, `by`, `units`, `size`, `replicates`, `seed`, `undefined` (replicates without a CCC)
-- @raise for fewer than 5 units, constant labels, numbers that are not finite
function bootstrap.ccc_interval(pred, gold, given)
  local flat
  pred, gold, flat = check.pair("statistics.ccc_interval", pred, gold)
  local out = run("statistics.ccc_interval", pred, nil, gold, flat, given) -- no tail call: errors count the frames
  return out
end

--- How much the CCC of a second system is above that of a first, on the same utterances (paired bootstrap).
-- Both systems meet the same resamples. `p` is two-sided: twice the part of the replicates, themselves one more,
-- on the other side of zero.
-- @tparam table systems `{ first, second }`: predictions of the same utterances, (N) or (N, K)
-- @param gold labels of the same shape
-- @tparam[opt] table given as of `ccc_interval`
-- @treturn Interval an Interval of the difference, with `p`; for (N, K) a list of K
function bootstrap.ccc_difference(systems, gold, given)
  local call = "statistics.ccc_difference"
  if type(systems) ~= "table" or #systems ~= 2 then
    error(call .. ": systems must be { first, second }, the predictions of two systems, got "
      .. (type(systems) == "table" and #systems or type(systems)), 2)
  end
  local first, labels, flat = check.pair(call, systems[1], gold)
  local second = check.pair(call, systems[2], gold)
  local out = run(call, first, second, labels, flat, given)
  return out
end

return bootstrap
