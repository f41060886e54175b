-- The bindings under arguments that no layer would give them: right ones with some
-- replaced by others. Whatever comes, a call returns or raises; the sanitizers'
-- builds see whether it reads or writes where it must not.
local assert = require "spec.support.assertions"
local core = require "tenor.core"
local tenor = require "tenor"

local T = tenor.tensor

local function zeros(...) return tenor.zeros(...) end

-- One right call of every function, its sizes drawn from `rng`.
local calls = {}

local function layout_of(rng)
  if rng:integer(2) == 1 then return core.layout.uniform(rng:integer(4) - 1, rng:integer(4) - 1) end
  local n, steps, rows = rng:integer(4), rng:integer(4), {}
  for i = 1, n do
    rows[i] = {}
    local length = rng:integer(steps + 1) - 1
    for t = 1, steps do rows[i][t] = t > steps - length and rng:integer(5) or 0 end
  end
  return (core.layout.tokens(T(rows, "int32"), 6, rng:integer(3) == 1 and rng:integer(8) or 0, rng:integer(2) == 1))
end

local function lstm_arguments(rng)
  local layout = layout_of(rng)
  local n, _, chain, m = layout:info()
  local d, h, all = rng:integer(3), ({ 1, 2, 3, 64 })[rng:integer(4)], m + chain
  local x = zeros(chain > 0 and rng:integer(2) == 1 and m + 1 or all, d)
  return layout, n, d, h, all, x, { x, zeros(4 * h, d), zeros(4 * h, h), zeros(4 * h), zeros(all, 4 * h),
    zeros(all + 1, h), zeros(all + 1, h), zeros(all, h),
    zeros(core.lstm.packed_room(h)) }
end

function calls.lstm_forward(rng)
  local layout, n, _, h, all, _, net = lstm_arguments(rng)
  local state = rng:integer(2) == 1
  return core.lstm.forward, { layout, zeros(all, h), zeros(n, h), zeros(n, h), net[1], net[2], net[3], net[4], net[5],
    net[6], net[7], net[8], net[9], state and zeros(n, h) or nil, state and zeros(n, h) or nil, n = 15 }
end

function calls.lstm_backward(rng)
  local layout, n, d, h, all, x, net = lstm_arguments(rng)
  return core.lstm.backward, { layout, zeros(x:size(1), d), zeros(4 * h, d), zeros(4 * h, h), zeros(4 * h), zeros(n, h),
    zeros(n, h), zeros(all, h), net[1], net[2], net[3], net[4], net[5], net[6], net[7], net[8], net[9],
    zeros(2 * h), rng:integer(2) == 1, n = 19 }
end

function calls.dense_forward(rng)
  local n, i, o = rng:integer(4) - 1, rng:integer(4), rng:integer(4)
  return core.layers.dense_forward, { zeros(n, o), zeros(n, i), zeros(o, i), zeros(o), "relu", n = 5 }
end

function calls.dense_backward(rng)
  local n, i, o = rng:integer(4) - 1, rng:integer(4), rng:integer(4)
  return core.layers.dense_backward, { zeros(n, i), zeros(o, i), zeros(o), zeros(n, o), zeros(n, i), zeros(o, i),
    zeros(n, o), zeros(n, o), "tanh", n = 9 }
end

function calls.batchnorm_forward(rng)
  local n, f = rng:integer(4) - 1, rng:integer(4)
  local v = zeros(f)
  return core.layers.batchnorm_forward, { zeros(n, f), zeros(n, f), rng:integer(2) == 1, v, v, v, v, v, v, 0.9, 1e-3, n = 11 }
end

function calls.batchnorm_backward(rng)
  local n, f = rng:integer(4) - 1, rng:integer(4)
  local v = zeros(f)
  return core.layers.batchnorm_backward, { zeros(n, f), v, v, zeros(n, f), zeros(n, f), rng:integer(2) == 1, v, v, v, v,
    v, v, 0.9, 1e-3, n = 14 }
end

function calls.embedding_forward(rng)
  local n, v, e = rng:integer(4) - 1, rng:integer(4), rng:integer(3)
  return core.layers.embedding_forward, { zeros(n, e), zeros(v, e), zeros(n, "int32"), n = 3 }
end

function calls.embedding_backward(rng)
  local n, v, e = rng:integer(4) - 1, rng:integer(4), rng:integer(3)
  return core.layers.embedding_backward, { zeros(v, e), zeros(n, e), zeros(n, "int32"), n = 3 }
end

function calls.dropout_mask(rng)
  return core.layers.dropout_mask, { zeros(rng:integer(9) - 1), tenor.rng(1), 0.5, n = 3 }
end

function calls.orthogonal(rng)
  local cols = rng:integer(5) - 1
  return core.layers.orthogonal, { zeros(cols + rng:integer(4) - 1, cols), tenor.rng(1), n = 2 }
end

function calls.ccc_loss(rng)
  local n, k = rng:integer(4) - 1, rng:integer(3)
  local weights = {}
  for i = 1, k do weights[i] = 1 end
  return core.training.ccc_loss, { zeros(n, k), zeros(n, k), weights, 1e-7, zeros(n, k), n = 5 }
end

function calls.agreement(rng)
  local n, k = rng:integer(4), rng:integer(3)
  return core.training.agreement, { zeros(n, k), zeros(n, k), rng:integer(k), n = 3 }
end

for name, numbers in pairs { sgd = { 3, 0.1, 0.9, true }, rmsprop = { 3, 0.1, 0.9, 1e-7 }, adam = { 4, 0.1, 0.9, 0.9, 1e-7 },
  nadam = { 4, 0.1, 0.9, 0.9, 1e-7, 1, 1, 1 }, scale = { 1, 2 }, sum_squares = { 1 } } do
  calls[name] = function(rng)
    local size, list = rng:integer(20) - 1, {}
    for i = 1, numbers[1] do list[i] = zeros(size) end
    for i = 2, #numbers do list[#list + 1] = numbers[i] end
    list.n = #list
    return core.training[name], list
  end
end

function calls.uniform(rng) return core.layout.uniform, { rng:integer(5) - 1, rng:integer(5) - 1, n = 2 } end

function calls.tokens(rng)
  return core.layout.tokens, { zeros(rng:integer(4) - 1, rng:integer(4) - 1, "int32"), 6, rng:integer(9) - 1,
    rng:integer(2) == 1, n = 4 }
end

for _, name in ipairs { "pack", "unpack", "sort", "unsort" } do
  calls[name] = function(rng)
    local layout = layout_of(rng)
    local n, steps, _, m = layout:info()
    if name:find "sort" then return core.layout[name], { zeros(n, 3), zeros(n, 3), layout, n = 3 } end
    local packed, dense = zeros(m, 3), zeros(n, steps, 3)
    if name == "pack" then return core.layout.pack, { packed, dense, layout, n = 3 } end
    return core.layout.unpack, { dense, packed, layout, n = 3 }
  end
end

for _, name in ipairs { "info", "lengths", "index" } do
  calls["layout:" .. name] = function(rng)
    local layout = layout_of(rng)
    return getmetatable(layout).__index[name], { layout, n = 1 }
  end
end

local numbers = { 0, 1, -1, 2.5, 0 / 0, math.huge, 2 ^ 31, 2 ^ 53, math.maxinteger, math.mininteger, 100000 }

local function anything(rng, list)
  local kind = rng:integer(10)
  if kind == 1 then return nil
  elseif kind == 2 then return numbers[rng:integer(#numbers)]
  elseif kind == 3 then return "linear"
  elseif kind == 4 then return layout_of(rng)
  elseif kind == 5 then return tenor.rng(1)
  elseif kind == 6 then return { 1, "x" }
  elseif kind == 7 then return list[rng:integer(list.n)] -- another argument once more
  elseif kind == 8 then return io.stderr
  end
  local shape = {}
  for i = 1, rng:integer(4) do shape[i] = rng:integer(6) - 1 end
  if rng:integer(3) == 1 then
    local ids = tenor.zeros(shape, "int32")
    return ids:size() > 0 and ids:add(rng:integer(9) - 2) or ids
  end
  return tenor.zeros(shape)
end

describe("the border between Lua and C", function()
  it("lets the right calls through", function()
    for name, make in pairs(calls) do
      local rng = tenor.rng(1)
      for _ = 1, 40 do
        local f, list = make(rng)
        local ok, message = pcall(f, table.unpack(list, 1, list.n))
        -- what a layer refuses itself: an empty batch, a chain with a state
        if not ok then
          assert.is_truthy(message:find "at least 1 row" or message:find "start from zero"
            or message:find "one length", name .. ": " .. message)
        end
      end
    end
  end)

  it("holds against wrong ones", function()
    local names = {}
    for name in pairs(calls) do names[#names + 1] = name end
    table.sort(names)
    for seed, name in ipairs(names) do
      local rng, refused = tenor.rng(seed), 0
      for _ = 1, 300 do
        local f, list = calls[name](rng)
        for _ = 1, rng:integer(2) do list[rng:integer(list.n)] = anything(rng, list) end
        local ok, message = pcall(f, table.unpack(list, 1, rng:integer(20) == 1 and rng:integer(list.n + 1) - 1 or list.n))
        if not ok then
          refused = refused + 1
          assert.equal("string", type(message), name)
        end
      end
      assert.is_true(refused > 0, name)
    end
  end)
end)
