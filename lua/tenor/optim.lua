--- Optimisers, as Keras 2.3 writes them (paper.md, section 6).
--
-- `optim.RMSprop { lr = 1e-3 }` makes one; `optimizer:step(parameters)` moves
-- `model:parameters()` by their gradients. All take `clip_norm`: when the norm
-- of all gradients together exceeds it they are scaled down to it.
-- @module optim
local core = require "tenor.core"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local tenor = require "tenor"

local optim = {}

--- An optimiser with its moments: make a new one for a new run.
local Optimizer = {}
Optimizer.__index = Optimizer
Optimizer.__name = "tenor.optim.Optimizer"

function Optimizer:__tostring()
  local names, parts = {}, {}
  for name in pairs(self.settings) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do parts[i] = ("%s = %s"):format(name, tostring(self.settings[name])) end
  return ("%s { %s }"):format(self.name, table.concat(parts, ", "))
end

local function check(call, o, name, low, high, open)
  local v = o[name]
  if type(v) ~= "number" or not (v >= low and v <= high) or (open and v == high) then
    local limit = high == math.huge and "" or (open and " and less than %g" or " and at most %g"):format(high)
    error(("%s: %s must be a number of at least %g%s, got %s"):format(call, name, low, limit, quoted(v):sub(2, -2)), 4)
  end
end

local function make(name, defaults, slots, rule, limits)
  defaults.clip_norm = options.none
  optim[name] = function(given)
    local o = options.fill("optim." .. name, given, defaults)
    check("optim." .. name, o, "lr", 0, math.huge, true)
    for option in pairs(limits) do check("optim." .. name, o, option, 0, limits[option], true) end
    if o.variant ~= nil and o.variant ~= "torch" and o.variant ~= "keras" then
      error(("optim.%s: variant must be 'torch' or 'keras', got %s"):format(name, quoted(o.variant)), 3)
    end
    if o.clip_norm ~= nil then check("optim." .. name, o, "clip_norm", 0, math.huge, true) end
    -- where there is eps, a step is divided by the root of the last moment
    return setmetatable({ name = name, settings = o, slots = slots, squares = limits.eps and slots, rule = rule, steps = 0,
      kept = setmetatable({}, { __mode = "k" }) }, Optimizer)
  end
end

--- The norm of all gradients together.
-- @param parameters from `model:parameters()`
-- @treturn number
function optim.grad_norm(parameters)
  local sum = 0
  for _, p in ipairs(parameters) do sum = sum + core.training.sum_squares(p.grad) end
  return math.sqrt(sum)
end

--- One step.
-- @param parameters from `model:parameters()`
function Optimizer:step(parameters)
  local clip = self.settings.clip_norm
  if clip then
    local norm = optim.grad_norm(parameters)
    if norm > clip then
      for _, p in ipairs(parameters) do core.training.scale(p.grad, clip / norm) end
    end
  end
  self.steps = self.steps + 1
  for _, p in ipairs(parameters) do
    local kept = self.kept[p.value]
    -- From moments of zero a gradient of zero changes nothing, whatever the rule: the recurrent
    -- weights of a network whose sequences have one step never get further than this.
    if not kept and not core.training.all_zero(p.grad) then
      kept = {}
      for i = 1, self.slots do kept[i] = tenor.zeros(p.value:shape()) end
      self.kept[p.value] = kept
    end
    if kept then self.rule(self, p.value, p.grad, kept) end
  end
end

--- What the optimiser carries from step to step.
-- @param parameters from `model:parameters()`
-- @treturn table `{ steps, product, moments = { name = list of tensors }, settings }`, copies; product is Nadam's, and nil
-- elsewhere; `settings` are those of now, which may have been changed since the optimiser was made, as by a schedule of `lr`.
-- Parameters whose gradient was never other than zero have no moments.
function Optimizer:state(parameters)
  local moments = {}
  for _, p in ipairs(parameters) do
    local kept = self.kept[p.value]
    if kept then
      moments[p.name] = {}
      for i, t in ipairs(kept) do moments[p.name][i] = t:copy() end
    end
  end
  local settings = {}
  for name, value in pairs(self.settings) do settings[name] = value end
  return { steps = self.steps, product = self.product, moments = moments, settings = settings }
end

-- A mean of squares may have overflowed, and its parameter rests; else all of it is finite.
local function sound(t, squares)
  if t:dtype() ~= core.real then return false end
  if not squares then return t:isfinite() end
  local sum = core.training.sum_squares(t)
  return sum == sum and t:min() >= 0
end

--- Goes back to a state from `optimizer:state(parameters)`, of the same model or one like it.
-- @param state what `state` gave
-- @param parameters from `model:parameters()`
-- @treturn Optimizer the optimiser
-- @raise where the state is not one of this optimiser and these parameters; nothing is changed then
function Optimizer:restore(state, parameters)
  if type(state) ~= "table" or math.type(state.steps) ~= "integer" or type(state.moments) ~= "table" then
    error(("optimizer:restore: state must be a table from optimizer:state(), got %s"):format(type(state)), 2)
  end
  local product = state.product
  if product ~= nil and not (type(product) == "number" and product >= 0 and product < 1) then
    error(("optimizer:restore: product must be a number from 0 and less than 1, got %s"):format(quoted(product)), 2)
  end
  local kept, known = setmetatable({}, { __mode = "k" }), {}
  for _, p in ipairs(parameters) do
    local given = state.moments[p.name]
    known[p.name] = true
    if given then
      if #given ~= self.slots then
        error(("optimizer:restore: '%s' has %d moments, %s keeps %d"):format(p.name, #given, self.name, self.slots), 2)
      end
      kept[p.value] = {}
      for i, t in ipairs(given) do
        if table.concat(t:shape(), ",") ~= table.concat(p.value:shape(), ",") then
          error(("optimizer:restore: the moments of '%s' must be (%s), got (%s)"):format(p.name,
            table.concat(p.value:shape(), ", "), table.concat(t:shape(), ", ")), 2)
        end
        if not sound(t, i == self.squares) then
          error(("optimizer:restore: the moments of '%s' are none of %s: not finite, or negative squares"):format(p.name,
            self.name), 2)
        end
        kept[p.value][i] = t:copy()
      end
    end
  end
  for name in pairs(state.moments) do
    if not known[name] then error(("optimizer:restore: the parameters have no %s"):format(quoted(name)), 2) end
  end
  if state.settings ~= nil then
    local ok, like = pcall(optim[self.name], state.settings)
    if not ok then error("optimizer:restore: " .. tostring(like):gsub("^[^:]*:%d+: ", ""), 2) end
    self.settings = like.settings
  end
  self.steps, self.product, self.kept, self.scheduled = state.steps, state.product, kept, nil
  return self
end

--- Stochastic gradient descent: v = momentum v - lr g, p = p + v.
-- @function SGD
-- @tparam[opt] table given `lr` 0.01, `momentum` 0, `nesterov` false, `clip_norm`
-- @treturn Optimizer
make("SGD", { lr = 0.01, momentum = 0, nesterov = false }, 1, function(self, p, g, kept)
  local s = self.settings
  core.training.sgd(p, kept[1], g, s.lr, s.momentum, s.nesterov)
end, { momentum = 1 })

--- RMSprop (Tieleman & Hinton 2012): v = rho v + (1 - rho) g², p = p - lr g / (sqrt v + eps).
-- @function RMSprop
-- @tparam[opt] table given `lr` 0.001, `rho` 0.9, `eps` 1e-7, `clip_norm`
-- @treturn Optimizer
make("RMSprop", { lr = 0.001, rho = 0.9, eps = 1e-7 }, 1, function(self, p, g, kept)
  local s = self.settings
  core.training.rmsprop(p, kept[1], g, s.lr, s.rho, s.eps)
end, { rho = 1, eps = math.huge })

--- Adam (Kingma & Ba 2015).
-- @function Adam
-- @tparam[opt] table given `lr` 0.001, `beta1` 0.9, `beta2` 0.999, `eps` 1e-7, `clip_norm`
-- @treturn Optimizer
make("Adam", { lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-7 }, 2, function(self, p, g, kept)
  local s, t = self.settings, self.steps
  local step = s.lr * math.sqrt(1 - s.beta2 ^ t) / (1 - s.beta1 ^ t)
  core.training.adam(p, kept[1], kept[2], g, step, s.beta1, s.beta2, s.eps)
end, { beta1 = 1, beta2 = 1, eps = math.huge })

--- Nadam (Dozat 2016), Adam with Nesterov momentum and the warming schedule
-- mu_t = beta1 (1 - 0.5 · 0.96^(t · schedule_decay)), P_t = mu_1 ... mu_t:
-- p -= lr ((1 - mu_t) g / (1 - P_t) + mu_{t+1} m / (1 - Q_t)) / (sqrt(v / (1 - beta2^t)) + eps).
-- @function Nadam
-- @tparam[opt] table given `lr` 0.002, `beta1` 0.9, `beta2` 0.999, `eps` 1e-7,
-- `schedule_decay` 0.004, `clip_norm`; `variant`: "torch" (default) takes
-- Q_t = P_t mu_t mu_{t+1}, as PyTorch 1.13 computes it and so the reference
-- numbers that tenor is checked against; "keras" takes Dozat's P_t mu_{t+1}, as
-- Keras 2.3 does. The two differ by less than 0.2 % of a step after the first few.
-- @treturn Optimizer
make("Nadam", { lr = 0.002, beta1 = 0.9, beta2 = 0.999, eps = 1e-7, schedule_decay = 0.004, variant = "torch" }, 2,
  function(self, p, g, kept)
    local s, t = self.settings, self.steps
    if self.scheduled ~= t then -- once a step, whatever the number of parameters
      local function mu(at) return s.beta1 * (1 - 0.5 * 0.96 ^ (at * s.schedule_decay)) end
      local product = (self.product or 1) * mu(t)
      local next_product = product * mu(t + 1) * (s.variant == "torch" and mu(t) or 1)
      self.scheduled, self.product = t, product
      self.g_part = (1 - mu(t)) / (1 - product)
      self.m_part = mu(t + 1) / (1 - next_product)
    end
    core.training.nadam(p, kept[1], kept[2], g, s.lr, s.beta1, s.beta2, s.eps, self.g_part, self.m_part,
      1 / (1 - s.beta2 ^ t))
  end, { beta1 = 1, beta2 = 1, eps = math.huge, schedule_decay = math.huge })

return optim
