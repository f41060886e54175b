local tenor = require "tenor"
local csv = require "tenor.csv"
local fs = require "tenor.fs"
local archive = require "spec.support.archive"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local waves = require "spec.support.waves"
require "spec.support.assertions"

-- Four utterances: one is broken, one has a transcript without words, labels and texts are missing here and there.
local function corpus()
  local folder = shell.folder()
  local paths = waves.write(folder, 4, 0)
  assert(fs.write(paths[3], "nothing"))
  local path = folder .. "/manifest.csv"
  assert(csv.write(path, { "id", "wav", "text", "valence", "arousal", "session", "speaker", "split" }, {
    { id = "d", wav = paths[1], text = "well, hello", valence = 2.5, arousal = 3, session = "1", speaker = "A", split = "train" },
    { id = "b", wav = paths[2], text = " ", valence = 7, session = "1", speaker = "B" },
    { id = "c", wav = paths[3], arousal = 1, session = "2", speaker = "Ä" },
    { id = "a", wav = paths[4], text = "naïve", valence = 1, arousal = 2, session = "2", speaker = "A", split = "test" },
  }))
  return assert(tenor.corpus.manifest(path)), folder
end

describe("Features in an .npz", function()
  local c, folder, features, path
  before_each(function()
    c, folder = corpus()
    features = c:extract { progress = "silent" }
    path = folder .. "/features.npz"
    assert(features:save(path))
  end)
  after_each(shell.clean)
  after_each(scratch.clean)

  it("are a corpus with all that the other one knew, its features at hand", function()
    for _, d in ipairs { assert(tenor.corpus.npz(path)), assert(tenor.corpus.open("npz:" .. path)),
      assert(tenor.corpus.open(path)) } do
      for i, u in ipairs(c.utterances) do
        local v = d.utterances[i]
        for _, name in ipairs { "id", "wav", "text", "valence", "arousal", "dominance", "session", "speaker", "split" } do
          assert.equal(u[name], v[name])
        end
      end
      assert.same(c.scale, d.scale)
      local g = d:features()
      assert.same(features.tensor:totable(), g.tensor:totable())
      assert.same(features.ids, g.ids)
      assert.same(features.names, g.names)
      assert.same(features.options, g.options)
      assert.equal(1, #g.failures)
      assert.equal("c", g.failures[1].id)
      assert.matches("not a readable audio file", g.failures[1].reason)
      assert.is_nil(g:row "c")
      assert.same({ "npz", path }, { d.source.kind, d.source.path })
    end
  end)

  it("serve a part of that corpus, and train as those that were extracted", function()
    local d = assert(tenor.corpus.npz(path))
    local part = d:filter(function(u) return u.session == "2" end)
    local g = part:features()
    assert.same({ "a", "c" }, g.ids)
    assert.same({}, g.notes)
    assert.same(features.tensor[1]:totable(), g.tensor[1]:totable())
    local o = { labels = { "valence" }, split = function() return "train" end, validation = 0 }
    o.features = features
    local one = c:dataset(o)
    o.features = d:features()
    local two = d:dataset(o)
    assert.same(one.train.x:totable(), two.train.x:totable())
    assert.same(one.train.y:totable(), two.train.y:totable())
    assert.same(one.train.ids, two.train.ids)
  end)

  it("are found by id, or by the name of a file, for any corpus", function()
    local g = assert(c:features(path))
    assert.same(features.tensor:totable(), g.tensor:totable())
    assert.equal(features.failures[1].reason, g.failures[1].reason)
    local x = tenor.randn(3, 5, tenor.rng(1))
    local other = folder .. "/other.npz"
    assert(tenor.save(other, { x = x, utt = { "/somewhere/a.wav", "d", "z.wav" } }))
    g = assert(c:features(other, { features = "x", ids = "utt" }))
    assert.same({ 4, 5 }, g.tensor:shape())
    assert.same({ x[1]:totable(), x[2]:totable() }, { g.tensor[g:row "a"]:totable(), g.tensor[g:row "d"]:totable() })
    assert.equal("no row in " .. other, g.failures[1].reason)
    assert.same({ other .. ": 1 row is of no utterance of the corpus" }, g.notes)
  end)

  it("are written as NumPy has them", function()
    if not scratch.numpy() then return end
    local out = scratch.python(([==[
import numpy as np, json
f = np.load(%q)
x = f["features"]
print(x.shape, x.dtype.kind, list(f["ids"]), np.isnan(x).all(axis=1).tolist(), np.isnan(x).any(axis=1).tolist())
print(f["labels"].tolist(), list(f["label_names"]), f["scale"].tolist())
print(list(f["speaker"]), list(f["text"]))
print(f["names"][0], f["names"][67], json.loads(str(f["options"][0]))["window"])
]==]):format(path))
    assert.equal([==[
(4, 68) f ['a', 'b', 'c', 'd'] [False, False, True, False] [False, False, True, False]
[[1.0, 2.0], [5.0, nan], [nan, 1.0], [2.5, 3.0]] ['valence', 'arousal'] [1.0, 5.0]
['A', 'B', 'Ä', 'A'] ['naïve', ' ', '', 'well, hello']
mean_zcr std_chroma_std 0.025
]==], (out:gsub("np%.str_%(('.-')%)", "%1")))
  end)

  it("of one set of options are the same bytes every time", function()
    local before = fs.read(path)
    assert(c:extract { progress = "silent" }:save(path))
    assert.is_true(before == fs.read(path))
  end)

  it("extracts from the wavs that it names, and says so where it names none", function()
    local d = assert(tenor.corpus.npz(path))
    assert.same(features.tensor:totable(), d:extract { progress = "silent" }.tensor:totable())
    local bare = folder .. "/bare.npz"
    assert(tenor.save(bare, { features = tenor.zeros(2, 3), ids = { "a", "b" } }))
    d = assert(tenor.corpus.npz(bare))
    assert.raises("corpus:extract: no utterance has a wav; corpus:features() gives the features that came with the corpus",
      function() d:extract() end)
  end)

  it("of anyone's making are read by the names that they have", function()
    local other = folder .. "/other.npz"
    assert(tenor.save(other, { X = tenor.tensor({ { 1, 2 }, { 3, 4 } }, "int32"), utt = tenor.tensor({ 12, 7 }, "int32"),
      y = tenor.tensor { { 1, 0 / 0 }, { 3, 2 } }, who = { "p", "" }, words = { "x", "y" } }))
    local d = assert(tenor.corpus.npz(other, { features = "X", ids = "utt", labels = "y", text = "words", speaker = "who",
      label_names = { "arousal", "valence" }, scale = { 0, 4 }, order = "file" }))
    assert.same({ { id = "12", text = "x", speaker = "p", arousal = 1 }, { id = "7", text = "y", arousal = 3, valence = 2 } },
      d.utterances)
    assert.same({ { 1, 2 }, { 3, 4 } }, d:features().tensor:totable())
    assert.same({ 0, 4 }, d.scale)
  end)

  it("may lie beside members that cannot be read", function()
    local other, plain = folder .. "/other.npz", folder .. "/plain.npz"
    assert(tenor.save(plain, { features = tenor.zeros(2, 3), ids = { "a", "b" } }))
    local objects = "\x93NUMPY\1\0" .. string.pack("<s2", "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n")
    local members = { { "notes.txt", "seen" }, { "who.npy", objects }, { "when.npy", "no array" } }
    for _, name in ipairs { "features", "ids" } do
      local path_of = folder .. "/" .. name .. ".npy"
      assert(tenor.save(path_of, assert(tenor.load(plain))[name]))
      members[#members + 1] = { name .. ".npy", assert(fs.read(path_of)) }
    end
    assert(fs.write(other, archive.zip(members)))
    assert.equal(2, #assert(tenor.corpus.npz(other)))
    assert.equal(2, #assert(tenor.features.load(other)))
    assert.equal(other .. ": has no 'x'; it has: features, ids strings (2), when, who",
      (select(2, tenor.corpus.npz(other, { features = "x" }))))
    assert.matches("/other%.npz: who%.npy: holds Python objects; only numbers and strings can be read, such as %.astype%(str%)",
      (select(2, tenor.corpus.npz(other, { speaker = "who" }))))
    assert.matches("is no %.npy member", select(2, tenor.load(other)))
  end)

  it("say what is wrong with a file, and where", function()
    local x, ids = tenor.zeros(2, 3), { "a", "b" }
    local bad = tenor.zeros(2, 3)
    bad[2][3] = 0 / 0
    local other = folder .. "/other.npz"
    for text, case in pairs {
      ["has no 'features'; it has: ids strings (2), x real (2, 3)"] = { { x = x, ids = ids } },
      ["has no 'ids'; it has: features real (2, 3)"] = { { features = x } },
      ["'features' must be (N, K), got real (1, 2, 3)"] = { { features = x:reshape(1, 2, 3), ids = ids } },
      ["'features' must be numbers, got strings (2)"] = { { features = ids, ids = ids } },
      ["'ids' must be strings or whole numbers (N), got real (2)"] = { { features = x, ids = tenor.zeros(2) } },
      ["'ids' has 1 items, the features have 2 rows"] = { { features = x, ids = { "a" } } },
      ["'ids': 'a' is item 1 and 2"] = { { features = x, ids = { "a", "a" } } },
      ["'features': row 2 (b), column 3 is nan"] = { { features = bad, ids = ids } },
      ["'names' has 2 items, 'features' has 3 columns"] = { { features = x, ids = ids, names = ids } },
      ["'labels' has 1 rows, the features have 2"] = { { features = x, ids = ids, labels = tenor.zeros(1, 2) } },
      ["nothing names the 3 columns of 'labels'; give { label_names = { … } }"] = { { features = x, ids = ids, labels = x } },
      ["'labels' has 3 columns, there are 1 label names"] = { { features = x, ids = ids, labels = x },
        { label_names = { "valence" } } },
      ["unknown label 'a' (known: valence, arousal, dominance)"] = { { features = x, ids = ids, labels = tenor.zeros(2, 2),
        label_names = ids } },
      ["'scale' must be { low, high } with low below high"] = { { features = x, ids = ids, scale = tenor.zeros(2) } },
      ["'session' has 1 items, the features have 2 rows"] = { { features = x, ids = ids, session = { "a" } } },
      ["has no 'who'; it has: features real (2, 3), ids strings (2)"] = { { features = x, ids = ids }, { speaker = "who" } },
    } do
      assert(tenor.save(other, case[1]))
      local d, why = tenor.corpus.npz(other, case[2])
      assert.is_nil(d)
      assert.equal(other .. ": " .. text, (why:gsub("float%d%d", "real")))
    end
    assert(fs.write(other, "PK nothing"))
    assert.matches("^" .. other:gsub("%p", "%%%0") .. ": ", (select(2, tenor.corpus.npz(other))))
    assert.matches("^" .. other:gsub("%p", "%%%0") .. ": ", (select(2, tenor.features.load(other))))
    assert.equal("/nowhere.npz: No such file or directory", (select(2, c:features "/nowhere.npz")))
  end)

  it("are not written where a name is no text for NumPy, or the disk refuses", function()
    local f = tenor.corpus.npz(path):features()
    f.ids[2] = "\xff"
    local ok, why = f:save(folder .. "/x.npz")
    assert.is_nil(ok)
    assert.equal(folder .. "/x.npz: ids 2 is not UTF-8, which strings of an .npz must be: \"\xff\"", why)
    assert.equal("/nowhere/x.npz: No such file or directory", (select(2, features:save "/nowhere/x.npz")))
  end)
end)

describe("Features in a CSV", function()
  local c
  before_each(function() c = corpus() end)
  after_each(shell.clean)
  after_each(scratch.clean)

  local function read(text, o) return c:features(scratch.file(".csv", text), o) end

  it("are read as openSMILE writes them, in either of its ways", function()
    for _, text in ipairs {
      "name;frameTime;F0semitone;loudness\n'/data/a.wav';0.000000;2.5e+01;-1\n'd';0.000000;1;2\n",
      "file,start,end,F0semitone,loudness\n/data/a.wav,0 days,0 days 00:00:01,25,-1\nd.wav,0 days,0 days 00:00:02,1,2\n",
      "loudness\tid\tF0semitone\r\n-1\ta\t25\r\n2\td\t1\r\n",
      "name;F0semitone;loudness\r\na;25,0;-1,0\r\nd;1;2\r\n",
    } do
      local f = assert(read(text, { columns = { "F0semitone", "loudness" } }))
      assert.same({ { 25, -1 }, { 1, 2 } }, { f.tensor[f:row "a"]:totable(), f.tensor[f:row "d"]:totable() })
      assert.equal(2, #f.failures)
      f = assert(read(text))
      assert.equal(2, f:width())
      table.sort(f.names)
      assert.same({ "F0semitone", "loudness" }, f.names)
    end
  end)

  it("without a corpus have the ids that the file has", function()
    local f = assert(tenor.features.load(scratch.file(".csv", "key,x\n'a b',1\n7,2\n"), { id = "key" }))
    assert.same({ "a b", "7" }, f.ids)
    assert.same({ { 1 }, { 2 } }, f.tensor:totable())
  end)

  for text, case in pairs {
    ["2: column 'y': expected a finite number, got 'nan'"] = { "id,x,y\na,1,nan\n" },
    ["3: column 'x': expected a finite number, got ''"] = { "id,x,y\na,1,2\nb,,2\n" },
    ["2: column 'x': expected a finite number, got '0x10'"] = { "id,x\na,0x10\n" },
    ["2: column 'x': 1e+39 is too large"] = { "id,x\na,1e39\n" },
    ["3: 'a' was on line 2 already; one line an utterance is expected, named by column 'name'"] = {
      "name;x\n'a';1\n'a';2\n" },
    ["2: column 'id' is empty"] = { "id,x\n,1\n" },
    ["2: 1 field, but the header has 2"] = { "id,x\na\n" },
    ["1: none of the columns id, name, file, filename names the utterances; give { id = COLUMN }"] = { "x,y\n1,2\n" },
    ["1: has no column 'utt' (it has: id, x)"] = { "id,x\na,1\n", { id = "utt" } },
    ["1: has no column 'F0s' (did you mean 'F0'?)"] = { "id,F0\na,1\n", { columns = { "F0s" } } },
    ["1: has no column of features"] = { "id,start\na,1\n" },
    [" has a header and no lines"] = { "id,x\n" },
    [" is empty; a header line is expected"] = { "" },
    [" no row is of an utterance of the corpus: 'x' … against 'a' …"] = { "id,x\nx,1\n" },
    [" several rows have a name that is 'a' without folder and ending"] = { "id,x\n/1/a.wav,1\n/2/a.wav,2\nb,3\n" },
  } do
    it("say: " .. text, function()
      if text:find "1e%+39" and tenor.real == "float64" then return end
      local f, why = read(table.unpack(case))
      assert.is_nil(f)
      assert.equal(text, why:match "%.csv:(.*)$")
    end)
  end
end)

describe("Misuse of features", function()
  after_each(shell.clean)

  it("is named at the caller's line", function()
    local c = corpus()
    local f = c:extract { progress = "silent" }
    for text, call in pairs {
      ["corpus:features: the corpus came without features; give a tensor or a path, or corpus:extract()"] = function()
        c:features()
      end,
      ["corpus:features: rows must be a tensor (4, F), got (2, 3)"] = function() c:features(tenor.zeros(2, 3)) end,
      ["corpus:features: rows must be a tensor (4, F), got boolean"] = function() c:features(true) end,
      ["corpus:features: path must be a string that ends in .npz or .csv, or .npy"] = function()
        c:features "x.txt"
      end,
      ["corpus:features of a .csv: unknown option 'ids' (did you mean 'id'?)"] = function()
        c:features("x.csv", { ids = "a" })
      end,
      ["corpus:features: columns must be a list of names, got string"] = function()
        c:features("x.csv", { columns = "a" })
      end,
      ["features.load: path must be a string that ends in .npz or .csv, got 3"] = function() tenor.features.load(3) end,
      ["features.load: ids must be a string, got number"] = function() tenor.features.load("x.npz", { ids = 3 }) end,
      ["features:save: path must be a string that ends in .npz, got x.csv"] = function() f:save "x.csv" end,
      ["corpus.npz: path must be a string that ends in .npz, got nil"] = function() tenor.corpus.npz() end,
      ["corpus.npz: unknown option 'label' (did you mean 'label_names'?)"] = function()
        tenor.corpus.npz("x.npz", { label = "y" })
      end,
      ["corpus.npz: labels must be a string, got table"] = function() tenor.corpus.npz("x.npz", { labels = {} }) end,
      ["corpus.npz: scale must be { low, high } with low below high"] = function()
        tenor.corpus.npz("x.npz", { scale = { 2, 1 } })
      end,
      ["corpus.npz: order must be 'id' or 'file', got 'x'"] = function() tenor.corpus.npz("x.npz", { order = "x" }) end,
      ["corpus.npz: label_names must be a list of names, got string"] = function()
        tenor.corpus.npz("x.npz", { label_names = "v" })
      end,
    } do
      assert.raises("features_files_spec.lua:", call)
      assert.raises(text, call)
    end
  end)
end)

describe("Features in a .npy", function()
  after_each(shell.clean)
  after_each(scratch.clean)

  it("are rows in corpus order", function()
    local c, folder = corpus()
    local path = folder .. "/rows.npy"
    local rows = tenor.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } }
    assert(tenor.save(path, rows))
    local features = assert(c:features(path))
    assert.same({ 1, 2 }, features.tensor[features:row "a"]:totable())
    assert.same({ 7, 8 }, features.tensor[features:row "d"]:totable())
    assert(tenor.save(path, rows:narrow(1, 1, 3)))
    assert.matches("rows.npy: is %(3, 2%); a row for each of the 4 utterances", (select(2, c:features(path))))
    rows[2][2] = 0 / 0
    assert(tenor.save(path, rows))
    assert.matches("rows.npy: row 2, column 2 is nan", (select(2, c:features(path))))
    assert.error_matches(function() c:features(path, { id = "x" }) end, "unknown option 'id'")
  end)
end)
