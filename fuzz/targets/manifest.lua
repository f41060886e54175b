-- A corpus' manifest, and what is first asked of a corpus.
local corpus = require "tenor.corpus"

return {
  hook = true,
  name = "input.csv",
  fixed = 256 * 1024,
  per_byte = 64,
  max_len = 512,
  run = function(path)
    local c, why = corpus.manifest(path)
    if not c then return nil, why end
    tostring(c)
    return true
  end,
}
