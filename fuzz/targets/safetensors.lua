-- A safetensors file: all of it, and one tensor or some rows at a time.
local safetensors = require "tenor.safetensors"

return {
  hook = true,
  fixed = 64 * 1024,
  per_byte = 64, -- a table a bracket of its header
  run = function(path)
    local tensors, why = safetensors.load(path)
    local reader <close>, reason = safetensors.open(path)
    if tensors then assert(reader, reason) end
    if reader then
      tostring(reader)
      for name, entry in pairs(reader.entries) do
        reader:tensor(name, { dtype = "real" })
        if #entry.shape == 2 and entry.shape[1] > 0 then reader:rows(name, { 1, entry.shape[1] }) end
      end
    end
    return tensors, why
  end,
}
