local json = require "tenor.json"
local drawing = require "spec.support.drawing"
local page = "docs/models.md"
local needs = require "spec.support.needs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local tiny = require "spec.support.corpus"
local torch = require "spec.support.torch"

describe("a model", function()
  local folder, corpus, data, network, history, model, path

  setup(function()
    folder = shell.folder()
    tiny.write(folder)
    corpus = assert(tenor.corpus.manifest(folder .. "/manifest.csv"))
    local features = corpus:extract { progress = "silent", cache = false, window = 0.03 }
    data = corpus:dataset { features = features, words = tenor.text.Tokenizer(), standardize = true }
    network = tenor.networks.fusion { vocabulary = data.inputs.vocabulary, length = data.inputs.length, embedding = 6,
      hidden = 8, dense = 8, fused = { 8, 8 }, seed = 1 }
    history = tenor.fit(network, data, { loss = tenor.loss.ccc { alpha = 0.7, beta = 0.2 },
      optimizer = tenor.optim.RMSprop { lr = 0.01 }, epochs = 3, batch = 8, progress = "silent" })
    model = tenor.model.new { network = network, data = data, history = history, record = { note = "a test" } }
    path = folder .. "/model.safetensors"
    assert(model:save(path))
  end)
  teardown(function() shell.clean() end)
  after_each(scratch.clean)

  local function tests() return corpus:filter(function(u) return u.session == "3" end) end

  describe("that was saved", function()
    it("is the same model again", function()
      local same = assert(tenor.model.load(path))
      assert.equal(tostring(model), tostring(same))
      assert.equal(tostring(history), tostring(same.history))
      assert.equal(history.epochs[2].val_ccc[3], same.history.epochs[2].val_ccc[3])
      assert.same({ "valence", "arousal", "dominance" }, same.labels)
      assert.same({ 1, 5 }, same.scale)
      assert.same({ window = 0.03, step = 0.01, deltas = false, drop_zeros = false, eps = 2.0 ^ -52 }, same.features)
      assert.is_true(data.scaler.mean == same.scaler.mean and data.scaler.std == same.scaler.std)
      assert.same(data.words:state(), same.words:state())
      assert.same({ split = "paper", protocol = "paper", note = "a test" }, same.record)
      assert.equal(tenor._VERSION, same.version)
      local again = scratch.path(".safetensors")
      assert(same:save(again))
      assert.equal(scratch.read(path), scratch.read(again))
    end)

    it("gives its network to nn.load, and a bare network is no model", function()
      assert.equal(network:summary(), assert(tenor.nn.load(path)):summary())
      local bare = scratch.path(".safetensors")
      assert(network:save(bare))
      assert.matches("holds a bare network, which nn.load opens", select(2, tenor.model.load(bare)))
    end)

    it("keeps a CCC that was not defined", function()
      local epochs = { { epoch = 1, loss = 1, val_ccc = { 0 / 0, 0.5 } } }
      local odd = setmetatable({ epochs = epochs, stopped = "x" }, getmetatable(history))
      local m = tenor.model.new { network = network, data = data, history = odd }
      local where = scratch.path(".safetensors")
      assert(m:save(where))
      local back = assert(tenor.model.load(where)).history.epochs[1].val_ccc
      assert.is_true(back[1] ~= back[1] and back[2] == 0.5)
    end)

    -- What is wrong with the model's file when its metadata are so changed.
    local function forged(change)
      local tensors, metadata = assert(tenor.load(path))
      change(metadata, tensors)
      local file = scratch.path(".safetensors")
      assert(tenor.save(file, tensors, { metadata = metadata }))
      local m, why = tenor.model.load(file)
      assert.is_nil(m)
      assert.matches("^/.*%.safetensors: ", why)
      return why
    end

    local function set(key, value) return function(m) m[key] = value end end
    local function words(change)
      return function(m)
        local state = json.decode(m.words)
        change(state)
        m.words = json.encode(state)
      end
    end
    local malformed = {
      { "labels that are no JSON", set("labels", "valence"), "metadata 'labels': line 1" },
      { "labels that are a number", set("labels", "3"), "'labels': is no list of names" },
      { "labels that are numbers", set("labels", "[1,2,3]"), "'labels': is no list of names" },
      { "labels by name", set("labels", '{"a":"b"}'), "'labels': is no list of names" },
      { "no labels", set("labels", "[]"), "'labels': is no list of names" },
      { "too few labels", set("labels", '["valence"]'), "the network gives 3 numbers, and there are 1 labels" },
      { "one label twice", set("labels", '["a","b","a"]'), "labels must be different names" },
      { "a label that is no name", set("labels", '["a","b","wav"]'),
        "other than id, wav, fold, reason, start and stop, got 'wav'" },
      { "a label that is a column of a course", set("labels", '["a","b","stop"]'), "start and stop, got 'stop'" },
      { "a scale of one end", set("scale", "[1]"), "'scale': is not { low, high }" },
      { "a scale upside down", set("scale", "[5,1]"), "'scale': scale: scale must be" },
      { "a scale too narrow to map to -1..1", set("scale", "[0,1e-320]"), "can be mapped to %-1..1 in float" },
      { "a scale of words", set("scale", '["low","high"]'), "'scale': is not { low, high }" },
      { "a scale that is null", set("scale", "null"), "'scale': is not { low, high }" },
      { "features that are a list", set("features", "[1]"), "'features': features: unknown option '1'" },
      { "an unknown option of features", set("features", '{"windows":0.1}'), "unknown option 'windows'" },
      { "a window of zero", set("features", '{"window":0}'), "window must be a positive number" },
      { "a flag that is a word", set("features", '{"deltas":"yes"}'), "deltas must be true or false" },
      { "features of another width", set("features", '{"deltas":true}'), "takes 68 features, and these options give 136" },
      { "a label that a terminal would obey", set("labels", '["a","b","\\u001b[31m"]'), "'labels': is no list of names" },
      { "a label that another terminal would obey", set("labels", '["a","b","\\u009b31m"]'), "'labels': is no list of names" },
      { "a scale that goes round", set("scale", "[-9223372036854775807,9223372036854775807]"), "'scale': scale: scale must be" },
      { "a deviation that nothing can be divided by", function(m)
        local s = json.decode(m.scaler)
        s.std[2] = 5e-324
        m.scaler = json.encode(s)
      end, "'scaler': has a mean or a deviation that the scalar cannot divide by" },
      { "a scaler that is a list", set("scaler", "[]"), "'scaler': is not { mean, std }" },
      { "a scaler without deviations", set("scaler", '{"mean":[1]}'), "'scaler': is not { mean, std }" },
      { "a scaler of another width", set("scaler", '{"mean":[1],"std":[1]}'), "the scaler is of 1 features" },
      { "a deviation of zero", set("scaler", '{"mean":[1],"std":[0]}'), "deviation that is not above 0" },
      { "a mean that is a word", set("scaler", '{"mean":["1"],"std":[1]}'), "'scaler': is not { mean, std }" },
      { "words that are a number", set("words", "3"), "'words': is no table" },
      { "words of another version", words(function(s) s.version = 9 end), "'words': tokenizer state: version must be 1" },
      { "words without a list", words(function(s) s.words = nil end), "'words': tokenizer state: words must be a list" },
      { "a word that is a number", words(function(s) s.words[1] = 3 end), "'words': tokenizer state: word 1" },
      { "filters that are a number", words(function(s) s.filters = 3 end), "'words': tokenizer state: filters" },
      { "more words than rows", words(function(s)
        for i = #s.words + 1, 60 do s.words[i], s.counts[i], s.first[i] = "x" .. i, 1, i end
      end), "the network's embedding has %d+ rows; 60 words" },
      { "no words", set("words", nil), "words must be a fitted tokenizer" },
      { "a length that is broken", set("length", "2.5"), "'length': is no whole number" },
      { "a length without end", set("length", "99999999999"), "'length': is no whole number" },
      { "a history that is a list of numbers", set("history", "[1]"), "'history': has no list of epochs" },
      { "an epoch that is a number", set("history", '{"epochs":[3]}'), "'history': epoch 1 is no record" },
      { "epochs out of order", set("history", '{"epochs":[{"epoch":2}]}'), "'history': epoch 1 is no record" },
      { "a loss that is a word", set("history", '{"epochs":[{"epoch":1,"loss":"x"}]}'), "epoch 1 is no record" },
      { "a loss that is a list", set("history", '{"epochs":[{"epoch":1,"loss":[1]}]}'), "epoch 1 is no record" },
      { "a best epoch that is a word", set("history", '{"epochs":[],"best_epoch":"x"}'), "best_epoch must be a number" },
      { "half a best epoch", set("history", '{"epochs":[],"best_epoch":0.5}'), "best_epoch must be a whole number" },
      { "a run resumed in half an epoch", set("history", '{"epochs":[],"resumed":[{"epoch":0.5,"batch":1}]}'),
        "is no record of a training" },
      { "a record that is a number", set("record", "1"), "'record': is no table" },
      { "a record too deep to be written", set("record", ('{"a":'):rep(200) .. "1" .. ("}"):rep(200)), "'record': .*128 tables" },
      { "no format", set("tenor.format", nil), "has no architecture in its metadata" },
      { "a tensor that is not there", function(_, t) t["Dense.bias"] = nil end, "needs a tensor 'Dense.bias'" },
      { "a tensor of another shape", function(_, t) t["Dense.bias"] = tenor.zeros(9) end, "'Dense.bias' is %(9%)" },
    }
    for _, case in ipairs(malformed) do
      it("is refused with " .. case[1], function() assert.matches(case[3], forged(case[2])) end)
    end

    it("never raises, whatever happens to its header", function()
      local bytes, rng = scratch.read(path), tenor.rng(9)
      local length = string.unpack("<I8", bytes)
      local chars = "{}[]:,\"0-9.e\\x ntf"
      for i = 1, 400 do
        local at, k = 9 + math.floor(rng:uniform() * length), 1 + math.floor(rng:uniform() * #chars)
        local file = scratch.file(".safetensors", bytes:sub(1, at - 1) .. chars:sub(k, k) .. bytes:sub(at + 1))
        local ok, m, why = pcall(tenor.model.load, file)
        assert.is_true(ok, m)
        assert.truthy(m or why)
        if m then assert.is_true(pcall(tostring, m) and pcall(tostring, m.history)) end
        if i % 50 == 0 then scratch.clean() end
      end
    end)
  end)

  it("refuses parts that do not fit", function()
    local function refuses(pattern, more)
      local parts = { network = network, data = data }
      for k, v in pairs(more) do parts[k] = v end
      assert.error_matches(function() tenor.model.new(parts) end, pattern)
    end
    refuses("model.new: network must be a network, such as tenor.nn.Sequential, got a number", { network = 3 })
    refuses("data must be a dataset", { data = {} })
    refuses("the network gives 3 numbers, and there are 2 labels", { labels = { "a", "b" } })
    refuses("labels must be a list of names", { labels = {} })
    refuses("scaler must be { mean =, std = }", { scaler = {} })
    refuses("the scaler is of 2 features", { scaler = { mean = tenor.zeros(2), std = tenor.ones(2) } })
    refuses("words must be a fitted tokenizer; this one knows no word", { words = tenor.text.Tokenizer() })
    refuses("words must be a fitted tokenizer", { words = {} })
    refuses("embedding has %d+ rows", { words = tenor.text.Tokenizer():fit { "a b c d e f g h i j k l m n" } })
    refuses("takes 68 features, and these options give 136", { features = { deltas = true } })
    refuses("unknown option 'windows'", { features = { windows = 1 } })
    refuses("scale must be { low, high }", { scale = { 5, 1 } })
    refuses("length must be a whole number", { length = 0 })
    refuses("unknown option 'net'", { net = network })
    local acoustic = tenor.networks.acoustic()
    assert.error_matches(function() tenor.model.new { network = acoustic, data = data } end, "the network takes no words")
    assert.error_matches(function() tenor.model.new { network = acoustic } end, "labels must be a list of names")
    local text = tenor.networks.text { vocabulary = 20, embedding = 3, hidden = 3, length = 0, outputs = { "valence" } }
    assert.error_matches(function()
      tenor.model.new { network = text, labels = { "valence" }, words = data.words }
    end, "length must be given")
    assert.error_matches(function() model:save "model.npz" end, "path must end in %.safetensors")
    assert.error_matches(function() tenor.model.load() end, "model.load: path must be a string, got nil")
    assert.matches("No such file", select(2, tenor.model.load "/nowhere/m.safetensors"))
  end)

  describe("predicts", function()
    it("what tenor.predict does on the dataset, bit for bit", function()
      local same = assert(tenor.model.load(path))
      local all = assert(same:predict(tests()))
      assert.is_true(tenor.predict(network, data.test.x) == all.raw)
      assert.equal(#data.test.ids, #all)
      for i, id in ipairs(data.test.ids) do
        assert.equal(id, all[i].id)
        for k, name in ipairs(data.labels) do assert.equal((all.raw[i][k] + 1) * 2 + 1, all[i][name]) end
      end
    end)

    it("a manifest, a list, one utterance and a Wave alike", function()
      local u = tests().utterances[1]
      local wave = assert(tenor.audio.read(u.wav))
      local one = assert(model:predict { wav = u.wav, text = u.text })
      assert.same(one, assert(model:predict { wav = wave, text = u.text }))
      local row = assert(tenor.features.extract(u.wav, model.features))
      assert.same(one, assert(model:predict { features = row, text = u.text }))
      local list = assert(model:predict { { wav = u.wav, text = u.text, id = "one" } })
      assert.same({ one.valence, one.arousal, one.dominance, "one" },
        { list[1].valence, list[1].arousal, list[1].dominance, list[1].id })
      local manifest = assert(model:predict(folder .. "/manifest.csv", { cache = folder .. "/cache" }))
      assert.equal(48, #manifest)
      assert.equal(0, #manifest.failures)
      assert.equal(0, #model:predict {})
    end)

    it("from features that are at hand, and is scored by the corpus's labels", function()
      local list = tests()
      local features = list:extract { progress = "silent", cache = false, window = 0.03 }
      local all = model:predict(list, { features = features })
      assert.is_true(model:predict(list).raw == all.raw)
      local scores = assert(all:scores())
      assert.same(tenor.evaluate(network, data.test).ccc, scores.ccc)
      assert.same({ 16, 0, data.labels }, { scores.size, scores.unlabelled, scores.names })
      assert.is_nil(scores.pooled)
      -- labels that the corpus lacks altogether are not scored, and utterances that lack one of the others neither
      for i, u in ipairs(list.utterances) do u.dominance, u.valence = nil, i > 3 and u.valence or nil end
      scores = assert(model:predict(list, { features = features }):scores())
      assert.same({ 13, 3, { "valence", "arousal" } }, { scores.size, scores.unlabelled, scores.names })
      for _, u in ipairs(list.utterances) do u.valence = 3 end
      assert.matches("all 16 labels of valence are 0: CCC is undefined", select(2, model:predict(list):scores()))
      local one = list:filter(function(u) return u.id == list.utterances[1].id end)
      assert.matches("needs two labelled utterances .*, and there is one", select(2, model:predict(one):scores()))
      assert.equal("no utterance has a label", select(2, model:predict({ list.utterances[1].wav }):scores()))
      corpus = assert(tenor.corpus.manifest(folder .. "/manifest.csv"))
    end)

    it("the others where one fails, and names it", function()
      local u = tests().utterances[1]
      local broken = scratch.file(".wav", "RIFF nothing")
      local p = model:predict { { wav = broken, text = "well" }, { wav = u.wav, text = u.text }, { wav = u.wav },
        { text = "well" } }
      assert.same({ 1, 3, 4 }, { p.failures[1].index, p.failures[2].index, p.failures[3].index })
      assert.matches(broken .. ": ", p[1].reason, 1, true)
      assert.same({ "no text", "no wav" }, { p[3].reason, p[4].reason })
      assert.equal(model:predict({ wav = u.wav, text = u.text }).valence, p[2].valence)
      assert.matches("^Predictions: 1 of 4\n", tostring(p))
      local csv = scratch.path(".csv")
      assert(p:write(csv))
      local records = assert(tenor.csv.read(csv))
      assert.equal("no text", records[3].reason)
      assert.is_true(math.abs(tonumber(records[2].arousal) - p[2].arousal) < 1e-6)
      assert.equal(p[1].reason, select(2, model:predict { wav = broken, text = "well" }))
      assert.matches("No such file", select(2, model:predict "/nowhere.csv"))
      assert.equal("no text", select(2, model:predict(u.wav)))
    end)

    it("words that it does not know as none", function()
      local u = tests().utterances[1]
      assert.same(model:predict { wav = u.wav, text = "" }, model:predict { wav = u.wav, text = "xyzzy plugh" })
    end)

    it("along a recording as it predicts each window's own file", function()
      local u = tests().utterances[1]
      local course = assert(model:predict({ wav = u.wav, text = u.text }, { window = 0.2, step = 0.1 }))
      assert.equal(4, #course)
      assert.same({ 0, 0.1, 0.2, 0.3 }, course.first)
      local samples = assert(tenor.audio.read(u.wav)):samples()
      for i = 1, 4 do
        local alone = scratch.path(".wav")
        assert(tenor.audio.write(alone, tenor.audio.wave(samples:narrow(1, (i - 1) * 800 + 1, 1600), 8000)))
        local y = assert(model:predict { wav = alone, text = u.text })
        assert.is_true(math.abs(y.valence - course.values[i][1]) < 1e-5) -- batches of 1 and of 4 may round otherwise
      end
      assert.matches("4 windows of 0.2 s, every 0.1 s\n", tostring(course))
      assert.equal(1, #assert(model:predict({ wav = u.wav, text = "well" }, { window = 60 })))
      assert.equal(2, #assert(model:predict({ wav = u.wav, text = "well" }, { window = 0.25 })))
      local calls = 0
      local timed = assert(model:predict({ wav = u.wav, text = { { start = 0, stop = 0.2, text = "awful" },
        { start = 0.3, stop = 0.5, text = "lovely" } } }, { window = 0.25, progress = function() calls = calls + 1 end }))
      assert.equal(2, calls)
      local awful = assert(model:predict({ wav = u.wav, text = "awful" }, { window = 0.25 }))
      assert.equal(awful.values[1][1], timed.values[1][1])
      assert.not_equal(awful.values[2][1], timed.values[2][1])
      local csv = scratch.path(".csv")
      assert(course:write(csv))
      assert.same({ "start", "stop", "valence", "arousal", "dominance" }, select(2, tenor.csv.read(csv)))
    end)

    drawing.it("along a recording, and draws it", function()
      local u, svg = tests().utterances[1], scratch.path(".svg")
      local course = assert(model:predict({ wav = u.wav, text = u.text }, { window = 0.2, step = 0.1 }))
      assert(course:plot(svg))
      assert.matches("valence", scratch.read(svg))
    end)

    it("nothing of what is no utterance", function()
      local u = tests().utterances[1]
      local function refuses(pattern, what, options)
        assert.error_matches(function() model:predict(what, options) end, pattern)
      end
      refuses("an utterance is a table or a path, got number", 3)
      refuses("unknown option 'wave' %(did you mean 'wav'%?%)", { wave = u.wav })
      refuses("utterance 2: an utterance is a table or a path, got boolean", { { wav = u.wav }, true })
      refuses("wav must be a path or a Wave, got number", { wav = 3 })
      refuses("text must be a string, got table", { wav = u.wav, text = {} })
      refuses("features must be a tensor", { features = { 1 }, text = "a" })
      refuses("features of utterance 1 must be real numbers %(68%)", { features = tenor.zeros(3), text = "a" })
      refuses("unknown option 'windows'", { wav = u.wav }, { windows = 1 })
      refuses("step goes with window", { wav = u.wav }, { step = 1 })
      local features = corpus:extract { progress = "silent", cache = false }
      refuses("extracted with window = 0.025, those of the model with 0.03", corpus, { features = features })
      refuses("features must be Features, as corpus:features%(path%)", corpus, { features = "f.npz" })
      refuses("the option features goes with a corpus", { wav = u.wav }, { features = features })
      refuses("window must be a number of seconds above 0, got 0", { wav = u.wav }, { window = 0 })
      refuses("give one recording", { { wav = u.wav } }, { window = 1 })
      refuses("text 1 must be { start", { wav = u.wav, text = { "a" } }, { window = 1 })
      refuses("model:predict: progress must be auto", { wav = u.wav }, { progress = "loud" })
      refuses("model:predict: jobs must be", { wav = u.wav }, { jobs = 0 })
      refuses("batch must be a whole number", { wav = u.wav }, { batch = 0 })
      local none, why = model:predict({ wav = u.wav, text = "a" }, { window = 1, step = 1e-9 })
      assert.is_nil(none) -- the rate is the file's
      assert.matches("^.*%.wav: window and step must hold a sample at %d+ Hz$", why)
    end)

    it("from features made elsewhere, and from words alone", function()
      local net = tenor.nn.Sequential { tenor.nn.Dense(4, 2) }
      local m = tenor.model.new { network = net, labels = { "valence", "arousal" } }
      local row = tenor.randn(4, tenor.rng(1))
      assert.equal(tenor.predict(net, row:reshape(1, 4))[1][1], m:predict({ features = row }).valence)
      assert.matches("features made elsewhere: give features", select(2, m:predict "x.wav"))
      assert.matches("x.wav: No such file", select(2, m:predict("x.wav", { window = 1 })))
      assert.error_matches(function() m:predict(corpus.utterances[1].wav, { window = 1 }) end, "has no windows")
      local words = tenor.nn.Sequential { tenor.nn.Embedding(9, 3, { padding = "none" }), tenor.nn.LSTM(3, 1, { last = true }) }
      local t = tenor.model.new { network = words, labels = { "valence" }, words = tenor.text.Tokenizer():fit { "hello doctor" },
        scale = { 1, 7 } }
      local ids = tenor.tensor({ { 1, 2 } }, "int32")
      assert.equal((tenor.predict(words, ids)[1][1] + 1) * 3 + 1, t:predict({ text = "Hello, doctor!" }).valence)
      local course = assert(t:predict({ wav = corpus.utterances[1].wav, text = "hello" }, { window = 0.25 }))
      assert.equal(course.values[1][1], course.values[2][1])
    end)

    local test = needs(torch(), "PyTorch")
    test("what the lines of PyTorch in the documentation do", function()
      local script = assert(scratch.read(page):match "```python\n(.-)\n```")
      assert(model:save(folder .. "/emotion.safetensors"))
      assert(tenor.save(folder .. "/batch.npz", { hsf = data.test.x[1], ids = data.test.x[2] }))
      local file = assert(io.open(folder .. "/predict.py", "w"))
      file:write(script)
      file:close()
      local ok, out = shell.run(("cd '%s' && %s predict.py"):format(folder, torch()))
      assert.is_true(ok, out)
      local all = model:predict(tests())
      for i, row in ipairs(assert(json.decode(out))) do
        for k, name in ipairs(model.labels) do
          -- float sums in another order, on a scale of 4
          assert.is_true(math.abs(row[k] - all[i][name]) < 1e-4, name)
        end
      end
    end)
  end)
end)

describe("model.reading", function()
  it("points at Russell's eight affects", function()
    local around = { { 1, 0, "pleasure" }, { 1, 1, "excitement" }, { 0, 1, "arousal" }, { -1, 1, "distress" },
      { -1, 0, "displeasure" }, { -1, -1, "depression" }, { 0, -1, "sleepiness" }, { 1, -1, "relaxation" } }
    for i, case in ipairs(around) do
      local r = tenor.model.reading(case[1], case[2])
      assert.equal(case[3], r.affect)
      assert.is_true(math.abs(r.angle - (i - 1) * 45) < 1e-9)
    end
    assert.equal("unpleasant and active", tenor.model.reading(2, 4, { scale = { 1, 5 } }).quadrant)
    assert.equal("neutral", tenor.model.reading(3.1, 3.1, { scale = { 1, 5 } }).quadrant)
    assert.equal("pleasure", tenor.model.reading(0.9, -0.01).affect)
    assert.matches("rough reading by Russell 1980", tostring(tenor.model.reading(1, 1)))
    assert.matches("^neutral: 0 %%", tostring(tenor.model.reading(0, 0)))
    assert.error_matches(function() tenor.model.reading(1) end, "arousal must be a number, got nil")
    assert.error_matches(function() tenor.model.reading(0 / 0, 1) end, "valence must be a number")
    assert.error_matches(function() tenor.model.reading(1, 1, { scale = { 1 } }) end, "scale must be")
  end)
end)
