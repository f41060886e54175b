--- The options of the commands are those of the library's functions: none is missing, but for those that are named here with
-- the reason, and all say what they are.
local cli = require "tenor.cli"
local lib = require "tenor.options"
local needs = require "spec.support.needs"
local options = require "tenor.cli.options"
local tenor = require "tenor"

local corpus = tenor.corpus.new { name = "none", utterances = {} }
local network, experiment = tenor.nn.Dense(1, 1), tenor.experiment.new { corpus = "x.csv" }

local inside = "the command puts it in"
local script = "for a script: it is a table or a function, or for those who change the network too"

-- command → function → its arguments before the options; names the command has it by; what it leaves out, and why
local covered = {
  extract = {
    { "corpus:extract", corpus.extract, { corpus }, { stream = "progress goes to standard error" } },
    { "corpus.manifest", tenor.corpus.manifest, { "x.csv" },
      { order = "rows have their ids", root = "wavs lie beside their manifest" } },
  },
  train = {
    { "corpus:extract", corpus.extract, { corpus }, { stream = "progress goes to standard error" } },
    { "corpus:dataset", corpus.dataset, { corpus }, { features = inside, words = inside } },
    { "text.Tokenizer", tenor.text.Tokenizer, {}, { lower = script, filters = script } },
    { "fit", tenor.fit, { network, {} }, { loss = inside, optimizer = inside, callbacks = script, shuffle = script,
      restore_best = script, every = "a checkpoint an epoch", stream = "progress goes to standard error" } },
    { "networks.fusion", tenor.networks.fusion, {}, { features = inside, vocabulary = inside, length = inside,
      outputs = inside, rng = inside, vectors = inside, fused = script } },
    { "loss.ccc", tenor.loss.ccc, {}, { weights = "alpha and beta say it", eps = script } },
    { "optim.RMSprop", tenor.optim.RMSprop, {}, { rho = script, eps = script } },
  },
  evaluate = {
    { "model:predict", require "tenor.model.predict", { {}, "x.wav" }, { batch = "results do not depend on it",
      cache = inside, stream = "progress goes to standard error", window = "a corpus is scored by utterance",
      step = "a corpus is scored by utterance" } },
  },
  predict = {
    { "model:predict", require "tenor.model.predict", { {}, "x.wav" }, { batch = "results do not depend on it",
      cache = inside, stream = "progress goes to standard error" } },
  },
  table2 = {
    { "experiment.new", tenor.experiment.new, {}, { vectors = "one option for each kind", weights = "alpha and beta" },
      { results = "output" } },
    { "experiment:run", experiment.run, { experiment },
      { stream = "progress goes to standard error", interpreter = "that which runs the command" } },
  },
  search = {
    { "experiment.search", tenor.experiment.search, {}, { vectors = "one option for each kind" } },
    { "experiment.new", tenor.experiment.new, {}, { vectors = "one option for each kind", weights = "what is searched",
      systems = "a search has one", tasks = "a search learns all labels" }, { results = "output" } },
  },
  report = {
    { "report.new", tenor.report.new, { {} }, { folder = "that of the runs" } },
  },
}

describe("a command", function()
  for name, functions in pairs(covered) do
    it("has the options of the library: tenor " .. name, function()
      local there = {}
      for _, o in ipairs(cli.options(require("tenor.cli." .. name))) do there[o.name] = o end
      for _, of in ipairs(functions) do
        local call, f, before, left_out, called = table.unpack(of)
        local defaults = assert(lib.of(f, table.unpack(before)))
        for option in pairs(defaults) do
          local o = there[called and called[option] or option]
          assert.is_true((o or left_out[option]) ~= nil, ("tenor %s lacks '%s' of %s"):format(name, option, call))
        end
        for option in pairs(left_out) do
          assert.is_true(defaults[option] ~= nil, ("%s has no option '%s' to leave out"):format(call, option))
        end
      end
    end)
  end

  it("says of each option what it is, and its default or what is needed", function()
    for _, name in ipairs(cli.commands) do
      local module = require("tenor.cli." .. name)
      for _, argument in ipairs(module.arguments or {}) do assert.is_true(#argument.text > 3, name) end
      local seen = {}
      for _, o in ipairs(cli.options(module)) do
        local flag = ("tenor %s %s"):format(name, options.flag(o))
        assert.is_nil(seen[o.name], flag .. " is there twice")
        seen[o.name] = true
        assert.is_true(#o.text > 5, flag)
        assert.is_nil(o.text:find "[.:]$", flag)
        if o.kind == "number" and not o.choices then
          -- a number has a unit, is a share, or is named by what it weighs
          assert.matches("second", o.text .. ((o.text:find "share" or o.text:find "range" or o.text:find "weight"
            or o.text:find "rate" or o.text:find "probab" or o.text:find "logarithm" or o.text:find "point"
            or o.text:find "beta" or o.text:find "norm") and " second" or ""), flag)
        end
      end
    end
  end)
end)

describe("the help of a command", function()
  local argparse = needs(package.searchpath("argparse", package.path), "argparse")

  local function help(list)
    local c = require "argparse"("x"):add_help(false)
    options.add(c, list)
    return c:get_help()
  end

  argparse("has each option on one line with its short name, the choices, the default, and what is required", function()
    local text = help {
      options.new("output", "where to", { short = "-o", required = true, metavar = "<file>" }),
      options.new("part", "which part", { default = "test", choices = { "test", "train" } }),
      options.new("progress", "auto or bar", { choices = { "auto", "bar" } }),
      options.new("scale", "range", { default = { 1, 5 } }),
      options.new("labels", "what to learn", { args = "+" }),
      options.new("cache", "keep nothing", { default = true }),
      options.new("tokenizer", "its options", { kind = "table" }),
    }
    assert.matches("\n   -o, --output <file>   where to (required)\n", text, 1, true)
    assert.matches("which part: test, train (default: test)", text, 1, true)
    assert.matches("auto or bar\n", text, 1, true)
    assert.matches("\n   --scale <number> <number>\n                         range (default: 1 5)\n", text, 1, true)
    assert.matches("\n   --labels <labels> ... what to learn\n", text, 1, true)
    assert.matches("\n   --no-cache            keep nothing\n", text, 1, true)
    assert.matches("In a file of --config also, as tables:\n   tokenizer             its options", text, 1, true)
  end)
end)

describe("a configuration's value", function()
  local list = {
    options.new("window", "x", { kind = "number" }), options.new("jobs", "x", { kind = "integer" }),
    options.new("part", "x", { choices = { "test", "train" } }), options.new("scale", "x", { kind = "number", args = 2 }),
    options.new("labels", "x", { args = "+" }), options.new("cache", "x", { default = true }),
    options.new("tokenizer", "x", { kind = "table" }), options.new("config", "x", { command_line_only = true }),
  }
  local function merged(given) return options.merge({}, given, "c.lua", list) end

  it("takes the place of an option that is not given", function()
    local args = assert(merged { window = 0.5, jobs = 2, part = "train", scale = { -1, 1 }, labels = "valence", cache = false,
      tokenizer = { lower = false } })
    assert.same({ window = 0.5, jobs = 2, part = "train", scale = { -1, 1 }, labels = { "valence" }, cache = false,
      tokenizer = { lower = false } }, args)
    assert.equal(1, options.merge({ window = 1 }, { window = 2 }, "c.lua", list).window)
  end)

  it("must suit the option, and says what would", function()
    for message, given in pairs {
      ["window must be a number, got 'x'"] = { window = "x" },
      ["window must be a number, got null"] = { window = tenor.json.null },
      ["jobs must be a whole number, got 1.5"] = { jobs = 1.5 },
      ["part must be one of test, train, got 'tset'"] = { part = "tset" },
      ["scale must be a list of 2, each a number, got a table"] = { scale = { 1, 2, 3 } },
      ["scale must be a list of 2, each a number, got 1"] = { scale = 1 },
      ["labels must be a list of one or more, each a string, got a table"] = { labels = {} },
      ["tokenizer must be a table, got true"] = { tokenizer = true },
      ["unknown option 'no_cache' (did you mean 'cache = false'?)"] = { no_cache = true },
      ["unknown option 'windwo' (did you mean 'window'?)"] = { windwo = 1 },
      ["'config' belongs on the command line"] = { config = "x" },
    } do
      local args, why = merged(given)
      assert.is_nil(args, message)
      assert.equal("c.lua: " .. message, why)
    end
  end)
end)
