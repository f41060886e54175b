-- What foreign files may hold instead of word vectors, and what is said of it.
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local vectors = tenor.vectors

local function bin(head, ...) return head .. table.concat { ... } end
local function f(...) return string.pack("<" .. ("f"):rep(select("#", ...)), ...) end
local nan, inf = 0 / 0, 1 / 0

local fatal = {
  glove = {
    { "an empty file", "", "is empty" },
    { "a byte order mark alone", "\xEF\xBB\xBF", "has no line with a word and numbers" },
    { "not a number", "the 1 2\na nan 1\n", "line 2: number 1 of 'a' is nan, which is not finite" },
    { "infinity", "the 1 2\nb 1 2\na 1 -Infinity\n", "line 3: number 2 of 'a' is -Infinity, which is not finite" },
    { "a number beyond float32 and float64", "a 1 1e400\n", "line 1: number 2 of 'a' is 1e400, which is not finite" },
    { "infinity after a first line V D", "2 2\nthe 1 2\na inf 2\n", "line 3: number 1 of 'a' is inf" },
    { "vectors of other dimensions than asked for", "a 1 2\n", "has vectors of 2 dimensions, not 3", { dimensions = 3 } },
    { "a first line of other dimensions than asked for", "1 2\na 1 2\n", "line 1 promises 2 dimensions, not 3",
      { dimensions = 3 } },
    { "vectors of 0 dimensions", "3 0\na\nb\nc\n", "line 1 promises vectors of 0 dimensions" },
    { "a promise of 2^60 words", ("%d 2\na 1 2\n"):format(1 << 60),
      "line 1 promises 1152921504606846976 vectors of 2 dimensions, which the file cannot hold" },
    { "a promise beyond 64 bits", "99999999999999999999999 2\na 1 2\n", "which the file cannot hold" },
    { "a promise of dimensions beyond 64 bits", "1 99999999999999999999999\na 1 2\n", "which the file cannot hold" },
    { "a file that was cut short", "4 2\na 1 2\nbird 1.2345678 2.2345678\nc 3 4\n",
      "line 1 promises 4 vectors, 3 lines follow; the file was cut short" },
    { "more dimensions than are read", "a" .. (" 1"):rep(20000) .. "\n", "has vectors of 20000 dimensions; at most 16384" },
    { "zeros", ("\0"):rep(100), "has no line with a word and numbers" },
    { "a control character in the word that is quoted", "a\27[2J nan\n", "line 1: number 1 of 'a?[2J' is nan",
      nil, { "a\27[2J" } },
  },
  fasttext = {
    { "prose", "once upon a time\n", "line 1 is not 'words dimensions', with which fastText's text begins" },
    { "a first line alone", "2 3\n", "which the file cannot hold" },
    { "a first line without a line end", "0 3", "which the file cannot hold" },
  },
  word2vec = {
    { "an empty file", "", "is empty" },
    { "no first line", ("x"):rep(1000), "does not begin with a line 'words dimensions'" },
    { "three numbers in the first line", "1 2 3\na " .. f(1, 2), "is GloVe's text; read it with tenor.vectors.glove" },
    { "a negative number in the first line", "2 -2\na " .. f(1, 2), "is GloVe's text; read it with tenor.vectors.glove" },
    { "vectors of 0 dimensions", "3 0\na b c ", "line 1 promises vectors of 0 dimensions" },
    { "0 words", "0 3\n", "line 1 promises 0 words" },
    { "a promise of 2^60 words", bin(("%d 2\n"):format(1 << 60), "a ", f(1, 2)),
      "line 1 promises 1152921504606846976 words of 2 dimensions, which the file cannot hold" },
    { "a promise of 2^62 dimensions", bin(("1 %d\n"):format(1 << 62), "a ", f(1, 2)), "at most 16384 are read" },
    { "promises whose product wraps around", bin("1418980313362273202 3\n", "a ", f(1, 2, 3)),
      "which the file cannot hold" },
    { "a word without an end", bin("9 2\n", ("x"):rep(70000)), "byte 4: word 1 has no end within 65536 bytes" },
    { "a second word without an end", bin("2 1\na ", f(1), ("\xC3\xA9"):rep(40000)), "byte 10: word 2 has no end" },
    { "a file cut within a vector", bin("3 1\nword ", f(1), "\nword2 ", f(1), "\nb ", ("x"):rep(3)),
      "line 1 promises 3 words, the content ends inside word 3, which begins at byte 25; it was cut short" },
    { "a file cut within a word", bin("3 1\nlongword ", f(1), "\nlongword2 ", f(1), "\nb"), "ends inside word 3" },
    { "a file cut between words", bin("3 1\nlongword ", f(1), "\nlongword2 ", f(1), "\n"), "ends inside word 3" },
    { "more words than promised", bin("1 1\na ", f(1), "\nb ", f(2)), "byte 11: there is more after the 1 words" },
    { "not a number", bin("2 2\nb ", f(nan, 1), "a ", f(1, nan)), "byte 20: number 2 of 'a' (word 2) is nan, which is not finite" },
    { "infinity", bin("1 1\na ", f(-inf)), "byte 6: number 1 of 'a' (word 1) is inf" },
    { "other dimensions than asked for", bin("1 1\na ", f(1)), "line 1 promises 1 dimensions, not 2", { dimensions = 2 } },
    { "none of the words", bin("1 1\nb ", f(1)), "none of the 1 words has a vector among 1 of 1 dimensions" },
    { "words in another case alone", bin("1 1\nA ", f(1)), "; 1 are there in another case (case = \"fold\" takes them)" },
  },
}

local function where(reader, bytes, words, o)
  return vectors[reader](scratch.file(".file", bytes), words or { "a" }, o)
end

for reader, cases in pairs(fatal) do
  describe("tenor.vectors." .. reader .. " refuses", function()
    after_each(scratch.clean)
    for _, case in ipairs(cases) do
      local name, bytes, what, o, words = table.unpack(case, 1, 5)
      it(name, function()
        local v, why = where(reader, bytes, words, o)
        assert.is_nil(v)
        assert.matches("^/.*%.file: ", why)
        assert.truthy(why:find(what, 1, true), why)
      end)
    end
  end)
end

-- Lines that cost themselves: the text, how many are malformed, which is the first, and why.
local counted = {
  { "a blank line", "a 1 2\n\nb 3 4\n", 1, 2, "it is blank" },
  { "a word alone", "a 1 2\nb\n", 1, 2, "it has 0 of 2 numbers" },
  { "too few numbers", "a 1 2\nb 1\n", 1, 2, "it has 1 of 2 numbers" },
  { "too many numbers", "a 1 2\nb 1.0 2 3\n", 1, 2, "it has more than 2 numbers" },
  { "a letter in a wanted word's number", "a 1 2\nb 1 2x\n", 1, 2, "number 2 of 'b' is '2x'" },
  { "two blanks between numbers", "a 1 2\nb 1  2\n", 0 },
  { "words where numbers are not looked at", "a 1 2\nx y z\n", 0 },
  { "a line longer than a block", "a 1 2\n" .. ("x"):rep((1 << 20) + 5) .. "\nb 1 2\n", 1, 2, "it has more than 1048576 bytes" },
  { "a word longer than any", "a 1 2\n" .. ("x"):rep(1 << 19) .. " 1 2\n", 0 },
  { "a malformed line after a first line V D", "2 2\na 1 2\nb 1\n", 1, 3, "it has 1 of 2 numbers" },
  { "CRLF", "2 2\r\na 1 2\r\nb 3 4\r\n", 0 },
  { "a byte order mark", "\xEF\xBB\xBFa 1 2\nb 3 4\n", 0 },
  { "a byte order mark before a first line V D", "\xEF\xBB\xBF2 2\na 1 2\nb 3 4\n", 0 },
  { "bytes that are not UTF-8", "a 1 2\n\xFF\xFE\x80 3 4\n", 0 },
}

describe("tenor.vectors.glove counts", function()
  after_each(scratch.clean)
  for _, case in ipairs(counted) do
    local name, text, malformed, line, reason = table.unpack(case, 1, 5)
    it((malformed == 0 and "nothing wrong with " or "") .. name, function()
      local v = assert(where("glove", text, { "a", "b", "1" }))
      local c = v:coverage()
      assert.same({ malformed, line or 0, reason }, { c.malformed, c.first_bad, c.reason })
      assert.same({ 1, 2 }, v:matrix()[2]:totable())
    end)
  end
end)

describe("Readers of word vectors", function()
  after_each(scratch.clean)

  it("survive every truncation of a binary file, and every byte of it changed", function()
    local whole = bin("2 2\nthe ", f(1, 2), "\na ", f(3, 4), "\n")
    for n = 0, #whole - 1 do
      local v, why = where("word2vec", whole:sub(1, n))
      assert.truthy(n == #whole - 1 and v or why, n)
      scratch.clean()
    end
    for n = 1, #whole do
      for _, byte in ipairs { "\0", "\n", " ", "9", "\xFF" } do
        local v, why = where("word2vec", whole:sub(1, n - 1) .. byte .. whole:sub(n + 1))
        assert.truthy(v or why)
        scratch.clean()
      end
    end
  end)

  it("refuse wrong arguments at the caller's line", function()
    for _, name in ipairs { "glove", "fasttext", "word2vec", "npy", "open" } do
      local read = vectors[name]
      local function says(what, ...)
        local ok, message = pcall(function(...) return (read(...)) end, ...)
        assert.is_false(ok)
        assert.matches("^[^:]*vectors_malformed_spec.lua:%d+: vectors%." .. name .. ": " .. what, message)
      end
      says("path must be a string, got nil", nil, { "a" })
      says("words must be a tokenizer or a list of words, got string", "x", "a")
      says("word 2 must be a string, got number", "x", { "a", 1 })
      says("words 1 and 3 are the same, 'a'", "x", { "a", "b", "a" })
      says("the vocabulary is empty; fit the tokenizer first", "x", tenor.text.Tokenizer())
      says("unknown option 'dim'", "x", { "a" }, { dim = 3 })
      says("dimensions must be a whole number above 0, got 0", "x", { "a" }, { dimensions = 0 })
      says("case must be 'exact' or 'fold', got 'lower'", "x", { "a" }, { case = "lower" })
      says("progress must be auto, bar, plain, silent or a function, got true", "x", { "a" }, { progress = true })
    end
    assert.error_matches(function() vectors.glove("x", { "a" }, { member = 1 }) end, "member must be a string, got number")
  end)

  it("say which file is not there, or is a folder", function()
    for _, name in ipairs { "glove", "fasttext", "word2vec", "open" } do
      assert.matches("^/nowhere/x: No such file", select(2, vectors[name]("/nowhere/x", { "a" })))
      assert.matches("^/tmp: is a directory", select(2, vectors[name]("/tmp", { "a" })))
    end
  end)

  it("show a bar with the rate and the time left where asked to, and in mode auto none of what is read at once", function()
    local function shown(mode)
      local text = {}
      local stream = setmetatable({}, { __index = {
        write = function(self, ...)
          for _, piece in ipairs { ... } do text[#text + 1] = piece end
          return self
        end,
        flush = function(self) return self end,
      } })
      local lines = ("word 1 2 3 4 5 6 7 8 9 10\n"):rep(200000)
      assert(where("glove", lines, { "word" }, { progress = mode, stream = stream }))
      return table.concat(text)
    end
    assert.matches("%.file .*4/4 MB  %d+ MB/s", shown "bar")
    assert.equal("", shown "auto")
    assert.equal("", shown "silent")
  end)
end)
