--- Dimensional speech emotion recognition.
--
-- The table `tenor` holds the tensor constructors and loads everything else at
-- first use: `tenor.nn` is `require "tenor.nn"`.
-- @module tenor
local core = require "tenor.core"
local strict = require "tenor.strict"

local tenor = {
  _VERSION = "0.1.0",
  --- The scalar of this build, "float32" or "float64".
  real = core.real,
  --- The number of threads; `tenor.threads(n)` sets it. The cores available at first.
  -- @function threads
  -- @int[opt] n
  -- @treturn integer
  threads = core.training.threads,
}
package.loaded["tenor"] = tenor -- the modules below require it while it is being made

for name, value in pairs(require "tenor.tensor") do tenor[name] = value end

local modules = {
  audio = true,
  cache = true,
  corpus = true,
  csv = true,
  data = true,
  experiment = true,
  features = true,
  json = true,
  loss = true,
  metrics = true,
  model = true,
  networks = true,
  nn = true,
  optim = true,
  plot = true,
  progress = true,
  report = true,
  safetensors = true,
  statistics = true,
  text = true,
  vectors = true,
}

-- name → module that has it, and its name there; a module may be the function itself
local functions = {
  fit = { "tenor.fit" },
  help = { "tenor.help" },
  evaluate = { "tenor.evaluation", "evaluate" },
  predict = { "tenor.evaluation", "predict" },
  load = { "tenor.files", "load" },
  save = { "tenor.files", "save" },
  seed = { "tenor.nn.init", "seed" },
}

local function names()
  local list = {}
  for name in next, tenor do list[#list + 1] = not name:find "^_" and name or nil end
  for name in pairs(modules) do
    local there = rawget(tenor, name) == nil and package.searchpath("tenor." .. name, package.path)
    list[#list + 1] = there and name or nil
  end
  for name in pairs(functions) do list[#list + 1] = rawget(tenor, name) == nil and name or nil end
  table.sort(list)
  return list
end

setmetatable(tenor, {
  __index = function(self, name)
    local value
    if modules[name] then
      value = require("tenor." .. name)
      if type(value) == "table" then strict.seal("tenor." .. name, value) end
    elseif functions[name] then
      local module = require(functions[name][1])
      value = functions[name][2] and module[functions[name][2]] or module
    elseif type(name) ~= "string" or name:find "^_" then
      return nil
    else
      strict.fail("tenor", name, names())
    end
    rawset(self, name, value)
    return value
  end,
  -- all public names, and each loaded as it comes: what completion and the reference go by
  __pairs = function(self)
    local list, at = names(), 0
    return function()
      at = at + 1
      if list[at] then return list[at], self[list[at]] end
    end
  end,
  __tostring = function() return ("tenor %s: %s"):format(tenor._VERSION, table.concat(names(), ", ")) end,
  __name = "module tenor",
})

return tenor
