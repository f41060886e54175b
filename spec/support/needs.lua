--- Tests that need what not every system has: `local here = needs(found, "PyTorch")`, and `here` is used as `it`.
-- Without it they are skipped, and the skip's name says what is missing.
local busted = require "busted"

return function(present, what)
  if present then return busted.it end
  return function(name) return busted.pending(("%s (needs %s)"):format(name, what)) end
end
