-- MSP-Podcast's labels, CSV or JSON, and a transcript: the input is one after the other, with the byte 0 between.
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
    if not root then
      root = path .. ".d"
      assert(fs.make_folder(root .. "/Labels"))
      assert(fs.make_folder(root .. "/Transcripts"))
    end
    local parts = support.split(bytes)
    local kind = parts[1]:find "^%s*[%[{]" and "json" or "csv"
    support.put(("%s/Labels/labels_consensus.%s"):format(root, kind), parts[1])
    support.put(root .. "/Transcripts/MSP-PODCAST_0001_0008.txt", table.concat(parts, "\0", 2))
    local c, why = corpus.msp_podcast(root, { labels = kind })
    if not c then
      assert(why:find(root, 1, true), why)
      return nil, path .. ": " .. why
    end
    tostring(c)
    tostring(c.notes)
    return c
  end,
}
