--- Datasets: what a trainer reads. A dataset is a table of parts,
-- `{ train =, validation =, test = }`, and a part is
-- `{ x = tensor | {hsf, ids}, y = tensor (N, k), ids = list of names, label_names = list }`.
local options = require "tenor.options"
local real = require "tenor.core".real
local tensor = require "tenor.tensor"

local data = {}

local Tensor = getmetatable(tensor.zeros(1))

local function is_tensor(x) return getmetatable(x) == Tensor end

local function shape_text(x) return ("%s (%s)"):format(x:dtype(), table.concat(x:shape(), ", ")) end

--- Where the first number that is not finite stands, as text, "row 3, column 7 is nan"; nil where all are finite.
-- @param x tensor
-- @local
function data._find_bad(x)
  if x:isfinite() then return nil end
  local rows = x:reshape(#x, -1)
  for i = 1, #rows do
    if not rows[i]:isfinite() then
      for j, value in ipairs(rows[i]:totable()) do
        if value ~= value or value == math.huge or value == -math.huge then
          return ("row %d, column %d is %s"):format(i, j, value ~= value and "nan" or tostring(value))
        end
      end
    end
  end
end

local function check_finite(call, what, x)
  local bad = data._find_bad(x)
  if bad then error(("%s: %s: %s"):format(call, what, bad), 4) end
end

-- Maps labels from low..high to -1..1, values outside clipped first.
local function map_labels(y, scale)
  return (y:clamp(scale[1], scale[2]) - scale[1]) * (2 / (scale[2] - scale[1])) - 1
end

--- Checks a label scale, `{ low, high }`.
-- @treturn number[] the scale
-- @raise when it is not two numbers, the first below the second
function data._check_scale(call, scale)
  if type(scale) ~= "table" or type(scale[1]) ~= "number" or type(scale[2]) ~= "number" or scale[1] ~= scale[1]
    or scale[2] ~= scale[2] or scale[1] >= scale[2] or scale[2] - scale[1] == math.huge
    or scale[2] - scale[1] <= 0 then -- integers go round
    error(("%s: scale must be { low, high } with low below high"):format(call), 3)
  end
  local low, high = scale[1], scale[2]
  -- labels on it are moved by low, and multiplied by what makes -1..1 of the rest
  if not tensor.tensor({ low, high, high - low, 2 / (high - low) }):isfinite() then
    error(("%s: scale must be { low, high } that can be mapped to -1..1 in %s, got %g and %g"):format(call, real, low, high), 3)
  end
  return scale
end

--- One label from low..high to -1..1, clipped.
-- @treturn number
function data.map_label(value, scale)
  local low, high = scale[1], scale[2]
  return (math.min(math.max(value, low), high) - low) * (2 / (high - low)) - 1
end

local function part_of(call, name, given, o)
  local x, y = given.x, given.y
  for key in pairs(given) do
    if key ~= "x" and key ~= "y" and key ~= "ids" then
      error(("%s: %s has the unknown field '%s' (fields: x, y, ids)"):format(call, name, tostring(key)), 3)
    end
  end
  if not is_tensor(y) then
    error(("%s: %s.y must be a tensor (N, k), got %s"):format(call, name, type(y)), 3)
  end
  if y:rank() == 1 then y = y:reshape(#y, 1) end
  if y:rank() ~= 2 then
    error(("%s: %s.y must be (N, k), got %s"):format(call, name, shape_text(y)), 3)
  end
  if y:dtype() == "int32" then y = y:to("real") end
  check_finite(call, name .. ".y", y)
  local inputs = is_tensor(x) and { x } or x
  if type(inputs) ~= "table" or #inputs == 0 then
    error(("%s: %s.x must be a tensor or a list of tensors, got %s"):format(call, name, type(x)), 3)
  end
  for i, input in ipairs(inputs) do
    local label = is_tensor(x) and name .. ".x" or ("%s.x[%d]"):format(name, i)
    if not is_tensor(input) then
      error(("%s: %s must be a tensor, got %s"):format(call, label, type(input)), 3)
    end
    if #input ~= #y then
      error(("%s: %s has %d rows, %s.y has %d"):format(call, label, #input, name, #y), 3)
    end
    check_finite(call, label, input)
  end
  if o.scale then y = map_labels(y, o.scale) end
  local label_names = o.labels
  if not label_names then
    label_names = {}
    for j = 1, y:shape()[2] do label_names[j] = "label_" .. j end
  elseif #label_names ~= y:shape()[2] then
    error(("%s: %s.y has %d columns, labels names %d"):format(call, name, y:shape()[2], #label_names), 3)
  end
  local ids = given.ids
  if ids == nil then
    ids = {}
    for i = 1, #y do ids[i] = ("%s_%d"):format(name, i) end
  elseif type(ids) ~= "table" or #ids ~= #y then
    error(("%s: %s.ids must be a list of %d names"):format(call, name, #y), 3)
  end
  return { x = x, y = y, ids = ids, label_names = label_names }
end

local function rows_of(x, first, last)
  if is_tensor(x) then return x:narrow(1, first, last - first + 1) end
  local out = {}
  for i, input in ipairs(x) do out[i] = rows_of(input, first, last) end
  return out
end

--- Rows first..last of a part as a part of their own; the tensors are views.
-- @treturn Part
function data._narrow(part, first, last)
  return {
    x = rows_of(part.x, first, last), y = rows_of(part.y, first, last),
    ids = table.move(part.ids, first, last, 1, {}), label_names = part.label_names,
  }
end

--- Where Keras' `validation_split` cuts n rows: those after it validate.
-- @treturn integer
function data._split_at(n, validation) return math.floor(n * (1 - validation)) end

--- Checks the share of training rows that validate.
-- @treturn number the share
-- @raise when it is not a number in [0, 1)
function data._check_validation(call, share)
  if type(share) ~= "number" or not (share >= 0 and share < 1) then
    error(("%s: validation must be a share of the rows from 0 to below 1, got %s"):format(call, tostring(share)), 3)
  end
  return share
end

local function same_inputs(call, dataset)
  local function widths(x)
    local list = {}
    for i, input in ipairs(is_tensor(x) and { x } or x) do
      list[i] = input:dtype() .. " (N" .. table.concat(input:shape(), ", ", 2):gsub("^(.)", ", %1") .. ")"
    end
    return table.concat(list, " and ")
  end
  local wanted = widths(dataset.train.x)
  for _, name in ipairs { "validation", "test" } do
    local part = dataset[name]
    if part and widths(part.x) ~= wanted then
      error(("%s: %s.x must be %s as train.x, got %s"):format(call, name, wanted, widths(part.x)), 3)
    end
    if part and part.y:shape()[2] ~= dataset.train.y:shape()[2] then
      error(("%s: %s.y has %d columns, train.y has %d"):format(call, name, part.y:shape()[2],
        dataset.train.y:shape()[2]), 3)
    end
  end
end

local arrays_defaults = {
  train = options.none, validation = options.none, test = options.none, labels = options.none,
  scale = options.none, validation_split = 0,
}

--- A dataset from arrays.
--     tenor.data.arrays { train = { x = x, y = y }, test = { x = xt, y = yt }, scale = { 1, 5 },
--       labels = { "valence", "arousal", "dominance" } }
-- @tparam table given `train`, and optionally `validation` and `test`: each `{ x =, y =, ids = }`;
-- x is a tensor or a list of tensors such as `{ hsf, ids }`; `labels` names the columns of y;
-- `scale` maps y from low..high to -1..1, values outside clipped (default: y is left alone);
-- `validation_split` takes that share of the training rows, the last ones, where
-- `validation` is not given (default 0)
-- @treturn Dataset the dataset, `{ train, validation, test, labels, scale }`
-- @raise when rows disagree, or a number is not finite (with row and column)
function data.arrays(given)
  local call = "data.arrays"
  local o = options.fill(call, given, arrays_defaults)
  if o.scale then data._check_scale(call, o.scale) end
  if type(o.train) ~= "table" then
    error(("%s: train must be a table { x =, y = }, got %s"):format(call, type(o.train)), 2)
  end
  data._check_validation(call, o.validation_split)
  local dataset = {}
  for _, name in ipairs { "train", "validation", "test" } do
    if type(o[name]) == "table" then
      dataset[name] = part_of(call, name, o[name], o)
    elseif o[name] ~= nil then
      error(("%s: %s must be a table { x =, y = }, got %s"):format(call, name, type(o[name])), 2)
    end
  end
  same_inputs(call, dataset)
  local n = #dataset.train.y
  local at = data._split_at(n, o.validation_split)
  if not dataset.validation and at < n then
    local whole = dataset.train
    dataset.train, dataset.validation = data._narrow(whole, 1, at), data._narrow(whole, at + 1, n)
  end
  dataset.labels, dataset.scale = dataset.train.label_names, o.scale
  return dataset
end

return data
