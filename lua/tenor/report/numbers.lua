--- Numbers as a report prints them: no more digits than are known.
--
-- A mean is printed to the second digit of its deviation. A single score has no deviation over seeds, but
-- another test set of n utterances would move it by about 1/√n, and that takes the deviation's place. CCC
-- never gets more than three decimals, as the paper's.
local numbers = {}

-- Decimals that show the second significant digit of a spread.
local function decimals(spread, most)
  if not spread or spread ~= spread then return most end
  if spread <= 0 then return most end
  return math.max(0, math.min(most, 1 - math.floor(math.log(spread, 10) + 1e-9)))
end

--- Decimals for CCC with this deviation, or of a test set of n.
function numbers.decimals(std, n)
  if std and std > 0 then return math.max(1, decimals(std, 3)) end
  return n and n > 0 and math.max(1, decimals(1 / math.sqrt(n), 3)) or 3
end

-- 0 has no sign
local function fixed(x, places)
  local text = ("%." .. places .. "f"):format(x)
  return text:find "[1-9]" and text or text:gsub("^%-", "")
end
numbers.fixed = fixed

--- "0.424 ± 0.010", "0.21", or "–" where there is none.
-- @param summary of statistics.summary, or nil
function numbers.score(summary, n)
  if not summary then return "–" end
  local places = numbers.decimals(summary.std, n)
  if not summary.std then return fixed(summary.mean, places) end
  return ("%s ± %s"):format(fixed(summary.mean, places), fixed(summary.std, places))
end

--- A published score: its digits are the paper's.
function numbers.published(paper)
  if not paper then return "–" end
  return paper[2] and ("%.3f ± %.3f"):format(paper[1], paper[2]) or ("%.3f"):format(paper[1])
end

--- "+104 ± 5 %"
function numbers.improvement(i)
  if not i then return "–" end
  local places, unit = i.std and decimals(i.std, 1) or 0, 1
  if i.std and i.std >= 100 then unit = 10 ^ (math.floor(math.log(i.std, 10) + 1e-9) - 1) end -- 4624 is known as 4600
  local function rounded(x) return fixed(unit * math.floor(x / unit + 0.5), places) end
  if unit == 1 then rounded = function(x) return fixed(x, places) end end
  local text = rounded(i.percent)
  if not text:find "^%-" then text = "+" .. text end
  if i.std then text = ("%s ± %s"):format(text, rounded(i.std)) end
  return text .. " %"
end

--- "0.013", "< 0.001"
function numbers.p(p)
  if p < 0.001 then return "< 0.001" end
  return p >= 0.1 and ("%.2f"):format(p) or ("%.2g"):format(p)
end

--- "[0.38, 0.44]" with the digits of a score of its width.
-- @param i an Interval
function numbers.interval(i)
  local places = numbers.decimals(i.error)
  return ("[%s, %s]"):format(fixed(i.low, places), fixed(i.high, places))
end

function numbers.estimate(i, sign)
  local text = fixed(i.estimate, numbers.decimals(i.error))
  return sign and not text:find "^%-" and "+" .. text or text
end

--- A list of whole numbers, runs of them joined: "1–3, 7"
function numbers.ranges(list)
  local sorted, parts = table.move(list, 1, #list, 1, {}), {}
  table.sort(sorted)
  local i = 1
  while i <= #sorted do
    local j = i
    while sorted[j + 1] and sorted[j + 1] <= sorted[j] + 1 do j = j + 1 end
    parts[#parts + 1] = sorted[j] > sorted[i] and ("%d–%d"):format(sorted[i], sorted[j]) or ("%d"):format(sorted[i])
    i = j + 1
  end
  return table.concat(parts, ", ")
end

--- "1 run", "3 runs"
function numbers.count(n, what) return ("%d %s%s"):format(n, what, n == 1 and "" or "s") end

return numbers
