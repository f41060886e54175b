--- A check that raises, made of what a stranger's file says.
local harmless = require "tenor.harmless"

--- Calls it.
-- @return its result; or nil and what it said, without the place: it may quote the file
return function(check, ...)
  local ok, result = pcall(check, ...)
  if ok then return result end
  return nil, harmless((result:gsub("^[^:]*:%d+: ", ""))):sub(1, 400)
end
