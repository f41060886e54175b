-- Word vectors of whichever kind, in a gzip or zip archive or plain.
local support = dofile "fuzz/support.lua"
local vectors = require "tenor.vectors"

return {
  fixed = 256 * 1024,
  per_byte = 1032 * 8 * #support.words,
  run = function(path)
    return support.check_vectors(vectors.open(path, support.words, { progress = "silent" }))
  end,
}
