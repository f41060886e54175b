--- What every layer and container is: forward, backward, parameters by name.
--
-- `forward` and `backward` return tensors of their own. Inside a network the
-- layers call each other's `run` and `run_back`, whose results lie in buffers
-- that the layer reuses from step to step, so that training allocates nothing
-- of size; such a result is good until the layer's next `run`.
-- @classmod nn.Module
local tenor = require "tenor"

local Module = {}
Module.__index = Module

--- Makes a class that can be called: `Dense(128, 64)` is `Dense.new(128, 64)`.
function Module.class(name)
  local class = { class = name }
  class.__index = class
  class.__name = "nn." .. name
  class.__tostring = function(self) return self:text() end
  return setmetatable(class, {
    __index = Module,
    __call = function(_, ...) return class.new(...) end,
    __tostring = function() return "nn." .. name end,
  })
end

--- The common fields of a new module.
function Module.create(class, fields)
  local name = fields.name
  if name ~= nil and (type(name) ~= "string" or name == "") then
    error(("nn.%s: name must be a string that is not empty, got %s"):format(class.class, tostring(name)), 4)
  end
  local made = {}
  for field in pairs(fields) do made[#made + 1] = field end
  fields.made = made -- the names of what it was made with, which is no state
  fields.training = true
  fields.values, fields.grads, fields.order = {}, {}, {}
  fields.state = {}
  fields.held = {}
  return setmetatable(fields, class)
end

--- Declares a trainable parameter of this shape, and its gradient, both zero.
function Module:parameter(name, ...)
  self.values[name] = tenor.zeros(...)
  self.grads[name] = tenor.zeros(...)
  self.order[#self.order + 1] = name
end

--- A buffer of (rows, cols) kept from step to step, its numbers unset.
function Module:buffer(name, rows, cols)
  local held = self.held[name]
  if not held or held:size(1) < rows or held:size(2) ~= cols then
    held = tenor.zeros(rows, cols)
    self.held[name] = held
  end
  return held:size(1) == rows and held or held:narrow(1, 1, rows)
end

--- Raises an error that begins with the layer: "Dense(128 -> 64): ...".
function Module:fail(message, ...)
  error(self:label() .. ": " .. message:format(...), 0)
end

local Tensor = getmetatable(tenor.zeros(1))

function Module.is_tensor(x) return getmetatable(x) == Tensor end

local function shape_text(x)
  if Module.is_tensor(x) then return ("(%s)"):format(table.concat(x:shape(), ", ")) end
  if x == nil then return "nil" end
  return type(x) == "table" and x.layout and tostring(x) or "a " .. type(x)
end
Module.shape_text = shape_text

local function own(x)
  if Module.is_tensor(x) then return x:copy() end
  if type(x) == "table" and x.layout then return x:like(x.data:copy()) end
  if type(x) == "table" then
    local copies = {}
    for i, v in ipairs(x) do copies[i] = own(v) end
    return copies
  end
  return x
end

--- Raises where `model` is not a module: "call: model must be ...".
function Module.check(call, model)
  if type(model) ~= "table" or not model.run or not model.walk then
    error(("%s: model must be a network, such as tenor.nn.Sequential, got %s"):format(call, shape_text(model)), 3)
  end
end

--- Runs the layer. @return a tensor (or Sequence) of its own
function Module:forward(x, ...) return own(self:run(x, ...)) end

--- Back-propagates `dy`, the gradient of the loss by the last output, adding to
-- the parameters' gradients. @return the gradient by the input, nil for ids
function Module:backward(dy, ...) return own(self:run_back(dy, ...)) end

-- "acoustic" and "LSTM" make "acoustic.LSTM"; either may be empty
local function join(path, name)
  if path == "" or name == "" then return path .. name end
  return path .. "." .. name
end

--- The children of a container, in order: list of {name, module}.
function Module:children() return {} end -- luacheck: ignore self

--- Calls `visit(path, module)` for the module and all within it, depth first.
function Module:walk(visit, path)
  path = path or ""
  visit(path, self)
  for _, child in ipairs(self:children()) do child.module:walk(visit, join(path, child.name)) end
end

--- All trainable parameters: list of { name = "acoustic.LSTM.w_ih", value =, grad = }.
function Module:parameters()
  local list = {}
  self:walk(function(path, module)
    for _, name in ipairs(module.order) do
      list[#list + 1] = {
        name = join(path, name),
        value = module.values[name], grad = module.grads[name],
      }
    end
  end)
  return list
end

--- What is kept but not trained, such as BatchNorm's running moments: list of { name =, value = }.
function Module:buffers()
  local list = {}
  self:walk(function(path, module)
    local names = {}
    for name in pairs(module.state) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
      list[#list + 1] = { name = join(path, name), value = module.state[name] }
    end
  end)
  return list
end

--- Sets all gradients to zero.
function Module:zero_grad()
  for _, p in ipairs(self:parameters()) do p.grad:zero() end
  return self
end

--- Training mode: batch statistics, dropout. @return self
function Module:train()
  self:walk(function(_, module) module.training = true end)
  return self
end

--- Inference mode: running statistics, no dropout. @return self
function Module:eval()
  self:walk(function(_, module) module.training = false end)
  return self
end

--- Draws all parameters anew. @param rng from `tenor.rng(seed)` @return self
function Module:initialize(rng)
  self:walk(function(_, module) if module.draw then module:draw(rng) end end)
  return self
end

--- Hands the random generator of dropout to all layers that use one. @return self
function Module:set_rng(rng)
  self:walk(function(_, module) if module.uses_rng then module.rng = rng end end)
  return self
end

--- @return trainable, other numbers
function Module:count()
  local trainable, other = 0, 0
  for _, p in ipairs(self:parameters()) do trainable = trainable + p.value:size() end
  for _, b in ipairs(self:buffers()) do other = other + b.value:size() end
  return trainable, other
end

--- 3787123 as "3 787 123".
function Module.grouped(n)
  local text = ("%d"):format(n):reverse():gsub("(%d%d%d)", "%1 "):reverse()
  return (text:gsub("^ ", ""))
end

function Module:label() return self.name or self.class end

function Module:text()
  return ("%s, %s parameters"):format(self:label(), Module.grouped((self:count())))
end

--- A table of the layers as Keras prints it: layer, output shape, trainable
-- parameters; then the totals. @return the text
function Module:summary()
  local rows, widest = {}, #"Layer"
  local function visit(module, path, shape)
    local children = module:children()
    if #children == 0 then
      local out = module:output_shape(shape)
      local dims = {}
      for i, d in ipairs(out) do dims[i] = tostring(d) end
      rows[#rows + 1] = { path, ("(%s)"):format(table.concat(dims, ", ")), Module.grouped((module:count())) }
      widest = math.max(widest, #path)
      return out
    end
    return module:visit_children(shape, function(child, name, input)
      return visit(child, join(path, name), input)
    end)
  end
  visit(self, #self:children() == 0 and self.class or "", nil)
  local line = ("%%-%ds  %%-14s %%12s"):format(widest)
  local out = { line:format("Layer", "Output", "Parameters") }
  for _, row in ipairs(rows) do out[#out + 1] = line:format(table.unpack(row)) end
  local trainable, other = self:count()
  out[#out + 1] = ("trainable %s, other %s"):format(Module.grouped(trainable), Module.grouped(other))
  return table.concat(out, "\n")
end

--- A copy of all parameters and buffers by name, for `restore`.
function Module:snapshot()
  local kept = {}
  for _, p in ipairs(self:parameters()) do kept[p.name] = p.value:copy() end
  for _, b in ipairs(self:buffers()) do kept[b.name] = b.value:copy() end
  return kept
end

--- Writes parameters and buffers back from a table name → tensor; every name
-- must be there with the right shape, and none besides. @return self
function Module:restore(kept)
  if type(kept) ~= "table" then error(("restore: expected a table name -> tensor, got %s"):format(shape_text(kept)), 2) end
  local targets, known = {}, {}
  for _, p in ipairs(self:parameters()) do targets[#targets + 1] = p end
  for _, b in ipairs(self:buffers()) do targets[#targets + 1] = b end
  for _, target in ipairs(targets) do
    known[target.name] = true
    local from = kept[target.name]
    if not from then error(("restore: '%s' is missing"):format(target.name), 2) end
    if shape_text(from) ~= shape_text(target.value) then
      error(("restore: '%s' must be %s, got %s"):format(target.name, shape_text(target.value), shape_text(from)), 2)
    end
  end
  for name in pairs(kept) do
    if not known[name] then error(("restore: the model has no '%s'"):format(name), 2) end
  end
  for _, target in ipairs(targets) do target.value:copy_from(kept[target.name]) end
  return self
end

return Module
