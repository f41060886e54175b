--- Labels as corpora write them.
local numbers = {}

--- A plain decimal number, or nil: Lua itself would also take 0x10, inf has no place among labels.
function numbers.plain(s)
  local value = s:find "^[-+%d.eE]+$" and tonumber((s:gsub("^%+", "")))
  if value and value - value == 0 then return value + 0.0 end
end

--- Sets a label, clipped to the scale; `clipped` of the utterance keeps the value that was.
function numbers.set_label(u, name, value, scale)
  local inside = math.min(math.max(value, scale[1]), scale[2])
  u[name] = inside
  if inside ~= value then
    u.clipped = u.clipped or {}
    u.clipped[name] = value
  end
end

return numbers
