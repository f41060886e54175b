--- What a network takes and gives, found by looking at it from the front and the back.

local inputs = {}

-- field of a layer that is the width of its input, where that is a row of features
local widths = { Dense = "inputs", LSTM = "inputs", BatchNorm = "features" }

-- What the first layer takes; false where a layer takes anything, nil and a reason where it cannot be told.
local function first(module)
  if module.class == "Sequential" then
    for _, child in ipairs(module.list) do
      local kind, why = first(child.module)
      if kind ~= false then return kind, why end
    end
    return false
  elseif module.class == "Dropout" then
    return false
  elseif module.class == "Embedding" then
    return { kind = "ids", vocabulary = module.vocabulary, length = module.length, padding = module.padding }
  elseif widths[module.class] then
    return { kind = "features", width = module[widths[module.class]] }
  end
  return nil, ("cannot tell what %s takes"):format(module:label())
end

-- The Concat that a network begins with, if it does.
local function concat(module)
  while module.class == "Sequential" do module = module.list[1].module end
  return module.class == "Concat" and module
end

--- The inputs of a network in order.
-- @return list of { kind = "features", width = } and { kind = "ids", vocabulary =, length =, padding = }, at most one
-- of each; or nil and a reason
function inputs.of(network)
  local joined = concat(network)
  local list, seen = {}, {}
  for i, child in ipairs(joined and joined.list or { { module = network } }) do
    local input, why = first(child.module)
    if not input then return nil, why or "cannot tell what a network of Dropout alone takes" end
    if seen[input.kind] then return nil, ("the network takes %s twice"):format(input.kind) end
    list[i], seen[input.kind] = input, true
  end
  return list
end

--- How many numbers a network gives a row; nil where that cannot be told.
function inputs.outputs(network)
  local function through(module, shape)
    if #module:children() == 0 then return module:output_shape(shape) end
    return module:visit_children(shape, function(child, _, input) return through(child, input) end)
  end
  local shape = through(network, nil)
  return #shape == 2 and math.type(shape[2]) == "integer" and shape[2] or nil
end

return inputs
