--- A stranger's text in quotes, for a message: its beginning, without what a terminal would obey.
-- @param value a string; of anything else what `tostring` gives
-- @return at most 80 bytes of it, whole characters, `...` where there is more
local harmless = require "tenor.harmless"

local MOST <const> = 80

return function(value)
  local text = tostring(value)
  local kept = text
  if #text > MOST then
    local last = MOST
    while last > 0 and text:byte(last + 1) & 0xC0 == 0x80 do last = last - 1 end
    kept = text:sub(1, last > 0 and last or MOST) .. "..."
  end
  return "'" .. harmless(kept) .. "'"
end
