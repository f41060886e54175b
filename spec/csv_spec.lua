local csv = require "tenor.csv"
local scratch = require "spec.support.scratch"

local function read(bytes) return csv.read(scratch.file(".csv", bytes)) end

describe("A CSV file", function()
  after_each(scratch.clean)

  local readable = {
    { "plain fields", "a,b\n1,2\n3,4\n", { { a = "1", b = "2" }, { a = "3", b = "4" } } },
    { "no line end at the end", "a,b\n1,2", { { a = "1", b = "2" } } },
    { "CRLF", "a,b\r\n1,2\r\n", { { a = "1", b = "2" } } },
    { "a UTF-8 mark", "\xEF\xBB\xBFa,b\n1,2\n", { { a = "1", b = "2" } } },
    { "empty fields", "a,b\n,\n", { { a = "", b = "" } } },
    { "an empty last field at the end of the file", "a,b\n1,", { { a = "1", b = "" } } },
    { "commas in quotes", 'a,b\n"1,1",2\n', { { a = "1,1", b = "2" } } },
    { "doubled quotes", 'a,b\n"say ""so""",2\n', { { a = 'say "so"', b = "2" } } },
    { "only a doubled quote", 'a,b\n"""",""\n', { { a = '"', b = "" } } },
    { "line breaks in quotes", 'a,b\n"1\r\n2",3\n', { { a = "1\r\n2", b = "3" } } },
    { "quotes inside a plain field", 'a,b\n5" pipe,2\n', { { a = '5" pipe', b = "2" } } },
    { "blank lines", "a,b\n\n1,2\n\r\n", { { a = "1", b = "2" } } },
    { "no records", "a,b\n", {} },
    { "spaces kept", "a,b\n 1 ,2\n", { { a = " 1 ", b = "2" } } },
  }
  for _, case in ipairs(readable) do
    it("may have " .. case[1], function() assert.same(case[3], assert(read(case[2]))) end)
  end

  it("is separated as asked, or as its header tells", function()
    local function values(bytes, separator)
      local records = assert(csv.read(scratch.file(".csv", bytes), { separator = separator }))
      return { records[1].a, records[1].b }
    end
    assert.same({ "1", "2,3" }, values("a;b\n1;2,3\n", ";"))
    assert.same({ "1", "2" }, values("axb\n1x2\n", "x"))
    for _, bytes in ipairs { "a;b\n1;2,3\n", "a\tb\n1\t2,3\n", 'a,b\n1,"2,3"\n', "sep=;\r\na;b\r\n1;2,3\r\n",
      '"a";b;"c,d,e"\n1;2,3;4\n', "\xEF\xBB\xBFa;b\n1;2,3\n" } do
      assert.same({ "1", "2,3" }, values(bytes, "auto"))
    end
    local reader = assert(csv.parse("sep=;\na;b\n1\n", "x", { separator = "auto" }))
    assert.equal(";", reader.separator)
    assert.equal("x:3: 1 field, but the header has 2", select(2, reader:read()))
    assert.error_matches(function() csv.parse("a", "x", { separator = "" }) end, "must be one character or 'auto', got ")
  end)

  local malformed = {
    { "nothing in it", "", ": is empty" },
    { "a quote that never closes", 'a,b\n1,2\n"3,4\n5,6\n', ":3: a quoted field opens here" },
    { "text after a closing quote", 'a,b\n"1"x,2\n', ":2: text follows a closing quote" },
    { "a field too few", "a,b\n1\n", ":2: 1 field, but the header has 2" },
    { "a field too many after a line break in quotes", 'a,b\n"x\ny",2\n1,2,3\n', ":4: 3 fields" },
    { "a name twice in its header", "a,a\n1,2\n", ":1: the header names 'a' twice" },
    { "a UTF-16 mark", "\xFF\xFEa\0", ": is UTF%-16" },
    { "a zero byte", "a,b\n1,2\n3,\0\n", ":3: holds a zero byte" },
    { "lone carriage returns", "a,b\r1,2\r", ": its lines end in lone carriage returns" },
  }
  for _, case in ipairs(malformed) do
    it("is refused for " .. case[1], function()
      local list, why = read(case[2])
      assert.is_nil(list)
      assert.matches("%.csv" .. case[3], why)
    end)
  end

  it("is read record by record with line numbers", function()
    local lines = {}
    for record, line in csv.parse('a\n"x\ny"\nz\n', "text"):records() do lines[#lines + 1] = { record.a, line } end
    assert.same({ { "x\ny", 2 }, { "z", 4 } }, lines)
  end)

  it("raises in a loop where it is malformed", function()
    local _, why = pcall(function()
      for _ in csv.parse("a,b\n1\n", "text"):records() do end -- luacheck: ignore 541 (that it raises is enough)
    end)
    assert.equal("text:2: 1 field, but the header has 2", why)
  end)

  it("reads back as it was written", function()
    local path = scratch.path(".csv")
    local records = { { a = 'x, "y"\n', b = 1 }, { a = " z ", b = 0.1 }, { b = 1 / 3 } }
    assert.is_true(csv.write(path, { "a", "b" }, records))
    local back = assert(csv.read(path))
    assert.same({ 'x, "y"\n', " z ", "" }, { back[1].a, back[2].a, back[3].a })
    assert.same({ 1, 0.1, 1 / 3 }, { tonumber(back[1].b), tonumber(back[2].b), tonumber(back[3].b) })
  end)

  it("with one column keeps its empty fields", function()
    local path = scratch.path(".csv")
    assert(csv.write(path, { "a" }, { { a = "" }, { a = "x" } }))
    assert.same({ { a = "" }, { a = "x" } }, assert(csv.read(path)))
  end)

  it("that cannot be opened or written is reported", function()
    assert.matches("No such file", select(2, csv.read("/nowhere/x.csv")))
    assert.matches("directory", select(2, csv.read("/")))
    assert.matches("no such file", select(2, csv.write("/nowhere/x.csv", { "a" }, {})))
  end)

  local misuses = {
    { "read(nil)", function() csv.read(nil) end, "csv.read: path must be a string, got nil" },
    { "open(1)", function() csv.open(1) end, "csv.open: path must be a string, got number" },
    { "parse()", function() csv.parse() end, "csv.parse: text must be a string, got nil" },
    { "write(nil)", function() csv.write(nil) end, "csv.write: path must be a string, got nil" },
    { "write without a header", function() csv.write("x.csv") end, "header must be a list, got nil" },
    { "write with an empty header", function() csv.write("x.csv", {}, {}) end, "header is empty; a list of names is expected" },
    { "write with a name that is none", function() csv.write("x.csv", { "a", {} }, {}) end,
      "header: name 2 must be a string, got a table" },
    { "write with a name twice", function() csv.write("x.csv", { "a", "b", "a" }, {}) end,
      "columns 1 and 3 of the header are both 'a'" },
    { "write without names", function() csv.write("x.csv", { "", "" }, {}) end, "columns 1 and 2 of the header are both ''" },
    { "write a table", function() csv.write("x.csv", { "a", "b" }, { { a = 1 }, { b = {} } }) end,
      "row 2, column 'b' must be a string, a number or a boolean, got a table" },
    { "write a record that is none", function() csv.write("x.csv", { "a" }, { { a = true }, 3 }) end,
      "record 2 must be a table, got a number" },
  }
  for _, case in ipairs(misuses) do
    it("refuses " .. case[1], function() assert.error_matches(case[2], case[3]) end)
  end
end)
