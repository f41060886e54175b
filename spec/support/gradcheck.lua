--- Gradients against central differences, in the double build.
--
-- The scalar is s = Σ y·r with fixed random r; backward gets r. The difference
-- (s(x + h) - s(x - h)) / 2h errs by h² times the third derivative and by the
-- rounding of s over h: with h = 1e-5 both are near 1e-10 of the largest entry.
local tenor = require "tenor"

local gradcheck = { step = 1e-5 }

-- Σ over a tensor or a Sequence of outputs
local function dot(y, r) return ((y.layout and y.data or y) * r):sum() end

--- The derivative of f() by every number of the tensor t, or every `stride`-th: (n).
function gradcheck.differences(f, t, stride)
  stride = stride or 1
  local flat, out = t:reshape(t:size()), {}
  for i = 1, t:size(), stride do
    local at, h = flat[i], gradcheck.step
    flat[i] = at + h
    local up = f()
    flat[i] = at - h
    local down = f()
    flat[i] = at
    out[#out + 1] = (up - down) / (2 * h)
  end
  return tenor.tensor(out)
end

--- Every `stride`-th number of t, to compare with `differences`.
function gradcheck.pick(t, stride)
  local flat, out = t:reshape(t:size()), {}
  for i = 1, t:size(), stride or 1 do out[#out + 1] = flat[i] end
  return tenor.tensor(out)
end

--- All gradients of a module by both ways.
-- @param module @param x its input; inputs that are int32 have no gradient
-- @param[opt] o `run(module, x)` → y, instead of forward; `back(module, r)` → dx;
-- `before()` called before every run, as to restore a generator; `more`: table
-- name → { value, function that gives its gradient after backward };
-- `stride`: only every so many-th number of each tensor is tried
-- @return list of { name, analytic, numeric }
function gradcheck.both(module, x, o)
  o = o or {}
  local run = o.run or function(m, input) return m:run(input) end
  local function forward()
    if o.before then o.before() end
    return run(module, x)
  end
  module:zero_grad()
  local y = forward()
  local rows = y.layout and y.data or y
  local r = tenor.randn(rows:shape(), tenor.rng(77))
  local function f() return dot(forward(), r) end
  local dy = y.layout and y:like(r) or r
  local dx = (o.back or function(m, grad) return m:backward(grad) end)(module, dy)
  local list = {}
  local function take(name, value, analytic)
    list[#list + 1] = { name = name, value = value, analytic = analytic }
  end
  for _, p in ipairs(module:parameters()) do take(p.name, p.value, p.grad:copy()) end
  for name, pair in pairs(o.more or {}) do take(name, pair[1], pair[2]():copy()) end
  local inputs, grads = x, dx
  if type(x) ~= "table" or x.layout then inputs, grads = { x }, { dx } end
  for i, input in ipairs(inputs) do
    local t, g = input, grads[i]
    if type(t) == "table" then t, g = t.data, g.data end
    if t:dtype() ~= "int32" then take("input " .. i, t, g:copy()) end
  end
  for _, entry in ipairs(list) do
    entry.numeric = gradcheck.differences(f, entry.value, o.stride)
    entry.analytic = gradcheck.pick(entry.analytic, o.stride)
  end
  return list
end

return gradcheck
