-- An archive of arrays.
local npy = require("tenor.core").npy

return {
  fixed = 128 * 1024,
  per_byte = 1032 * 8, -- the best that deflate packs, of int8 that become reals
  run = function(path)
    local arrays, why = npy.read_zip(path, false)
    local heads, fault = npy.headers(path)
    if arrays then assert(heads, fault) end
    return arrays, why
  end,
}
