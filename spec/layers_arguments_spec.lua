local assert = require "spec.support.assertions"
local tenor = require "tenor"

local nn, T = tenor.nn, tenor.tensor

-- Every layer says what it expected and what came.
describe("wrong arguments", function()
  local rows, ids = tenor.zeros(2, 3), tenor.zeros(2, 3, "int32")
  local emb = nn.Embedding(5, 4, { padding = "dense" })
  local both = nn.Concat { nn.Dense(3, 1), nn.Dense(3, 2) }
  for _, case in ipairs {
    { "nn.Dense: inputs must be a whole number from 1, got 0", function() nn.Dense(0, 1) end },
    { "nn.Dense: outputs must be a whole number from 1, got nil", function() nn.Dense(1) end },
    { "nn.Dense: activation must be linear, relu, tanh or sigmoid, got gelu",
      function() nn.Dense(1, 1, { activation = "gelu" }) end },
    { "nn.Dense: unknown option 'activations' (did you mean 'activation'?)",
      function() nn.Dense(1, 1, { activations = "relu" }) end },
    { "nn.LSTM: hidden must be a whole number from 1, got 2.5", function() nn.LSTM(1, 2.5) end },
    { "nn.LSTM: unknown option 'return_sequences'", function() nn.LSTM(1, 1, { return_sequences = true }) end },
    { "nn.BatchNorm: features must be a whole number from 1, got x", function() nn.BatchNorm "x" end },
    { "nn.BatchNorm: eps must be a number from 0, got -1", function() nn.BatchNorm(2, { eps = -1 }) end },
    { "nn.BatchNorm: momentum must be a number from 0 to 1, got 2", function() nn.BatchNorm(2, { momentum = 2 }) end },
    { "nn.Dropout: p must be at least 0 and less than 1, got 1", function() nn.Dropout(1) end },
    { "nn.Embedding: padding must be 'pre', 'none' or 'dense', got 'post'",
      function() nn.Embedding(3, 2, { padding = "post" }) end },
    { "nn.Embedding: length must be a whole number from 0 to 1048576, got -1", function() nn.Embedding(3, 2, { length = -1 }) end },
    { "weights must be (3, 2), got (2, 3)", function() nn.Embedding(3, 2, { weights = rows }) end },
    { "weights must be (3, 2), got a number", function() nn.Embedding(3, 2, { weights = 4 }) end },
    { "Dense(4 -> 2): x must be (N, 4), got (2, 3)", function() nn.Dense(4, 2):forward(rows) end },
    { "Dense(3 -> 2): x must be (N, 3), got (3)", function() nn.Dense(3, 2):forward(rows[1]) end },
    { "Dense(3 -> 2): x must be (N, 3), got a table", function() nn.Dense(3, 2):forward { rows } end },
    { "Dense(3 -> 2): x must be (N, 3)", function() nn.Dense(3, 2):forward(ids) end },
    { "Dense(3 -> 2): backward comes after forward", function() nn.Dense(3, 2):backward(tenor.zeros(1, 2)) end },
    { "BatchNorm(4): x must be (N, 4), got (2, 3)", function() nn.BatchNorm(4):forward(rows) end },
    { "BatchNorm(3): backward comes after forward", function() nn.BatchNorm(3):backward(rows) end },
    { "Dropout(0.5): x must be a real tensor, got nil", function() nn.Dropout(0.5):forward() end },
    { "Embedding(5 -> 4): ids must be int32 (N, T), got " .. tenor.real .. " (2, 3)", function() emb:forward(rows) end },
    { "Embedding(5 -> 4): ids must be int32 (N, T), got int32 (3)", function() emb:forward(ids[1]) end },
    { "id 5 in row 2, column 1 is outside the vocabulary: ids are 0 to 4",
      function() emb:forward(T({ { 1, 4 }, { 5, 0 } }, "int32")) end },
    { "id -1 in row 1, column 2 is outside the vocabulary", function() nn.Embedding(5, 4):forward(T({ { 1, -1 } }, "int32")) end },
    { "Embedding(5 -> 4): backward comes after forward", function() nn.Embedding(5, 4):backward(rows) end },
    { "nn.Dense: name must be a string that is not empty, got 5", function() nn.Dense(1, 1, { name = 5 }) end },
    { "nn.Concat: name must be a string", function() nn.Concat { nn.Dense(1, 1), name = "" } end },
    { "nn.Sequential: give a table of modules, got 3", function() nn.Sequential(3) end },
    { "nn.Sequential: there is no module in it", function() nn.Sequential {} end },
    { "nn.Sequential: item 2 is not a module but a number", function() nn.Sequential { nn.Dense(1, 1), 4 } end },
    { "nn.Concat: unknown option 'axis'", function() nn.Concat { nn.Dense(1, 1), axis = 2 } end },
    { "Concat: x must be a table of 2 inputs, got 1 of them", function() both:forward { rows } end },
    { "Concat: x must be a table of 2 inputs, got (2, 3)", function() both:forward(rows) end },
    { "branch 2 (Dense_2) gives 1 rows, branch 1 gives 2", function() both:forward { rows, tenor.zeros(1, 3) } end },
    { "Concat: branch 1 (LSTM) must give (N, D), got (2, 5, 4)",
      function() nn.Concat { nn.LSTM(3, 4) }:forward { tenor.zeros(2, 5, 3) } end },
    { "Concat: backward comes after forward", function() nn.Concat { nn.Dense(1, 1) }:backward(rows) end },
    { "networks.text: vocabulary must be given", function() tenor.networks.text {} end },
    { "networks.fusion: give a seed or a generator, not both",
      function() tenor.networks.fusion { vocabulary = 3, seed = 1, rng = tenor.rng(1) } end },
    { "networks.acoustic: outputs must be a table of names", function() tenor.networks.acoustic { outputs = "valence" } end },
    { "networks.acoustic: unknown option 'vocabulary'", function() tenor.networks.acoustic { vocabulary = 3 } end },
  } do
    it("are answered: " .. case[1], function() assert.raises(case[1], case[2]) end)
  end

  it("to backward are answered too", function()
    local dense, bn, drop = nn.Dense(3, 2), nn.BatchNorm(3), nn.Dropout(0.5)
    dense:forward(rows)
    bn:forward(rows)
    drop:forward(rows)
    both:forward { rows, rows }
    emb:forward(ids)
    assert.raises("dy must be (N, 2), got (2, 3)", dense.backward, dense, rows)
    assert.raises("dy must have the 2 rows of x, got 3", dense.backward, dense, tenor.zeros(3, 2))
    assert.raises("dy must have the 2 rows of x, got 4", bn.backward, bn, tenor.zeros(4, 3))
    assert.raises("dy must be (2, 3), got (1, 3)", drop.backward, drop, tenor.zeros(1, 3))
    assert.raises("dy must be (N, 3), got (2, 4)", both.backward, both, tenor.zeros(2, 4))
    assert.raises("dy must be (N, T, 4) as forward gave it, got (2, 3)", emb.backward, emb, rows)
    local seq = nn.Embedding(5, 4)
    seq:forward(ids)
    assert.raises("dy must be a Sequence of forward's layout", seq.backward, seq, tenor.zeros(2, 3, 4))
  end)
end)
