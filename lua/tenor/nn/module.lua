--- What every layer and container is: forward, backward, parameters by name.
--
-- `forward` and `backward` return tensors of their own. Inside a network the
-- layers call each other's `run` and `run_back`, whose results lie in buffers
-- that the layer reuses from step to step, so that training allocates nothing
-- of size; such a result is good until the layer's next `run`.
-- @classmod nn.Module
local quoted = require "tenor.quoted"
local tenor = require "tenor"

local Module = {}
Module.__index = Module
Module.__name = "nn.Module"

--- The layer's work, for use inside a network: as `forward`, but the result may lie in a buffer of the layer's own.
-- Every layer has one.
-- @function run
-- @param x the input, in the form that the layer takes
-- @treturn Tensor|Sequence the output

--- Back-propagation for use inside a network: as `backward`, but the result may lie in a buffer. Every layer has one.
-- @function run_back
-- @param dy the gradient of the loss by the last output
-- @treturn Tensor|Sequence|nil the gradient by the input, nil for ids

--- Draws the layer's own parameters anew. Layers with parameters have it.
-- @function draw
-- @param rng from `tenor.rng(seed)`

--- The shape of the output, for `summary`; letters stand for what the data decides.
-- @function output_shape
-- @tparam[opt] table input the shape of the input, such as `{ "N", 68 }`
-- @treturn table

--- Works out the shapes within a container, for `summary`.
-- @function visit_children
-- @tparam table shape of the input
-- @tparam function visit called with child, name and shape of its input; returns the shape of its output
-- @treturn table the shape of the output

--- A container and its layers as an indented list, without the count of parameters.
-- @function outline
-- @treturn string

--- Makes a class that can be called: `Dense(128, 64)` is `Dense.new(128, 64)`.
-- @string name
-- @treturn table the class, to which `new`, `run`, `run_back` and `output_shape` are added
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
-- @tparam table class
-- @tparam table fields the layer's own; `name` is checked
-- @treturn nn.Module
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

--- Declares a trainable parameter and its gradient, both zero.
-- @string name
-- @param ... the sizes of its shape
function Module:parameter(name, ...)
  self.values[name] = tenor.zeros(...)
  self.grads[name] = tenor.zeros(...)
  self.order[#self.order + 1] = name
end

--- A buffer of (rows, cols) kept from step to step, its numbers unset.
-- @string name
-- @int rows
-- @int cols
-- @treturn Tensor
function Module:buffer(name, rows, cols)
  local held = self.held[name]
  if not held or held:size(1) < rows or held:size(2) ~= cols then
    held = tenor.zeros(rows, cols)
    self.held[name] = held
  end
  return held:size(1) == rows and held or held:narrow(1, 1, rows)
end

--- Raises an error that begins with the layer: "Dense(128 -> 64): ...".
-- @string message as for `string.format`
-- @param ... what it formats
function Module:fail(message, ...)
  error(self:label() .. ": " .. message:format(...), 0)
end

local Tensor = getmetatable(tenor.zeros(1))

--- Whether x is a tensor.
-- @param x any value
-- @treturn boolean
function Module.is_tensor(x) return getmetatable(x) == Tensor end

--- The shape of a tensor as "(32, 68)", or what a value is instead, for messages.
-- @function shape_text
-- @param x any value
-- @treturn string
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
-- @string call what begins the message
-- @param model
function Module.check(call, model)
  if type(model) ~= "table" or not model.run or not model.walk then
    error(("%s: model must be a network, such as tenor.nn.Sequential, got %s"):format(call, shape_text(model)), 3)
  end
end

--- Runs the layer or network.
-- @param x the input, in the form that the layer takes
-- @param ... what else the layer's `run` takes
-- @return a tensor (or Sequence) of its own
function Module:forward(x, ...) return own(self:run(x, ...)) end

--- Back-propagates, adding to the parameters' gradients. Comes after `forward`, once for each.
-- @param dy the gradient of the loss by the last output
-- @param ... what else the layer's `run_back` takes
-- @treturn Tensor|Sequence|nil the gradient by the input, nil for ids
function Module:backward(dy, ...) return own(self:run_back(dy, ...)) end

-- "acoustic" and "LSTM" make "acoustic.LSTM"; either may be empty
local function join(path, name)
  if path == "" or name == "" then return path .. name end
  return path .. "." .. name
end
Module._join = join

--- The children of a container, in order: list of {name, module}.
-- @treturn table[]
function Module:children() return {} end -- luacheck: ignore self (others have some)

--- Calls `visit(path, module)` for the module and all within it, depth first.
-- @tparam function visit
-- @string[opt=""] path of this module
function Module:walk(visit, path)
  path = path or ""
  visit(path, self)
  for _, child in ipairs(self:children()) do child.module:walk(visit, join(path, child.name)) end
end

--- All trainable parameters: list of { name = "acoustic.LSTM.w_ih", value =, grad = }.
-- @treturn table[]
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
-- @treturn table[]
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
-- @treturn self
function Module:zero_grad()
  for _, p in ipairs(self:parameters()) do p.grad:zero() end
  return self
end

--- Training mode: batch statistics, dropout.
-- @treturn self self
function Module:train()
  self:walk(function(_, module) module.training = true end)
  return self
end

--- Inference mode: running statistics, no dropout.
-- @treturn self self
function Module:eval()
  self:walk(function(_, module) module.training = false end)
  return self
end

--- Draws all parameters anew.
-- @param rng from `tenor.rng(seed)`
-- @treturn self self
function Module:initialize(rng)
  self:walk(function(_, module) if module.draw then module:draw(rng) end end)
  return self
end

--- Hands the random generator of dropout to all layers that use one.
-- @param rng from `tenor.rng(seed)`
-- @treturn self self
function Module:set_rng(rng)
  self:walk(function(_, module) if module.uses_rng then module.rng = rng end end)
  return self
end

--- How many numbers the module holds.
-- @treturn integer trainable
-- @treturn integer others
function Module:count()
  local trainable, other = 0, 0
  for _, p in ipairs(self:parameters()) do trainable = trainable + p.value:size() end
  for _, b in ipairs(self:buffers()) do other = other + b.value:size() end
  return trainable, other
end

--- 3787123 as "3 787 123".
-- @int n
-- @treturn string
function Module.grouped(n)
  local text = ("%d"):format(n):reverse():gsub("(%d%d%d)", "%1 "):reverse()
  return (text:gsub("^ ", ""))
end

--- What the layer is called in messages: "Dense(128 -> 64)".
-- @treturn string
function Module:label() return self.name or self.class end

--- What `print` shows: the label and the count of parameters.
-- @treturn string
function Module:text()
  return ("%s, %s parameters"):format(self:label(), Module.grouped((self:count())))
end

--- A table of the layers as Keras prints it: layer, output shape, trainable
-- parameters; then the totals.
-- @treturn string
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

--- The network as a plain table, such as JSON holds: classes, sizes, options and names, without weights.
-- `nn.build` makes a network of it.
-- @treturn table
-- @raise for a layer of a class that `nn.register` does not know
function Module:describe() return require "tenor.nn.architecture".describe(self) end

--- Writes weights, buffers and architecture to a `.safetensors` file, from which `nn.load` makes the network
-- again. The tensors bear the names of `parameters` and `buffers`.
-- @string path
-- @tparam[opt] table given `metadata`: more of it, string → string
-- @return true, or nil and a message: of a number that is not finite, whose it is
function Module:save(path, given) return require "tenor.nn.architecture".save(self, path, given) end

--- A copy of all parameters and buffers by name, for `restore`.
-- @treturn table name → tensor
function Module:snapshot()
  local kept = {}
  for _, p in ipairs(self:parameters()) do kept[p.name] = p.value:copy() end
  for _, b in ipairs(self:buffers()) do kept[b.name] = b.value:copy() end
  return kept
end

--- Writes parameters and buffers back from a table name → tensor; every name
-- must be there with the right shape, and none besides.
-- @tparam table kept from `snapshot`
-- @treturn self self
-- @raise naming what is missing, has another shape or is unknown
function Module:restore(kept)
  if type(kept) ~= "table" then error(("restore: expected a table name -> tensor, got %s"):format(shape_text(kept)), 2) end
  local targets, known = {}, {}
  for _, p in ipairs(self:parameters()) do targets[#targets + 1] = p end
  for _, b in ipairs(self:buffers()) do targets[#targets + 1] = b end
  for _, target in ipairs(targets) do
    known[target.name] = true
    local from = kept[target.name]
    if not from then error(("restore: '%s' is missing"):format(target.name), 2) end
    if getmetatable(from) == Tensor and from:dtype() ~= target.value:dtype() then
      error(("restore: '%s' must be %s, got %s"):format(target.name, target.value:dtype(), from:dtype()), 2)
    end
    if shape_text(from) ~= shape_text(target.value) then
      error(("restore: '%s' must be %s, got %s"):format(target.name, shape_text(target.value), shape_text(from)), 2)
    end
  end
  for name in pairs(kept) do
    if not known[name] then error(("restore: the model has no %s"):format(quoted(name)), 2) end
  end
  for _, target in ipairs(targets) do target.value:copy_from(kept[target.name]) end
  return self
end

return Module
