-- JSON: what is read can be written, and is then read as the same.
local json = require("tenor.core").json

return {
  fixed = 64 * 1024,
  per_byte = 64, -- a table a bracket
  max_len = 512,
  run = function(path, bytes)
    local value, why = json.decode(bytes)
    if value == nil then return nil, path .. ": " .. why end
    local ok, text = pcall(json.encode, value)
    if not ok then
      assert(text:find "tables inside one another", text) -- more is read than written
      return true
    end
    local again, reason = json.decode(text)
    assert(again ~= nil, reason)
    assert(json.encode(again) == text)
    return true
  end,
}
