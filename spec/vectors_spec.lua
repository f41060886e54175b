local tenor = require "tenor"
local scratch = require "spec.support.scratch"
local shared = require "spec.support.shared"

local function glove(bytes, words, options)
  return tenor.vectors.glove(scratch.file(".txt", bytes), words, options)
end

describe("tenor.vectors.glove", function()
  after_each(scratch.clean)

  it("puts word i into row i + 1 and leaves padding and unknown words zero", function()
    local v = assert(glove("the 1 2\ncat -0.5 1e-3\ndog 3 4\n", { "dog", "bird", "the" }))
    local wanted = tenor.tensor { { 0, 0 }, { 3, 4 }, { 0, 0 }, { 1, 2 } }
    assert.same(wanted:totable(), v:matrix():totable())
    assert.equal(2, v:dimensions())
  end)

  it("tells what it covers", function()
    local t = tenor.text.Tokenizer():fit { "the cat the dog the cat", "xyzzy xyzzy bird" }
    local c = assert(glove("the 1 2\ncat 3 4\n", t)):coverage()
    assert.same({ 5, 2, 9, 5 }, { c.types, c.types_found, c.tokens, c.tokens_found })
    assert.same({ { word = "xyzzy", count = 2 }, { word = "dog", count = 1 }, { word = "bird", count = 1 } }, c.missing)
    assert.matches("2 of 5 words have a vector %(40.0 %%%), 5 of 9 tokens", tostring(c))
    assert.matches("missing: xyzzy %(2%), dog %(1%)", tostring(c))
  end)

  it("takes the last D fields of a line as numbers, so that words may have spaces", function()
    local v = assert(glove("the 1 2\n. . . 3 4\nat name@domain.com 5 6\na 7 8\n", { "a", ".", "at" }))
    assert.equal(2, v:coverage().spaced)
    assert.matches("\n2 words of the file with spaces inside$", tostring(v:coverage()))
    assert.same({ { 0, 0 }, { 7, 8 }, { 0, 0 }, { 0, 0 } }, v:matrix():totable())
  end)

  it("counts malformed lines and names the first", function()
    local v = assert(glove("a 1 2\nb 1\nc 1.5 2 3\nd 1 x\ne 1 2\nf 1 --2\n\ng 0x10 2\n",
      { "a", "b", "c", "d", "e", "f", "g" }))
    local c = v:coverage()
    assert.same({ 8, 6, 2, 2 }, { c.lines, c.malformed, c.first_bad, c.types_found })
    assert.matches("6 of 8 lines malformed, the first is line 2 %(it has 1 of 2 numbers%)", tostring(c))
    assert.matches("; 6 lines malformed$", tostring(v))
    assert.same({ 0, 0 }, v:matrix()[5]:totable())
  end)

  it("keeps the first of two vectors", function()
    local v = assert(glove("a 1 2\na 3 4\n", { "a" }))
    assert.same({ 1, 2 }, v:matrix()[2]:totable())
    assert.equal(1, v:coverage().duplicates)
  end)

  it("reads CRLF, trailing blanks, tabs and a last line without end", function()
    local v = assert(glove("a 1 2 \r\nb\t3\t4\r\nc 5 6", { "a", "b", "c" }))
    assert.same({ { 1, 2 }, { 3, 4 }, { 5, 6 } }, v:matrix():narrow(1, 2, 3):totable())
  end)

  it("reads fastText's first line", function()
    local v = assert(glove("2 3\na 1 2 3 \nb 4 5 6 \n", { "b" }))
    assert.same({ 4, 5, 6 }, v:matrix()[2]:totable())
    assert.equal(2, v:coverage().lines)
  end)

  it("rounds every number as Lua does", function()
    local rng, lines, words, wanted = tenor.rng(3), {}, {}, {}
    local odd = { "1e-45", "4.9e-324", "123456789012345678901234567890", "0.1", "-0", "9007199254740993", "1e22",
      "1E-23", "+3", ".5", "5.", "0.000000000000000000000000000001234567890123456789", "3.4e38",
      "00000000000000000001" }
    local random = tenor.randn(300, rng)
    for i = 1, 300 do odd[#odd + 1] = ("%%.%dg"):format(1 + i % 17):format(random[i] * 10.0 ^ (i % 40 - 20)) end
    for i, text in ipairs(odd) do
      words[i] = "w" .. i
      lines[i] = words[i] .. " " .. text
      wanted[i] = tonumber(text) + 0.0
    end
    local m = assert(glove(table.concat(lines, "\n"), words, { dimensions = 1 })):matrix()
    wanted = tenor.tensor(wanted)
    for i = 1, #odd do assert.equal(wanted[i], m[i + 1][1], odd[i]) end
  end)

  it("reads across blocks, over a line longer than one", function()
    local lines = {}
    for i = 1, 60000 do lines[i] = ("word%d %d %d.5 1 1 1 1 1 1 1 1"):format(i, i, i) end
    table.insert(lines, 30000, ("x"):rep(3 << 20))
    local calls = 0
    local v = assert(glove(table.concat(lines, "\n"), { "word1", "word29999", "word30000", "word60000" },
      { progress = function(done, total) calls = calls + 1 assert.truthy(done <= total) end }))
    assert.truthy(calls > 4)
    assert.same({ 0, 1, 29999, 30000, 60000 }, v:matrix():t()[1]:totable())
    assert.equal(1, v:coverage().malformed)
    assert.equal(30000, v:coverage().first_bad)
  end)

  local hopeless = {
    { "an empty file", "", "is empty" },
    { "a file of blank lines", "\n\n\n", "has no line with a word and numbers" },
    { "a file of words alone", "a\nb\nc\n", "has no line with a word and numbers" },
    { "a file of none of the words", "x 1 2\ny 3 4\n",
      "none of the 1 words has a vector among 2 of 2 dimensions" },
    { "prose", "a long day ends\nin deep blue night\n", "none of the 1 words .* malformed" },
    { "a first line that promises what the others lack", "1 4\na 1.50 2.50\n",
      "line 1 promises 4 dimensions, the lines after it have 2" },
    { "numbers too large to be numbers", "a 1e999 1\n", "line 1: number 1 of 'a' is 1e999, which is not finite" },
  }
  for _, case in ipairs(hopeless) do
    it("refuses " .. case[1], function()
      local v, why = glove(case[2], { "a" })
      assert.is_nil(v)
      assert.matches("^/.*%.txt: " .. case[3], why)
    end)
  end

  it("survives every truncation of a file", function()
    local whole = "the 1.25 -2e-3\ncat 3 4\n"
    for n = 0, #whole do
      local v, why = glove(whole:sub(1, n), { "the", "cat" })
      assert.truthy(v or why)
    end
  end)

  it("refuses wrong arguments", function()
    local f = tenor.vectors.glove
    assert.error_matches(function() f(1, { "a" }) end, "path must be a string, got number")
    assert.error_matches(function() f("x", "a") end, "words must be a tokenizer or a list of words, got string")
    assert.error_matches(function() f("x", { 1 }) end, "word 1 must be a string, got number")
    assert.error_matches(function() f("x", tenor.text.Tokenizer()) end, "the vocabulary is empty")
    assert.error_matches(function() f("x", { "a" }, { dim = 3 }) end, "unknown option 'dim'")
    assert.matches("No such file", select(2, f("/nowhere/x.txt", { "a" })))
    assert.matches("directory", select(2, f("/", { "a" })))
  end)

  shared.it("reads GloVe's own file as a plain reading of its lines", function()
    local path = shared.path "data/glove/glove.6B.100d.subset.txt"
    local words, rows = {}, {}
    for line in io.lines(path) do
      local word, rest = line:match("^(%S+) (.*)$")
      words[#words + 1] = word
      local row = {}
      for number in rest:gmatch("%S+") do row[#row + 1] = tonumber(number) end
      rows[#rows + 1] = row
    end
    local m = assert(tenor.vectors.glove(path, words)):matrix()
    assert.same({ #words + 1, 100 }, m:shape())
    local difference = (m:narrow(1, 2, #words) - tenor.tensor(rows)):abs():max()
    assert.equal(0, difference)
  end)
end)
