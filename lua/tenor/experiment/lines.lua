--- Lines out of a stream that comes in pieces.
local lines = {}

--- A function that takes the next piece and calls `each` for every line that has become whole.
function lines.reader(each)
  local rest = ""
  return function(piece)
    rest = rest .. piece
    local from = 1
    for line, to in rest:gmatch "([^\n]*)\n()" do
      each(line)
      from = to
    end
    rest = rest:sub(from)
  end
end

return lines
