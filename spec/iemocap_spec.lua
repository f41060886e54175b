--- IEMOCAP as released: a generated tree with every oddity, and what breaks it.
local fs = require "tenor.fs"
local iemocap = require "spec.support.iemocap"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local function write(path, bytes)
  assert(fs.make_folder(path:match "^(.*)/"))
  assert(fs.write(path, bytes))
end

describe("An IEMOCAP release", function()
  local folder, expected, corpus

  setup(function()
    folder = shell.folder()
    expected = iemocap.write(folder .. "/IEMOCAP_full_release")
    corpus = assert(tenor.corpus.iemocap(folder .. "/IEMOCAP_full_release"))
  end)
  teardown(shell.clean)

  local function ids(list)
    local out = {}
    for i, u in ipairs(list) do out[i] = u.id end
    return out
  end

  it("gives exactly its labelled utterances, in the order of their ids", function()
    assert.same(ids(expected.utterances), ids(corpus.utterances))
    for i, u in ipairs(corpus.utterances) do
      local clipped = u.clipped
      u.clipped = nil
      assert.same(expected.utterances[i], u)
      u.clipped = clipped
    end
  end)

  it("tells the speaker by the last part of the id, not by the dialogue's name", function()
    for _, u in ipairs(corpus.utterances) do
      if u.id == "Ses01F_impro01_M000" then assert.equal("Ses01M", u.speaker) end
      if u.id == "Ses05M_script01_1b_F001" then assert.equal("Ses05F", u.speaker) end
    end
  end)

  it("counts what it left out, mended and missed, each with its place", function()
    assert.same({
      unlabelled = 46, unstamped = expected.unstamped, stray = expected.strays, ["no wav"] = expected.missing,
    }, corpus.notes.counts)
    local text = tostring(corpus.notes)
    assert.matches("Session1/dialog/transcriptions/Ses01F_impro01%.txt:%d+: 'Ses01F_impro01_FXX0' has no label", text)
    assert.matches("Ses02F_impro02%.txt:3: 4 bytes are not UTF%-8", text)
    assert.matches("Session5/sentences/wav/Ses05F_impro05: 1 of 13 wavs are missing %(Ses05F_impro05_M001%.wav%)", text)
    assert.matches("no utterance and no time stamp: 'M: %[LAUGHTER%]'", text)
  end)

  it("prints itself as a summary, with hours and notes", function()
    local text = tostring(corpus)
    assert.matches("^Corpus IEMOCAP: 110 utterances\n  5 sessions: 1 %(18%), 2 %(20%)", text)
    assert.matches("10 speakers: Ses01F %(10%), Ses01M %(8%)", text)
    assert.matches("seconds of speech in 109 files\n", text)
    assert.matches("note: 46 transcript lines without a label left out\n", text)
    assert.matches("note: 4 stray bytes read as Windows%-1252\n", text)
    assert.matches("note: 1 wav missing$", text)
    assert.equal(0, (select(2, corpus:hours())))
  end)

  it("is split as the paper splits it", function()
    local d = corpus:dataset { words = tenor.text.Tokenizer(), split = "paper" }
    assert.same({ 67, 17, 26 }, { #d.train.ids, #d.validation.ids, #d.test.ids })
    assert.equal(expected.utterances[84].id, d.validation.ids[17])
    assert.equal("Ses05F_impro05_F000", d.test.ids[1])
    assert.equal(0, d.left_out.count)
  end)

  it("opens by the folder above and by its source", function()
    local above = assert(tenor.corpus.iemocap(folder .. "/"))
    assert.equal(110, #above)
    assert.matches("the sessions are in .*/IEMOCAP_full_release", tostring(above.notes))
    assert.same({ kind = "iemocap", path = folder .. "/IEMOCAP_full_release", options = {} }, corpus.source)
    assert.equal(110, #assert(tenor.corpus.open(corpus.source)))
    assert.equal(110, #assert(tenor.corpus.open("iemocap:" .. folder)))
  end)

  it("is the same from the manifest that it writes", function()
    local path = folder .. "/as manifest.csv"
    assert.is_true(corpus:write(path))
    local again = assert(tenor.corpus.manifest(path))
    assert.same(corpus.utterances, again.utterances)
    assert.same(corpus.extra, again.extra)
    assert.same(corpus:labels():totable(), again:labels():totable())
  end)

  it("without a session, a wav folder or transcripts says so in its notes", function()
    local copy = shell.folder()
    assert(shell.run(("cp -r '%s/IEMOCAP_full_release/.' '%s' && cd '%s' && rm -r Session3 Session1/sentences "
      .. "Session2/dialog/transcriptions Session4/dialog/transcriptions/Ses04F_impro04.txt"):format(folder, copy, copy)))
    local c = assert(tenor.corpus.iemocap(copy))
    assert.equal(88, #c)
    assert.equal(1, c.notes.counts.session)
    assert.equal(18 + 1, c.notes.counts["no wav"])
    assert.equal(20 + 12, c.notes.counts["no transcript"])
    assert.matches("Session3 is missing", tostring(c.notes))
    assert.matches("Ses02F_impro02%.txt:3: 'Ses02F_impro02_F000' has no transcript", tostring(c.notes))
    assert.matches("missing: wav %(19%), text %(32%)", tostring(c))
  end)

  it("of the release's size gives the paper's counts", function()
    local large = shell.folder()
    local wanted = iemocap.write_large(large)
    local c = assert(tenor.corpus.iemocap(large))
    local d = c:dataset { words = tenor.text.Tokenizer() }
    assert.equal(wanted.utterances, #c)
    assert.equal(wanted.train, #d.train.ids + #d.validation.ids)
    assert.equal(1574, #d.validation.ids)
    assert.equal(wanted.test, #d.test.ids)
    assert.equal(wanted.words, d.words:size())
  end)
end)

describe("A broken IEMOCAP tree", function()
  local labels = "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"
  local spoken = "Session1/dialog/transcriptions/Ses01F_impro01.txt"
  local good = "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]\n"
  after_each(shell.clean)

  local function tree(label_text, transcript_text)
    local root = shell.folder()
    write(root .. "/" .. labels, label_text)
    write(root .. "/" .. spoken, transcript_text or "Ses01F_impro01_F000 [006.2901-008.2357]: Excuse me.\n")
    return root
  end

  local function head(line) return "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n" .. line end

  local broken_labels = {
    { "two labels", head "[6.2 - 8.2]\tSes01F_impro01_F000\tneu\t[2.5, 2.5]\n", ":3: expected three labels, got '2.5, 2.5'" },
    { "four labels", head "[6.2 - 8.2]\tSes01F_impro01_F000\tneu\t[2.5, 2.5, 1, 1]\n", ":3: expected three labels" },
    { "a label that is no number", head "[6.2 - 8.2]\tSes01F_impro01_F000\tneu\t[2.5, high, 2.5]\n",
      ":3: arousal: expected a number, got 'high'" },
    { "a NaN", head "[6.2 - 8.2]\tSes01F_impro01_F000\tneu\t[nan, 2, 2.5]\n", ":3: valence: expected a number, got 'nan'" },
    { "an infinite label", head "[6.2 - 8.2]\tSes01F_impro01_F000\tneu\t[1e999, 2, 2.5]\n", ":3: valence" },
    { "an empty label", head "[6.2 - 8.2]\tSes01F_impro01_F000\tneu\t[2, 2, ]\n", ":3: dominance: expected a number, got ''" },
    { "no emotion", head "[6.2 - 8.2]\tSes01F_impro01_F000\t[2, 2, 2]\n", ":3: expected '%[start %- end%]<TAB>id" },
    { "a lost bracket", head "6.2 - 8.2\tSes01F_impro01_F000\tneu\t[2, 2, 2]\n", ":3: expected '%[start %- end%]<TAB>id" },
    { "a line cut short", head "[6.2 - 8.2]\tSes01F_impro01_F000\tneu\t[2.5, 2.", ":3: expected '%[start %- end%]<TAB>id" },
    { "a time that is no number", head "[6.2 - end]\tSes01F_impro01_F000\tneu\t[2, 2, 2]\n",
      ":3: start and end must be numbers, got '6.2' and 'end'" },
    { "an id without a speaker", head "[6.2 - 8.2]\tSes01F_impro01\tneu\t[2, 2, 2]\n",
      ":3: the id 'Ses01F_impro01' is not of the form" },
    { "an id of another kind", head "[6.2 - 8.2]\tturn_1\tneu\t[2, 2, 2]\n", ":3: the id 'turn_1' is not of the form" },
    { "an utterance twice", head(good .. good), ":4: 'Ses01F_impro01_F000' was labelled at .*Ses01F_impro01%.txt:3 already" },
    { "no label at all", head "", ": holds no label" },
    { "an empty file", "", ": holds no label" },
    { "zero bytes", "\0\0\0\0", ": holds zero bytes" },
    { "UTF-16", "\xFF\xFE[\0", ": is UTF%-16" },
  }
  for _, case in ipairs(broken_labels) do
    it("with " .. case[1] .. " in a label file is refused with file and line", function()
      local c, why = tenor.corpus.iemocap(tree(case[2]))
      assert.is_nil(c)
      assert.matches("^/.*/Session1/dialog/EmoEvaluation/Ses01F_impro01%.txt" .. case[3], why)
    end)
  end

  local broken_transcripts = {
    { "an open time stamp", "\nSes01F_impro01_F000 [006.2901-008.2357: Excuse me.\n", ":2: expected 'id %[start%-end%]: text'" },
    { "zero bytes", "Ses01F\0", ": holds zero bytes" },
    { "UTF-16", "\xFE\xFF\0S", ": is UTF%-16" },
  }
  for _, case in ipairs(broken_transcripts) do
    it("with " .. case[1] .. " in a transcript is refused with file and line", function()
      local c, why = tenor.corpus.iemocap(tree(good, case[2]))
      assert.is_nil(c)
      assert.matches("^/.*/Session1/dialog/transcriptions/Ses01F_impro01%.txt" .. case[3], why)
    end)
  end

  it("whose lines name an utterance without a time stamp keeps the text and notes it", function()
    local c = assert(tenor.corpus.iemocap(tree(good, "Ses01F_impro01_F000: Excuse me.\r\rF: Oh.\n")))
    assert.equal("Excuse me.", c.utterances[1].text)
    assert.equal(2, c.notes.counts.unstamped)
    c = assert(tenor.corpus.iemocap(tree(good, "Ses01F_impro01_F000 [1-2]: Stamped.\nSes01F_impro01_F000: Not.\n")))
    assert.equal("Stamped.", c.utterances[1].text)
  end)

  it("whose time stamps are odd keeps the texts, which do not hang on them", function()
    local c = assert(tenor.corpus.iemocap(tree(good, "Ses01F_impro01_F000 [006.2901]: Excuse me.\n")))
    assert.equal("Excuse me.", c.utterances[1].text)
    assert.matches(":1: the time stamp %[006.2901%] of 'Ses01F_impro01_F000' is not two numbers", tostring(c.notes))
    assert.matches("note: 1 time stamp not two numbers", tostring(c))
    c = assert(tenor.corpus.iemocap(tree(good, "Ses01F_impro01_F000 [006.2901-008.2357] Excuse me.\n")))
    assert.equal("Excuse me.", c.utterances[1].text)
    assert.matches(":1: no colon after the time stamp of 'Ses01F_impro01_F000'", tostring(c.notes))
  end)

  it("whose transcript says an utterance twice takes the last and notes it", function()
    local c = assert(tenor.corpus.iemocap(tree(good, "Ses01F_impro01_F000 [1-2]: One.\nSes01F_impro01_F000 [1-2]: Two.\n")))
    assert.equal("Two.", c.utterances[1].text)
    assert.matches(":2: 'Ses01F_impro01_F000' was on line 1 already with another text", tostring(c.notes))
  end)

  it("whose utterance stands in another dialogue or session notes it", function()
    local c = assert(tenor.corpus.iemocap(tree((good:gsub("01_F000", "02_M000"):gsub("Ses01", "Ses02")))))
    assert.equal("Ses02M", c.utterances[1].speaker)
    assert.equal(1, c.notes.counts.elsewhere)
  end)

  it("whose names a terminal would obey shows none of them", function()
    local root = shell.folder()
    local id = "Ses01F_\27[2J_F000"
    write(root .. "/\27[2J/Session1/dialog/EmoEvaluation/Ses01F_\27[2J.txt", "[1 - 2]\t" .. id .. "\tneu\t[1, 1, 1]\n"
      .. "[1 - 2]\tSes01F_\u{9B}_F000\tneu\t[1, 1, 1]\n")
    local c = assert(tenor.corpus.iemocap(root))
    assert.equal(id, c.utterances[1].id)
    for _, note in ipairs(c.notes) do assert.is_nil(note.message:find "[\27\u{9B}]") end
    assert.is_nil(tostring(c.notes):find "\27")
    write(root .. "/\27[2J/Session1/dialog/EmoEvaluation/Ses01F_\27[2J.txt", "[1\n")
    local _, why = tenor.corpus.iemocap(root)
    assert.matches("Ses01F_%?%[2J%.txt:1: expected", why)
    assert.is_nil(why:find "%c")
    assert(fs.make_folder(root .. "/\27a/Session1"))
    assert.matches("several folders hold sessions, give one of them: [^%c]*$", select(2, tenor.corpus.iemocap(root)))
  end)

  it("is told what is missing", function()
    local root = shell.folder()
    local function why(path) return select(2, tenor.corpus.iemocap(path or root)) end
    assert.matches("/nowhere: no such file", why "/nowhere")
    assert.matches("holds no Session1 to Session5", why())
    assert(fs.make_folder(root .. "/Session1"))
    assert.matches("/Session1/dialog/EmoEvaluation: no such file", why())
    assert(fs.make_folder(root .. "/Session1/dialog/EmoEvaluation"))
    assert.matches("/Session1/dialog/EmoEvaluation: holds no label files", why())
    assert.matches("Session1: is one session; give the folder that holds", why(root .. "/Session1"))
    local outer = shell.folder()
    assert(fs.make_folder(outer .. "/a/Session1"))
    assert(fs.make_folder(outer .. "/b/Session1"))
    assert.matches("several folders hold sessions, give one of them: .*/a, .*/b", why(outer))
    write(root .. "/file", "x")
    assert.matches("/file: not a directory", why(root .. "/file"))
    assert.error_matches(function() tenor.corpus.iemocap(3) end, "root must be a string, got number")
    assert.error_matches(function() tenor.corpus.iemocap(root, { scale = { 1, 5 } }) end, "unknown option 'scale'")
  end)
end)
