local tenor = require "tenor"
local scratch = require "spec.support.scratch"
local shared = require "spec.support.shared"

local function manifest(bytes, options) return tenor.corpus.manifest(scratch.file(".csv", bytes), options) end

local header = "id,wav,text,valence,arousal,dominance,session,speaker,split\n"

-- Ten utterances in five sessions.
local function ten()
  local lines = {}
  for i = 1, 10 do
    lines[i] = ("u%02d,%d.wav,word %d,%g,%g,%g,%d,s%d,%s"):format(i, i, i, 1 + i % 5, 2.5, 3, (i + 1) // 2, i % 4,
      i <= 6 and "train" or i <= 8 and "dev" or "test")
  end
  return header .. table.concat(lines, "\n")
end

describe("A manifest", function()
  after_each(scratch.clean)

  it("gives utterances sorted by id, byte by byte", function()
    local c = assert(manifest "valence,id\n1,b\n2,a\n3,B\n4,_\n5,a1\n")
    local ids = {}
    for i, u in ipairs(c.utterances) do ids[i] = u.id end
    assert.same({ "B", "_", "a", "a1", "b" }, ids)
    assert.equal(5, #c)
    assert.equal("b", manifest("id\nb\na\n", { order = "file" }).utterances[1].id)
  end)

  it("takes the columns in any order, and empty fields as missing", function()
    local u = assert(manifest("text,note,id,valence\n, x,a, 2.5 \n")).utterances[1]
    assert.is_nil(u.text)
    assert.equal(2.5, u.valence)
    assert.is_nil(u.arousal)
    assert.same({ note = " x" }, u.extra)
  end)

  it("opens as spreadsheets write it", function()
    local plain = "id,text,valence,speaker\nu1,\"caf\xE9; \"\"so\"\"\",3.5,Zo\xEB\nu2,oh,2,\n"
    local excel = "ID;Text; Valence;Speaker\r\nu1;\"caf\xE9; \"\"so\"\"\";3,5;Zo\xEB\r\nu2;oh;2;\r\n;;;\r\n;;;\r\n"
    for _, bytes in ipairs { plain, excel, "sep=;\r\n" .. excel } do
      local c = assert(manifest(bytes))
      assert.equal(2, #c)
      local u = c.utterances[1]
      assert.same({ "u1", "caf\u{E9}; \"so\"", 3.5, "Zo\u{EB}" }, { u.id, u.text, u.valence, u.speaker })
      assert.equal(2, c.notes.counts.stray)
      assert.equal(bytes ~= plain and 2 or nil, c.notes.counts.blank)
    end
  end)

  it("takes a number with a comma for a number where something else separates", function()
    assert.matches(":2: 2 fields, but the header has 1", select(2, manifest("id\na,3\n")))
    assert.matches(":2: valence: expected a number, got '3,5'", select(2, manifest('id,valence\na,"3,5"\n')))
    assert.matches(":2: valence: expected a number, got '1.000,5'", select(2, manifest("id;valence\na;1.000,5\n")))
  end)

  it("tells of columns that may be misspelt, and takes the exact name first", function()
    local c = assert(manifest("id,valance,Text,text\na,1,X,x\n"))
    assert.equal("x", c.utterances[1].text)
    assert.same({ "valance", "Text" }, c.extra)
    assert.equal(1, #c.notes)
    assert.matches("%.csv:1: column 'valance' is none of a manifest's; is 'valence' meant%?", tostring(c.notes))
    assert.matches("note: 1 column perhaps misspelt", tostring(c))
  end)

  it("names utterances by their wavs, which lie beside it or under root", function()
    local path = scratch.file(".csv", "wav\nx/one.two.wav\n/abs/y.flac\n")
    local c = assert(tenor.corpus.manifest(path))
    assert.equal("one.two", c.utterances[1].id)
    assert.equal(path:match("^.*/") .. "x/one.two.wav", c.utterances[1].wav)
    assert.equal("/abs/y.flac", c.utterances[2].wav)
    assert.equal("/data/x/one.two.wav", tenor.corpus.manifest(path, { root = "/data/" }).utterances[1].wav)
  end)

  it("clips labels to the scale and maps them to -1..1", function()
    local c = assert(manifest("id,valence,arousal\na,0.5,3\nb,5.5,2\nc,4,1\n"))
    assert.same({ { -1, 0 }, { 1, -0.5 }, { 0.5, -1 } }, c:labels { "valence", "arousal" }:totable())
    assert.same({ { 1 } }, manifest("id,valence\na,7\n", { scale = { 1, 7 } }):labels { "valence" }:totable())
    assert.matches("clipped: 2 labels outside 1 to 5", tostring(c))
  end)

  it("names the utterances that lack a label which is asked for", function()
    local c = assert(manifest("id,valence\na,1\nb,\nc,\n"))
    assert.error_matches(function() c:labels { "valence" } end, "2 of 3 utterances lack a label %(b, c%)")
    assert.error_matches(function() c:labels { "joy" } end, "unknown label 'joy'")
  end)

  it("prints itself as a summary", function()
    local text = tostring(assert(manifest(ten() .. "\nu11,,,,,,5,s1,test\n")))
    assert.matches("^Corpus lua_%w+%.csv: 11 utterances\n", text)
    assert.matches("5 sessions: 1 %(2%), 2 %(2%), 3 %(2%), 4 %(2%), 5 %(3%)\n", text)
    assert.matches("4 speakers: s0 %(2%)", text)
    assert.matches("3 splits: dev %(2%), test %(3%), train %(6%)\n", text)
    assert.matches("valence   mean 3.000, 1 to 5, 10 utterances\n", text)
    assert.matches("20 words, vocabulary of 11\n", text)
    assert.matches("missing: wav %(1%), text %(1%), valence %(1%)", text)
  end)

  it("may be filtered", function()
    local c = assert(manifest(ten())):filter(function(u) return u.session == "2" end)
    assert.equal(2, #c)
    assert.same({ "word 3", "word 4" }, c:texts())
  end)

  local malformed = {
    { "a label that is no number", "id,valence\na,1\nb,NA\n", ":3: valence: expected a number, got 'NA'" },
    { "a NaN", "id,valence\na,nan\n", ":2: valence: expected a number, got 'nan'" },
    { "an infinite label", "id,valence\na,1e999\n", ":2: valence" },
    { "a hexadecimal label", "id,valence\na,0x1\n", ":2: valence" },
    { "an id twice", "id\na\nb\na\n", ":4: id 'a' was on line 2 already" },
    { "an utterance without a name", "id,text\n,hello\n", ":2: neither an id nor a wav" },
    { "no column to name utterances by", "text,note\nx,y\n",
      ": the header has neither 'id' nor 'wav' %(it has: text, note%)" },
    { "an open quote", 'id,text\na,"x\n', ":2: a quoted field opens here" },
    { "a short line", "id,text\na\n", ":2: 1 field" },
    { "columns without a name", "id,text,,\na,,,\n", ":1: columns 3 and 4 of the header have no name" },
  }
  for _, case in ipairs(malformed) do
    it("is refused for " .. case[1], function()
      local c, why = manifest(case[2])
      assert.is_nil(c)
      assert.matches("^/.*%.csv" .. case[3], why)
    end)
  end

  it("refuses wrong arguments", function()
    local f = tenor.corpus.manifest
    assert.error_matches(function() f(3) end, "path must be a string, got number")
    assert.error_matches(function() f("x", { scales = 1 }) end, "did you mean 'scale'")
    assert.error_matches(function() f("x", { scale = { 5, 1 } }) end, "scale must be { low, high }")
    assert.error_matches(function() f("x", { order = "random" }) end, "order must be 'id' or 'file'")
    assert.matches("No such file", select(2, f "/nowhere/x.csv"))
  end)
end)

describe("A dataset", function()
  after_each(scratch.clean)
  local words = tenor.text.Tokenizer():fit { "word 1 2 3 4 5 6 7 8 9 10" }

  it("of the paper's split tests the last session and validates with the last fifth", function()
    local d = assert(manifest(ten())):dataset { words = words }
    assert.same({ "u01", "u02", "u03", "u04", "u05", "u06" }, d.train.ids)
    assert.same({ "u07", "u08" }, d.validation.ids)
    assert.same({ "u09", "u10" }, d.test.ids)
    assert.same({ 6, 3 }, d.train.y:shape())
    assert.same({ { 1, 2 }, { 1, 3 } }, d.train.x:narrow(1, 1, 2):totable())
    assert.same({ vocabulary = 12, length = 2 }, d.inputs)
  end)

  it("takes session 10 for later than session 9", function()
    local c = assert(manifest "id,text,valence,session\na,x,1,Ses10\nb,x,2,Ses9\nc,x,3,Ses1\n")
    assert.same({ "a" }, c:dataset({ words = words, labels = { "valence" }, validation = 0 }).test.ids)
    assert.matches("3 sessions: Ses1 %(1%), Ses9 %(1%), Ses10 %(1%)", tostring(c))
    local long = ("9"):rep(30) -- more digits than a number holds
    c = assert(manifest(("id,text,valence,session\na,x,1,1%s\nb,x,2,%s\nc,x,3,007\n"):format(long, long)))
    assert.same({ "a" }, c:dataset({ words = words, labels = { "valence" }, validation = 0 }).test.ids)
  end)

  it("of the automatic split takes the split column, else the last session, else the last fifth", function()
    local function automatic(text)
      local d = assert(manifest(text)):dataset { words = words, labels = { "valence" }, split = "auto" }
      return d.split, d.test.ids, tostring(d)
    end
    assert.equal("own", (automatic(ten())))
    local session = "id,text,valence,session\na,x,1,1\nb,x,2,1\nc,x,3,%s\nd,x,2,%s\ne,x,1,1\n"
    local name, ids, text = automatic(session:format("2", "2"))
    assert.equal("paper", name)
    assert.same({ "c", "d" }, ids)
    assert.matches("test 2; split by paper; none left out", text)
    local none = "id,text,valence\na,x,1\nb,x,2\nc,x,3\nd,x,1\ne,x,2\n"
    for _, case in ipairs { session:format("1", "1"), session:format("2", ""), none } do
      name, ids = automatic(case)
      assert.equal("tail", name)
      assert.same({ "e" }, ids)
    end
  end)

  it("follows the corpus's own split, or a session, a speaker, a function", function()
    local c = assert(manifest(ten()))
    local d = c:dataset { words = words, split = "own" }
    assert.same({ 6, 2, 2 }, { #d.train.y, #d.validation.y, #d.test.y })
    assert.same({ "u03", "u04" }, c:dataset({ words = words, split = "session:2" }).test.ids)
    assert.same({ "u04", "u08" }, c:dataset({ words = words, split = "speaker:s0" }).test.ids)
    local function odd(u) return tonumber(u.id:sub(2)) % 2 == 1 and "train" or nil end
    d = c:dataset { words = words, split = odd, validation = 0 }
    assert.same({ "u01", "u03", "u05", "u07", "u09" }, d.train.ids)
    assert.is_nil(d.test)
    assert.equal(5, d.left_out.reasons["no split"])
  end)

  it("leaves out who lacks something that is asked for, and counts", function()
    local c = assert(manifest(ten() .. "\nu11,x.wav,,1,1,1,5,s1,test\nu12,x.wav,hi,1,,1,5,s1,test\n"))
    local d = c:dataset { words = words }
    assert.equal(2, d.left_out.count)
    assert.same({ ["no text"] = 1, ["no arousal"] = 1 }, d.left_out.reasons)
    assert.equal("2 left out: no arousal (1), no text (1)", tostring(d.left_out))
    assert.equal(3, #c:dataset({ words = words, labels = { "valence" } }).test.ids)
  end)

  it("of features and words has both as inputs, rows aligned", function()
    local c = assert(manifest(ten()))
    local hsf = tenor.arange(30):reshape(10, 3)
    local d = c:dataset { features = hsf, words = words, labels = { "arousal" } }
    assert.same(hsf:narrow(1, 9, 2):totable(), d.test.x[1]:totable())
    assert.same({ { 1, 10 }, { 1, 11 } }, d.test.x[2]:totable())
    assert.same({ features = 3, vocabulary = 12, length = 2 }, d.inputs)
    assert.same(hsf:narrow(1, 1, 6):totable(), c:dataset({ features = hsf }).train.x:totable())
  end)

  it("keeps features and utterances together when the corpus is filtered", function()
    local c = assert(manifest(ten()))
    local features = c:features(tenor.arange(30):reshape(10, 3))
    local some = c:filter(function(u) return u.session ~= "1" end)
    assert.same({ 6, 7, 8 }, some:dataset({ features = features }).train.x[1]:totable())
  end)

  it("standardizes over all rows or, clean, over the training rows", function()
    local c = assert(manifest(ten()))
    local hsf = tenor.randn(10, 3, tenor.rng(1)) * 5 + 2
    for i = 1, 10 do hsf[i][3] = 7 end
    local paper = c:dataset { features = hsf, standardize = true }
    local all = tenor.cat({ paper.train.x, paper.validation.x, paper.test.x }, 1)
    assert.truthy(all:mean(1):allclose(0, { atol = 1e-5 }))
    assert.truthy(all:std(1):allclose(tenor.tensor { 1, 1, 0 }, { atol = 1e-5 }))
    local clean = c:dataset { features = hsf, standardize = true, protocol = "clean" }
    assert.truthy(clean.train.x:mean(1):allclose(0, { atol = 1e-5 }))
    assert.truthy(clean.train.x:std(1):allclose(tenor.tensor { 1, 1, 0 }, { atol = 1e-5 }))
    local by_hand = (hsf:narrow(1, 9, 2) - clean.scaler.mean) / clean.scaler.std
    assert.truthy(clean.test.x:allclose(by_hand, { atol = 1e-6 }))
  end)

  it("refuses what it cannot do", function()
    local c = assert(manifest(ten()))
    local refused = {
      { {}, "give features, words or both" },
      { { words = 3 }, "words must be a tokenizer, got number" },
      { { words = words, labels = { "joy" } }, "unknown label 'joy'" },
      { { words = words, split = "random" }, "unknown split 'random'" },
      { { words = words, split = "own:Test9" }, "split 'own:Test9': no such test set %(test sets: test%)" },
      { { words = words, labels = {} }, "labels must be a list of names, got none" },
      { { words = words, split = "session:9" }, "no such session %(sessions: 1, 2, 3, 4, 5%)" },
      { { words = words, validation = 1 }, "validation must be a share" },
      { { words = words, protocol = "best" }, "protocol must be" },
      { { words = words, features = "x.npz" }, "must be Features or a tensor, got the path 'x.npz'; corpus:features%(path%)" },
      { { features = tenor.zeros(9, 3) }, "rows must be a tensor %(10, F%), got %(9, 3%)" },
      { { words = words, split = function() return "test" end }, "no utterance is left to train on" },
      { { words = words, splits = "own" }, "did you mean 'split'" },
    }
    for _, case in ipairs(refused) do
      assert.error_matches(function() c:dataset(case[1]) end, case[2])
    end
    local bare = assert(manifest "id,text,valence\na,x,1\nb,y,2\n")
    assert.error_matches(function() bare:split "own" end, "corpus:split: split 'own': no utterance names its split")
    assert.error_matches(function() bare:dataset { words = words, labels = { "valence" } } end,
      "needs a session for every utterance; 2 have none %(a, b%)")
  end)
end)

describe("corpus:extract", function()
  after_each(scratch.clean)

  shared.it("gives one row an utterance, and names the files it cannot read", function()
    local broken = scratch.file(".wav", "RIFF nothing")
    local lines = { "id,wav,valence,session" }
    for i = 0, 3 do
      lines[#lines + 1] = ("u%d,%s,3,%d"):format(i, shared.path(("data/speech_emotion/%02d.wav"):format(i)), i)
    end
    lines[#lines + 1] = ("u4,%s,3,0\nu5,,3,0"):format(broken)
    -- root stands before relative names only; here the shared folder may be relative to the working folder
    local c = assert(manifest(table.concat(lines, "\n"), { root = "." }))
    local seen = {}
    local x = c:extract { progress = function(done, total) seen[#seen + 1] = { done, total } end }
    assert.same({ 6, 68 }, x.tensor:shape())
    assert.same({ 6, 6 }, seen[#seen])
    assert.equal(2, #x.failures)
    assert.same({ "u4", "u5" }, { x.failures[1].id, x.failures[2].id })
    assert.matches(broken, x.failures[1].reason, 1, true)
    assert.equal("no wav", x.failures[2].reason)
    assert.matches("4 of 6 utterances, 68 numbers each", tostring(x))
    assert.same(tenor.features.extract(shared.path "data/speech_emotion/02.wav"):totable(), x.tensor[3]:totable())
    local d = c:dataset { features = x, labels = { "valence" }, validation = 0 }
    assert.same({ "u0", "u1", "u2" }, d.train.ids)
    assert.same({ ["no features"] = 1, ["no wav"] = 1 }, d.left_out.reasons)
  end)

  it("refuses unknown options", function()
    local c = assert(manifest "id\na\n")
    assert.error_matches(function() c:extract { windows = 1 } end, "did you mean 'window'")
  end)
end)

describe("tenor.data.arrays", function()
  local arrays = tenor.data.arrays
  local x, y = tenor.arange(12):reshape(6, 2), tenor.tensor { 1, 2, 3, 4, 5, 6 }

  it("makes parts of arrays and maps labels", function()
    local d = arrays { train = { x = x, y = y }, test = { x = x, y = y, ids = { "a", "b", "c", "d", "e", "f" } },
      scale = { 1, 5 }, labels = { "valence" } }
    assert.same({ { -1 }, { -0.5 }, { 0 }, { 0.5 }, { 1 }, { 1 } }, d.train.y:totable())
    assert.equal("train_1", d.train.ids[1])
    assert.equal("f", d.test.ids[6])
    assert.same({ "valence" }, d.labels)
    assert.is_nil(d.validation)
  end)

  it("cuts validation off the end as Keras does", function()
    local d = arrays { train = { x = { x, x }, y = y }, validation_split = 0.2 }
    assert.same({ 4, 2 }, { #d.train.y, #d.validation.y })
    assert.same({ { 5 }, { 6 } }, d.validation.y:totable())
    assert.same({ { 8, 9 }, { 10, 11 } }, d.validation.x[2]:totable())
    assert.same({ "train_5", "train_6" }, d.validation.ids)
  end)

  it("refuses what does not fit", function()
    local spoilt = x:copy()
    spoilt[3][2] = 0 / 0
    local refused = {
      { {}, "train must be a table" },
      { { train = { x = x } }, "train%.y must be a tensor %(N, k%), got nil" },
      { { train = { y = y } }, "train%.x must be a tensor or a list of tensors, got nil" },
      { { train = { x = x:narrow(1, 1, 5), y = y } }, "train%.x has 5 rows, train%.y has 6" },
      { { train = { x = { x, x:narrow(1, 1, 5) }, y = y } }, "train%.x%[2%] has 5 rows" },
      { { train = { x = spoilt, y = y } }, "train%.x: row 3, column 2 is nan" },
      { { train = { x = x, y = spoilt } }, "train%.y: row 3, column 2 is nan" },
      { { train = { x = x, y = y, z = 1 } }, "unknown field 'z'" },
      { { train = { x = x, y = y, ids = { "a" } } }, "ids must be a list of 6 names" },
      { { train = { x = x, y = y }, labels = { "a", "b" } }, "has 1 columns, labels names 2" },
      { { train = { x = x, y = y }, test = { x = y, y = y } },
        "test%.x must be %w+ %(N, 2%) as train%.x, got %w+ %(N%)" },
      { { train = { x = x, y = y }, test = { x = x, y = x } }, "test%.y has 2 columns, train%.y has 1" },
      { { train = { x = x, y = y }, scale = { 1 } }, "scale must be" },
      { { train = { x = x, y = y }, trains = {} }, "did you mean 'train'" },
    }
    for _, case in ipairs(refused) do
      assert.error_matches(function() arrays(case[1]) end, case[2])
    end
  end)
end)
