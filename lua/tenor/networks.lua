--- The paper's networks (section 5, figure 1), ready made.
--
-- Each is a plain `nn.Sequential`; read the constructors as the diagram. They
-- take `outputs`: { "valence" } for single-task learning (STL), three names for
-- multi-task learning (MTL).
-- @module networks
local nn = require "tenor.nn"
local options = require "tenor.options"
local tenor = require "tenor"

local networks = {}

local dimensions = { "valence", "arousal", "dominance" }

local function fill(call, given, more)
  local defaults = {
    outputs = dimensions, -- names; their number is the network's width
    seed = options.none, -- of the initial weights
    rng = options.none, -- a generator instead of a seed
    hidden = 256, -- units of the second and third LSTM
    dense = 64, -- width of each branch's dense layer
  }
  for name, default in pairs(more) do defaults[name] = default end
  local o = options.fill(call, given, defaults, 4)
  if type(o.outputs) ~= "table" or #o.outputs == 0 then
    error(("%s: outputs must be a table of names, such as { \"valence\" }"):format(call), 3)
  end
  for name, default in pairs(more) do
    if default == options.none and o[name] == nil and name ~= "vectors" then
      error(("%s: %s must be given"):format(call, name), 3)
    end
  end
  if o.seed and o.rng then error(("%s: give a seed or a generator, not both"):format(call), 3) end
  o.rng = o.rng or o.seed and tenor.rng(o.seed)
  return o
end

local function acoustic_branch(o)
  local f, h, rng = o.features, o.hidden, o.rng
  return nn.Sequential {
    nn.BatchNorm(f),
    nn.LSTM(f, f, { rng = rng }),
    nn.LSTM(f, h, { rng = rng }),
    nn.LSTM(h, h, { rng = rng, last = true }),
    nn.Dense(h, o.dense, { rng = rng }),
    name = "acoustic",
  }
end

local function text_branch(o)
  local e, h, rng = o.embedding, o.hidden, o.rng
  return nn.Sequential {
    nn.Embedding(o.vocabulary, e, { rng = rng, weights = o.vectors, padding = o.padding, length = o.length }),
    nn.LSTM(e, e, { rng = rng }),
    nn.LSTM(e, h, { rng = rng }),
    nn.LSTM(h, h, { rng = rng, last = true }),
    nn.Dense(h, o.dense, { rng = rng }),
    nn.Dropout(o.dropout, { rng = o.rng }),
    name = "text",
  }
end

local function head(width, o) return nn.Dense(width, #o.outputs, { rng = o.rng, heads = true }) end

local text_options = {
  vocabulary = options.none, -- rows of the embedding: words + 1 for padding
  embedding = 300, -- E: 300, or 768 for BERT
  vectors = options.none, -- (V, E) pre-trained rows
  padding = "pre", -- as nn.Embedding
  length = 554, -- steps of the padded sequence
  dropout = 0.4,
}

local function with(...)
  local all = {}
  for _, t in ipairs { ... } do
    for k, v in pairs(t) do all[k] = v end
  end
  return all
end

--- BatchNorm → LSTM → LSTM → LSTM → Dense(64) → outputs; takes HSF (N, features).
-- @param opts `features` (68), `outputs`, `hidden` (256), `dense` (64), `seed` or `rng`
-- @treturn nn.Sequential
function networks.acoustic(opts)
  local o = fill("networks.acoustic", opts, { features = 68 })
  return nn.Sequential { acoustic_branch(o), head(o.dense, o) }
end

--- Embedding → LSTM → LSTM → LSTM → Dense(64) → Dropout → outputs; takes ids (N, T).
-- @param opts `vocabulary`, `embedding` (300), `vectors`, `padding` ("pre"), `length` (554),
-- `dropout` (0.4), `outputs`, `hidden` (256), `dense` (64), `seed` or `rng`
-- @treturn nn.Sequential
function networks.text(opts)
  local o = fill("networks.text", opts, text_options)
  return nn.Sequential { text_branch(o), head(o.dense, o) }
end

--- Both branches joined → Dense(64, relu) → Dense(32, relu) → Dropout → outputs (eq. 1);
-- takes { HSF (N, features), ids (N, T) }.
-- @param opts those of `acoustic` and `text`
-- @treturn nn.Sequential
function networks.fusion(opts)
  local o = fill("networks.fusion", opts, with(text_options, { features = 68, fused = { 64, 32 } }))
  return nn.Sequential {
    nn.Concat { acoustic_branch(o), text_branch(o) },
    nn.Dense(2 * o.dense, o.fused[1], { rng = o.rng, activation = "relu" }),
    nn.Dense(o.fused[1], o.fused[2], { rng = o.rng, activation = "relu" }),
    nn.Dropout(o.dropout, { rng = o.rng }),
    head(o.fused[2], o),
  }
end

return networks
