--- busted's plain report, and the counts in the file that TENOR_COUNTS names.
-- tools/test adds the counts of several builds up. They go through a file
-- because a test may print too, and because busted's exit status is the number
-- of failures modulo 256.

-- busted forgets each file's modules, and luv does not bear that: its loop is collected, and used again.
require "luv"

return function(options)
  local busted = require "busted"
  local handler = require "busted.outputHandlers.plainTerminal"(options)

  busted.subscribe({ "suite", "end" }, function()
    local path = os.getenv("TENOR_COUNTS")
    if path then
      local file = assert(io.open(path, "w"))
      file:write(("%d %d %d\n"):format(handler.successesCount, handler.failuresCount + handler.errorsCount,
        handler.pendingsCount))
      file:close()
    end
    return nil, true
  end)

  return handler
end
