-- IEMOCAP's label and transcript files: the input is one after the other, with the byte 0 between.
local corpus = require "tenor.corpus"
local fs = require "tenor.fs"
local support = dofile "fuzz/support.lua"

local root

return {
  hook = true,
  fixed = 256 * 1024,
  per_byte = 64,
  max_len = 512,
  run = function(path, bytes)
    local dialog = path .. ".d/Session1/dialog/"
    if not root then
      root = path .. ".d"
      assert(fs.make_folder(dialog .. "EmoEvaluation"))
      assert(fs.make_folder(dialog .. "transcriptions"))
    end
    local parts = support.split(bytes)
    support.put(dialog .. "EmoEvaluation/Ses01F_impro01.txt", parts[1])
    support.put(dialog .. "transcriptions/Ses01F_impro01.txt", table.concat(parts, "\0", 2))
    local c, why = corpus.iemocap(root)
    if not c then
      assert(why:find(root, 1, true), why)
      return nil, path .. ": " .. why
    end
    tostring(c)
    tostring(c.notes)
    return c
  end,
}
