--- Finding NaN and Inf: in data by row and column, in a network by layer.
-- @module nonfinite
local Module = require "tenor.nn.module"
local named = require "tenor.named"

local nonfinite = {}

--- Raises where a tensor of rows holds a number that is not finite:
-- "what: row 3 (Ses01F_000), column 2 is nan".
-- @param what beginning of the message
-- @param x (N, ...)
-- @param[opt] ids names of the rows
-- @int[opt=0] level where the error points, for the caller
function nonfinite.check_rows(what, x, ids, level)
  if x:dtype() == "int32" or x:isfinite() then return end
  local n = x:size(1)
  local flat = x:reshape(n, x:size() // n)
  for i = 1, n do
    if not flat[i]:isfinite() then
      for j, v in ipairs(flat[i]:totable()) do
        if v ~= v or v == math.huge or v == -math.huge then
          local id = ids and ids[i] and (" (%s)"):format(named { ids[i] }) or ""
          error(("%s: row %d%s, column %d is %s"):format(what, i, id, j, v ~= v and "nan" or tostring(v)),
            level and level + 1 or 0)
        end
      end
    end
  end
end

local function finite(x)
  if type(x) == "table" and x.layout then return x.data:isfinite() end
  if type(x) == "table" then
    for _, part in ipairs(x) do
      if not finite(part) then return false end
    end
    return true
  end
  return not Module.is_tensor(x) or x:dtype() == "int32" or x:isfinite()
end

--- Runs the model once more and says where numbers first stop being finite:
-- "first in acoustic.LSTM_2, its output" or "..., its parameter w_hh".
function nonfinite.first_layer(model, x)
  if not finite(x) then return "the inputs of the batch are not finite" end
  local found
  local watched = {}
  model:walk(function(path, module)
    if #module:children() > 0 then return end
    watched[#watched + 1] = module
    local run, place = module.run, path ~= "" and path or module:label() -- a layer alone has no path
    module.run = function(self, ...)
      if not found then
        for _, name in ipairs(self.order) do
          if not self.values[name]:isfinite() then found = ("first in %s, its parameter %s"):format(place, name) end
        end
      end
      local y = run(self, ...)
      if not found and not finite(y) then found = ("first in %s, its output"):format(place) end
      return y
    end
  end)
  local ok, err = pcall(model.run, model, x)
  for _, module in ipairs(watched) do module.run = nil end -- the class's own again
  if not ok then return "the layers could not be run again: " .. tostring(err) end
  return found or "all layers are finite: the labels or the loss are not"
end

return nonfinite
