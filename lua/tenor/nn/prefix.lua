--- The shared front padding in inference (paper.md, section 8).
--
-- Without training, the states of an LSTM along the padding depend on its weights
-- and on those of the layers below alone. They are computed once, by running the
-- padding as a sequence of its own, and kept until a weight changes; each
-- utterance then starts from the state after its own number of padding steps.
--
-- A prefix is `{ steps =, key =, rows = function(n) }`: the padding steps that are
-- needed, a fingerprint of all that the padding's numbers depend on, and a
-- function that gives their first n rows.
-- @module nn.prefix
local core = require "tenor.core"
local tenor = require "tenor"

local prefix = {}

-- States before the first step, and after each: two tables (P + 1, H); and the weights
-- as the kernel has packed them, where it had to.
local function run(lstm, rows, steps)
  local h, v = lstm.hidden, lstm.values
  local layout = core.layout.uniform(1, steps)
  local function room(n, width) return tenor.zeros(n, width) end
  local h_last, c_last = room(1, h), room(1, h)
  local h_before, c_before = room(steps + 1, h), room(steps + 1, h)
  local packed = tenor.zeros(math.max(core.lstm.packed_room(h), 1))
  core.lstm.forward(layout, room(steps, h), h_last, c_last, rows, v.w_ih, v.w_hh, v.bias, room(steps, 4 * h),
    h_before, c_before, room(steps, h), packed)
  h_before[steps + 1], c_before[steps + 1] = h_last[1], c_last[1]
  return { h = h_before, c = c_before, packed = steps > 1 and packed or nil }
end

--- An LSTM's states along the padding. @return { steps =, key =, h = (P + 1, H), c = (P + 1, H), packed = }
function prefix.states(lstm, given)
  local v = lstm.values
  -- how the kernels pack the weights is part of what is kept
  local key = core.training.fingerprint(given.key + core.lstm.panels(), v.w_ih, v.w_hh, v.bias)
  local known = lstm.known
  if known and known.key == key and known.steps >= given.steps then return known end
  if given.steps > 0 then
    known = run(lstm, given.rows(given.steps), given.steps)
  else
    known = { h = tenor.zeros(1, lstm.hidden), c = tenor.zeros(1, lstm.hidden) }
  end
  known.key, known.steps = key, given.steps
  lstm.known = known
  return known
end

--- The padding as the next layer meets it.
function prefix.output(given, known)
  return { steps = given.steps, key = known.key, rows = function(n) return known.h:narrow(1, 2, n) end }
end

return prefix
