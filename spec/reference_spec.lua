--- The reference covers every public name, and `tenor.help` finds it.
local public = require "tenor.public"
local options = require "tenor.options"
local tenor = require "tenor"
local shell = require "spec.support.shell"
require "spec.support.assertions"

describe("the reference", function()
  it("has a page for every public name, found by walking what is loaded", function()
    public.load_all()
    local missing, count = {}, 0
    for _, entry in ipairs(public.names()) do
      count = count + 1
      local ok, page = pcall(tenor.help, entry.kind == "value" and entry.id or entry.value)
      if not ok or #page.text < #entry.id + 20 then missing[#missing + 1] = entry.id end
    end
    assert.is_true(count > 250, count)
    assert.equal("", table.concat(missing, ", "), "write their comments and run `make reference`")
  end)

  it("sees the methods of classes that are made in C", function()
    local ids = {}
    for _, entry in ipairs(public.names()) do ids[entry.id] = entry.kind end
    assert.equal("method", ids["Tensor:matmul"])
    assert.equal("method", ids["Rng:fork"])
    assert.equal("method", ids["Wave:samples"])
    assert.is_nil(ids["core.Layout"])
  end)

  it("annotates every public function for editors, in Lua that compiles", function()
    local file = assert(io.open "types/tenor.lua")
    local text = file:read "a"
    file:close()
    assert(load(text, "=types/tenor.lua"))
    local missing = {}
    for _, entry in ipairs(public.names()) do
      if entry.kind == "function" and not text:find("\nfunction tenor." .. entry.id .. "(", 1, true) then
        missing[#missing + 1] = entry.id
      elseif entry.kind == "class" and not text:find("\n---@class tenor." .. entry.id .. "%f[^%w.]") then
        missing[#missing + 1] = entry.id
      end
    end
    assert.equal("", table.concat(missing, ", "))
    local seen = {}
    for class in text:gmatch "\n%-%-%-@class ([%w_.]+)" do
      assert.is_nil(seen[class], class .. " is defined twice")
      seen[class] = true
    end
    for kind in text:gmatch "%f[%w_]tenor%.[%w_.]+" do -- every type that is named is there
      if kind:find "^tenor%.[%w.]*%u" and not kind:find "^tenor%.%l[%w_]*%.%l" then
        assert.is_truthy(seen[kind] or text:find(kind .. "(", 1, true) or text:find(kind .. " =", 1, true), kind)
      end
    end
  end)
end)

describe("tenor.help", function()
  local function text(...) return tostring(tenor.help(...)) end

  it("takes a function, a method, a class, an object, a module and a name", function()
    assert.matches("^features.lld\n\ntenor%.features%.lld%(wave%[, opts%]%)\n", text(tenor.features.lld))
    assert.matches("^Tensor:mean\n", text(tenor.zeros(1).mean))
    assert.matches("^nn.LSTM\n", text(tenor.nn.LSTM))
    assert.matches("^nn.LSTM\n", text(tenor.nn.LSTM(2, 3)))
    assert.matches("^Tensor\n", text(tenor.zeros(2)))
    assert.matches("^nn\n.*More: nn…  BatchNorm, Concat, Dense", text(tenor.nn))
    for _, name in ipairs { "nn.LSTM", "tenor.nn.LSTM", "LSTM", "lstm" } do assert.matches("^nn.LSTM\n", text(name)) end
    assert.matches("^Tensor:reshape\n", text "Tensor.reshape")
  end)

  it("shows signature, arguments with their units, what comes back, what raises and the source", function()
    local page = text "features.lld"
    assert.matches("`window` (0.025 s)", page, 1, true)
    assert.matches("\nReturns tensor (frames, 34)", page, 1, true)
    assert.matches("\nRaises where an option is unknown", page, 1, true)
    assert.matches("Source: `lua/tenor/features.lua`", page, 1, true)
  end)

  it("says what a method that a class overrides or inherits is for", function()
    assert.matches("^nn.Module:draw\n", text(tenor.nn.Dense.draw))
    for _, name in ipairs { "nn.LSTM:forward", "nn.LSTM.forward", "tenor.nn.LSTM:forward" } do
      assert.matches("^nn.Module:forward\n", text(name))
    end
  end)

  it("lists the modules without an argument, and the namesakes of a name", function()
    assert.matches("\nnn +Layers with back%-propagation", text())
    assert.matches("audio.read +Reads a whole file.", text "read")
    assert.matches("metrics.ccc +[^\n]*%(Lin 1989; eq. 3%), population moments%.", text "ccc") -- no sentence ends at "eq."
  end)

  it("describes each class by its own comment, be there another of that name", function()
    assert.matches("An open safetensors file", text "safetensors.Reader", 1, true)
    assert.matches("A CSV file or text", text "csv.Reader", 1, true)
    assert.matches("Source: `lua/tenor/csv.lua`", text "csv.Reader", 1, true)
  end)

  it("says what comes back", function()
    for _, name in ipairs { "networks.fusion", "metrics.ccc", "optim.Adam", "nn.Module:parameters", "vectors.word2vec" } do
      assert.matches("\nReturns ", text(name), 1, true)
    end
    assert.matches("\n\ntenor.nn.Module.class(name)\n", text "nn.Module:class", 1, true) -- a function of the class, no method
  end)

  it("is as wide as the terminal: paragraphs, items and lists of names are broken anew, code is not", function()
    local wrap = require "tenor.help.wrap"
    assert.equal("nn.X\n\ntenor.nn.X(a)\n\nOne paragraph of two\nlines of words.\n\n- `a`: an item of\n  some length\n- `b`\n\n"
      .. "    code that is longer than the width", wrap("nn.X\n\ntenor.nn.X(a)\n\nOne paragraph of two\nlines of words.\n\n"
      .. "- `a`: an item of some\n  length\n- `b`\n\n    code that is longer than the width", 20))
    assert.equal("audio   Audio files\n        and waves\nnn      Layers",
      wrap("audio   Audio files and waves\nnn      Layers", 22))
    assert.equal("ä ö ü ä ö ü ä ö ü ä\nü", wrap("ä ö ü ä ö ü ä ö ü ä ü", 20)) -- columns, not bytes
    local page = tostring(tenor.help "fit")
    assert.equal(page:gsub("%s+", " "), wrap(page, 50):gsub("%s+", " "))
  end)

  it("suggests what was meant", function()
    assert.raises("help: no 'nn.LSTN' (did you mean 'nn.LSTM'?)", function() tenor.help "nn.LSTN" end)
    assert.raises("help: no 'xyzzy'; tenor.help() lists what there is", function() tenor.help "xyzzy" end)
    assert.raises("help: no 'Corpus:extrac' (did you mean 'Corpus:extract'?)", function() tenor.help "Corpus:extrac" end)
    assert.raises("help: no ''; tenor.help() lists what there is", function() tenor.help "" end)
    assert.raises("help: this function is not one of tenor's", function() tenor.help(print) end)
    assert.raises("help: this nil is not one of tenor's", function() tenor.help(nil) end)
  end)
end)

describe("a name that a public table does not have", function()
  it("is an error that suggests the one that was meant", function()
    assert.raises("tenor.nn: no 'Lstm' (did you mean 'LSTM'?)", function() return tenor.nn.Lstm end)
    assert.raises("tenor: no 'network' (did you mean 'networks'?)", function() return tenor.network end)
    assert.raises("tenor.loss: no 'x' (there are ccc)", function() return tenor.loss.x end)
  end)

  it("points at the line that asked", function()
    local ok, message = pcall(function() return tenor.nn.Lstm end)
    assert.is_false(ok)
    assert.matches("reference_spec.lua:%d+: tenor.nn", message)
  end)

  it("can still be probed: names with an underscore are nil, rawget is silent", function()
    assert.is_nil(tenor.__nothing)
    assert.is_nil(tenor.nn._NAME)
    assert.is_nil(rawget(tenor.nn, "Lstm"))
  end)
end)

describe("options.of", function()
  it("gives a function's own table of defaults without running it", function()
    assert.equal(0.025, options.of(tenor.features.lld, "x.wav").window)
    local fit = options.of(tenor.fit, tenor.nn.Dense(1, 1), {})
    assert.equal(32, fit.batch)
    assert.equal(options.none, fit.patience)
  end)

  it("says what the function said where that was something else", function()
    local none, said = options.of(tenor.fit, "no model", {})
    assert.is_nil(none)
    assert.matches("fit: model must be a network", said, 1, true)
  end)
end)

describe("lua -l tenor", function()
  it("has the global tenor", function()
    local ok, out = shell.run(shell.lua .. " -l tenor -e 'print(tenor.zeros(2))'")
    assert.is_true(ok, out)
    assert.matches("^Tensor float%d+ %(2%)", out)
  end)
end)
