--- One LSTM over one utterance on Lua tables, forward and back through time: the
-- equations as the papers write them, to compare the kernel with.
local naive = {}

local function sigmoid(z) return 1 / (1 + math.exp(-z)) end
local function tanh(z)
  local e = math.exp(-2 * math.abs(z))
  return (z < 0 and -1 or 1) * (1 - e) / (1 + e)
end

local function zeros(n)
  local out = {}
  for i = 1, n do out[i] = 0 end
  return out
end

--- x {T}{D}, net { w_ih = {4H}{D}, w_hh = {4H}{H}, bias = {4H} }, h and c {H} or nil.
-- @return trace: `y` {T}{H}, `h`, `c` last states, and what `back` needs
function naive.run(x, net, h, c)
  local hidden = #net.bias // 4
  h, c = h or zeros(hidden), c or zeros(hidden)
  local trace = { x = x, net = net, y = {}, steps = {} }
  for t, row in ipairs(x) do
    local gate = {}
    for r = 1, 4 * hidden do
      local z, a, b = net.bias[r], net.w_ih[r], net.w_hh[r]
      for d = 1, #row do z = z + a[d] * row[d] end
      for u = 1, hidden do z = z + b[u] * h[u] end
      gate[r] = (r > 2 * hidden and r <= 3 * hidden) and tanh(z) or sigmoid(z)
    end
    local h_now, c_now = {}, {}
    for u = 1, hidden do
      c_now[u] = gate[hidden + u] * c[u] + gate[u] * gate[2 * hidden + u]
      h_now[u] = gate[3 * hidden + u] * tanh(c_now[u])
    end
    trace.steps[t] = { gate = gate, h = h, c = c, tanh_c = c_now }
    h, c = h_now, c_now
    trace.y[t] = h
  end
  trace.h, trace.c = h, c
  return trace
end

--- Adds to grads { w_ih, w_hh, bias } (as net). dy {T}{H} or nil; dh, dc {H} or nil.
-- @return dx {T}{D}, dh0 {H}, dc0 {H}
function naive.back(trace, grads, dy, dh, dc)
  local net, hidden, dx = trace.net, #trace.net.bias // 4, {}
  dh, dc = dh or zeros(hidden), dc or zeros(hidden)
  for t = #trace.x, 1, -1 do
    local s, row = trace.steps[t], trace.x[t]
    local g, dz, dc_before = s.gate, {}, {}
    for u = 1, hidden do
      local i, f, n, o = g[u], g[hidden + u], g[2 * hidden + u], g[3 * hidden + u]
      local th = tanh(s.tanh_c[u])
      local d = dh[u] + (dy and dy[t][u] or 0)
      local e = dc[u] + d * o * (1 - th * th)
      dz[u] = e * n * i * (1 - i)
      dz[hidden + u] = e * s.c[u] * f * (1 - f)
      dz[2 * hidden + u] = e * i * (1 - n * n)
      dz[3 * hidden + u] = d * th * o * (1 - o)
      dc_before[u] = e * f
    end
    local dx_t, dh_before = zeros(#row), zeros(hidden)
    for r = 1, 4 * hidden do
      local z, a, b, da, db = dz[r], net.w_ih[r], net.w_hh[r], grads.w_ih[r], grads.w_hh[r]
      grads.bias[r] = grads.bias[r] + z
      for d = 1, #row do
        da[d] = da[d] + z * row[d]
        dx_t[d] = dx_t[d] + z * a[d]
      end
      for u = 1, hidden do
        db[u] = db[u] + z * s.h[u]
        dh_before[u] = dh_before[u] + z * b[u]
      end
    end
    dx[t], dh, dc = dx_t, dh_before, dc_before
  end
  return dx, dh, dc
end

--- Gradients of zero in the shape of net.
function naive.grads(net)
  local function like(t)
    if type(t) ~= "table" then return 0 end
    local out = {}
    for i, v in ipairs(t) do out[i] = like(v) end
    return out
  end
  return { w_ih = like(net.w_ih), w_hh = like(net.w_hh), bias = like(net.bias) }
end

return naive
