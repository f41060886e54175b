-- Word vectors as text, of GloVe and of fastText.
local vectors = require("tenor.core").vectors

local words = { "the", "a", "of", "w", "very good", "\xc3\xa4", "" }

return {
  fixed = 64 * 1024, -- the block, short in this build
  per_byte = 8 * #words * 4, -- one digit and its blank are a number in the row of each word
  run = function(path)
    local reader, why = vectors.open(path, words)
    while reader do
      local done, total, finished = reader:step()
      if not done then return nil, total end
      if finished then break end
    end
    if not reader then return nil, why end
    local report = reader:report()
    assert(report.fitting + report.malformed <= report.lines)
    local matrix = reader:matrix()
    assert(matrix:isfinite() and matrix:size(2) == report.dimensions)
    reader:close()
    return matrix
  end,
}
