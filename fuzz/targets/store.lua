-- The table of features on the disk that extraction keeps between runs.
local store = require("tenor.core").store
local support = dofile "fuzz/support.lua"

local file

return {
  fixed = 64 * 1024,
  per_byte = 64,
  max_len = 1024,
  run = function(path, bytes)
    file = file or path .. ".store" -- a writer locks its file and cuts it: not the input itself
    support.put(file, bytes)
    local s, why = store.open(file, "fuzz", 8)
    if not s then
      assert(why:find(file, 1, true), why)
      return nil, path .. ": " .. why
    end
    local key = ("k"):rep(16)
    s:get(key)
    s:put(key, "12345678")
    assert(s:condition().why or s:get(key) == "12345678")
    s:close()
    return true
  end,
}
