--- tenor: dimensional speech emotion recognition.
--
-- The table `tenor` holds the tensor constructors and loads everything else at
-- first use: `tenor.nn` is `require "tenor.nn"`.
-- @module tenor
require "tenor.cpu" -- before OpenBLAS is loaded with the core
local core = require "tenor.core"

local tenor = {
  _VERSION = "0.1.0",
  --- The scalar of this build, "float32" or "float64".
  real = core.real,
  --- The number of threads; `tenor.threads(n)` sets it. The cores available at first.
  -- @function threads
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
  evaluate = { "tenor.evaluation", "evaluate" },
  predict = { "tenor.evaluation", "predict" },
  load = { "tenor.files", "load" },
  save = { "tenor.files", "save" },
  seed = { "tenor.nn.init", "seed" },
}

setmetatable(tenor, {
  __index = function(self, name)
    local value
    if modules[name] then
      value = require("tenor." .. name)
    elseif functions[name] then
      local module = require(functions[name][1])
      value = functions[name][2] and module[functions[name][2]] or module
    end
    if value ~= nil then rawset(self, name, value) end
    return value
  end,
})

return tenor
