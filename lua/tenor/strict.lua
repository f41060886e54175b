--- Public tables that know their own names: a field that is not there is an error that suggests the one that was meant.
local byteorder = require "tenor.byteorder"
local options = require "tenor.options"

local strict = {}

local function names_of(module)
  local names = {}
  for name in pairs(module) do
    if type(name) == "string" and not name:find "^_" then names[#names + 1] = name end
  end
  table.sort(names, byteorder)
  return names
end

--- Raises `tenor.nn: no 'Lstm' (did you mean 'LSTM'?)`, at the line that asked.
-- @string call what begins the message
-- @param name the field that is not there
-- @tparam table names those that are
function strict.fail(call, name, names)
  local close = options.closest(name, names)
  error(("%s: no '%s' (%s)"):format(call, tostring(name),
    close and ("did you mean '%s'?"):format(close) or "there are " .. table.concat(names, ", ")), 3)
end

--- Makes a module's table strict; one that has a metatable of its own is left alone. `rawget` still probes. Names
-- that begin with an underscore, which programs probe for, and what are no names are nil as ever.
-- @string name the module's public name, such as "tenor.nn"
-- @tparam table module
-- @return the module
function strict.seal(name, module)
  if getmetatable(module) then return module end
  return setmetatable(module, {
    __index = function(_, key)
      if type(key) ~= "string" or key:find "^_" then return nil end
      strict.fail(name, key, names_of(module))
    end,
    __tostring = function() return ("%s: %s"):format(name, table.concat(names_of(module), ", ")) end,
    __name = "module " .. name,
  })
end

return strict
