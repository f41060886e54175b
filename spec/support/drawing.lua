--- What tests of plots and pages share: gnuplot, and a parser for what it gives.
local needs = require "spec.support.needs"
local plot = require "tenor.plot"

local drawing = {}

-- a sanitizer's library is not for gnuplot
if os.getenv "LD_PRELOAD" then plot.program = "env -u LD_PRELOAD gnuplot" end

drawing.present = os.execute "command -v gnuplot >/dev/null 2>&1" == true

--- As `it`, for tests that draw: skipped where gnuplot is absent.
drawing.it = needs(drawing.present, "gnuplot")

--- Fails where a text is no well-formed XML; calls `start(name, attributes)` and `text(characters)` on the way.
function drawing.well_formed(text, start, characters)
  local found, lxp = pcall(require, "lxp")
  if not found then return end
  local parser = lxp.new {
    StartElement = start and function(_, name, attributes) start(name, attributes) end,
    CharacterData = characters and function(_, data) characters(data) end,
  }
  local ok, why, line = parser:parse(text)
  if ok then ok, why, line = parser:parse() end
  if not ok then error(("not well-formed: %s, line %s"):format(why, line), 2) end
end

return drawing
