-- What a stranger's file may do: be refused. The first part holds what fuzzing has found, the second
-- runs every target of fuzz/ over its seeds and over bytes that differ from them a little.
local archive = require "spec.support.archive"
local fs = require "tenor.fs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"
require "spec.support.assertions"

local function npy(descr, shape, numbers)
  return "\x93NUMPY\1\0" .. string.pack("<s2",
    ("{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n"):format(descr, shape)) .. numbers
end

describe("A file from a stranger", function()
  after_each(scratch.clean)

  it("cannot bring a number into a tensor that the scalar cannot hold", function()
    local huge = npy("<f8", "(2, 3)", string.pack("<dddddd", 1, 2, 3, 4, -1e300, 6))
    local x, why = tenor.load(scratch.file(".npy", huge))
    if tenor.real == "float64" then
      assert.equal(-1e300, x[2][2])
    else
      assert.matches("%.npy: element %[2%]%[2%] is %-1e%+300, which float32 cannot hold$", why)
    end
    -- what is infinite in the file stays so
    assert.equal(math.huge, assert(tenor.load(scratch.file(".npy", npy("<f8", "(1,)", string.pack("<d", math.huge)))))[1])
  end)

  it("cannot bring infinity in with a word's vector", function()
    local v, why = tenor.vectors.glove(scratch.file(".txt", "a 1 2\nb 3 1e39\n"), { "a", "b" })
    if tenor.real == "float64" then
      assert.is_true(v:matrix():isfinite())
    else
      assert.matches("line 2: number 2 of 'b' is 1e39, which is not finite$", why)
    end
  end)

  it("is decoded before a promise of much silence is believed", function()
    local path = scratch.path ".flac"
    assert(tenor.audio.write(path, tenor.audio.wave(tenor.zeros(40000), 8000)))
    assert.equal(40000, #assert(tenor.audio.read(path)))
    -- the count of frames is the 36 bits that end at byte 26; FLAC could pack a thousand zeros in each byte
    local bytes = scratch.read(path)
    local promise = 1000 * #bytes
    local liar = scratch.file(".flac", bytes:sub(1, 22) .. string.pack(">I4", promise) .. bytes:sub(27))
    for _, open in ipairs { tenor.audio.read, tenor.audio.open } do
      assert.matches(("truncated: its header promises %d frames, only 40000 can be read"):format(promise),
        select(2, open(liar)))
    end
  end)

  it("cannot name a folder or half a name as its recording", function()
    for bytes, message in pairs { ["wav,text\na/,x\n"] = ":2: wav: expected a file, got 'a/'$",
      ["id,wav\na,b\0.wav\n"] = ":2: holds a zero byte" } do
      assert.matches(message, select(2, tenor.corpus.manifest(scratch.file(".csv", bytes))))
    end
  end)

  it("cannot be a pipe, for which a reader would wait, nor a device without end", function()
    local limit = os.getenv "LD_PRELOAD" and "" or "ulimit -v 8000000; " -- a sanitizer needs all addresses
    local script = scratch.file(".lua", [[
      for target in arg[2]:gmatch "%S+" do
        local reader = dofile("fuzz/targets/" .. target .. ".lua")
        local value, why = reader.run(arg[1] .. "/" .. (reader.name or "input"), "")
        print(target .. ": " .. (value and "was read" or why))
      end
      print("hash: " .. select(2, require "tenor.core".hash.file(arg[1] .. "/input")))
      print("beside: " .. select(2, require "tenor".audio.read(arg[1] .. "/a.wav")))
      print("iemocap: " .. select(2, require "tenor".corpus.iemocap(arg[1])))]])
    local targets = "audio bert checkpoint config csv fasttext glove manifest model npy npz safetensors vectors word2vec "
      .. "wordpiece words"
    for _, command in ipairs { "mkfifo", "ln -s /dev/zero" } do
      local folder = shell.folder()
      local labels = folder .. "/Session1/dialog/EmoEvaluation"
      assert(fs.make_folder(labels))
      assert(fs.write(folder .. "/a.wav", ("what libsndfile does not know "):rep(9)))
      for _, name in ipairs { "._a.wav", "input", "input.lua", "input.csv", "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt" } do
        shell.lines(("%s %s/%s"):format(command, folder, name))
      end
      local ok, said = shell.run(("%sexec timeout 60 %s %s %s '%s'"):format(limit, shell.lua, script, folder, targets))
      assert.is_true(ok, said)
      for target in (targets .. " hash beside iemocap"):gmatch "%S+" do
        assert.matches("\n" .. target .. ": [^\n]*not a regular file\n", "\n" .. said .. "\n")
      end
    end
    shell.clean()
  end)

  it("cannot bring a zero byte into a name, where C would end it", function()
    local path = scratch.path ".npz"
    assert(tenor.save(path, { features = tenor.ones(2, 3), ids = { "a", "b" }, wav = { "x.wav", "y.wav\0z" } }))
    assert.matches("'wav': item 2 holds a zero byte$", select(2, tenor.corpus.npz(path)))
    local folder = shell.folder()
    assert(fs.make_folder(folder .. "/Labels"))
    assert(fs.write(folder .. "/Labels/labels_consensus.json", '[{"FileName":"a\\u0000.wav","EmoVal":1}]'))
    assert.matches("FileName: holds a zero byte$", select(2, tenor.corpus.msp_podcast(folder)))
    local _, why = tenor.csv.write(folder .. "/x.csv", { "a" }, { { a = 1 }, { a = "b\0" } })
    assert.matches(":3: a field holds a zero byte", why)
    shell.clean()
  end)

  it("says nothing to a terminal by what it names, and little of it", function()
    local evil = "\27[2J" .. ("x"):rep(5000)
    for what, why in pairs {
      npy = select(2, tenor.load(scratch.file(".npy", npy("\27[2J", "(1,)", "")))),
      npz = select(2, tenor.load(scratch.file(".npz", archive.zip { { evil, "a" } }))),
      zip = select(2, tenor.vectors.glove(scratch.file(".zip", archive.zip { { evil, "a" } }), { "a" }, { progress = "silent" })),
      zips = select(2, tenor.vectors.glove(scratch.file(".zip", archive.zip { { evil, "a" }, { evil .. "b", "a" } }), { "a" })),
      json = select(2, tenor.json.decode "[\27]"),
      csv = select(2, tenor.csv.read(scratch.file(".csv", evil .. "," .. evil .. "\n"))),
      safetensors = select(2, tenor.load(scratch.file(".safetensors", string.pack("<s8", tenor.json.encode { [evil] = 1 })))),
      words = select(2, tenor.text.restore { version = 1, lower = evil }),
    } do
      assert.is_nil(why:find "%c", what)
      assert.is_true(#why < 500, what .. ": " .. #why)
    end
    local path = scratch.file(".csv", "id,valence\na\27]0;title\7,\27[2Jx\n")
    local corpus, why = tenor.corpus.manifest(path)
    assert.is_nil(corpus)
    assert.is_nil(why:find "%c", why)
    local _, said = shell.run(("%s bin/tenor info %s 2>&1; printf 'id,valence\\nb\\033[2J,1\\n' >%s; %s bin/tenor info %s"):format(
      shell.lua, path, path, shell.lua, path))
    assert.is_nil(said:find("\27", 1, true), said)
    assert.matches("1 utterance", said)
  end)

  it("says nothing to a terminal by a row's word, a dtype or a control character of two bytes", function()
    local words = scratch.file(".txt", "a\27[2J\nb\xC2\x9B2J\n")
    for _, nan in ipairs { 1, 2 } do
      local x = tenor.ones(2, 2)
      x[nan][2] = 0 / 0
      local path = scratch.path ".npy"
      assert(tenor.save(path, x))
      local _, why = tenor.vectors.npy(path, { "a\27[2J", "b\xC2\x9B2J" }, { list = words, progress = "silent" })
      assert.matches(("row %d, '%s': number 2 is nan, which is not finite$"):format(nan, nan == 1 and "a%?%[2J" or "b%?2J"), why)
    end
    local path = scratch.file(".npy", npy("\27[2J", "(2, 2)", ""))
    assert.is_nil(select(2, tenor.vectors.npy(path, { "a" }, { list = words, progress = "silent" })):find "%c")
    path = scratch.file(".txt", "w 1 2\nb\xC2\x9B2J 3 1e400\n")
    local _, why = tenor.vectors.glove(path, { "b\xC2\x9B2J" }, { progress = "silent" })
    assert.matches("number 2 of 'b?2J' is 1e400", why, 1, true)
  end)

  it("may end a block in the middle of what is no number", function()
    -- the form feed is the last byte but one of the first block of a megabyte
    local path = scratch.file(".txt", ("a 1\n"):rep((1 << 18) - 1) .. "w \f\n" .. ("a 1\n"):rep(100))
    local v = assert(tenor.vectors.glove(path, { "w", "a" }, { progress = "silent" }))
    assert.equal(1, v:coverage().malformed)
  end)

  it("prints without what a terminal would obey, in either of its spellings", function()
    for _, evil in ipairs { "\27[2J", "\u{9B}2J", "\127\8" } do
      local path = scratch.path ".safetensors"
      local model = tenor.model.new { network = tenor.nn.Sequential { tenor.nn.Dense(68, 1) }, labels = { "valence" },
        features = {}, record = { split = evil, protocol = evil } }
      assert(model:save(path))
      local tensors, metadata = tenor.load(path)
      metadata.history = tenor.json.encode { epochs = tenor.json.array {}, stopped = evil, notes = { evil } }
      metadata.fold = tenor.json.encode { name = evil, number = 1, of = 1, held_out = { evil } }
      assert(tenor.save(path, tensors, { metadata = metadata }))
      model = assert(tenor.model.load(path))
      tensors[evil], metadata[evil] = tenor.ones(1), "x"
      local bare, archived = scratch.path ".safetensors", scratch.path ".npz"
      assert(tenor.save(bare, tensors, { metadata = metadata }))
      local reader <close> = assert(tenor.safetensors.open(bare))
      local rows = tenor.ones(2, 68)
      rows[2]:fill(0 / 0)
      local members = { features = rows, ids = { "a", evil }, reasons = { "", evil } }
      assert(tenor.save(archived, members))
      local features = assert(tenor.features.load(archived))
      local predictions = model:predict({ { id = evil, features = tenor.ones(68) }, { id = "b" } })
      for what, value in pairs { model = model, history = model.history, reader = reader, features = features,
        predictions = predictions } do
        local text = tostring(value)
        assert.is_nil(text:gsub("\n", ""):find "%c", what)
        assert.is_nil(text:find("\xC2[\x80-\x9F]"), what)
      end
      members.reasons = nil
      assert(tenor.save(archived, members))
      local _, why = tenor.features.load(archived)
      assert.matches("row 2 %(%?", why)
      rows[2]:fill(1)
      members.labels, members.label_names = tenor.tensor { { 1 }, { math.huge } }, { "valence" }
      assert(tenor.save(archived, members))
      _, why = tenor.corpus.npz(archived)
      assert.matches("'labels': row 2 %(%?[^%c\x80-\x9F]+%), column 1 is inf$", why)
    end
  end)

  it("cannot call anything the options of features, nor two columns one label", function()
    local path = scratch.path ".npz"
    local function why(members)
      members.features, members.ids = tenor.ones(2, 68), { "a", "b" }
      assert(tenor.save(path, members))
      local corpus, message = tenor.corpus.npz(path)
      assert.is_nil(corpus)
      return message
    end
    for _, options in ipairs { "5", '"x"', "true", "null", "[]" } do
      assert.matches("%.npz: 'options': expected an object of options, got ", why { options = { options } })
    end
    assert.matches("'options': options: window must be a positive number, got a table$", why { options = { '{"window":[]}' } })
    assert.matches("'options': options: unknown option 'windows'", why { options = { '{"windows":1}' } })
    assert.matches("'options': line 1", why { options = { "{" } })
    assert.matches("'options' has 2 items", why { options = { "{}", "{}" } })
    assert.matches("'labels': columns 1 and 3 are both valence$", why { labels = tenor.ones(2, 3),
      label_names = { "valence", "arousal", "valence" } })
    for _, scale in ipairs { tenor.ones(2, 2), tenor.ones(3), { "1", "5" }, tenor.tensor { 5, 1 } } do
      assert.matches("%.npz: 'scale'", why { scale = scale })
    end
    assert(tenor.save(path, { features = tenor.ones(2, 68), ids = { "a", "b" }, options = { '{"window":0.05}' } }))
    assert.same({ window = 0.05 }, assert(tenor.features.load(path)).options)
  end)

  it("of more words than can be counted is told of, and so are the files after it", function()
    local long = scratch.file(".vec", "1 99999999999999999999999\na 1\n")
    local _, said = shell.run(("%s bin/tenor info %s %s 2>&1"):format(shell.lua, long, scratch.file(".csv", "id\na\n")))
    assert.matches("%.vec: expected two whole numbers, words and dimensions, got '1 99999999999999999999999'\n", said)
    assert.matches("1 utterance", said)
  end)

  it("gives fields that are written so that they are read again, marks of Unicode too", function()
    for _, mark in ipairs { "\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF" } do
      local path = scratch.path ".csv"
      assert(tenor.csv.write(path, { mark .. "a" }, { { [mark .. "a"] = "1" } }))
      assert.same({ { [mark .. "a"] = "1" } }, assert(tenor.csv.read(path)))
    end
  end)
end)

local function mutated(bytes, rng)
  for _ = 1, rng:integer(4) do
    local at, kind = rng:integer(#bytes + 1), rng:integer(4)
    if kind == 1 then bytes = bytes:sub(1, at - 1)
    elseif kind == 2 then bytes = bytes:sub(1, at - 1) .. string.char(rng:integer(256) - 1) .. bytes:sub(at + 1)
    elseif kind == 3 then bytes = bytes:sub(1, at - 1) .. bytes:sub(at + 1 + rng:integer(8))
    else bytes = bytes:sub(1, at) .. bytes:sub(at - rng:integer(at), at) .. bytes:sub(at + 1) end
  end
  return bytes
end

local function put(path, bytes)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  file:close()
end

describe("A reader", function()
  after_each(shell.clean)

  for _, file in ipairs(fs.list "fuzz/targets") do
    local name = file:match "^(.*)%.lua$"
    if name then
      it(("of %s reads or refuses what is nearly right"):format(name), function()
        local target = dofile("fuzz/targets/" .. file)
        local folder, rng = shell.folder(), tenor.rng(1)
        assert(loadfile "fuzz/seeds.lua")(name, folder)
        local path = folder .. "/" .. (target.name or "input")
        local seeds = fs.list(folder)
        assert.is_true(#seeds > 0)
        for _, seed in ipairs(seeds) do
          local bytes = scratch.read(folder .. "/" .. seed)
          for i = 0, 12 do
            local case = i == 0 and bytes or mutated(bytes, rng)
            put(path, case)
            local value, why = target.run(path, case)
            assert.is_truthy(value or type(why) == "string" and why:find(path, 1, true), ("%s: %s"):format(seed, why))
          end
        end
      end)
    end
  end
end)
