--- Names out of a stranger's file in a message: the first of them, each as `tenor.quoted` leaves it, and how many more.
local quoted = require "tenor.quoted"

local MOST <const> = 16

--- @tparam table list of strings
-- @int[opt=16] most that are named
-- @return "a, b, c and 12 more"
return function(list, most)
  local some, n = {}, math.min(#list, most or MOST)
  for i = 1, n do some[i] = quoted(list[i]):sub(2, -2) end
  return table.concat(some, ", ") .. (#list > n and (" and %d more"):format(#list - n) or "")
end
