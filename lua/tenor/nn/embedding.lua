--- Rows of a trainable table, one a token; id 0 is padding.
-- @classmod nn.Embedding
local core = require "tenor.core"
local init = require "tenor.nn.init"
local options = require "tenor.options"
local Module = require "tenor.nn.module"
local nonfinite = require "tenor.nonfinite"
local Sequence = require "tenor.nn.sequence"
local tenor = require "tenor"

local Embedding = Module.class "Embedding"

local paddings = { pre = true, none = true, dense = true }

--- @param vocabulary V, rows of the table, the padding row 0 included
-- @param width E
-- @param[opt] opts
-- `padding`: "pre" (default) the network runs over front padding, as in the
-- paper, which costs next to nothing since the padding is shared; "none" masks
-- it: only the real words are run; "dense" is "pre" computed the plain way, as
-- a tensor (N, T, E).
-- `length`: steps of the padded sequence, 554 in the paper; default the width
-- of the ids. Longer rows keep their last `length` tokens.
-- `weights`: (V, E) to begin with, such as `vectors:matrix()`; or an object with
-- a method `matrix`. Default uniform ±0.05. `rng`; `name`.
-- Parameter: `weight` (V, E), all of it trainable.
function Embedding.new(vocabulary, width, opts)
  local o = options.fill("nn.Embedding", opts, {
    padding = "pre", length = 0, weights = options.none, rng = options.none, name = options.none,
  })
  init.check_size("nn.Embedding", "vocabulary", vocabulary)
  init.check_size("nn.Embedding", "width", width)
  if not paddings[o.padding] then
    error(("nn.Embedding: padding must be 'pre', 'none' or 'dense', got '%s'"):format(tostring(o.padding)), 3)
  end
  if math.type(o.length) ~= "integer" or o.length < 0 or o.length > 1 << 20 then
    error(("nn.Embedding: length must be a whole number from 0 to 1048576, got %s"):format(tostring(o.length)), 3)
  end
  local self = Module.create(Embedding, {
    vocabulary = vocabulary, width = width, padding = o.padding, length = o.length, name = o.name,
  })
  self:parameter("weight", vocabulary, width)
  init.draw(self, o.rng)
  if o.weights then
    local weights = o.weights
    if (type(weights) == "table" or type(weights) == "userdata") and weights.matrix then weights = weights:matrix() end
    if not Module.is_tensor(weights) or weights:rank() ~= 2 or weights:size(1) ~= vocabulary
      or weights:size(2) ~= width then
      self:fail("weights must be (%d, %d), got %s", vocabulary, width, Module.shape_text(weights))
    end
    nonfinite.check_rows("nn.Embedding: weights", weights, nil, 3)
    self.values.weight:copy_from(weights)
    self.given = self.values.weight:copy()
  end
  return self
end

function Embedding:draw(rng)
  if self.given then
    self.values.weight:copy_from(self.given)
  else
    init.uniform(self.values.weight, 0.05, rng)
  end
end

-- What a saved model says of the layer (nn.architecture).
Embedding._saved = {
  fields = { vocabulary = "size", width = "size", padding = paddings, length = "steps" },
  shapes = function(d) return { weight = { d.vocabulary, d.width } } end,
  restored = function(d, rng)
    return Embedding.new(d.vocabulary, d.width, { padding = d.padding, length = d.length, name = d.name, rng = rng })
  end,
}

function Embedding:label() return ("Embedding(%d -> %d)"):format(self.vocabulary, self.width) end

function Embedding:output_shape() return { "N", self.length > 0 and self.length or "T", self.width } end

-- The layout and the packed ids; a fault in the ids is told as the layer's own.
local function tokens_of(self, ids, length, known)
  local ok, layout, tokens = pcall(core.layout.tokens, ids, self.vocabulary, length, self.padding == "none", known)
  if not ok then self:fail("%s", (layout:gsub("^embedding:forward: ", ""))) end
  return layout, tokens
end

-- The padding that all sequences begin with, for layers that know its states (nn.prefix).
local function prefix_of(self, layout)
  local row = self.values.weight:narrow(1, 1, 1)
  local _, steps = layout:starts()
  return {
    steps = steps, key = core.training.fingerprint(0, row),
    rows = function(n)
      local zeros = {}
      for i = 1, n do zeros[i] = 1 end
      return row:index(zeros)
    end,
  }
end

local function run_dense(self, ids)
  local n, steps, length = ids:size(1), ids:size(2), self.length
  tokens_of(self, ids, 0) -- names an id outside the vocabulary by its place
  if length > steps then
    ids = tenor.cat({ tenor.zeros(n, length - steps, "int32"), ids }, 2)
  elseif length > 0 and length < steps then
    ids = ids:narrow(2, steps - length + 1, length)
  end
  self.tokens, self.layout = ids:reshape(ids:size()), nil
  local y = self:buffer("y", ids:size(), self.width)
  core.layers.embedding_forward(y, self.values.weight, self.tokens)
  return y:reshape(n, ids:size(2), self.width)
end

--- ids: int32 (N, T), zeros standing for padding → a Sequence, or (N, T, E) with padding "dense".
-- @treturn Sequence
function Embedding:run(ids)
  if not Module.is_tensor(ids) or ids:dtype() ~= "int32" or ids:rank() ~= 2 then
    self:fail("ids must be int32 (N, T), got %s%s", Module.is_tensor(ids) and ids:dtype() .. " " or "",
      Module.shape_text(ids))
  end
  if self.padding == "dense" then return run_dense(self, ids) end
  local known = self.inference and self.padding == "pre"
  local layout, tokens = tokens_of(self, ids, self.length, known)
  local y = self:buffer("y", tokens:size(), self.width)
  core.layers.embedding_forward(y, self.values.weight, tokens)
  self.tokens, self.layout = tokens, layout
  return Sequence.new(layout, y, known and prefix_of(self, layout))
end

--- Adds to the table's gradient.
-- @param dy gradient by the output, in its form
-- @return nil: ids have no gradient
function Embedding:run_back(dy)
  if not self.tokens then self:fail("backward comes after forward") end
  local rows
  if self.layout then
    if type(dy) ~= "table" or dy.layout ~= self.layout or dy.data:size(2) ~= self.width then
      self:fail("dy must be a Sequence of forward's layout, got %s", Module.shape_text(dy))
    end
    rows = dy.data
  else
    if not Module.is_tensor(dy) or dy:rank() ~= 3 or dy:size() ~= self.tokens:size() * self.width
      or dy:size(3) ~= self.width then
      self:fail("dy must be (N, T, %d) as forward gave it, got %s", self.width, Module.shape_text(dy))
    end
    rows = dy:reshape(self.tokens:size(), self.width)
  end
  core.layers.embedding_backward(self.grads.weight, rows, self.tokens)
end

return Embedding
