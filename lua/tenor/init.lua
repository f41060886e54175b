--- tenor: dimensional speech emotion recognition.
local core = require "tenor.core"

local tenor = {
  _VERSION = "0.1.0",
  real = core.real,
}

for name, value in pairs(require "tenor.tensor") do tenor[name] = value end
for name, value in pairs(require "tenor.files") do tenor[name] = value end

-- modules are loaded at first use: `tenor.nn` requires tenor/nn.lua
setmetatable(tenor, {
  __index = function(self, name)
    local modules = { nn = 1, optim = 1, loss = 1, metrics = 1, audio = 1, features = 1, text = 1, corpus = 1,
      vectors = 1, networks = 1, csv = 1, data = 1 }
    if modules[name] then
      local module = require("tenor." .. name)
      self[name] = module
      return module
    end
  end,
})

return tenor
