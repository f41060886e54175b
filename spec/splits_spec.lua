--- Folds, proofs of who speaks where, and the two protocols.
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local function manifest(lines) return assert(tenor.corpus.manifest(scratch.file(".csv", table.concat(lines, "\n")))) end

-- Dialogues of two speakers a session: sessions 1 to 4 of 10 utterances, session 5 of 8.
local function dyadic(without)
  local lines = { "id,text,valence,session,speaker" }
  for session = 1, 5 do
    for i = 1, session == 5 and 8 or 10 do
      lines[#lines + 1] = ("s%d_%02d,common word%d%s,%g,%s,%s"):format(session, i, session,
        i == 3 and " so long a sentence" or "", 1 + i % 5, without == "session" and "" or session,
        without == "speaker" and "" or ("p%d%s"):format(session, i % 2 == 0 and "f" or "m"))
    end
  end
  return manifest(lines)
end

-- Speakers of very different sizes.
local function uneven()
  local lines = { "id,text,valence,speaker" }
  for speaker = 1, 12 do
    for i = 1, speaker * speaker do lines[#lines + 1] = ("p%02d_%03d,x,%g,p%d"):format(speaker, i, 1 + i % 5, speaker) end
  end
  return manifest(lines)
end

local function set(list)
  local out = {}
  for _, value in ipairs(list) do out[value] = true end
  return out
end

describe("Folds", function()
  after_each(scratch.clean)

  it("leave each session or speaker out once", function()
    local c = dyadic()
    for _, case in ipairs { { "session", 5 }, { "speaker", 10 } } do
      local folds, tested = c:folds(case[1]), {}
      assert.equal(case[2], #folds)
      for _, fold in ipairs(folds) do
        local d = c:dataset { words = tenor.text.Tokenizer(), labels = { "valence" }, split = fold, protocol = "clean" }
        for _, id in ipairs(d.test.ids) do
          assert.is_nil(tested[id])
          tested[id] = true
        end
        assert.is_true(fold:proof():apart("train", "test"))
        assert.is_true(d.speakers.ok)
        assert.equal(fold.name, d.split)
      end
      for _, u in ipairs(c.utterances) do assert.is_true(tested[u.id]) end
    end
    assert.equal("session:3", c:folds("session")[3].spec)
  end)

  it("leave each utterance out once, whoever speaks", function()
    local c = dyadic "speaker"
    local folds = c:folds "utterance"
    assert.equal(48, #folds)
    for i, u in ipairs(c.utterances) do
      assert.same({ train = 47, validation = 0, test = 1 }, folds[i]:counts())
      assert.equal("test", folds[i]:part(u))
      assert.equal("utterance:" .. u.id, folds[i].name)
    end
    assert.equal("test", c:split("utterance:s2_03"):part(c.utterances[13]))
    local tests = 0
    for _, fold in ipairs(c:folds { kfold = 5, by = "utterance" }) do tests = tests + fold:counts().test end
    assert.equal(48, tests)
    assert.error_matches(function() c:split "utterance:s9" end,
      "no such utterance %(utterances: s1_01, s1_02, .*s2_06 and 32 more%)$")
  end)

  it("of k deal whole speakers, each once, evenly and the same for the same seed", function()
    local c = uneven()
    local function deal(seed)
      local tests, sizes = {}, {}
      for i, fold in ipairs(c:folds { kfold = 4, seed = seed }) do
        assert.is_true(fold:proof().ok)
        sizes[i] = fold:counts().test
        for _, u in ipairs(c.utterances) do
          if fold:part(u) == "test" then
            assert.is_nil(tests[u.id])
            tests[u.id] = i
          end
        end
      end
      assert.equal(4, #sizes)
      for _, u in ipairs(c.utterances) do assert.is_truthy(tests[u.id]) end
      return tests, sizes
    end
    local one, sizes = deal(1)
    assert.same(one, deal(1))
    assert.not_same(one, deal(2))
    -- 650 utterances in four: the largest speaker has 144
    for _, size in ipairs(sizes) do assert.is_true(size >= 130 and size <= 200) end
  end)

  it("are the same by their spec, which is a plain table", function()
    local c = dyadic()
    local fold = c:folds({ kfold = 3, by = "session", seed = 7 })[2]
    assert.same({ kfold = 3, fold = 2, by = "session", seed = 7 }, fold.spec)
    local words = tenor.text.Tokenizer()
    local by_spec = c:dataset { words = words, labels = { "valence" }, split = fold.spec }
    assert.same(c:dataset({ words = words, labels = { "valence" }, split = fold }).test.ids, by_spec.test.ids)
    assert.equal("session, fold 2 of 3", by_spec.split)
    assert.matches("^Split session, fold 2 of 3: train %d+, test %d+\nspeakers: train %d, test %d\nno speaker", tostring(fold))
  end)

  it("refuse what they cannot do", function()
    local c, unknown = dyadic(), dyadic "speaker"
    local refused = {
      { c, "dialogue", "expected 'session', 'speaker', 'utterance' or { kfold = k, by =, seed = }, got 'dialogue'" },
      { c, nil, "got nil" },
      { c, { kfold = 11 }, "kfold must be a whole number from 2 to the number of speakers, 10, got 11" },
      { c, { kfold = 2.5 }, "kfold must be a whole number" },
      { c, {}, "kfold must be a whole number" },
      { c, { kfold = 2, by = "id" }, "by must be 'speaker', 'session' or 'utterance', got 'id'" },
      { c, { kfold = 2, seed = "x" }, "seed must be a whole number, got x" },
      { c, { k = 2 }, "unknown option 'k'" },
      { unknown, "speaker", "needs a speaker for every utterance; 48 have none %(s1_01, s1_02, s1_03, ...%); corpus:filter" },
      { unknown, { kfold = 2 }, "needs a speaker for every utterance" },
    }
    for _, case in ipairs(refused) do
      assert.error_matches(function() case[1]:folds(case[2]) end, case[3])
    end
    local line = debug.getinfo(1, "l").currentline + 1
    local _, why = pcall(function() c:dataset { words = tenor.text.Tokenizer(), split = "papers" } end)
    assert.matches("splits_spec.lua:" .. line .. ": corpus:dataset: unknown split 'papers'", why)
    assert.error_matches(function() c:split { kfold = 2 } end, "corpus:split: fold must be a whole number from 1 to 2, got nil")
    assert.error_matches(function() c:split "papers" end, "unknown split 'papers'")
    assert.error_matches(function() c:split(function() return "dev" end) end, "gave 'dev' for s1_01")
  end)
end)

describe("The proof of a split", function()
  after_each(scratch.clean)

  it("says who is on two sides", function()
    local c = dyadic()
    local d = c:dataset { words = tenor.text.Tokenizer(), labels = { "valence" } }
    local proof = d.speakers
    assert.is_true(proof:apart("train", "test"))
    assert.is_true(proof:apart("test", "validation"))
    local apart, shared = proof:apart("train", "validation")
    assert.is_false(apart)
    assert.same({ "p4f", "p4m" }, shared)
    assert.is_false(proof.ok)
    assert.same({ p5f = 4, p5m = 4 }, proof.parts.test.speakers)
    assert.equal([[
speakers: train 8, validation 2, test 2
no speaker of the test part is in training or validation
2 speakers of validation are also in training: p4f, p4m]], tostring(proof))
    assert.matches("split by paper; none left out\nspeakers: train 8", tostring(d))
    local odd = c:split(function(u) return tonumber(u.id:sub(-1)) % 3 == 0 and "test" or "train" end)
    assert.matches("10 speakers of the test part are also in training: p1f, p1m, .* and 2 more", tostring(odd:proof()))
  end)

  it("does not hold for those who are not named", function()
    local c = manifest { "id,text,valence,speaker", "a,x,1,s1", "b,x,2,", "c,x,3,s2", "d,x,4,", "e,x,5,s2" }
    local proof = c:split(function(u) return u.id < "d" and "train" or "test" end):proof()
    assert.is_false(proof:apart("train", "test"))
    assert.equal(2, proof.unproven)
    assert.matches("1 speaker of the test part is also in training: s2\nnot proven for 1 utterance of training without a speaker",
      tostring(proof))
    proof = c:split(function(u) return u.id == "a" and "train" or u.id == "b" and "test" or nil end):proof()
    assert.is_nil(proof:apart("train", "test"))
    assert.is_false(proof.ok)
    assert.equal([[
speakers: train 1, test 0
not proven for 1 utterance of the test part without a speaker]], tostring(proof))
  end)
end)

describe("The protocol", function()
  after_each(scratch.clean)

  it("paper fits scaler and vocabulary over the whole corpus and validates with the last rows", function()
    local c = dyadic()
    local hsf = tenor.randn(48, 3, tenor.rng(1))
    local words = tenor.text.Tokenizer()
    local d = c:dataset { features = hsf, words = words, labels = { "valence" }, standardize = true, protocol = "paper" }
    assert.equal("paper", d.protocol)
    assert.equal(0, words:size())
    assert.same(tenor.text.Tokenizer():fit(c:texts()):words(), d.words:words())
    assert.equal(d.words:size() + 1, d.inputs.vocabulary)
    assert.truthy(d.scaler.mean:allclose(hsf:mean(1)))
    assert.same({ 32, 8, 8 }, { #d.train.ids, #d.validation.ids, #d.test.ids })
  end)

  it("clean fits them on the training part and validates with whole sessions", function()
    local c = dyadic()
    local hsf = tenor.randn(48, 3, tenor.rng(1))
    local d = c:dataset { features = hsf, words = tenor.text.Tokenizer(), labels = { "valence" }, standardize = true,
      protocol = "clean" }
    assert.same({ 30, 10, 8 }, { #d.train.ids, #d.validation.ids, #d.test.ids })
    assert.equal("s4_01", d.validation.ids[1])
    assert.is_true(d.speakers.ok)
    local known = set(d.words:words())
    assert.is_true(known.word1 and known.word3)
    assert.is_nil(known.word4)
    assert.is_nil(known.word5)
    assert.truthy(d.scaler.mean:allclose(hsf:narrow(1, 1, 30):mean(1)))
    assert.same({ d.words:encode("common"):totable()[1] }, { d.test.x[2]:totable()[1][6] })
  end)

  it("clean takes no longer sequence than training has", function()
    local c = manifest { "id,text,valence,session,speaker", "a,x y,1,1,p1", "b,x,2,2,p2", "c,x y x y x,3,3,p3" }
    local d = c:dataset { words = tenor.text.Tokenizer(), labels = { "valence" }, protocol = "clean" }
    assert.same({ "a" }, d.train.ids)
    assert.equal(2, d.inputs.length)
    assert.same({ { 2, 1 } }, d.test.x:totable())
  end)

  it("clean holds speakers apart where sessions do not, and sessions where nobody is named", function()
    local across = manifest { "id,text,valence,session,speaker", "a,x,1,1,p1", "b,x,2,1,p2", "c,x,3,2,p1",
      "d,x,4,2,p2", "e,x,5,3,p3" }
    local function clean(c, split, validation)
      return c:dataset { words = tenor.text.Tokenizer(), labels = { "valence" }, protocol = "clean", split = split,
        validation = validation }
    end
    local d = clean(across)
    assert.same({ "b", "d" }, d.validation.ids)
    assert.is_true(d.speakers:apart("train", "validation"))
    d = clean(dyadic "speaker")
    assert.equal(10, #d.validation.ids)
    assert.equal("s4_10", d.validation.ids[10])
    assert.matches("not proven for 30 utterances of training without a speaker", tostring(d))
    d = clean(manifest { "id,text,valence", "a,x,1", "b,x,2", "c,x,3", "d,x,4", "e,x,5" }, "tail", 0.25)
    assert.same({ "d" }, d.validation.ids)
    assert.equal(0, #(clean(dyadic(), "paper", 0).validation or {}))
  end)

  it("clean leaves utterances without a speaker in training, and huge speakers too", function()
    local lines = { "id,text,valence,speaker,split" }
    for i = 1, 20 do
      lines[#lines + 1] = ("u%02d,x,%d,%s,%s"):format(i, 1 + i % 5,
        i <= 2 and "small" or i <= 14 and "huge" or i <= 17 and "mid" or "", i == 20 and "test" or "train")
    end
    local d = manifest(lines):dataset { words = tenor.text.Tokenizer(), labels = { "valence" }, protocol = "clean", split = "own" }
    assert.same({ "u15", "u16", "u17" }, d.validation.ids)
    assert.equal(16, #d.train.ids)
  end)

  it("clean refuses what would leak", function()
    local c = dyadic()
    local function clean(corpus, given)
      given.protocol, given.labels = "clean", { "valence" }
      return corpus:dataset(given)
    end
    local whole = tenor.text.Tokenizer():fit(c:texts())
    assert.error_matches(function() clean(c, { words = whole }) end,
      "2 of the tokenizer's %d+ words are not in the training part %(word4, word5%); give one that is not fitted yet")
    local part = tenor.text.Tokenizer():fit { "common word1" }
    assert.equal(part, clean(c, { words = part }).words)
    local shared = manifest { "id,text,valence,speaker,split", "a,x,1,p1,train", "b,x,2,p1,dev", "c,x,3,p2,test" }
    assert.error_matches(function() clean(shared, { words = tenor.text.Tokenizer(), split = "own" }) end,
      "the split has speakers both in training and in validation %(p1%)")
    local alone = manifest { "id,text,valence,speaker", "a,x,1,p1", "b,x,2,p1", "c,x,3,p2" }
    assert.error_matches(function() clean(alone, { words = tenor.text.Tokenizer(), split = "speaker:p2" }) end,
      "the training part has one speaker, who cannot both train and validate")
    local mute = manifest { "id,text,valence,speaker", "a,-,1,p1", "b,-,1,p3", "c,x,3,p2" }
    assert.error_matches(function() clean(mute, { words = tenor.text.Tokenizer(), split = "speaker:p2" }) end,
      "no text has a word to fit the tokenizer on")
  end)
end)

describe("corpus.open", function()
  after_each(scratch.clean)

  it("takes a source, a kind and path, or the name of a manifest", function()
    local path = scratch.file(".csv", "id,valence\nb,6\na,2\n")
    assert.equal(2, #assert(tenor.corpus.open(path)))
    assert.equal(2, #assert(tenor.corpus.open("manifest:" .. path)))
    local c = assert(tenor.corpus.open(path, { scale = { 1, 7 }, order = "file" }))
    assert.same({ kind = "manifest", path = path, options = { scale = { 1, 7 }, order = "file" } }, c.source)
    assert.same(c.utterances, assert(tenor.corpus.open(c.source)).utterances)
    assert.equal("a", assert(tenor.corpus.open(c:sorted().source)).utterances[1].id)
    assert.equal("a", assert(tenor.corpus.open(c.source, { order = "id" })).utterances[1].id)
    assert.is_nil(c:filter(function(u) return u.id == "a" end).source)
  end)

  it("fails as the reader of that kind does, and raises for what is no kind", function()
    assert.matches("/nowhere: no such file", select(2, tenor.corpus.open "iemocap:/nowhere"))
    assert.matches("No such file", select(2, tenor.corpus.open "nowhere.csv"))
    local refused = {
      { "corpus", "'corpus' names no kind of corpus; give FILE.csv, FILE.npz or one of iemocap:PATH" },
      { "iemocp:/x", "unknown kind of corpus 'iemocp' %(did you mean 'iemocap'%?%)" },
      { 3, "spec must be a string or a table" },
      { { kind = "manifest" }, "path must be a string, got nil" },
      { { kind = "x", path = "y" }, "unknown kind of corpus 'x'" },
      { { kid = "x" }, "did you mean 'kind'" },
      { { kind = "manifest", path = "y", options = 3 }, "options must be a table, got number" },
      { { kind = "iemocap", path = "y", options = { jobs = 1 } }, "corpus.iemocap: unknown option 'jobs'" },
    }
    for _, case in ipairs(refused) do
      local line
      local ok, why = pcall(function() line = debug.getinfo(1, "l").currentline + 1
        tenor.corpus.open(case[1])
      end)
      assert.is_false(ok)
      assert.matches(case[2], why)
      assert.matches("splits_spec.lua:" .. line .. ": ", why)
    end
  end)
end)

describe("corpus:write", function()
  after_each(scratch.clean)

  it("keeps quotes, line breaks, clipped labels, blank transcripts, further columns and where wavs are", function()
    local path = scratch.file(".csv", 'id,wav,text,V,note,speaker\n'
      .. 'a,x/1.wav,"He said ""hi, there""\r\nand left",7.25,,s1\nb,/abs/2.wav," ",0.1,"a, b",\nc,,,,é,\n'
      .. 'd,,\xE9t\xE9,2.3333333333333335,,\n')
    local c = assert(tenor.corpus.manifest(path))
    assert.equal("", c.utterances[2].text)
    assert.is_nil(c.utterances[3].text)
    assert.equal("été", c.utterances[4].text)
    assert.equal(2, c.notes.counts.stray)
    assert.matches(":6: 2 bytes are not UTF%-8", tostring(c.notes))
    local beside = path:gsub("%.csv$", "_again.csv")
    assert.is_true(c:write(beside))
    local again = assert(tenor.corpus.manifest(beside))
    assert.same(c.utterances, again.utterances)
    assert.same(c.extra, again.extra)
    assert.matches("^id,wav,text,valence,speaker,note\na,x/1%.wav,", scratch.read(beside))
    assert.is_true(again:write(beside .. "2"))
    finally(function() os.remove(beside); os.remove(beside .. "2") end)
    assert.equal(scratch.read(beside), scratch.read(beside .. "2"))
  end)

  it("fails with the file's name and raises for misuse", function()
    local c = manifest { "id", "a" }
    assert.matches("/nowhere/x%.csv: no such file", select(2, c:write "/nowhere/x.csv"))
    assert.error_matches(function() c:write() end, "path must be a string, got nil")
  end)
end)
