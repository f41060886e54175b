-- A checkpoint: the input as the whole file, and as the state of one whose checksum is right.
local checkpoint = require "tenor.fit.checkpoint"
local core = require "tenor.core"
local identity = require "tenor.fit.identity"
local json = require "tenor.json"
local support = dofile "fuzz/support.lua"
local tensor = require "tenor.tensor"

local forged
local tensors = { ["model.a"] = tensor.ones(2), ["optimizer.1.v"] = tensor.ones(2) }
local digest = identity.tensors(tensors)

return {
  hook = true,
  fixed = 128 * 1024,
  per_byte = 64,
  max_len = 2048,
  run = function(path, bytes)
    forged = forged or path .. ".forged"
    local text = utf8.len(bytes) and bytes or "{}"
    local header = json.encode {
      __metadata__ = { tenor = "tenor checkpoint 1", state = text, checksum = core.hash.bytes(text .. "\n" .. digest) },
      ["model.a"] = { dtype = "F32", shape = json.array { 2 }, data_offsets = json.array { 0, 8 } },
      ["optimizer.1.v"] = { dtype = "F32", shape = json.array { 2 }, data_offsets = json.array { 8, 16 } },
    }
    support.put(forged, string.pack("<s8ffff", header, 1, 1, 1, 1))
    local state, reason, matter = checkpoint.read(forged)
    assert(state and state.model.a or reason:find(forged, 1, true) and (matter == "damaged" or matter == "foreign"), reason)
    local whole, why = checkpoint.read(path)
    return whole, why
  end,
}
