-- Time and memory in proportion to what is read. Files that cost hours where a reader looks at anything twice for each byte
-- of it are read by a process of its own that may use half a minute of a processor; it needs a tenth of a second. Others
-- are what costs most memory a byte of them; the process tells what it has taken at most.
local archive = require "spec.support.archive"
local fs = require "tenor.fs"
local json = require "tenor.json"
local shell = require "spec.support.shell"
require "spec.support.assertions"

-- readers are the same in both builds, and this takes its time
if require("tenor").real ~= "float32" then return end

local N <const> = 1 << 20
local blanks, quotes = (" "):rep(N), ("'"):rep(N)

local label = "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5, 2.5, %s]\n"
local function iemocap(labels, transcript)
  local dialog = "r/Session1/dialog/"
  return { [dialog .. "EmoEvaluation/Ses01F_impro01.txt"] = labels, [dialog .. "transcriptions/Ses01F_impro01.txt"] = transcript }
end

local consensus = "FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set\na.wav,N,1,2,3,1,m,Train\n"

local function list(n, f)
  local items = {}
  for i = 1, n do items[i] = f(i) end
  return table.concat(items)
end

local function model(architecture)
  return { ["m.safetensors"] = string.pack("<s8", json.encode {
    __metadata__ = { ["tenor.format"] = "1", architecture = architecture, labels = '["valence"]' },
  }) }
end

local dropout = '{"class":"Dropout","p":0}'
local sequential = '{"class":"Sequential","name":"%s","layers":[%s]}'

-- Words that FNV-1a, a hash without a seed, puts into one corner of a table of 8192 places.
local function colliding(n)
  local words, i = {}, 0
  while #words < n do
    i = i + 1
    local word, h = ("%06x"):format(i), 0xCBF29CE484222325
    for k = 1, 6 do h = (h ~ word:byte(k)) * 0x100000001B3 end
    if (h ~ h >> 32) & 0x1FFF < 32 then words[#words + 1] = word end
  end
  return words
end
local crowd = colliding(4000)

local dataset = "assert(t.corpus.manifest(f 'a.csv')):dataset { words = t.text.Tokenizer(), labels = { 'valence' }, split = 'own', "
  .. "protocol = 'clean' }"

-- what it is, files, how they are read
local cases = {
  { "blanks inside a manifest's field", { ["a.csv"] = "id,text\nx,a" .. blanks .. "b\n" }, "t.corpus.manifest(f 'a.csv')" },
  { "a long folder in a manifest", { ["a.csv"] = "wav\n" .. ("a"):rep(N) .. "/x.wav\n" }, "t.corpus.manifest(f 'a.csv')" },
  { "a hundred thousand columns", { ["a.csv"] = "id" .. list(1e5, function(i) return (",%05x"):format(i) end) },
    "t.corpus.manifest(f 'a.csv')" },
  { "a column with a long name", { ["a.csv"] = "id," .. ("a"):rep(N) .. "\n" }, "t.corpus.manifest(f 'a.csv')" },
  { "blanks inside IEMOCAP's labels", iemocap(label:format("2" .. blanks .. "5"), ""), "t.corpus.iemocap(f 'r')" },
  { "blanks inside IEMOCAP's transcripts", iemocap(label:format "2.5", "Ses01F_impro01_F000 [006.2901-008.2357]: a" .. blanks
    .. "b\n"), "t.corpus.iemocap(f 'r')" },
  { "a long id of IEMOCAP", iemocap(label:format "2.5", "Ses01F" .. ("_F1"):rep(N // 3) .. "x: b\n"), "t.corpus.iemocap(f 'r')" },
  { "blanks inside MSP-Podcast's transcripts", { ["r/Labels/labels_consensus.csv"] = consensus,
    ["r/Transcripts/a.txt"] = "a" .. blanks .. "b" }, "t.corpus.msp_podcast(f 'r')" },
  { "blanks inside a piece of WordPiece", { ["v.txt"] = "[UNK]\na" .. blanks .. "b\n" }, "t.text.WordPiece(f 'v.txt')" },
  { "words of two hundred letters, cut by WordPiece", { ["w.txt"] = (("a"):rep(200) .. " "):rep(N // 201) },
    "#t.text.WordPiece { '[UNK]', 'a', '##a' }:pieces(io.open(f 'w.txt'):read 'a')" },
  { "words that were chosen to fall into one place of a table", { ["w.txt"] = table.concat(crowd, " "),
    ["v.txt"] = (crowd[#crowd] .. " 1\n"):rep(4000000) },
    "t.vectors.glove(f 'v.txt', t.text.Tokenizer():fit { (io.open(f 'w.txt'):read 'a') }, { progress = 'silent' })" },
  { "a word that is all quotation marks", { ["w.txt"] = "a" .. quotes .. "b" },
    "t.text.Tokenizer { contractions = 'split' }:fit { (io.open(f 'w.txt'):read 'a') }" },
  { "a word of half a million contractions", { ["w.txt"] = "a" .. ("'s"):rep(N // 2) },
    "t.text.Tokenizer { contractions = 'split' }:fit { (io.open(f 'w.txt'):read 'a') }" },
  { "a long id of features", { ["f.csv"] = "id,a\n" .. ("a"):rep(N) .. "/b" .. blanks .. "c,1\n", ["a.csv"] = "id\nb\n" },
    "t.corpus.manifest(f 'a.csv'):features(f 'f.csv')" },
  { "a network of 40 000 layers", model(sequential:format("a", (dropout .. ","):rep(40000) .. dropout)),
    "t.model.load(f 'm.safetensors')" },
  { "layers inside one with a long name", model(sequential:format("b", sequential:format(("a"):rep(N),
    ('{"class":"BatchNorm","features":1,"momentum":0,"eps":0},'):rep(20000) .. dropout))), "t.model.load(f 'm.safetensors')" },
  { "a speaker of 100 000 utterances", { ["a.csv"] = "id,text,valence,speaker,split\n" .. list(1e5, function(i)
    return ("%05x,a,3,%s,train\n"):format(i, i == 1 and "x" or "y") end) }, dataset },
  { "a session of 100 000 speakers", { ["a.csv"] = "id,text,valence,speaker,session,split\n" .. list(1e5, function(i)
    return ("%05x,a,3,%05x,%s,train\n"):format(i, i, i == 1 and "x" or "y") end) }, dataset },
}

-- Reads the files of a case in a process of its own. @return whether it came to its end, and what it said
local function read(case, before, after)
  local folder = shell.folder(true)
  for name, bytes in pairs(case[2]) do
    if name:find "/" then assert(fs.make_folder(folder .. "/" .. name:match "^(.*)/")) end
    assert(fs.write(folder .. "/" .. name, bytes))
  end
  local script = folder .. "/read.lua"
  assert(fs.write(script, ([[
    local t = require "tenor"
    local function f(name) return %q .. "/" .. name end
    %s
    print("read", %s)
    %s
  ]]):format(folder, before or "", case[3], after or "")))
  return shell.run(("ulimit -t 30; exec %s %s"):format(shell.lua, script))
end

describe("Reading takes time in proportion to", function()
  after_each(shell.clean)

  for _, case in ipairs(cases) do
    it(case[1], function()
      local ok, said = read(case)
      assert.is_true(ok, said)
      assert.matches("^read", said)
      -- whatever was wrong, it is not told at its whole length
      assert.is_true(#said < 4096, said:sub(1, 200))
    end)
  end
end)

local function npy(descr, count, number, more)
  local header = ("{'descr': '%s', 'fortran_order': False, 'shape': (%d,%s), }\n"):format(descr, count, more or "")
  return "\x93NUMPY\1\0" .. string.pack("<s2", header) .. number:rep(count)
end

local scaled = archive.zip { { "features.npy", npy("<f4", 1, "\0\0\0\0") }, { "ids.npy", npy("|S1", 1, "a") },
  { "scale.npy", npy("<f4", 20000000, "", "0") } }

local function dense(dtype, count, number)
  local function place(shape, first, n)
    return { dtype = dtype, shape = json.array(shape), data_offsets = json.array { first * #number, (first + n) * #number } }
  end
  return string.pack("<s8", json.encode {
    __metadata__ = { ["tenor.format"] = "1", labels = '["valence"]', architecture = json.encode {
      class = "Dense", inputs = count - 1, outputs = 1, activation = "linear", heads = false } },
    weight = place({ 1, count - 1 }, 0, count - 1), bias = place({ 1 }, count - 1, 1),
  }) .. number:rep(count)
end

local M <const> = 1 << 20
local objects = "[" .. ("{},"):rep(M // 3) .. "0]"

-- what it is, files, how they are read, bytes that a byte of them may take
local heavy = {
  { "numbers of one byte", { ["x.npy"] = npy("|u1", M, "\1") }, "t.load(f 'x.npy', { dtype = 'real' })", 8 },
  { "halves", { ["x.npy"] = npy("<f2", M // 2, "\0\0") }, "t.load(f 'x.npy')", 8 },
  { "a model's weights in two bytes each", { ["m.safetensors"] = dense("BF16", M // 2, "\0\0") },
    "t.model.load(f 'm.safetensors')", 12 },
  { "strings of one byte", { ["x.npy"] = npy("|S1", M, "a") }, "#t.load(f 'x.npy')", 128 },
  { "CSV of empty fields", { ["a.csv"] = "a,b\n" .. (",\n"):rep(M // 2) }, "t.csv.read(f 'a.csv')", 128 },
  { "a manifest of blank lines", { ["a.csv"] = "id,b\na,\n" .. (",\n"):rep(M // 2) }, "t.corpus.manifest(f 'a.csv')", 128 },
  { "a manifest of short lines", { ["a.csv"] = "id,b\n" .. list(M // 8, function(i) return ("%06x,\xE9\n"):format(i) end) },
    "#t.corpus.manifest(f 'a.csv')", 128 },
  { "a transcript of odd lines", iemocap(label:format "2.5", ("x\n"):rep(M // 2)), "t.corpus.iemocap(f 'r')", 128 },
  { "JSON of empty objects", { ["x.json"] = objects }, "t.json.decode(io.open(f 'x.json'):read 'a')", 128 },
  { "MSP-Podcast's labels that are empty objects", { ["r/Labels/labels_consensus.json"] = objects }, "t.corpus.msp_podcast(f 'r')",
    128 },
  { "MSP-Podcast's labels by short names", { ["r/Labels/labels_consensus.json"] = "{" .. list(M // 11, function(i)
    return ('"%05x":{},'):format(i) end) .. '"x":{}}' }, "#t.corpus.msp_podcast(f 'r')", 128 },
  { "a scale of twenty million rows without numbers", { ["x.npz"] = scaled }, "t.corpus.npz(f 'x.npz')", 128 },
  { "a header of empty objects", { ["x.safetensors"] = string.pack("<s8", '{"a":' .. objects .. "}") },
    "t.load(f 'x.safetensors')", 128 },
  { "a network of small layers", model(sequential:format("a", (dropout .. ","):rep(M // #dropout) .. dropout)),
    "t.model.load(f 'm.safetensors')", 128 },
  { "single words", { ["w.txt"] = ("a "):rep(M // 2) }, "t.text.Tokenizer():fit { (io.open(f 'w.txt'):read 'a') }", 128 },
}

describe("Reading takes memory in proportion to", function()
  after_each(shell.clean)

  local function most_of(name)
    return ("io.open('/proc/self/status'):read('a'):match '%s:%%s*(%%d+)'"):format(name)
  end

  for _, case in ipairs(heavy) do
    it(case[1], function()
      if os.getenv "LD_PRELOAD" or not fs.is_file "/proc/self/status" then return end -- a sanitizer keeps what is freed
      local ok, said = read(case, "local before = " .. most_of "VmRSS",
        ("io.write('\\ntook ', %s - before)"):format(most_of "VmHWM"))
      assert.is_true(ok, said)
      local bytes = 0
      for _, content in pairs(case[2]) do bytes = bytes + #content end
      local took = tonumber(said:match "\ntook (%d+)") << 10
      assert.is_true(took < case[4] * bytes + (4 << 20), ("%.1f bytes for each byte"):format(took / bytes)) -- and what modules take
    end)
  end
end)
