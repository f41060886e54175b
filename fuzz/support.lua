-- What several targets share.
local support = {}

function support.put(path, bytes)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  file:close()
end

support.words = { "the", "a", "of", "w", "very good", "\xc3\xa4", "paris", "</s>" }

-- Word vectors: what a reader gives must be finite and of the promised size.
function support.check_vectors(v, why)
  if not v then return nil, why end
  local matrix, report = v:matrix(), v:coverage()
  assert(matrix:isfinite() and matrix:size(1) == #support.words + 1 and matrix:size(2) == v:dimensions())
  assert(report.malformed <= report.lines)
  tostring(v)
  return v
end

-- Bytes as several files: the byte 0 stands between them.
function support.split(bytes)
  local list = {}
  for part in (bytes .. "\0"):gmatch "([^\0]*)\0" do list[#list + 1] = part end
  return list
end

return support
