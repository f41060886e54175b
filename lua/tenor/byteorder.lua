--- Whether string a comes before b byte by byte. Lua's own `<` asks the locale,
-- and an order that files and splits depend on must not change with it.
local byte, min = string.byte, math.min

return function(a, b)
  for i = 1, min(#a, #b) do
    local x, y = byte(a, i), byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
