local assert = require "spec.support.assertions"
local relative = require "spec.support.relative"
local shared = require "spec.support.shared"
local tenor = require "tenor"

local by_build = relative.by_build

-- PyTorch's name of a parameter → ours, in a network with this head.
local function translate(name, head)
  for from, to in pairs(head) do
    local rest = name:match("^" .. from .. "_(.*)")
    if rest then return to .. "." .. rest end
  end
  if name == "emb_weight" then return "text.Embedding.weight" end
  local branch, rest = name:match "^(%a%a)_(.*)"
  branch = branch == "ac" and "acoustic" or "text"
  local norm = { bn_weight = "gamma", bn_bias = "beta", bn_running_mean = "running_mean", bn_running_var = "running_var" }
  if norm[rest] then return branch .. ".BatchNorm." .. norm[rest] end
  local dense = rest:match "^%a_d_(.*)" or rest:match "^d_(.*)"
  if dense then return branch .. ".Dense." .. dense end
  local layer, what = rest:match "l_(%d)_(.*)_l0$"
  local lstm = layer == "0" and "LSTM" or "LSTM_" .. (layer + 1)
  return ("%s.%s.%s"):format(branch, lstm, ({ weight_ih = "w_ih", weight_hh = "w_hh", bias_ih = "bias" })[what])
end

-- The tensors of a golden whose names begin with this, under our names.
local function part(golden, prefix, head)
  local out = {}
  for name, t in pairs(golden) do
    local rest = name:match("^" .. prefix .. "_(.*)")
    if rest then out[translate(rest, head)] = t end
  end
  return out
end

local heads = {
  acoustic = { o = "Dense" }, text = { o = "Dense" }, fusion = { c1 = "Dense", c2 = "Dense_2", o = "Dense_3" },
}

local function network(kind, padding, length)
  local o = { hidden = 12, dense = 6 }
  if kind ~= "text" then o.features = 10 end
  if kind ~= "acoustic" then
    o.vocabulary, o.embedding, o.dropout, o.length, o.padding = 30, 8, 0, length, padding
  end
  if kind == "fusion" then o.fused = { 6, 3 } end
  return tenor.networks[kind](o)
end

-- In double precision 1e-9 of each tensor's largest number is asked; what is
-- reached after 30 steps is below 1e-12, since these small networks amplify
-- rounding little. In single precision a step of Nadam or RMSprop divides by
-- the square root of a mean of squares: a gradient near zero turns rounding
-- into a full step, so that only losses, gradients and outputs are compared.
-- There a bias' gradient is a sum over the batch that cancels to about 1/1000 of
-- its terms, since CCC's gradients nearly sum to zero: 1e-3 is what is left.
local LOSSES, OUTPUT = by_build(1e-9, 1e-4), by_build(1e-9, 1e-4)
local function gradient_tolerance(name)
  return by_build(1e-9, (name:find "bias" or name:find "beta") and 3e-3 or 1e-4)
end

-- The last columns of (N, T) ids that hold all the words.
local function stripped(tokens)
  local count = 0
  for t = 1, tokens:size(2) do
    if tokens:narrow(2, t, 1):max() > 0 then
      count = tokens:size(2) - t + 1
      break
    end
  end
  return tokens:narrow(2, tokens:size(2) - count + 1, count)
end

-- `length`, where it is given, pads the golden's stripped tokens to it anew.
local function follow(file, kind, optimizer, padding, length)
  local z = assert(tenor.load(shared.path(("golden/train_%s.npz"):format(file))))
  local head, label = heads[kind], ("train_%s %s "):format(file, padding or "")
  local model = network(kind, padding, length or 0)
  model:restore(part(z, "before", head))
  local loss = tenor.loss.ccc { weights = z.weights:totable() }
  local tokens = z.tokens
  if length then tokens = stripped(tokens) end
  local function rows(first, count)
    local x, ids = z.features:narrow(1, first, count), tokens:narrow(1, first, count)
    if kind == "fusion" then return { x, ids } end
    return kind == "text" and ids or x
  end
  local losses = {}
  for s = 0, z.losses:size() - 1 do
    local first = s % 3 * 32 + 1
    model:zero_grad()
    losses[s + 1] = loss:forward(model:forward(rows(first, 32)), z.labels:narrow(1, first, 32))
    model:backward(loss:backward())
    if s == 0 then relative.each(part(z, "grad", head), relative.grads(model), gradient_tolerance, label .. "grad ") end
    optimizer:step(model:parameters())
  end
  assert.relative(z.losses, losses, LOSSES, label .. "losses")
  if relative.double then relative.each(part(z, "after", head), model:snapshot(), 1e-9, label .. "after ") end
  assert.relative(z.eval_output, model:eval():forward(rows(1, 96)), OUTPUT, label .. "eval_output")
end

describe("training against PyTorch", function()
  shared.it("follows the acoustic network by Nadam for 30 steps", function()
    follow("acoustic_nadam", "acoustic", tenor.optim.Nadam())
  end)

  for _, padding in ipairs { "pre", "dense" } do
    shared.it(("follows the text network by RMSprop, padding %s"):format(padding), function()
      follow("text_rmsprop", "text", tenor.optim.RMSprop(), padding)
    end)
    shared.it(("follows the fusion network by RMSprop, padding %s"):format(padding), function()
      follow("fusion_rmsprop", "fusion", tenor.optim.RMSprop(), padding)
    end)
    shared.it(("follows the fusion network by Nadam, padding %s"):format(padding), function()
      follow("fusion_nadam", "fusion", tenor.optim.Nadam(), padding)
    end)
    shared.it(("follows the fusion network padded to 554 steps, padding %s"):format(padding), function()
      follow("fusion_rmsprop_pad554", "fusion", tenor.optim.RMSprop(), padding)
    end)
  end

  shared.it("pads to 554 steps by the embedding's length to the same end", function()
    follow("fusion_rmsprop_pad554", "fusion", tenor.optim.RMSprop(), "pre", 554)
  end)
end)
