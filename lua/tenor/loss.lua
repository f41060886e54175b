--- The concordance loss (paper.md, sections 1 and 6; equations 3 and 4).
-- @module loss
local core = require "tenor.core"
local Module = require "tenor.nn.module"
local options = require "tenor.options"
local tenor = require "tenor"

local loss = {}

--- The concordance loss: @{loss.ccc} makes one.
local CCC = {}
CCC.__index = CCC
CCC.__name = "tenor.loss.CCC"

local function number(call, name, v)
  if type(v) ~= "number" or v - v ~= 0 then
    error(("%s: %s must be a number, got %s"):format(call, name, tostring(v)), 4)
  end
end

--- Σ w_k (1 - CCC_k) over the outputs, CCC over the batch with 1e-7 in the
-- denominator, as Keras has it.
-- @param[opt] opts `alpha`, `beta`: weights of valence and arousal, dominance
-- gets 1 - alpha - beta (eq. 4); or `weights`: one an output. With neither, all
-- outputs weigh the same and sum to 1; a single output weighs 1. `eps` 1e-7.
-- @treturn CCC a loss with `forward(predictions, labels)` → value, { CCC an output }
-- and `backward()` → gradient (N, K)
function loss.ccc(opts)
  local o = options.fill("loss.ccc", opts, {
    alpha = options.none, beta = options.none, weights = options.none, eps = 1e-7,
  })
  local weights = o.weights
  if weights and (o.alpha or o.beta) then error("loss.ccc: give alpha and beta, or weights, not both", 2) end
  if o.alpha or o.beta then
    number("loss.ccc", "alpha", o.alpha)
    number("loss.ccc", "beta", o.beta)
    if o.alpha < 0 or o.beta < 0 or o.alpha + o.beta > 1 + 1e-12 then
      error(("loss.ccc: alpha and beta must not be negative and alpha + beta at most 1, got %g and %g")
        :format(o.alpha, o.beta), 2)
    end
    weights = { o.alpha, o.beta, 1 - o.alpha - o.beta }
  elseif weights then
    if type(weights) ~= "table" then
      error(("loss.ccc: weights must be a table of numbers, got %s"):format(type(weights)), 2)
    end
    for i, w in ipairs(weights) do number("loss.ccc", ("weights[%d]"):format(i), w) end
  end
  number("loss.ccc", "eps", o.eps)
  if o.eps < 0 then error(("loss.ccc: eps must not be negative, got %g"):format(o.eps), 2) end
  return setmetatable({ weights = weights, eps = o.eps }, CCC)
end

local function weights_for(self, columns)
  if not self.weights then
    local equal = {}
    for k = 1, columns do equal[k] = 1 / columns end
    return equal
  end
  if #self.weights ~= columns then
    error(("loss.ccc: the loss weighs %d outputs, the model has %d"):format(#self.weights, columns), 3)
  end
  return self.weights
end

--- The loss of a batch. Of a single utterance every CCC is 0 and so is the gradient: what eps in the denominator
-- makes of it in Keras too.
-- @param pred predictions (N, K)
-- @param gold labels (N, K)
-- @treturn number the loss
-- @treturn number[] the K values of CCC
function CCC:forward(pred, gold)
  if not Module.is_tensor(pred) or not Module.is_tensor(gold) then
    error(("loss.ccc: predictions and labels must be tensors, got %s and %s")
      :format(Module.shape_text(pred), Module.shape_text(gold)), 2)
  end
  local shape = pred:shape()
  if #shape ~= 2 or table.concat(shape, ",") ~= table.concat(gold:shape(), ",") then
    error(("loss.ccc: predictions and labels must both be (N, K), got (%s) and (%s)")
      :format(table.concat(shape, ", "), table.concat(gold:shape(), ", ")), 2)
  end
  if shape[1] < 1 then error("loss.ccc: CCC is undefined for a batch of 0: give at least 1 utterance", 2) end
  if not self.grad or table.concat(self.grad:shape(), ",") ~= table.concat(shape, ",") then
    self.grad = tenor.zeros(shape)
  end
  return core.training.ccc_loss(pred, gold, weights_for(self, shape[2]), self.eps, self.grad)
end

--- The gradient of the last `forward` by its predictions.
-- @treturn Tensor (N, K)
function CCC:backward()
  if not self.grad then error("loss.ccc: backward comes after forward", 2) end
  return self.grad
end

--- The loss alone, for a batch of any size. Used by validation.
-- @param pred predictions (N, K)
-- @param gold labels (N, K)
-- @treturn number the loss
-- @treturn number[] the K values of CCC
function CCC:value(pred, gold)
  return core.training.ccc_loss(pred, gold, weights_for(self, pred:size(2)), self.eps, nil)
end

function CCC:__tostring()
  if not self.weights then return "CCC loss, equal weights" end
  local parts = {}
  for i, w in ipairs(self.weights) do parts[i] = ("%g"):format(w) end
  return "CCC loss, weights " .. table.concat(parts, ", ")
end

return loss
