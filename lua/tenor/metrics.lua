--- Measures of agreement between predictions and labels.
--
-- All take (N) or (N, K) tensors; for (N, K) they give a table of K numbers.
-- They raise where a number is not finite, with its row and column.
-- @module metrics
local core = require "tenor.core"
local Module = require "tenor.nn.module"
local nonfinite = require "tenor.nonfinite"

local metrics = {}

-- Calls measure(moments, ...) a column; keeps the form of the input.
local function columns(call, pred, gold, least, measure)
  if not Module.is_tensor(pred) or not Module.is_tensor(gold) then
    error(("%s: predictions and labels must be tensors, got %s and %s"):format(call, Module.shape_text(pred),
      Module.shape_text(gold)), 3)
  end
  local rank, shapes = pred:rank(), { Module.shape_text(pred), Module.shape_text(gold) }
  if shapes[1] ~= shapes[2] or rank > 2 then
    error(("%s: predictions and labels must both be (N) or (N, K), got %s and %s")
      :format(call, shapes[1], shapes[2]), 3)
  end
  pred, gold = pred:to "real", gold:to "real"
  local n, k = pred:size(1), rank == 2 and pred:size(2) or 1
  if n < least then
    error(("%s: at least %d utterance%s needed, got %d"):format(call, least, least > 1 and "s are" or " is", n), 3)
  end
  if rank == 1 then pred, gold = pred:reshape(n, 1), gold:reshape(n, 1) end
  nonfinite.check_rows(call .. ": predictions", pred, nil, 3)
  nonfinite.check_rows(call .. ": labels", gold, nil, 3)
  local out = {}
  for c = 1, k do out[c] = measure(c, core.training.agreement(pred, gold, c)) end
  return rank == 1 and out[1] or out
end

local function concordance(mean_x, mean_y, var_x, var_y, cov, eps)
  return 2 * cov / (var_x + var_y + (mean_x - mean_y) ^ 2 + eps)
end

--- Concordance correlation coefficient of the whole set (Lin 1989; eq. 3), population moments.
-- Raises where the labels are constant: nothing can agree with them.
-- @treturn number
function metrics.ccc(pred, gold)
  return columns("metrics.ccc", pred, gold, 2, function(c, mean_x, mean_y, var_x, var_y, cov)
    if var_y == 0 then
      error(("metrics.ccc: the labels of column %d are all %g: CCC is undefined for constant labels"):format(c, mean_y), 4)
    end
    return concordance(mean_x, mean_y, var_x, var_y, cov, 0)
  end)
end

--- The paper's protocol (section 1): the mean, weighted by size, of the CCC of
-- consecutive batches, in the given order, with Keras's 1e-7 in the denominator.
-- A last batch of one counts 0, as Keras counts it.
-- @param pred predictions
-- @param gold labels
-- @int[opt=32] batch utterances in a batch
-- @treturn number|number[]
function metrics.ccc_batch(pred, gold, batch)
  batch = batch or 32
  if math.type(batch) ~= "integer" or batch < 1 then
    error(("metrics.ccc_batch: batch must be a whole number from 1, got %s"):format(tostring(batch)), 2)
  end
  columns("metrics.ccc_batch", pred, gold, 1, function() return 0 end) -- the checks alone
  local n, rank = pred:size(1), pred:rank()
  local sums = {}
  for first = 1, n, batch do
    local size = math.min(batch, n - first + 1)
    local part = columns("metrics.ccc_batch", pred:narrow(1, first, size), gold:narrow(1, first, size), 1,
      function(_, ...)
        local mean_x, mean_y, var_x, var_y, cov = ...
        return concordance(mean_x, mean_y, var_x, var_y, cov, 1e-7)
      end)
    if rank == 1 then part = { part } end
    for c, value in ipairs(part) do sums[c] = (sums[c] or 0) + value * size end
  end
  for c in ipairs(sums) do sums[c] = sums[c] / n end
  return rank == 1 and sums[1] or sums
end

--- Pearson's correlation coefficient. Raises where a side is constant.
-- @treturn number
function metrics.pcc(pred, gold)
  return columns("metrics.pcc", pred, gold, 2, function(c, _, _, var_x, var_y, cov)
    if var_x == 0 or var_y == 0 then
      error(("metrics.pcc: column %d of the %s is constant: correlation is undefined")
        :format(c, var_x == 0 and "predictions" or "labels"), 4)
    end
    return cov / math.sqrt(var_x * var_y)
  end)
end

--- Root of the mean squared error.
-- @treturn number
function metrics.rmse(pred, gold)
  return columns("metrics.rmse", pred, gold, 1, function(_, mean_x, mean_y, var_x, var_y, cov)
    -- E(x-y)² = var(x-y) + (E(x-y))²; the variance of a difference may round below zero
    return math.sqrt(math.max(var_x + var_y - 2 * cov, 0) + (mean_x - mean_y) ^ 2)
  end)
end

--- Mean absolute error.
-- @treturn number
function metrics.mae(pred, gold)
  return columns("metrics.mae", pred, gold, 1, function(...) return (select(7, ...)) end) -- the mean of |x - y|
end

--- The names of the measures.
metrics.names = { "ccc", "ccc_batch", "pcc", "rmse", "mae" }

return setmetatable(metrics, { __index = function(_, name)
  error(("metrics: no measure '%s'; there are %s"):format(tostring(name), table.concat(metrics.names, ", ")), 2)
end })
