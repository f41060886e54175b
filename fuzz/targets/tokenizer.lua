-- A tokenizer's state, as a saved model has it.
local json = require "tenor.json"
local text = require "tenor.text"

return {
  hook = true,
  fixed = 64 * 1024,
  per_byte = 64,
  max_len = 512,
  run = function(path, bytes)
    local state, why = json.decode(bytes)
    if type(state) ~= "table" then return nil, ("%s: %s"):format(path, why) end
    local t, reason = text.restore(state)
    if not t then
      assert(type(reason) == "string")
      return nil, ("%s: %s"):format(path, reason)
    end
    local again = assert(text.restore(assert(json.decode(json.encode(t:state())))))
    assert(json.encode(again:state()) == json.encode(t:state()))
    t:encode "the good, the bad"
    return t
  end,
}
