-- BERT's vocabulary, and a text cut by it.
local text = require "tenor.text"

return {
  hook = true,
  fixed = 64 * 1024,
  per_byte = 64,
  max_len = 512,
  run = function(path, bytes)
    local t, why = text.WordPiece(path)
    if not t then return nil, why end
    for _, s in ipairs { "The unaffable caf\xc3\xa9, \xe4\xb8\xad!", bytes:sub(1, 200) } do
      local ok, pieces = pcall(t.pieces, t, s)
      if ok then
        for _, piece in ipairs(pieces) do assert(t.id[piece]) end
      else
        assert(pieces:find "UTF%-8", pieces) -- what is no text is misuse
      end
    end
    tostring(t)
    return t
  end,
}
