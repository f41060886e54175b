local json = require "tenor.json"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local nn = tenor.nn

-- One of everything: names given and not, a Concat with a name and one without.
local function network()
  local rng = tenor.rng(1)
  return nn.Sequential {
    nn.Concat {
      nn.Sequential { name = "acoustic", nn.BatchNorm(5, { momentum = 0.9, eps = 1e-4 }), nn.LSTM(5, 4, { rng = rng }),
        nn.LSTM(4, 3, { last = true, rng = rng, name = "top" }) },
      nn.Sequential { name = "text", nn.Embedding(9, 4, { padding = "none", length = 6, rng = rng }),
        nn.LSTM(4, 3, { last = true, rng = rng }), nn.Dropout(0.25) },
    },
    nn.Dense(6, 4, { activation = "tanh", rng = rng }), nn.Dense(4, 2, { heads = true, rng = rng, name = "head" }),
  }
end

local function inputs()
  return { tenor.randn(3, 5, tenor.rng(2)), tenor.tensor({ { 0, 1, 2 }, { 3, 4, 8 }, { 0, 0, 5 } }, "int32") }
end

local function train(net) -- so that running moments and weights are not those of the beginning
  net:train():set_rng(tenor.rng(3))
  for _ = 1, 3 do
    net:forward(inputs())
    net:backward(tenor.ones(3, 2))
    for _, p in ipairs(net:parameters()) do p.value:sub(p.grad * 0.01) end
  end
  return net:eval()
end

describe("a network", function()
  after_each(scratch.clean)

  it("describes itself, and is built of its description", function()
    local net = network()
    local d = net:describe()
    assert.same({ class = "BatchNorm", features = 5, momentum = 0.9, eps = 1e-4 }, d.layers[1].layers[1].layers[1])
    assert.same({ class = "LSTM", inputs = 4, hidden = 3, last = true, name = "top" }, d.layers[1].layers[1].layers[3])
    assert.same({ class = "Dense", inputs = 4, outputs = 2, activation = "linear", heads = true, name = "head" }, d.layers[3])
    local back = assert(nn.build(assert(json.decode(json.encode(d)))))
    assert.equal(json.encode(d), json.encode(back:describe()))
    assert.equal(net:summary(), back:summary())
  end)

  it("is saved and loaded with its weights, moments and names", function()
    local net, path = train(network()), scratch.path(".safetensors")
    assert(net:save(path, { metadata = { made = "here" } }))
    local back = assert(nn.load(path))
    assert.is_true(tenor.predict(net, inputs()) == tenor.predict(back, inputs()))
    local tensors, metadata = tenor.load(path)
    assert.equal("here", metadata.made)
    assert.equal(tenor._VERSION, metadata["tenor.version"])
    assert.same({ 16, 5 }, tensors["acoustic.LSTM.w_ih"]:shape())
    assert.same({ 5 }, tensors["acoustic.BatchNorm.running_var"]:shape())
    local kept = net:snapshot()
    for name, t in pairs(tensors) do assert.is_true(kept[name] == t, name) end
    local again = scratch.path(".safetensors")
    assert(back:save(again, { metadata = { made = "here" } }))
    assert.equal(scratch.read(path), scratch.read(again))
  end)

  it("is the network that it was, whatever was drawn before or after", function()
    local path = scratch.path(".safetensors")
    assert(network():save(path))
    tenor.seed(4)
    local expected = nn.Dense(3, 3).values.weight:copy()
    tenor.seed(4)
    assert(nn.load(path))
    assert.is_true(expected == nn.Dense(3, 3).values.weight) -- loading draws nothing
    tenor.seed(0)
  end)

  it("may be a single layer", function()
    local path = scratch.path(".safetensors")
    assert(nn.LSTM(3, 2):save(path))
    assert.equal("LSTM(3 -> 2), 48 parameters", tostring(nn.load(path)))
  end)

  it("may have layers of one's own", function()
    local Scale = nn.Module.class "Scale"
    local recipe = {
      fields = { width = "size" },
      shapes = function(d) return { factor = { d.width } } end,
      restored = function(d) return Scale.new(d.width, d.name) end,
    }
    function Scale.new(width, name)
      local self = nn.Module.create(Scale, { width = width, name = name })
      self:parameter("factor", width)
      return self
    end
    function Scale:run(x) return x * self.values.factor end
    local net, path = nn.Sequential { Scale(3), nn.Dense(3, 1) }, scratch.path(".safetensors")
    assert.error_matches(function() net:save(path) end, "Scale is of a class that nn.register does not know")
    nn.register(Scale, recipe)
    nn.register(Scale, recipe)
    net:parameters()[1].value:fill(2)
    assert(net:save(path))
    assert.same({ 2, 2, 2 }, assert(nn.load(path)):parameters()[1].value:totable())
    assert.error_matches(function() nn.register(nn.Module.class "Scale") end, "there is a class Scale already")
    local Other = nn.Module.class "Other"
    assert.error_matches(function() nn.register(Other) end, "must be a ")
    assert.error_matches(function() nn.register(Other, { schema = {} }) end, "unknown option 'schema'")
    assert.error_matches(function()
      nn.register(Other, { fields = { width = "int" }, shapes = print, restored = print })
    end, "field width has the unknown kind 'int'")
    assert.error_matches(function() nn.register "Other" end, "expected a class")
  end)

  it("says what cannot be saved or where", function()
    local net = network()
    assert.error_matches(function() net:save "x.npz" end, "path must end in %.safetensors, got 'x.npz'")
    assert.error_matches(function() net:save("x.safetensors", { meta = {} }) end, "unknown option 'meta'")
    assert.error_matches(function() net:save("x.safetensors", { metadata = "x" }) end, "metadata must be a table of strings")
    assert.matches("No such file", select(2, net:save "/nowhere/x.safetensors"))
    assert.matches("No such file", select(2, nn.load "/nowhere/x.safetensors"))
    local twins = nn.Sequential { nn.Sequential { nn.Dense(1, 1, { name = "b" }), name = "a" }, nn.Dense(1, 1, { name = "a.b" }) }
    assert.error_matches(function() twins:save "x.safetensors" end, "two tensors are called 'a.b.weight'")
    assert.matches("two tensors would be called 'a.b.bias'", select(2, nn.build(twins:describe())))
  end)

  local dense = '{"class":"Dense","inputs":2,"outputs":1,"activation":"linear","heads":false%s}'
  local function around(layer, n) return ('{"class":"Sequential","layers":['):rep(n) .. layer .. ("]}"):rep(n) end
  local malformed = {
    { "no JSON", "{", "metadata 'architecture': line 1" },
    { "a number", "3", "layer is not an object with a class" },
    { "null", "null", "layer is not an object with a class" },
    { "a class that is a number", '{"class":3}', "layer is not an object with a class" },
    { "an unknown class", '{"class":"Conv2d"}', "layer: unknown class 'Conv2d'" },
    { "a function's name for a class", '{"class":"os.execute"}', "unknown class 'os.execute'" },
    { "a name of the class's own", '{"class":"__index"}', "unknown class '__index'" },
    { "a missing size", '{"class":"Dense","outputs":1,"activation":"linear","heads":false}',
      "inputs must be a whole number from 1, got nil" },
    { "a size of zero", dense:gsub('2', '0', 1), "inputs must be a whole number from 1, got 0" },
    { "a size that is broken", dense:gsub('2', '2.5', 1), "inputs must be a whole number from 1, got 2.5" },
    { "a size beyond reason", dense:gsub('2', '99999999999', 1), "inputs must be a whole number" },
    { "an unknown activation", dense:gsub('linear', 'os.exit'), "activation must be one of the known words, got 'os.exit'" },
    { "an activation that is a table", dense:gsub('"linear"', '{}'), "activation must be one of the known words, got a table" },
    { "a flag that is a number", dense:gsub('false', '0'), "heads must be true or false, got 0" },
    { "an unknown field", dense:format ',"bias":false', "unknown field 'bias'" },
    { "a name that is a number", dense:format ',"name":3', "name must be a string" },
    { "a name that is empty", dense:format ',"name":""', "name must be a string that is not empty" },
    { "layers inside a layer", dense:format ',"layers":[]', "layers are inside containers only" },
    { "a container without layers", '{"class":"Concat"}', "needs layers" },
    { "a container of none", '{"class":"Concat","layers":[]}', "needs layers" },
    { "a container of a number", '{"class":"Sequential","layers":[3]}', "layer%.1 is not an object" },
    { "a fault deep inside", around('{"class":"X"}', 3), "layer%.1%.1%.1: unknown class 'X'" },
    { "containers without end", around(dense:format "", 500), "more than 64 containers inside one another" },
    { "another width", dense:gsub('2', '3', 1), "tensor 'weight' is %(1, 2%), the architecture needs %(1, 3%)" },
    { "a promise of terabytes", dense:gsub('2', '2147483647', 1), "the architecture needs %(1, 2147483647%)" },
    { "another layer", '{"class":"Dropout","p":0.5}', "the architecture has no tensor '" },
    { "one more layer", around(dense:format "" .. "," .. dense:format "", 1), "needs a tensor 'Dense.bias'" },
    { "a share of two", '{"class":"Dropout","p":2}', "p must be a number from 0, below 1, got 2" },
    { "an unknown padding", '{"class":"Embedding","vocabulary":3,"width":2,"padding":"post","length":0}',
      "padding must be one of" },
    { "a negative length", '{"class":"Embedding","vocabulary":3,"width":2,"padding":"pre","length":-1}',
      "length must be a whole number from 0" },
    { "a negative eps", '{"class":"BatchNorm","features":3,"momentum":0.9,"eps":-1}', "eps must be a number from 0" },
  }
  for _, case in ipairs(malformed) do
    it("is not made of " .. case[1], function()
      local path = scratch.path(".safetensors")
      assert(tenor.save(path, { weight = { { 1, 2 } }, bias = { 0 } },
        { metadata = { ["tenor.format"] = "1", architecture = case[2]:gsub("%%s", "") } }))
      local net, why = nn.load(path)
      assert.is_nil(net)
      assert.matches("^/.*%.safetensors: ", why)
      assert.matches(case[3], why)
    end)
  end

  it("is not made of files that hold something else", function()
    local function load(tensors, metadata)
      local path = scratch.path(".safetensors")
      assert(tenor.save(path, tensors, { metadata = metadata }))
      return select(2, nn.load(path))
    end
    local about = { ["tenor.format"] = "1", architecture = dense:format "" }
    assert.matches("has no architecture in its metadata", load({ x = { 1 } }))
    assert.matches("is of format 2, and this tenor", load({ x = { 1 } }, { ["tenor.format"] = "2", architecture = "{}" }))
    assert.matches("needs a tensor 'weight'", load({ bias = { 0 } }, about))
    assert.matches("has no tensor 'more'", load({ weight = { { 1, 2 } }, bias = { 0 }, more = { 1 } }, about))
    local whole = tenor.tensor({ 0 }, "int32")
    assert.matches("tensor 'bias' holds no floats but I32", load({ weight = { { 1, 2 } }, bias = whole }, about))
    assert.matches("tensor 'bias' holds a number that is not finite", load({ weight = { { 1, 2 } }, bias = { 0 / 0 } }, about))
    assert.matches("header: line 1", select(2, nn.load(scratch.file(".safetensors", string.pack("<s8", "{")))))
  end)
end)
