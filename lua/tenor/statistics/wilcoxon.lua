--- Wilcoxon's signed-rank test for pairs (Wilcoxon 1945), ties and zeros included.
--
-- The exact null distribution is that of the ranks at hand: each |difference| keeps its rank, midranks for ties, and
-- every sign is as likely. It is counted by adding one rank at a time to the distribution of the sum; midranks are
-- halves, so twice the rank is a whole number.
local check = require "tenor.statistics.check"
local core = require "tenor.core".statistics
local options = require "tenor.options"

local defaults = { zeros = "wilcoxon", method = "auto", alternative = "two-sided", correction = true }

local EXACT = 50 -- pairs up to which "auto" counts; counts are exact multiples of 2^-n until 53

-- Differences that agree to 12 digits of the values they come from count as alike:
-- 0.3 - 0.2 and 0.2 - 0.1 are no two numbers.
local function differences(a, b)
  local list, scale = {}, 0
  for i = 1, #a do scale = math.max(scale, math.abs(a[i]), math.abs(b and b[i] or 0)) end
  local grain = scale * 1e-12
  for i = 1, #a do
    local d = a[i] - (b and b[i] or 0)
    list[i] = math.abs(d) <= grain and 0 or d
  end
  return list, grain
end

-- Twice the midrank of each |d|; the sizes of groups of ties.
local function ranks(d, grain)
  local order, out, ties = {}, {}, {}
  for i = 1, #d do order[i] = i end
  table.sort(order, function(i, j)
    local x, y = math.abs(d[i]), math.abs(d[j])
    if x ~= y then return x < y end
    return i < j
  end)
  local first = 1
  while first <= #order do
    local last = first
    while last < #order and math.abs(d[order[last + 1]]) - math.abs(d[order[last]]) <= grain do last = last + 1 end
    for k = first, last do out[order[k]] = first + last end
    ties[#ties + 1] = { size = last - first + 1, zero = d[order[first]] == 0 }
    first = last + 1
  end
  return out, ties
end

-- P(2W <= w), P(2W >= w) under every sign as likely, for whole numbers `doubled`.
local function exact(doubled, w)
  local p, top = { [0] = 1.0 }, 0
  for _, r in ipairs(doubled) do
    for s = top + r, 0, -1 do
      p[s] = 0.5 * ((s <= top and p[s] or 0) + (s >= r and p[s - r] or 0))
    end
    top = top + r
  end
  local below, above = 0, 0
  for s = 0, top do
    if s <= w then below = below + p[s] end
    if s >= w then above = above + p[s] end
  end
  return below, above
end

--- The outcome of Wilcoxon's test; prints as one line.
local Wilcoxon = {}
Wilcoxon.__index = Wilcoxon
Wilcoxon.__name = "tenor.Wilcoxon"

function Wilcoxon:__tostring()
  return ("W = %g, p = %.3g (%s, %s), %d pairs%s"):format(self.statistic, self.p, self.alternative, self.method, self.pairs,
    self.zeros > 0 and (", %d of them equal"):format(self.zeros) or "")
end

--- Wilcoxon's signed-rank test: do the pairs (a[i], b[i]) differ?
-- @tparam table a numbers, a list or a tensor (N); of one list alone, its numbers are the differences
-- @tparam[opt] table b numbers, or nil
-- @tparam[opt] table given `zeros`: "wilcoxon" (pairs that are equal are left out), "pratt" (they are
-- ranked and then left out); `method`: "exact", "normal", "auto" (exact up to 50 pairs that differ); `alternative`:
-- "two-sided", "greater" (a above b), "less"; `correction` (true) for continuity, of the normal approximation
-- @treturn Wilcoxon `p`, `w_plus` and `w_minus` (sums of ranks where a is above, below), `statistic` (the smaller; `w_plus` of a
-- one-sided test), `method`, `alternative`, `pairs`, `zeros` (pairs that are equal), `least_p` (p, were all
-- signs alike)
-- @raise for lists of different lengths, numbers that are not finite
local function wilcoxon(a, b, given)
  local call = "statistics.wilcoxon"
  a = check.numbers(call, "a", a, 1)
  if b ~= nil then
    b = check.numbers(call, "b", b, 1)
    if #a ~= #b then error(("%s: a and b must be pairs, got %d and %d numbers"):format(call, #a, #b), 2) end
  end
  local o = options.fill(call, given, defaults)
  check.choice(call, "zeros", o.zeros, { "wilcoxon", "pratt" })
  check.choice(call, "method", o.method, { "auto", "exact", "normal" })
  check.choice(call, "alternative", o.alternative, { "two-sided", "greater", "less" })
  local all, grain = differences(a, b)
  local d = all
  if o.zeros == "wilcoxon" then
    d = {}
    for _, x in ipairs(all) do
      if x ~= 0 then d[#d + 1] = x end
    end
  end
  local doubled, ties = ranks(d, grain)
  local signed, plus, minus, zeros = {}, 0, 0, 0
  for _, x in ipairs(all) do zeros = zeros + (x == 0 and 1 or 0) end
  for i, x in ipairs(d) do
    if x ~= 0 then signed[#signed + 1] = doubled[i] end
    if x > 0 then plus = plus + doubled[i] elseif x < 0 then minus = minus + doubled[i] end
  end
  local n = #signed
  local method = o.method ~= "auto" and o.method or n <= EXACT and "exact" or "normal"
  local below, above -- P(W+ <= plus), P(W+ >= plus)
  local least
  if n == 0 then
    below, above, least = 1, 1, 1
  elseif method == "exact" then
    below, above = exact(signed, plus)
    least = 2.0 ^ -n
  else
    local mean, variance = 0, 0 -- of W+, each sign as likely: Σ r/2 and Σ r²/4
    for _, r in ipairs(signed) do mean, variance = mean + r / 4, variance + r * r / 16 end
    local function tail(z) return core.normal_cdf(z / math.sqrt(variance)) end
    local shift = o.correction and 0.5 or 0
    local distance = plus / 2 - mean
    if o.alternative == "two-sided" and math.abs(distance) < shift then shift = math.abs(distance) end
    below, above = tail(distance + shift), tail(-distance + shift)
    least = tail(-mean + math.min(shift, mean))
  end
  local p = above
  if o.alternative == "less" then p = below elseif o.alternative == "two-sided" then p = 2 * math.min(below, above) end
  return setmetatable({
    p = math.min(1, p), w_plus = plus / 2, w_minus = minus / 2,
    statistic = o.alternative == "two-sided" and math.min(plus, minus) / 2 or plus / 2,
    method = method, alternative = o.alternative, pairs = #all, zeros = zeros, ties = #d - #ties,
    least_p = math.min(1, o.alternative == "two-sided" and 2 * least or least),
  }, Wilcoxon)
end

return wilcoxon
