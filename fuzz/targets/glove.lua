-- Word vectors in GloVe's text, plain or packed by gzip.
local support = dofile "fuzz/support.lua"
local vectors = require "tenor.vectors"

return {
  fixed = 256 * 1024, -- what the kind is told by, and the block, which is short in this build
  per_byte = 1032 * 8 * #support.words, -- a number in each word's row, of the best that deflate packs
  max_len = 512,
  run = function(path)
    return support.check_vectors(vectors.glove(path, support.words, { case = "fold", progress = "silent" }))
  end,
}
