-- BERT's token embeddings in a safetensors file.
local support = dofile "fuzz/support.lua"
local vectors = require "tenor.vectors"

local vocab

return {
  hook = true,
  fixed = 256 * 1024,
  per_byte = 64 * #support.words,
  max_len = 1024,
  run = function(path)
    if not vocab then
      vocab = path .. ".vocab"
      support.put(vocab, "[PAD]\n[UNK]\nthe\na\nof\n##s\n")
    end
    return support.check_vectors(vectors.bert(path, support.words, { vocabulary = vocab, progress = "silent" }))
  end,
}
