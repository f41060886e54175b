--- MSP-Podcast as released: a generated tree, and what breaks it.
local fs = require "tenor.fs"
local msp_podcast = require "spec.support.msp_podcast"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local function write(path, bytes)
  assert(fs.make_folder(path:match "^(.*)/"))
  assert(fs.write(path, bytes))
end

describe("An MSP-Podcast release", function()
  after_each(shell.clean)

  for _, how in ipairs { { labels = "csv" }, { labels = "json", audio = "Audio" } } do
    it("with labels in " .. how.labels .. " gives exactly its utterances", function()
      local folder = shell.folder()
      local expected = msp_podcast.write(folder .. "/release", how)
      local corpus = assert(tenor.corpus.msp_podcast(folder .. "/release"))
      assert.same(expected.utterances, corpus.utterances)
      assert.same({ 1, 7 }, corpus.scale)
      assert.equal(expected.missing.wav, corpus.notes.counts["no wav"])
      assert.equal(expected.missing.text, corpus.notes.counts["no transcript"])
      assert.equal(3, corpus.notes.counts["no label"])
      assert.equal(30, #assert(tenor.corpus.open("msp_podcast:" .. folder)))
      assert.equal(30, #assert(tenor.corpus.open(corpus.source)))
      assert.matches("2%.9 seconds of speech in 29 files", tostring(corpus))
      assert.is_true(corpus:write(folder .. "/m.csv"))
      assert.same(corpus.utterances, assert(tenor.corpus.manifest(folder .. "/m.csv", { scale = { 1, 7 } })).utterances)
    end)
  end

  it("is split as it says, with all test sets or one", function()
    local folder = shell.folder()
    msp_podcast.write(folder)
    local corpus = assert(tenor.corpus.msp_podcast(folder))
    local words = tenor.text.Tokenizer()
    local function sizes(split, labels)
      local d = corpus:dataset { words = words, split = split, labels = labels }
      return { #d.train.ids, #d.validation.ids, #d.test.ids }, d.left_out.reasons, d
    end
    local counts, reasons, d = sizes "own"
    assert.same({ 14, 6, 5 }, counts)
    assert.same({ ["no text"] = 2, ["no valence"] = 3 }, reasons)
    assert.same({ train = 15, validation = 6, test = 9 }, corpus:split("own"):counts())
    assert.equal("own", d.split)
    counts, reasons = sizes "own:Test2"
    assert.equal(2, counts[3])
    assert.equal(3, reasons["no split"])
    assert.error_matches(function() sizes "own:Test9" end, "no such test set %(test sets: Test1, Test2%)")
  end)

  local header = "FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set\n"
  local broken = {
    { "csv", "a label that is no number", header .. "a.wav,N,1,x,3,1,Male,Train\n", ":2: EmoVal: expected a number, got 'x'" },
    { "csv", "a NaN", header .. "a.wav,N,nan,2,3,1,Male,Train\n", ":2: EmoAct: expected a number, got 'nan'" },
    { "csv", "an unknown set", header .. "a.wav,N,1,2,3,1,Male,Trian\n", ":2: Split_Set: expected Train, .*got 'Trian'" },
    { "csv", "a file twice", header .. "a.wav,N,1,2,3,1,Male,Train\nb.wav,,,,,,,\na.wav,N,1,2,3,1,Male,Train\n",
      ":4: 'a' stands at .*labels_consensus%.csv:2 already" },
    { "csv", "no file name", header .. ",N,1,2,3,1,Male,Train\n", ":2: FileName is empty" },
    { "csv", "a path for a name", header .. "../a.wav,N,1,2,3,1,Male,Train\n", ":2: FileName: expected a name without folders" },
    { "csv", "a column short", "FileName,EmoClass,EmoAct,EmoVal,SpkrID,Gender\n", ":1: the header lacks EmoDom, Split_Set" },
    { "csv", "a short line", header .. "a.wav,N,1\n", ":2: 3 fields, but the header has 8" },
    { "csv", "an open quote", header .. 'a.wav,"N,1,2,3,1,Male,Train\n', ":2: a quoted field opens here" },
    { "csv", "no line", header, ": holds no utterance" },
    { "csv", "nothing", "", ": is empty" },
    { "json", "no JSON", '{"a.wav": {\n"EmoAct": }}', ":? ?.*line 2" },
    { "json", "a number for an entry", '{"a.wav": 3}', ": 'a.wav': expected an object of labels, got 3" },
    { "json", "a list for an entry", '{"a.wav": []}', ": 'a.wav': expected an object of labels, got a list" },
    { "json", "a text for an entry", '{"a.wav": "\\u001b[31m' .. ("x"):rep(200) .. '"}', ": 'a.wav': [^%c]+%?%[31mx+%.%.%.$" },
    { "json", "an object for a name", '{"a.wav": {"FileName": {}}}', ": 'a.wav': FileName: expected text .* got a table" },
    { "json", "a list for a speaker", '{"a.wav": {"SpkrID": [1]}}', ": 'a.wav': SpkrID: expected text or a number, got a table" },
    { "json", "a truth for an emotion", '[{"EmoClass": true}]', ": entry 1: EmoClass: .* got a boolean" },
    { "json", "a name twice", '[{"FileName": "a.wav"}, {"FileName": "a.wav"}]', ": entry 2: 'a' stands at .*: entry 1 already" },
    { "json", "a string for the whole", '"a.wav"', ": expected an object of file names" },
    { "json", "a label in words", '{"a.wav": {"EmoAct": "high"}}', ": 'a.wav': EmoAct: expected a number, got 'high'" },
    { "json", "nothing in it", "{}", ": holds no utterance" },
  }
  for _, case in ipairs(broken) do
    it("with " .. case[2] .. " in its " .. case[1] .. " is refused with its place", function()
      local folder = shell.folder()
      write(("%s/Labels/labels_consensus.%s"):format(folder, case[1]), case[3])
      local c, why = tenor.corpus.msp_podcast(folder)
      assert.is_nil(c)
      assert.matches("^/.*/Labels/labels_consensus%." .. case[1] .. case[4], why)
    end)
  end

  it("mends stray bytes in transcripts and refuses what is no text", function()
    local folder = shell.folder()
    write(folder .. "/Labels/labels_consensus.csv", header .. "a.wav,N,8,0.5,3,1,Male,Train\n")
    write(folder .. "/Transcripts/a.txt", "\xEF\xBB\xBF caf\xE9\n\n it\x92s \x9D\n") -- 9D is no letter
    local c = assert(tenor.corpus.msp_podcast(folder))
    assert.equal("café it’s \u{FFFD}", c.utterances[1].text)
    assert.equal(3, c.notes.counts.stray)
    assert.same({ arousal = 8, valence = 0.5 }, c.utterances[1].clipped)
    write(folder .. "/Transcripts/a.txt", "a\0b")
    assert.matches("Transcripts/a%.txt: holds zero bytes", select(2, tenor.corpus.msp_podcast(folder)))
  end)

  it("is told what is missing", function()
    local folder = shell.folder()
    local function why(path, o) return select(2, tenor.corpus.msp_podcast(path, o)) end
    assert.matches("/nowhere: no such file", why "/nowhere")
    assert.matches("holds no folder Labels", why(folder))
    assert(fs.make_folder(folder .. "/Labels"))
    assert.matches("Labels: holds neither labels_consensus%.csv nor labels_consensus%.json", why(folder))
    assert.matches("labels_consensus%.json: No such file", why(folder, { labels = "json" }))
    assert.error_matches(function() why(folder, { labels = "xml" }) end, "labels must be 'csv' or 'json', got 'xml'")
    assert.error_matches(function() why() end, "root must be a string, got nil")
  end)
end)
