--- Whether string a comes before b byte by byte. Lua's own `<` asks the locale,
-- and an order that files and splits depend on must not change with it.
local byte, min, ult, unpack = string.byte, math.min, math.ult, string.unpack

return function(a, b)
  local n, at = min(#a, #b), 1
  while at + 7 <= n do -- eight bytes at a time: names of one corpus begin alike
    local x, y = unpack(">i8", a, at), unpack(">i8", b, at)
    if x ~= y then return ult(x, y) end
    at = at + 8
  end
  for i = at, n do
    local x, y = byte(a, i), byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
