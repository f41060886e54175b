--- A batch of sequences of unequal length that knows its lengths and its shared
-- front padding (paper.md, section 8): what an Embedding gives to an LSTM.
--
-- The real steps lie packed in `data`; the padding steps that all sequences
-- begin with follow them once, or as a single row while they are all alike.
-- @classmod nn.Sequence
local tenor = require "tenor"

local Sequence = {}
Sequence.__index = Sequence
Sequence.__name = "nn.Sequence"

--- Packed rows and how they lie. Embeddings make these; other code has no need to.
-- @param layout from the core
-- @param data tensor (R, D), the rows
-- @param[opt] prefix in inference the padding's part is not among the rows of `data`; see nn.prefix
function Sequence.new(layout, data, prefix)
  return setmetatable({ layout = layout, data = data, prefix = prefix or nil }, Sequence)
end

--- Other numbers in the same layout.
-- @param data tensor (R, D), the rows
-- @param[opt] prefix what becomes of the padding, where that is kept apart
-- @treturn nn.Sequence
function Sequence:like(data, prefix)
  if self.prefix and not prefix then error("Sequence: the layer does not say what becomes of the padding", 2) end
  return Sequence.new(self.layout, data, prefix)
end

--- Batch, steps with padding, width.
-- @treturn table `{ N, T, D }`
function Sequence:shape()
  local n, _, _, _, length = self.layout:info()
  return { n, length, self.data:size(2) }
end

--- Real steps of each sequence, int32 (N).
-- @treturn Tensor
function Sequence:lengths() return self.layout:lengths() end

-- For every step of the padded (N, T) grid its row in `data`, or 0.
local function grid(self)
  if self.prefix then error("Sequence: the padding is not at hand in inference", 3) end
  local n, _, chain, m, length = self.layout:info()
  local places, offsets = self.layout:index()
  local constant = self.data:size(1) < m + chain
  local rows = {}
  for i = 1, n do
    local place, real = places[i][1], places[i][2]
    for t = 1, length - real do rows[#rows + 1] = chain > 0 and m + (constant and 1 or t) or 0 end
    for j = 1, real do rows[#rows + 1] = offsets[j] + place end
  end
  return rows, n, length
end

--- The padded batch (N, T, D), front-padded; zeros where padding was masked.
-- @treturn Tensor (N, T, D)
function Sequence:dense()
  local rows, n, length = grid(self)
  local d = self.data:size(2)
  local out = tenor.zeros(n * length, d)
  for i, row in ipairs(rows) do
    if row > 0 then out[i]:copy_from(self.data[row]) end
  end
  return out:reshape(n, length, d)
end

--- The transpose of `dense`: a gradient (N, T, D) by the padded batch becomes one
-- by this sequence, what falls on a shared step summed. @return a Sequence
-- @treturn Sequence
function Sequence:fold(dense)
  local rows, n, length = grid(self)
  local d = dense:size(3)
  local flat = dense:reshape(n * length, d)
  local out = tenor.zeros(self.data:size(1), d)
  for i, row in ipairs(rows) do
    if row > 0 then out[row]:add(flat[i]) end
  end
  return self:like(out)
end

function Sequence:__tostring()
  local n, _, chain, m, length = self.layout:info()
  return ("Sequence (%d, %d, %d), %d real steps, %s"):format(n, length, self.data:size(2), m,
    chain > 0 and ("front padding shared over %d steps"):format(chain) or "no padding")
end

return Sequence
