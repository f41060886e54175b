--- A long short-term memory layer (Hochreiter & Schmidhuber 1997), gates i, f, g, o
-- as Keras and cuDNN.
-- @classmod nn.LSTM
local core = require "tenor.core"
local init = require "tenor.nn.init"
local options = require "tenor.options"
local Module = require "tenor.nn.module"
local prefix = require "tenor.nn.prefix"
local Sequence = require "tenor.nn.sequence"
local tenor = require "tenor"

local LSTM = Module.class "LSTM"

--- Makes the layer. Parameters: `w_ih` (4H, D) Glorot uniform, `w_hh` (4H, H) orthogonal, `bias`
-- (4H) zero but 1 for the forget gate; blocks of H rows in the order i, f, g, o.
-- @int inputs D, width of a step
-- @int hidden H, units
-- @tparam[opt] table opts `last` (false), true to give each sequence's last output alone, (N, H);
-- `rng`, the generator of the first weights; `name`
-- @raise where a size is no whole number from 1
function LSTM.new(inputs, hidden, opts)
  local o = options.fill("nn.LSTM", opts, { last = false, rng = options.none, name = options.none })
  init.check_size("nn.LSTM", "inputs", inputs)
  init.check_size("nn.LSTM", "hidden", hidden)
  local self = Module.create(LSTM, { inputs = inputs, hidden = hidden, last = o.last, name = o.name })
  self:parameter("w_ih", 4 * hidden, inputs)
  self:parameter("w_hh", 4 * hidden, hidden)
  self:parameter("bias", 4 * hidden)
  init.draw(self, o.rng)
  return self
end

function LSTM:draw(rng)
  local v, h = self.values, self.hidden
  init.glorot_uniform(v.w_ih, self.inputs, 4 * h, rng)
  init.orthogonal(v.w_hh, rng)
  v.bias:zero()
  v.bias:narrow(1, h + 1, h):fill(1)
end

-- What a saved model says of the layer (nn.architecture).
LSTM._saved = {
  fields = { inputs = "size", hidden = "size", last = "boolean" },
  shapes = function(d)
    return { w_ih = { 4 * d.hidden, d.inputs }, w_hh = { 4 * d.hidden, d.hidden }, bias = { 4 * d.hidden } }
  end,
  restored = function(d, rng) return LSTM.new(d.inputs, d.hidden, { last = d.last, name = d.name, rng = rng }) end,
}

function LSTM:label() return ("LSTM(%d -> %d)"):format(self.inputs, self.hidden) end

function LSTM:output_shape(input)
  if self.last or (input and #input == 2) then return { "N", self.hidden } end
  return { "N", input and input[2] or "T", self.hidden }
end

-- The input as packed rows: layout, (X, D) rows, and the form that the output takes.
local function packed(self, x)
  local d = self.inputs
  if type(x) == "table" and x.layout then
    if x.data:size(2) ~= d then self:fail("x must be (N, T, %d), got %s", d, tostring(x)) end
    return x.layout, x.data, "sequence"
  end
  local shape = Module.is_tensor(x) and x:dtype() ~= "int32" and x:shape()
  if not shape or (#shape ~= 2 and #shape ~= 3) or shape[#shape] ~= d then
    self:fail("x must be (N, T, %d), or (N, %d) for one step, got %s", d, d, Module.shape_text(x))
  end
  local n, steps = shape[1], #shape == 3 and shape[2] or 1
  if n == 0 then self:fail("x has no rows: the batch is empty") end
  local known = self.uniform -- a layout of one length is the same from batch to batch
  local known_n, known_steps
  if known then known_n, known_steps = known:info() end
  if known_n ~= n or known_steps ~= steps then
    known = core.layout.uniform(n, steps)
    self.uniform = known
  end
  if steps == 1 then -- one step needs no packing: equal lengths keep the batch's order
    return known, #shape == 3 and x:reshape(n, d) or x, #shape == 3 and "steps" or "one"
  end
  local rows = self:buffer("packed", n * steps, d)
  core.layout.pack(rows, x, known)
  return known, rows, "steps"
end

local function check_state(self, what, t, n)
  local h = self.hidden
  if not Module.is_tensor(t) or t:dtype() == "int32" or t:rank() ~= 2 or t:size(1) ~= n or t:size(2) ~= h then
    self:fail("%s must be (%d, %d), got %s", what, n, h, Module.shape_text(t))
  end
end

local function sorted(self, name, t, n, layout)
  local out = self:buffer(name, n, self.hidden)
  if t then core.layout.sort(out, t, layout) else out:zero() end
  return out
end

-- Room for the recurrent weights as the kernels want them.
local function panels(self)
  local room = math.max(core.lstm.packed_room(self.hidden), 1)
  return self:buffer("panels", 1, room):reshape(room)
end

--- Runs the layer over whole sequences.
-- @param x (N, T, D), a Sequence, or (N, D) as one step
-- @param[opt] state `{ h = (N, H), c = (N, H) }` to start from; zeros by default.
-- Not for sequences that share their front padding.
-- @treturn Tensor|Sequence with `last` (N, H); else all outputs in the form of x
function LSTM:run(x, state)
  self.ready, self.h_last = false, nil -- a run that fails leaves nothing to go back through
  local layout, rows, form = packed(self, x)
  local n, _, chain, m = layout:info()
  local h, all = self.hidden, m + chain
  if n == 0 then self:fail("x has no rows: the batch is empty") end
  self.layout, self.x, self.form, self.shape = layout, rows, form, form ~= "sequence" and x:shape()
  local h_first, c_first
  if state then
    if type(state) ~= "table" then self:fail("state must be { h =, c = }, got %s", Module.shape_text(state)) end
    if chain > 0 then self:fail("sequences that share their front padding start from zero: use padding = \"none\"") end
    check_state(self, "state.h", state.h, n)
    check_state(self, "state.c", state.c, n)
    h_first, c_first = sorted(self, "h_first", state.h, n, layout), sorted(self, "c_first", state.c, n, layout)
  end
  local known = form == "sequence" and x.prefix and prefix.states(self, x.prefix)
  if known then
    local starts = layout:starts()
    h_first, c_first = known.h:index(starts), known.c:index(starts)
  end
  self.started = state ~= nil
  local y, v = self:buffer("y", all, h), self.values
  self.h_last, self.c_last = self:buffer("h_last", n, h), self:buffer("c_last", n, h)
  core.lstm.forward(layout, y, self.h_last, self.c_last, rows, v.w_ih, v.w_hh, v.bias, self:buffer("gates", all, 4 * h),
    self:buffer("h_before", all + 1, h), self:buffer("c_before", all + 1, h), self:buffer("tanh_c", all, h),
    known and known.packed or panels(self), h_first, c_first, known and known.packed ~= nil)
  self.ready = not known -- the padding's share of the gradient is not at hand
  if self.last then
    local out = self:buffer("out", n, h)
    core.layout.unsort(out, self.h_last, layout)
    return out
  elseif form == "sequence" then
    return x:like(y, known and prefix.output(x.prefix, known))
  elseif form == "one" then
    return y
  elseif self.shape[2] == 1 then
    return y:reshape(n, 1, h)
  end
  local out = self:buffer("out", n * self.shape[2], h):reshape(n, self.shape[2], h)
  core.layout.unpack(out, y, layout)
  return out
end

--- Each sequence's state after its last step.
-- @treturn table `{ h = (N, H), c = (N, H) }`
-- @raise before the first `forward`
function LSTM:final_state()
  if not self.h_last then self:fail("there is no state before the first forward") end
  local n = self.h_last:size(1)
  local h, c = tenor.zeros(n, self.hidden), tenor.zeros(n, self.hidden)
  core.layout.unsort(h, self.h_last, self.layout)
  core.layout.unsort(c, self.c_last, self.layout)
  return { h = h, c = c }
end

-- The gradient by all outputs as packed rows (R, H), or nil where only the last counts.
local function packed_grad(self, dy, n, all)
  local h = self.hidden
  if self.last then
    check_state(self, "dy", dy, n)
    return nil
  elseif self.form == "sequence" then
    if type(dy) ~= "table" or dy.layout ~= self.layout or dy.data:size(1) ~= all or dy.data:size(2) ~= h then
      self:fail("dy must be a Sequence of forward's layout and width %d, got %s", h, Module.shape_text(dy))
    end
    return dy.data
  end
  local shape = Module.is_tensor(dy) and dy:dtype() ~= "int32" and dy:shape()
  local want = self.form == "one" and { n, h } or { n, self.shape[2], h }
  if not shape or table.concat(shape, ",") ~= table.concat(want, ",") then
    self:fail("dy must be (%s), got %s", table.concat(want, ", "), Module.shape_text(dy))
  end
  if #want == 2 then return dy end
  if want[2] == 1 then return dy:reshape(n, h) end
  local rows = self:buffer("dy", all, h)
  core.layout.pack(rows, dy, self.layout)
  return rows
end

local function unpacked(self, dx)
  local n, steps, d = self.shape[1], self.shape[2], self.inputs
  if steps == 1 then return dx:reshape(n, 1, d) end
  local out = self:buffer("dx_steps", n * steps, d):reshape(n, steps, d)
  core.layout.unpack(out, dx, self.layout)
  return out
end

--- Back-propagates through time.
-- @param dy gradient by the output, in its form
-- @param[opt] d_state `{ h =, c = }` gradient by `final_state`
-- @return gradient by x, in x's form. The gradient by the initial state, where
-- one was given, is in `lstm.grad_state` afterwards.
function LSTM:run_back(dy, d_state)
  if not self.ready then self:fail("backward comes after forward, once for each") end
  local layout, x, g, v, h = self.layout, self.x, self.grads, self.values, self.hidden
  local n, _, chain, m = layout:info()
  local all = m + chain
  local rows = packed_grad(self, dy, n, all)
  for _, part in ipairs { "h", "c" } do
    if d_state and d_state[part] then check_state(self, "d_state." .. part, d_state[part], n) end
  end
  self.ready = false -- the gates now become gradients
  local dh = sorted(self, "dh", self.last and dy or d_state and d_state.h, n, layout)
  if self.last and d_state and d_state.h then
    local more = self:buffer("more", n, h)
    core.layout.sort(more, d_state.h, layout)
    dh:add(more)
  end
  local dc = sorted(self, "dc", d_state and d_state.c, n, layout)
  local dx = self:buffer("dx", x:size(1), self.inputs)
  core.lstm.backward(layout, dx, g.w_ih, g.w_hh, g.bias, dh, dc, rows, x, v.w_ih, v.w_hh, v.bias,
    self:buffer("gates", all, 4 * h), self:buffer("h_before", all + 1, h), self:buffer("c_before", all + 1, h),
    self:buffer("tanh_c", all, h), panels(self), self:buffer("work", 2, h):reshape(2 * h), not self.started)
  if self.started then
    self.grad_state = { h = tenor.zeros(n, h), c = tenor.zeros(n, h) }
    core.layout.unsort(self.grad_state.h, dh, layout)
    core.layout.unsort(self.grad_state.c, dc, layout)
  end
  if self.form == "sequence" then return Sequence.new(layout, dx) end
  return self.form == "one" and dx or unpacked(self, dx)
end

return LSTM
