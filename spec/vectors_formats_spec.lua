-- Files as their makers publish them; each is written here byte by byte after its definition.
local archive = require "spec.support.archive"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local vectors = tenor.vectors

-- word2vec.c: fprintf "%lld %lld\n"; for each word "%s ", the floats by fwrite, "\n"
local function word2vec(rows, options)
  options = options or {}
  local D = #rows[1] - 1
  local parts = { ("%d %d\n"):format(options.count or #rows, options.dimensions or D) }
  for _, row in ipairs(rows) do
    parts[#parts + 1] = row[1] .. " " .. string.pack("<" .. ("f"):rep(D), table.unpack(row, 2)) .. (options.ending or "\n")
  end
  return table.concat(parts)
end

local cities = { { "Paris", 1, -2.5, 0.1 }, { "in", 3, 4, 5 }, { "New_York", 6, 7, 8 }, { "paris", 9, 10, 11 } }

-- what a float32 keeps of a number
local function f32(x) return (string.unpack("<f", string.pack("<f", x))) end

local function npy(descr, shape, bytes)
  local dict = ("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }"):format(descr:gsub("F", ""),
    descr:find "F" and "True" or "False", shape)
  dict = dict .. (" "):rep(-(10 + #dict + 1) % 64) .. "\n"
  return "\x93NUMPY\1\0" .. string.pack("<I2", #dict) .. dict .. bytes
end

describe("tenor.vectors.word2vec", function()
  after_each(scratch.clean)

  for name, ending in pairs { ["with line feeds"] = "\n", ["without line feeds, as Google's news vectors are"] = "" } do
    it("reads the floats exactly " .. name, function()
      local path = scratch.file(".bin", word2vec(cities, { ending = ending }))
      local v = assert(vectors.word2vec(path, { "in", "nowhere", "paris", "Paris" }))
      assert.same({ { 0, 0, 0 }, { 3, 4, 5 }, { 0, 0, 0 }, { 9, 10, 11 }, { 1, -2.5, f32(0.1) } }, v:matrix():totable())
      assert.equal(4, v:coverage().lines)
      assert.same({ path = path, kind = "word2vec", dimensions = 3, case = "exact" }, v:source())
    end)
  end

  it("reads floats whose bytes are line feeds and blanks, and any other bits", function()
    local rows = {}
    for i = 0, 255 do
      local byte = string.char(i)
      local value = string.unpack("<f", byte .. "\n \x20")
      rows[i + 1] = { "w" .. i, value, (string.unpack("<f", "\n\n" .. byte .. "\x40")) }
    end
    local words = {}
    for i = 1, 256 do words[i] = rows[i][1] end
    local m = assert(vectors.word2vec(scratch.file(".bin", word2vec(rows, { ending = "" })), words)):matrix()
    for i = 1, 256 do
      assert.equal(rows[i][2], m[i + 1][1])
      assert.equal(rows[i][3], m[i + 1][2])
    end
  end)

  it("reads across blocks, with a bar's worth of calls", function()
    local rows, wanted = {}, {}
    for i = 1, 3000 do
      rows[i] = { "word" .. i }
      for k = 1, 300 do rows[i][k + 1] = i + k / 8 end
    end
    for i = 1, 30 do wanted[i] = "word" .. i * 100 end
    local calls, last = 0, 0
    local v = assert(vectors.word2vec(scratch.file(".bin", word2vec(rows)), wanted, {
      progress = function(done, total)
        calls = calls + 1
        assert.is_true(done >= last and done <= total)
        last = done
      end,
    }))
    assert.is_true(calls >= 4)
    for i = 1, 30 do assert.equal(100 * i + 300 / 8, v:matrix()[i + 1][300]) end
  end)

  it("takes the first vector of a repeated word and counts the others", function()
    local v = assert(vectors.word2vec(scratch.file(".bin", word2vec { { "a", 1 }, { "a", 2 }, { "b", 3 } }), { "a" }))
    assert.same({ { 0 }, { 1 } }, v:matrix():totable())
    assert.equal(1, v:coverage().duplicates)
  end)
end)

describe("words of another case", function()
  after_each(scratch.clean)
  local rows = { { "PARIS", 1, 1 }, { "Paris", 2, 2 }, { "London", 3, 3 }, { "paris", 4, 4 }, { "ÉCOLE", 5, 5 } }
  local text = "PARIS 1 1\nParis 2 2\nLondon 3 3\nparis 4 4\nÉCOLE 5 5\n"
  local words = { "london", "paris", "école", "rome" }
  local ways = {
    glove = function(o) return vectors.glove(scratch.file(".txt", text), words, o) end,
    word2vec = function(o) return vectors.word2vec(scratch.file(".bin", word2vec(rows)), words, o) end,
    npy = function(o)
      o.list = scratch.file(".txt", "PARIS\nParis\nLondon\nparis\nÉCOLE\n")
      return vectors.npy(scratch.file(".npy", npy("<f4", "(5, 2)", string.pack("<ffffffffff", 1, 1, 2, 2, 3, 3, 4, 4, 5, 5))),
        words, o)
    end,
  }
  for name, read in pairs(ways) do
    it("count as missing for " .. name .. ", and the report tells of them", function()
      local v = assert(read {})
      assert.same({ { 0, 0 }, { 0, 0 }, { 4, 4 }, { 0, 0 }, { 0, 0 } }, v:matrix():totable())
      assert.equal(2, v:coverage().cased)
      assert.matches("2 missing words would have one in another case", tostring(v:coverage()))
    end)
    it("serve for " .. name .. " where asked to, after a word's own vector", function()
      local v = assert(read { case = "fold" })
      assert.same({ { 0, 0 }, { 3, 3 }, { 4, 4 }, { 5, 5 }, { 0, 0 } }, v:matrix():totable())
      assert.same({ 3, 2, 0 }, { v:coverage().types_found, v:coverage().folded, v:coverage().cased })
      assert.equal("fold", v:source().case)
      assert.matches("2 words took the vector of another case", tostring(v:coverage()))
    end)
  end
end)

describe("tenor.vectors.fasttext", function()
  after_each(scratch.clean)

  it("reads its first line and counts on it", function()
    local v = assert(vectors.fasttext(scratch.file(".vec", "2 3\n</s> 1 2 3 \nb 4 5 6 \n"), { "b" }))
    assert.same({ 4, 5, 6 }, v:matrix()[2]:totable())
    assert.same({ "fasttext", 3, 2 }, { v:source().kind, v:dimensions(), v:coverage().lines })
  end)
end)

describe("tenor.vectors.npy", function()
  after_each(scratch.clean)
  local words = { "c", "nowhere", "a" }
  local function check(bytes, list, o)
    o = o or {}
    o.list = scratch.file(".txt", list or "a\nb\nc\n")
    return vectors.npy(scratch.file(".npy", bytes), words, o)
  end

  for descr, format in pairs { ["<f4"] = "<ffffff", [">f4"] = ">ffffff", ["<f8"] = "<dddddd", [">f8"] = ">dddddd" } do
    it("reads the rows of wanted words of " .. descr, function()
      local v = assert(check(npy(descr, "(3, 2)", string.pack(format, 1, 2, 3, 4, 5, 0.5))))
      assert.same({ { 0, 0 }, { 5, 0.5 }, { 0, 0 }, { 1, 2 } }, v:matrix():totable())
      assert.same({ 2, 3 }, { v:coverage().types_found, v:coverage().lines })
      assert.equal("npy", v:source().kind)
    end)
  end

  it("reads a list with CRLF, a byte order mark and no last line end", function()
    local bytes = npy("<f4", "(3, 1)", string.pack("<fff", 1, 2, 3))
    assert.same({ { 0 }, { 3 }, { 0 }, { 1 } }, assert(check(bytes, "\xEF\xBB\xBFa\r\nb\r\nc")):matrix():totable())
    assert.equal(1, assert(check(bytes, "a\na\nc\n")):coverage().duplicates)
  end)

  it("reads rows longer than its block", function()
    local numbers = {}
    for i = 1, 3 * 9000 do numbers[i] = string.pack("<f", i) end
    local m = assert(check(npy("<f4", "(3, 9000)", table.concat(numbers)))):matrix()
    assert.same({ 18001, 27000, 1, 9000 }, { m[2][1], m[2][9000], m[4][1], m[4][9000] })
  end)

  local wrong = {
    { "a list of other length", npy("<f4", "(3, 1)", ("\0"):rep(12)), "a\nb\n", "has 3 rows, and the list has 2 words" },
    { "no floats", npy("<i4", "(3, 1)", ("\0"):rep(12)), nil, "holds no floats" },
    { "a vector", npy("<f4", "(3,)", ("\0"):rep(12)), nil, "has 1 dimension; a matrix is wanted" },
    { "a cube", npy("<f4", "(3, 1, 1)", ("\0"):rep(12)), nil, "has 3 dimensions; a matrix is wanted" },
    { "Fortran order", npy("F<f4", "(3, 1)", ("\0"):rep(12)), nil, "ascontiguousarray" },
    { "rows of nothing", npy("<f4", "(3, 0)", ""), nil, "has rows of 0 numbers" },
    { "nan", npy("<f4", "(3, 1)", string.pack("<fff", 1, 2, 0 / 0)), nil, "row 3, 'c': number 1 is nan, which is not finite" },
    { "a number cut off", npy("<f4", "(3, 1)", ("\0"):rep(11)), nil, "cut short" },
    { "another format", "3 1\na 1\n", nil, "is not a NumPy array" },
    { "an empty list", npy("<f4", "(3, 1)", ("\0"):rep(12)), "", "txt: is empty" },
    { "a list of other words", npy("<f4", "(3, 1)", ("\0"):rep(12)), "x\ny\nz\n", "none of the 3 words is among the 3 of" },
    { "other dimensions", npy("<f4", "(3, 1)", ("\0"):rep(12)), nil, "has vectors of 1 dimensions, not 2", { dimensions = 2 } },
    { "a list that is none", npy("<f4", "(3, 1)", ("\0"):rep(12)), ("x"):rep(1 << 17), "line 1 has more than 65536 bytes" },
  }
  for _, case in ipairs(wrong) do
    it("refuses " .. case[1], function()
      local v, why = check(case[2], case[3], case[5])
      assert.is_nil(v)
      assert.truthy(why:find(case[4], 1, true), why)
    end)
  end

  it("needs the list", function()
    assert.error_matches(function() vectors.npy("x.npy", words) end, "the option list must name")
    assert.error_matches(function() vectors.npy("x.npy", words, { list = 1 }) end, "list must be a string, got number")
    assert.matches("No such file", select(2, vectors.npy("x.npy", words, { list = "/nowhere" })))
  end)
end)

describe("Packed word vectors", function()
  after_each(scratch.clean)
  local text = "the 1 2\ncat 3 4\n"
  local function rows(v, why) return assert(v, why):matrix():totable() end
  local wanted = { { 0, 0 }, { 3, 4 } }
  -- as glove.6B.zip is
  local function four()
    local members = { { "__MACOSX/._glove.6B.50d.txt", "junk" }, { "folder/", "" } }
    for _, d in ipairs { 1, 2, 3, 30 } do
      members[#members + 1] = { ("glove.6B.%dd.txt"):format(d), "cat" .. (" " .. d):rep(d) .. "\n" }
    end
    return scratch.file(".zip", archive.zip(members))
  end

  it("are read from gzip", function()
    assert.same(wanted, rows(vectors.glove(scratch.file(".txt.gz", archive.gzip(text)), { "cat" })))
    local bin = archive.gzip(word2vec { { "the", 1, 2 }, { "cat", 3, 4 } })
    assert.same(wanted, rows(vectors.word2vec(scratch.file(".bin.gz", bin), { "cat" })))
  end)

  it("are read from gzip whatever the name, from several members, and before padding", function()
    local bytes = archive.gzip "the 1 2\nca" .. archive.gzip "" .. archive.gzip "t 3 4\n" .. ("\0"):rep(1000)
    assert.same(wanted, rows(vectors.glove(scratch.file(".txt", bytes), { "cat" })))
  end)

  it("are read from what the program gzip makes", function()
    local path = scratch.file(".txt", text:rep(20000))
    scratch.made(path .. ".gz")
    if not os.execute("gzip -k " .. path .. " 2>/dev/null") then return pending "no gzip" end
    local v = assert(vectors.glove(path .. ".gz", { "cat" }))
    assert.same(wanted, v:matrix():totable())
    assert.equal(40000, v:coverage().lines)
  end)

  it("are read from a zip archive's only file", function()
    local v = assert(vectors.glove(scratch.file(".zip", archive.zip { { "a.txt", text } }), { "cat" }))
    assert.same(wanted, v:matrix():totable())
    assert.equal("a.txt", v:source().member)
  end)

  it("are chosen from several by dimensions or by name", function()
    assert.same({ { 0, 0 }, { 2, 2 } }, rows(vectors.glove(four(), { "cat" }, { dimensions = 2 })))
    assert.same({ { 0, 0, 0 }, { 3, 3, 3 } }, rows(vectors.glove(four(), { "cat" }, { member = "glove.6B.3d.txt" })))
    assert.same({ { 0, 0, 0 }, { 3, 3, 3 } }, rows(vectors.open(four(), { "cat" }, { dimensions = 3 })))
    local _, why = vectors.glove(four(), { "cat" })
    assert.matches("%.zip: holds 4 files; choose one with the option member or dimensions: glove.6B.1d.txt, glove.6B.2d.txt, "
      .. "glove.6B.3d.txt, glove.6B.30d.txt$", why)
    _, why = vectors.glove(four(), { "cat" }, { dimensions = 300 })
    assert.matches("no member is named for 300 dimensions; choose one with the option member: glove.6B.1d.txt, ", why)
    _, why = vectors.glove(four(), { "cat" }, { member = "glove.txt" })
    assert.matches("has no member 'glove.txt'; it has glove.6B.1d.txt, ", why)
    _, why = vectors.glove(scratch.file(".txt", text), { "cat" }, { member = "glove.txt" })
    assert.matches("is no zip archive, and has no member 'glove.txt'", why)
  end)

  local zip = archive.zip { { "a.txt", text } }
  local wrong = {
    { "gzip cut short", archive.gzip(text):sub(1, -3), "ends inside its gzip data; it was cut short" },
    { "gzip cut in its header", archive.gzip(text):sub(1, 5), "ends inside its gzip data; it was cut short" },
    { "gzip with a wrong CRC", archive.gzip(text, { crc = 1 }), "is damaged: its gzip data have incorrect data check" },
    { "gzip with a wrong length", archive.gzip(text, { size = 1 }), "is damaged: its gzip data have incorrect length check" },
    { "gzip with broken data", "\x1F\x8B\x08\0\0\0\0\0\0\xFF\7\7\7\7", "is damaged: its gzip data have invalid block type" },
    { "gzip and then something else", archive.gzip(text) .. "more", "has bytes after its gzip data that are none" },
    { "gzip of nothing", archive.gzip "", "is empty" },
    { "a zip archive cut short", zip:sub(1, -30), "%.zip: " },
    { "a zip archive of nothing", archive.zip {}, "the archive has no files" },
    { "a zip member with a wrong CRC", archive.zip({ { "a.txt", text } }, { crc = 1 }), "a%.txt: .*CRC" },
    { "a zip member whose length is a lie", archive.zip({ { "a.txt", text } }, { size = 1 << 30 }), "promises 1073741824 bytes" },
    { "a zip archive of two members of one name", archive.zip { { "a.txt", text }, { "a.txt", text } }, "two members of one name" },
  }
  for _, case in ipairs(wrong) do
    it("refuse " .. case[1], function()
      local v, why = vectors.glove(scratch.file(case[2]:find "^PK" and ".zip" or ".gz", case[2]), { "cat" })
      assert.is_nil(v)
      assert.matches("^/.*" .. case[3], why)
    end)
  end

  it("survive every truncation", function()
    for _, whole in ipairs { archive.gzip(text), zip } do
      for n = 0, #whole - 1 do
        local v, why = vectors.glove(scratch.file(".any", whole:sub(1, n)), { "cat" })
        assert.is_nil(v)
        assert.is_string(why)
        scratch.clean()
      end
    end
  end)
end)

describe("tenor.vectors.open", function()
  after_each(scratch.clean)
  local function kind(ending, bytes, o)
    local v = assert(vectors.open(scratch.file(ending, bytes), { "cat" }, o))
    assert.same({ { 0, 0 }, { 3, 4 } }, v:matrix():totable())
    return v:source().kind
  end

  it("tells the kind by the content", function()
    assert.equal("glove", kind(".any", "the 1 2\ncat 3 4\n"))
    assert.equal("glove", kind(".any", "\xEF\xBB\xBFthe 1 2\ncat 3 4\n"))
    assert.equal("fasttext", kind(".any", "2 2\nthe 1 2\ncat 3 4\n"))
    assert.equal("word2vec", kind(".any", word2vec { { "the", 1, 2 }, { "cat", 3, 4 } }))
    assert.equal("word2vec", kind(".any", archive.gzip(word2vec { { "the", 1, 2 }, { "cat", 3, 4 } })))
    local list = scratch.file(".txt", "the\ncat\n")
    assert.equal("npy", kind(".any", npy("<f4", "(2, 2)", string.pack("<ffff", 1, 2, 3, 4)), { list = list }))
  end)

  it("says what it cannot read", function()
    local cases = {
      { "", "is empty" },
      { "once upon a time\n", "is no kind of word vectors that is known" },
      { "\xBA\x16\x4F\x2F\x0C\0\0\0", "fastText's model with subwords (.bin); read its .vec file" },
      { "\x80\4\x95", "a Python pickle" },
      { "\xFF\xFEa\0", "UTF-16" },
      { "a 1 2\n", "has its words itself; the option list is for .npy", { list = "words.txt" } },
      { archive.zip { { "a.npy", "\x93NUMPY" } }, "a.npy: is a NumPy array; unpack it first", { list = "words.txt" } },
      { "\x93NUMPY", "the option list must name the file of its words" },
    }
    for _, case in ipairs(cases) do
      local v, why = vectors.open(scratch.file(".x", case[1]), { "cat" }, case[3])
      assert.is_nil(v)
      assert.truthy(why:find(case[2], 1, true), why)
    end
    assert.matches("No such file", select(2, vectors.open("/nowhere/x", { "a" })))
  end)

  it("tells of a reader that is not for the file which is", function()
    local text, headed = scratch.file(".txt", "cat 3 4\n"), scratch.file(".vec", "1 2\ncat 3 4\n")
    local bin = scratch.file(".bin", word2vec { { "cat", 3, 4 } })
    local function says(what, _, why) assert.truthy(why:find(what, 1, true), why) end
    says("is fastText's text; read it with tenor.vectors.fasttext", vectors.word2vec(headed, { "cat" }))
    says("is GloVe's text; read it with tenor.vectors.glove", vectors.fasttext(text, { "cat" }))
    says("is word2vec's binary format; read it with tenor.vectors.word2vec", vectors.glove(bin, { "cat" }))
    assert.truthy(vectors.glove(headed, { "cat" }))
  end)
end)
