--- Slow and plain rewrites on nested Lua tables, to compare kernels with.
local naive = {}

--- f(x) for every number of a nested table.
function naive.map(t, f)
  if type(t) ~= "table" then return f(t) end
  local out = {}
  for i, v in ipairs(t) do out[i] = naive.map(v, f) end
  return out
end

local function depth(t)
  local d = 0
  while type(t) == "table" do d, t = d + 1, t[1] end
  return d
end

local function zip(a, b, f, da, db)
  if da == 0 and db == 0 then return f(a, b) end
  local out = {}
  local na, nb = da >= db and #a or 1, db >= da and #b or 1
  for i = 1, math.max(na, nb) do
    local x, y = a, b
    if da >= db then x = a[na == 1 and 1 or i] end
    if db >= da then y = b[nb == 1 and 1 or i] end
    out[i] = zip(x, y, f, da >= db and da - 1 or da, db >= da and db - 1 or db)
  end
  return out
end

--- f(x, y) with broadcasting; nested tables without empty axes, or numbers.
function naive.zip(a, b, f) return zip(a, b, f, depth(a), depth(b)) end

local function gather(tables, f)
  if type(tables[1]) ~= "table" then return f(tables) end
  local out = {}
  for j = 1, #tables[1] do
    local column = {}
    for i, t in ipairs(tables) do column[i] = t[j] end
    out[j] = gather(column, f)
  end
  return out
end

--- f(list) over an axis (1-based) of a nested table.
function naive.reduce(t, axis, f)
  if axis == 1 then return gather(t, f) end
  local out = {}
  for i, row in ipairs(t) do out[i] = naive.reduce(row, axis - 1, f) end
  return out
end

--- All numbers in order.
function naive.flat(t, out)
  out = out or {}
  for _, v in ipairs(t) do
    if type(v) == "table" then naive.flat(v, out) else out[#out + 1] = v end
  end
  return out
end

function naive.sum(list)
  local s = 0
  for _, v in ipairs(list) do s = s + v end
  return s
end

function naive.mean(list) return naive.sum(list) / #list end

function naive.var(list)
  local mean, s = naive.mean(list), 0
  for _, v in ipairs(list) do s = s + (v - mean) ^ 2 end
  return s / #list
end

function naive.argmax(list)
  local at = 1
  for i, v in ipairs(list) do if v > list[at] then at = i end end
  return at
end

function naive.argmin(list)
  local at = 1
  for i, v in ipairs(list) do if v < list[at] then at = i end end
  return at
end

function naive.matmul(a, b)
  local out = {}
  for i = 1, #a do
    out[i] = {}
    for j = 1, #b[1] do
      local s = 0
      for k = 1, #b do s = s + a[i][k] * b[k][j] end
      out[i][j] = s
    end
  end
  return out
end

return naive
