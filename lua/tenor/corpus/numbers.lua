--- Labels as corpora write them.
local numbers = {}

--- A plain decimal number, or nil: Lua itself would also take 0x10, inf has no place among labels.
-- @string s
-- @tparam[opt] boolean comma whether `3,5` is such a number, as spreadsheets write it in half of the world
function numbers.plain(s, comma)
  if comma and not s:find(".", 1, true) then s = s:gsub(",", ".") end
  local value = s:find "^[-+%d.eE]+$" and tonumber((s:gsub("^%+", "")))
  if value and value - value == 0 then return value + 0.0 end
end

--- Sets a label, clipped to the scale; `clipped` of the utterance keeps the value that was.
function numbers.set_label(u, name, value, scale)
  local inside = math.min(math.max(value, scale[1]), scale[2]) + 0.0
  u[name] = inside
  if inside ~= value then
    u.clipped = u.clipped or {}
    u.clipped[name] = value
  end
end

return numbers
