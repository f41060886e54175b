--- Predicting and scoring: the two protocols of the paper side by side.
-- @module evaluation
local metrics = require "tenor.metrics"
local Module = require "tenor.nn.module"
local nonfinite = require "tenor.nonfinite"
local options = require "tenor.options"
local tenor = require "tenor"

local evaluation = {}

--- Rows `first .. first + count` of an input: a tensor, or a table of them.
function evaluation.narrow(x, first, count)
  if type(x) ~= "table" then return x:narrow(1, first, count) end
  local parts = {}
  for i, t in ipairs(x) do parts[i] = t:narrow(1, first, count) end
  return parts
end

--- These rows of an input.
-- @param x tensor, or table of tensors
-- @param rows int32 (n), from 1
function evaluation.pick(x, rows)
  if type(x) ~= "table" then return x:index(rows) end
  local parts = {}
  for i, t in ipairs(x) do parts[i] = t:index(rows) end
  return parts
end

--- Predictions (N, K) of a model in inference mode, batch by batch.
-- @param model a network
-- @param x tensor, or table of tensors for several branches
-- @tparam[opt] table opts `batch` (256), rows at once
-- @treturn Tensor (N, K)
-- @raise where the inputs do not fit each other or the model; where a number of theirs is not finite, with row
-- and column; where a prediction is not, with the layer in which that begins
function evaluation.predict(model, x, opts)
  Module.check("predict", model)
  local o = options.fill("predict", opts, { batch = 256 })
  if math.type(o.batch) ~= "integer" or o.batch < 1 then
    error(("predict: batch must be a whole number from 1, got %s"):format(tostring(o.batch)), 2)
  end
  local n
  for i, input in ipairs(type(x) == "table" and x or { x }) do
    if not Module.is_tensor(input) then
      error(("predict: input %d must be a tensor, got %s"):format(i, Module.shape_text(input)), 2)
    end
    n = n or input:size(1)
    if input:size(1) ~= n then
      error(("predict: input %d has %d rows, input 1 has %d"):format(i, input:size(1), n), 2)
    end
    nonfinite.check_rows(("predict: input %d"):format(i), input, nil, 2)
  end
  if not n then error("predict: x must be a tensor or a table of them, got " .. Module.shape_text(x), 2) end
  if n == 0 then error("predict: x has no rows", 2) end
  return evaluation.run(model, x, o.batch, function(part)
    error(("predict: the predictions are not finite: %s"):format(nonfinite.first_layer(model, part)), 0)
  end)
end

--- What `predict` does after its checks.
-- @param model a network
-- @param x inputs that fit it
-- @int batch rows at once
-- @func[opt] spoilt called with the inputs of a batch whose predictions are not all finite
-- @treturn Tensor (N, K)
-- @local
function evaluation.run(model, x, batch, spoilt)
  local n = (type(x) == "table" and x[1] or x):size(1)
  local modes, out = {}, nil -- every layer's own: some may have been frozen in inference mode
  model:walk(function(_, module)
    modes[module] = module.training
    module.training, module.inference = false, true
  end)
  local ok, err = pcall(function()
    for first = 1, n, batch do
      local size = math.min(batch, n - first + 1)
      local part = evaluation.narrow(x, first, size)
      local y = model:run(part)
      if spoilt and not y:isfinite() then spoilt(part) end
      out = out or tenor.zeros(n, y:size(2))
      out:narrow(1, first, size):copy_from(y)
    end
  end)
  for module, training in pairs(modes) do module.training, module.inference = training, nil end
  if not ok then error(err, 0) end
  return out
end

--- What `tenor.evaluate` gives; prints as a table of both protocols.
-- Fields: `ccc`, `ccc_batch32`, `rmse`, `mae`, each a table of K numbers; `names`, `size`, `predictions`; `pooled`, over how
-- many folds the predictions were pooled, where they were.
local Scores = {}
Scores.__index = Scores
Scores.__name = "tenor.Scores"

function Scores:__tostring()
  local names = self.names
  local head, cell = { (" "):rep(11) }, {}
  for i, name in ipairs(names) do
    cell[i] = "%" .. math.max(9, #name) + 2 .. "s"
    head[#head + 1] = cell[i]:format(name)
  end
  if #names > 1 then head[#head + 1] = "   mean" end
  local lines = { table.concat(head) }
  local function row(label, values, note)
    local parts, sum = { ("%-11s"):format(label) }, 0
    for i, v in ipairs(values) do
      parts[#parts + 1] = cell[i]:format(("%.3f"):format(v))
      sum = sum + v
    end
    if #values > 1 then parts[#parts + 1] = ("  %.3f"):format(sum / #values) end
    lines[#lines + 1] = table.concat(parts) .. "    " .. note
  end
  if self.pooled then
    row("ccc", self.ccc, ("%d utterances, pooled over %d folds"):format(self.size, self.pooled))
    row("rmse", self.rmse, "of labels from -1 to 1")
    row("mae", self.mae, "likewise")
    return table.concat(lines, "\n")
  end
  row("ccc", self.ccc, ("whole set, %d utterances"):format(self.size))
  local batches = (self.size + 31) // 32
  row("ccc_batch32", self.ccc_batch32, ("mean of %d batch%s of 32, the paper's protocol"):format(batches,
    batches == 1 and "" or "es"))
  return table.concat(lines, "\n")
end

--- Scores predictions against labels in both protocols.
-- @param pred tensor (N, K)
-- @param gold tensor (N, K)
-- @tparam[opt] table names of the K labels
-- @int[opt] pooled over how many folds the predictions come from
-- @return Scores: `ccc`, `ccc_batch32`, `rmse`, `mae`, each a table of K
-- numbers; `names`, `size`, `predictions`, `pooled`
function evaluation.score(pred, gold, names, pooled)
  local labels = {}
  for k = 1, gold:size(2) do labels[k] = names and names[k] or ("output %d"):format(k) end
  return setmetatable({
    names = labels, size = pred:size(1), predictions = pred, pooled = pooled,
    ccc = metrics.ccc(pred, gold), ccc_batch32 = metrics.ccc_batch(pred, gold, 32),
    rmse = metrics.rmse(pred, gold), mae = metrics.mae(pred, gold),
  }, Scores)
end

--- Raises where all labels of a column are alike, naming it; one utterance is left to others to refuse.
-- @param call beginning of the message
-- @param part of a dataset
-- @param level where the error points
function evaluation.check_labels(call, part, level)
  local n = part.y:size(1)
  if n < 2 then return end
  for k, spread in ipairs((part.y:max(1) - part.y:min(1)):totable()) do
    if spread == 0 then
      local label = part.label_names and part.label_names[k] or "column " .. k
      error(("%s: all %d labels of %s are %g: CCC is undefined for constant labels"):format(call, n, label,
        part.y[1][k]), level)
    end
  end
end

--- Runs a model over a part of a dataset and scores it.
-- @param model a network
-- @param part `{ x =, y =, label_names = }`, such as `data.test`
-- @tparam[opt] table opts `batch` (256), rows at once
-- @treturn Scores
-- @raise where model and part do not fit, or labels are constant
function evaluation.evaluate(model, part, opts)
  Module.check("evaluate", model)
  if type(part) ~= "table" or not part.x or not part.y then
    error("evaluate: expected a part of a dataset, { x = inputs, y = labels }, such as data.test", 2)
  end
  if Module.is_tensor(part.y) then nonfinite.check_rows("evaluate: labels", part.y, part.ids, 2) end
  local pred = evaluation.predict(model, part.x, opts)
  if pred:size(2) ~= part.y:size(2) then
    error(("evaluate: the model has %d outputs, the labels %d columns"):format(pred:size(2), part.y:size(2)), 2)
  end
  evaluation.check_labels("evaluate", part, 3)
  return evaluation.score(pred, part.y, part.label_names)
end

return evaluation
