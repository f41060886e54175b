local needs = require "spec.support.needs"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local WordPiece = tenor.text.WordPiece

-- the vocabulary that the published tests use
local published = { "[UNK]", "[CLS]", "[SEP]", "want", "##want", "##ed", "wa", "un", "runn", "##ing", "," }

local function joined(list) return table.concat(list, " ") end

local function split(w, s)
  local list = {}
  for token in w:split(s) do list[#list + 1] = token end
  return list
end

describe("WordPiece", function()
  after_each(scratch.clean)

  it("cuts as the published examples", function()
    local w = WordPiece(published)
    assert.equal("un ##want ##ed , runn ##ing", joined(w:pieces "UNwant\u{E9}d,running"))
    assert.same({ 7, 4, 5, 10, 8, 9 }, w:encode("UNwant\u{E9}d,running"):totable())
    assert.equal("un ##want ##ed runn ##ing", joined(w:pieces "unwanted running"))
    assert.equal("[UNK] runn ##ing", joined(w:pieces "unwantedX running"))
    assert.same({}, w:pieces "")
    assert.same({ 0 }, w:encode(""):shape())
  end)

  it("prepares text as the published examples", function()
    local lower, as_is = WordPiece(published), WordPiece(published, { lower = false })
    assert.same({ "ah", "\u{535A}", "\u{63A8}", "zz" }, split(lower, "ah\u{535A}\u{63A8}zz"))
    assert.same({ "hello", "!", "how", "are", "you", "?" }, split(lower, " \tHeLLo!how  \n Are yoU?  "))
    assert.same({ "hello" }, split(lower, "H\u{E9}llo"))
    assert.same({ "HeLLo", "!", "how", "Are", "yoU", "?" }, split(as_is, " \tHeLLo!how  \n Are yoU?  "))
    assert.same({ "H\u{E9}llo" }, split(as_is, "H\u{E9}llo"))
  end)

  it("takes accents away however they are written, and knows Unicode's blanks and marks", function()
    local w = WordPiece(published)
    assert.same({ "a", "e", "angstrom", "cafe", "i", "o" },
      split(w, "\u{E1} e\u{301} \u{212B}ngstro\u{308}m CAF\u{C9} \u{130} \u{1ED8}"))
    assert.same({ "a", "b", "c", "d" }, split(w, "a\u{A0}b\u{3000}c\rd"))
    assert.same({ "ab" }, split(w, "a\0\u{200B}\u{AD}\u{FFFD}\127b"))
    assert.same({ "don", "'", "t", "$", "5", "\u{2014}", "\u{AB}", "x", "^" }, split(w, "don't $5\u{2014}\u{AB}x^"))
    assert.same({ "ab" }, split(w, "a\xFF\xC3b\xE2\x82"))
  end)

  it("gives up on tokens without end", function()
    local w = WordPiece { "[UNK]", "a", "##a" }
    assert.equal(200, #w:pieces(("a"):rep(200)))
    assert.same({ "[UNK]" }, w:pieces(("a"):rep(201)))
    assert.same({ "[UNK]" }, WordPiece({ "[UNK]", "a", "##a" }, { longest = 2 }):pieces "aaa")
    assert.same({ "[UNK]" }, w:pieces(("x"):rep(1000000)))
  end)

  it("reads vocab.txt, and tells an uncased one", function()
    local w = assert(WordPiece(scratch.file(".txt", "\xEF\xBB\xBF[PAD]\r\n[UNK]\r\nthe\r\n##s")))
    assert.equal(4, w:size())
    assert.same({ 2, 3 }, w:encode("Thes"):totable())
    assert.equal("WordPiece: 4 pieces, small letters without accents", tostring(w))
    local cased = assert(WordPiece(scratch.file(".txt", "[UNK]\nThe\n")))
    assert.same({ 1, 0 }, cased:encode("The the"):totable())
    assert.matches("letters as they are", tostring(cased))
  end)

  it("refuses what is no vocabulary", function()
    assert.matches("No such file", select(2, WordPiece "/nowhere/vocab.txt"))
    assert.matches("%.txt: is empty", select(2, WordPiece(scratch.file(".txt", ""))))
    assert.matches("%.txt: has no line '%[UNK%]'", select(2, WordPiece(scratch.file(".txt", "a\nb\n"))))
    assert.matches("the vocabulary: has no line", select(2, WordPiece { "a" }))
    assert.error_matches(function() WordPiece(3) end, "text.WordPiece: vocabulary must be a path or a list of pieces, got number")
    assert.error_matches(function() WordPiece { "[UNK]", 4 } end, "piece 2 must be a string, got number")
    assert.error_matches(function() WordPiece(published, { lowercase = true }) end, "unknown option 'lowercase'")
    assert.error_matches(function() WordPiece(published, { lower = 1 }) end, "lower must be true or false, got 1")
    assert.error_matches(function() WordPiece(published, { longest = 0 }) end, "longest must be a whole number")
    assert.error_matches(function() WordPiece(published):pieces(1) end, "WordPiece:pieces: text must be a string, got number")
  end)

  -- Python's own Unicode tables beside ours, over blocks that have long been settled
  local test = needs(scratch.numpy(), "NumPy")
  test("prepares what Python's Unicode does", function()
    local rng, lines = tenor.rng(5), {}
    local blocks = { { 0x20, 0x7E }, { 0xA1, 0x17F }, { 0x370, 0x3C1 }, { 0x400, 0x52F }, { 0x5D0, 0x5EA }, { 0x900, 0x939 },
      { 0x1E00, 0x1EFF }, { 0x2000, 0x206F }, { 0x3041, 0x3096 }, { 0x4E00, 0x4E80 }, { 0xAC00, 0xAD00 }, { 0x300, 0x340 } }
    for i = 1, 300 do
      local chars = {}
      for k = 1, 20 do
        local block = blocks[math.floor(rng:uniform() * #blocks) + 1]
        chars[k] = utf8.char(block[1] + math.floor(rng:uniform() * (block[2] - block[1] + 1)))
      end
      lines[i] = table.concat(chars):gsub("\u{3A3}", "s") -- Python alone writes a last sigma otherwise
    end
    local path = scratch.file(".txt", table.concat(lines, "\n"))
    local wanted = scratch.python(([[
import unicodedata as u
def space(c): return c in " \t\n\r" or u.category(c) == "Zs"
def alone(c): return u.category(c)[0] == "P" or c.isascii() and c.isprintable() and not c.isalnum() and c != " "
for line in open(%q, encoding="utf-8", newline="\n").read().split("\n"):
    s = ""
    for c in line:
        if space(c): s += " "
        elif u.category(c) not in ("Cc", "Cf"): s += " %%s " %% c if 0x4E00 <= ord(c) <= 0x9FFF else c
    s = [c for c in u.normalize("NFD", s.lower()) if u.category(c) != "Mn"]
    print(ascii(" ".join("".join(" %%s " %% c if alone(c) else c for c in s).split())))
]]):format(path))
    local w, at = WordPiece(published), 0
    for line in wanted:gmatch "[^\n]+" do
      at = at + 1
      local got = joined(split(w, lines[at])):gsub(utf8.charpattern, function(c)
        local code = utf8.codepoint(c)
        return code > 255 and ("\\u%04x"):format(code) or code > 126 and ("\\x%02x"):format(code) or c == "\\" and "\\\\" or nil
      end)
      assert.equal(line:sub(2, -2):gsub("\\'", "'"), (got:gsub("\\'", "'")))
    end
    assert.equal(300, at)
  end)
end)

describe("vectors.bert", function()
  after_each(scratch.clean)

  local pieces = { "[PAD]", "[UNK]", "hello", "doc", "##tor", "##s", "'", "don", "t" }
  local rows = {}
  for i = 1, #pieces do rows[i] = { i, i * 10 } end
  local words = { "hello", "doctors", "xyz", "don't" }

  local function files(tensors, list)
    local path = scratch.path(".safetensors")
    assert(tenor.save(path, tensors))
    return path, scratch.file(".txt", table.concat(list or pieces, "\n") .. "\n")
  end

  it("takes the mean of a word's pieces", function()
    local path, vocabulary = files { ["bert.embeddings.word_embeddings.weight"] = rows, ["bert.pooler.dense.bias"] = { 1 } }
    local v = assert(tenor.vectors.bert(path, words, { vocabulary = vocabulary }))
    assert.same({ { 0, 0 }, { 3, 30 }, { 5, 50 }, { 0, 0 }, { 8, 80 } }, v:matrix():totable())
    local c = v:coverage()
    assert.same({ 3, 2, 9 }, { c.types_found, c.cut, c.lines })
    assert.same({ { word = "xyz" } }, c.missing)
    assert.matches("3 of 4 words .*missing: xyz\n2 words took the mean of several pieces", tostring(c))
    assert.same({ path = path, kind = "bert", dimensions = 2, vocabulary = vocabulary, lower = true,
      tensor = "bert.embeddings.word_embeddings.weight" }, v:source())
  end)

  it("opens by content, by name and from .npy", function()
    local path, vocabulary = files { ["distilbert.embeddings.word_embeddings.weight"] = rows, other = rows }
    local one = assert(tenor.vectors.open(path, words, { vocabulary = vocabulary }))
    assert.same({ 3, 30 }, one:matrix()[2]:totable())
    assert.truthy(tenor.vectors.bert(path, words, { vocabulary = vocabulary, tensor = "other" }))
    local npy = scratch.path(".npy")
    assert(tenor.save(npy, rows))
    for _, read in ipairs { tenor.vectors.bert, tenor.vectors.open } do
      assert.same(one:matrix():totable(), assert(read(npy, words, { vocabulary = vocabulary })):matrix():totable())
    end
  end)

  it("reads half floats and a padded vocabulary", function()
    local header = '{"embeddings.word_embeddings.weight":{"dtype":"BF16","shape":[16,1],"data_offsets":[0,32]}}'
    local path = scratch.file(".safetensors", string.pack("<s8", header) .. string.pack("<I2", 0x3F80):rep(16))
    local vocabulary = scratch.file(".txt", table.concat(pieces, "\n"))
    assert.same({ 1 }, assert(tenor.vectors.bert(path, words, { vocabulary = vocabulary })):matrix()[2]:totable())
  end)

  it("takes a tokenizer's words and tells how far it is", function()
    local path, vocabulary = files { ["embeddings.word_embeddings.weight"] = rows }
    local calls = 0
    local v = assert(tenor.vectors.bert(path, tenor.text.Tokenizer():fit { "hello hello nobody" }, { vocabulary = vocabulary,
      progress = function(done, total) calls = calls + 1 assert.truthy(done <= total) end }))
    assert.equal(1, calls)
    assert.same({ 2, 3 }, { v:coverage().tokens_found, v:coverage().tokens })
  end)

  local name = "bert.embeddings.word_embeddings.weight"
  local infinite = { table.unpack(rows) }
  infinite[3] = { 1 / 0, 1 }
  local malformed = {
    { "no such tensor", { x = rows }, {}, "none of its 1 tensors is called %.%.embeddings" },
    { "a tensor that only ends alike", { ["my_embeddings.word_embeddings.weight"] = rows }, {}, "none of its 1 tensors" },
    { "two such tensors", { [name] = rows, ["teacher." .. name] = rows }, {}, "several tensors could be meant" },
    { "a name that is not there", { [name] = rows }, { tensor = "y" }, "has no tensor 'y'" },
    { "a tensor that is no matrix", { [name] = { 1, 2 } }, {}, "is %(2%), no matrix" },
    { "ids for rows", { [name] = tenor.zeros(9, 2, "int32") }, {}, "holds no floats but I32" },
    { "another model's vocabulary", { [name] = { { 1 }, { 2 } } }, {}, "has 2 rows, and the vocabulary has 9 pieces" },
    { "far too many rows", { [name] = tenor.zeros(512, 2) }, {}, "has 512 rows" },
    { "a number that is not finite", { [name] = infinite }, {}, "row 3, 'hello', holds a number that is not finite" },
    { "other dimensions", { [name] = rows }, { dimensions = 768 }, "dimensions of 2|of 2 dimensions, not 768" },
  }
  for _, case in ipairs(malformed) do
    it("refuses " .. case[1], function()
      local path, vocabulary = files(case[2])
      case[3].vocabulary = vocabulary
      local v, why = tenor.vectors.bert(path, words, case[3])
      assert.is_nil(v)
      assert.matches("^/.*%.safetensors: ", why)
      assert.matches(case[4]:match "[^|]*$", why)
    end)
  end

  it("refuses words of which it has no pieces, and wrong arguments", function()
    local path, vocabulary = files { [name] = rows }
    local function bert(...) return tenor.vectors.bert(path, ...) end
    assert.matches("none of the 1 words can be made of the 9 pieces", select(2, bert({ "xyz" }, { vocabulary = vocabulary })))
    assert.matches("No such file", select(2, bert(words, { vocabulary = "/nowhere/vocab.txt" })))
    assert.matches("No such file", select(2, tenor.vectors.bert("/nowhere/m.safetensors", words, { vocabulary = vocabulary })))
    assert.error_matches(function() bert(words) end, "the option vocabulary must name BERT's vocab.txt")
    assert.error_matches(function() bert(words, { vocabulary = 3 }) end, "vocabulary must be a string, got number")
    assert.error_matches(function() bert(words, { vocab = vocabulary }) end, "did you mean 'vocabulary'")
    assert.error_matches(function() bert(words, { vocabulary = vocabulary, case = "fold" }) end, "unknown option 'case'")
    assert.matches("the option vocabulary must name", select(2, tenor.vectors.open(path, words)))
  end)
end)
