--- Containers: layers one after another, and networks side by side.
-- @module nn.containers
local Module = require "tenor.nn.module"
local tenor = require "tenor"

-- Children keep the name they were given; others are called after their class,
-- numbered from the second on, as Keras does: Dense, Dense_2, ... A Concat without
-- a name whose branches all have one leaves no trace in the paths: its branches
-- share their names with its neighbours. No two are called alike, so that every
-- parameter has a path of its own.
local function transparent(module)
  if module.class ~= "Concat" or module.name then return false end
  for _, branch in ipairs(module.list) do
    if not branch.module.name then return false end
  end
  return true
end

-- Gives each child, { module = }, its name; a module is looked at for `class`, `name` and `list` alone.
local function name_children(named)
  local taken, last = {}, {}
  local function free(base)
    local name, number = base, last[base] or 1 -- all up to that number are taken
    while taken[name] do
      number = number + 1
      name = base .. "_" .. number
    end
    taken[name], last[base] = true, number
    return name
  end
  for _, child in ipairs(named) do -- what was named by hand comes first
    local module = child.module
    if transparent(module) then
      local clash = false
      for _, branch in ipairs(module.list) do clash = clash or taken[branch.name] end
      if not clash then
        for _, branch in ipairs(module.list) do taken[branch.name] = true end
        child.name = ""
      end
    elseif module.name then
      child.name = free(module.name)
    end
  end
  for _, child in ipairs(named) do child.name = child.name or free(child.module.class) end
end

local function adopt(class, list)
  if type(list) ~= "table" or getmetatable(list) then
    error(("nn.%s: give a table of modules, got %s"):format(class.class, tostring(list)), 3)
  end
  local named, seen = {}, {}
  for i, module in ipairs(list) do
    if type(module) ~= "table" or not module.run then
      error(("nn.%s: item %d is not a module but a %s"):format(class.class, i, type(module)), 3)
    end
    local twice
    module:walk(function(_, part) twice, seen[part] = twice or seen[part] and part, true end)
    if twice then
      error(("nn.%s: %s is in it twice: a layer keeps one forward pass at a time"):format(class.class, twice:label()), 3)
    end
    named[i] = { module = module }
  end
  name_children(named)
  if #named == 0 then error(("nn.%s: there is no module in it"):format(class.class), 3) end
  for key in pairs(list) do
    if key ~= "name" and (math.type(key) ~= "integer" or key < 1 or key > #list) then
      error(("nn.%s: unknown option '%s'"):format(class.class, tostring(key)), 3)
    end
  end
  return Module.create(class, { list = named, name = list.name })
end

local function indented(self, head)
  local lines = { head .. " {" }
  for _, child in ipairs(self.list) do
    local label = child.module.list and child.module:outline() or child.module:label()
    lines[#lines + 1] = "  " .. (label:gsub("\n", "\n  ")) .. ","
  end
  lines[#lines + 1] = "}"
  return table.concat(lines, "\n")
end

local function container(name)
  local class = Module.class(name)
  class.new = function(list) return adopt(class, list) end
  -- What a saved model says of it: `layers`, which nn.architecture goes through.
  class._saved = {
    fields = {},
    restored = function(d, _, layers)
      layers.name = d.name
      return class.new(layers)
    end,
  }
  function class:children() return self.list end
  function class:outline() return indented(self, self.class) end
  function class:text()
    return ("%s, %s parameters"):format(self:outline(), Module.grouped((self:count())))
  end
  return class
end

--- Layers one after another: `nn.Sequential { nn.Dense(4, 3), nn.Dense(3, 1), name = "head" }`.
-- @type Sequential
local Sequential = container "Sequential"

function Sequential:visit_children(shape, visit)
  for _, child in ipairs(self.list) do shape = visit(child.module, child.name, shape) end
  return shape
end

function Sequential:run(x)
  for _, child in ipairs(self.list) do x = child.module:run(x) end
  return x
end

function Sequential:run_back(dy)
  for i = #self.list, 1, -1 do dy = self.list[i].module:run_back(dy) end
  return dy
end

--- Networks side by side: takes a table of inputs, one each, and joins the
-- outputs (N, D1), (N, D2), ... to (N, D1 + D2 + ...).
-- @type Concat
local Concat = container "Concat"

function Concat:visit_children(_, visit)
  local width, first = 0, nil
  for _, child in ipairs(self.list) do
    local out = visit(child.module, child.name, nil)
    first = first or out
    width = type(out[#out]) == "number" and width and width + out[#out] -- false: not known here
  end
  return { first[1], width or "..." }
end

function Concat:run(inputs)
  if type(inputs) ~= "table" or #inputs ~= #self.list then
    self:fail("x must be a table of %d inputs, got %s", #self.list,
      type(inputs) == "table" and #inputs .. " of them" or Module.shape_text(inputs))
  end
  local outputs, width = {}, 0
  for i, child in ipairs(self.list) do
    local y = child.module:run(inputs[i])
    if not Module.is_tensor(y) or y:rank() ~= 2 then
      self:fail("branch %d (%s) must give (N, D), got %s", i, child.name, Module.shape_text(y))
    end
    if i > 1 and y:size(1) ~= outputs[1]:size(1) then
      self:fail("branch %d (%s) gives %d rows, branch 1 gives %d: the inputs must be of one batch", i, child.name,
        y:size(1), outputs[1]:size(1))
    end
    outputs[i] = y
    width = width + y:size(2)
  end
  self.widths = {}
  for i, y in ipairs(outputs) do self.widths[i] = y:size(2) end
  return tenor.cat(outputs, 2)
end

function Concat:run_back(dy)
  if not self.widths then self:fail("backward comes after forward") end
  local width = 0
  for _, w in ipairs(self.widths) do width = width + w end
  if not Module.is_tensor(dy) or dy:rank() ~= 2 or dy:size(2) ~= width then
    self:fail("dy must be (N, %d), got %s", width, Module.shape_text(dy))
  end
  local at, grads = 1, {}
  for i, child in ipairs(self.list) do
    grads[i] = child.module:run_back(dy:narrow(2, at, self.widths[i])) or false
    at = at + self.widths[i]
  end
  return grads
end

return { Sequential = Sequential, Concat = Concat, name_children = name_children }
