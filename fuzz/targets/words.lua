-- The list of words beside a matrix of vectors.
local support = dofile "fuzz/support.lua"
local tensor = require "tenor.tensor"
local vectors = require "tenor.vectors"

local matrix

return {
  hook = true,
  fixed = 256 * 1024, -- blocks of 64 KB
  per_byte = 64,
  max_len = 512,
  run = function(path)
    if not matrix then
      matrix = path .. ".npy"
      assert(require "tenor.files".save(matrix, tensor.ones(3, 2)))
    end
    local v, why = vectors.npy(matrix, support.words, { list = path, progress = "silent" })
    if not v then
      assert(why:find(matrix, 1, true) or why:find(path, 1, true), why)
      return nil, path .. ": " .. why
    end
    return v
  end,
}
