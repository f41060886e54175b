-- A saved model: what of a file survives all checks must be a network that predicts.
local model = require "tenor.model"
local tenor = require "tenor"

return {
  hook = true,
  fixed = 256 * 1024,
  per_byte = 64, -- a table a bracket of its metadata
  max_len = 8192,
  run = function(path)
    local m, why = model.load(path)
    if not m then return nil, why end
    tostring(m)
    tostring(m:summary())
    local inputs = {}
    for i, input in ipairs(m.inputs) do
      if input.kind == "features" then
        inputs[i] = tenor.zeros(1, input.width)
      else
        inputs[i] = tenor.zeros(1, math.min(m.length or input.length, 8), "int32")
      end
    end
    -- weights may be finite and yet too large: that is said
    local ok, y = pcall(tenor.predict, m.network, #inputs == 1 and inputs[1] or inputs)
    assert(ok and y:isfinite() or y:find "predictions are not finite" or y:find "steps", y)
    return m
  end,
}
