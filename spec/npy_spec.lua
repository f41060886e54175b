local needs = require "spec.support.needs"
local tenor = require "tenor"
local scratch = require "spec.support.scratch"
local shared = require "spec.support.shared"

-- A .npy of version 1 with this dict and these bytes of numbers.
local function npy(dict, numbers)
  return "\x93NUMPY\1\0" .. string.pack("<s2", dict) .. (numbers or "")
end

local function dict(descr, shape, order)
  return ("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"):format(descr, order or "False", shape)
end

local function load_npy(bytes, options) return tenor.load(scratch.file(".npy", bytes), options) end

describe("tenor.load of a .npy", function()
  after_each(scratch.clean)

  local kinds = {
    { "<f2", "<I2I2I2", { 0x3C00, 0xC000, 0x0001 }, { 1, -2, 2 ^ -24 } },
    { ">f2", ">I2I2I2", { 0x3C00, 0xC000, 0x7BFF }, { 1, -2, 65504 } },
    { "<f4", "<fff", { 1.5, -2, 0.25 }, { 1.5, -2, 0.25 } },
    { ">f4", ">fff", { 1.5, -2, 0.25 }, { 1.5, -2, 0.25 } },
    { "<f8", "<ddd", { 1.5, -2, 0.25 }, { 1.5, -2, 0.25 } },
    { ">f8", ">ddd", { 1.5, -2, 0.25 }, { 1.5, -2, 0.25 } },
    { "|i1", "bbb", { 1, -2, 127 }, { 1, -2, 127 }, "int32" },
    { "<i2", "<i2i2i2", { 1, -2, 32767 }, { 1, -2, 32767 }, "int32" },
    { ">i4", ">i4i4i4", { 1, -2, 2147483647 }, { 1, -2, 2147483647 }, "int32" },
    { "<i8", "<i8i8i8", { 1, -2147483648, 5 }, { 1, -2147483648, 5 }, "int32" },
    { "|u1", "BBB", { 1, 2, 255 }, { 1, 2, 255 }, "int32" },
    { ">u2", ">I2I2I2", { 1, 2, 65535 }, { 1, 2, 65535 }, "int32" },
    { "<u4", "<I4I4I4", { 1, 2, 70000 }, { 1, 2, 70000 }, "int32" },
    { ">u8", ">I8I8I8", { 1, 2, 70000 }, { 1, 2, 70000 }, "int32" },
    { "|b1", "BBB", { 1, 0, 7 }, { 1, 0, 1 }, "int32" },
  }
  for _, kind in ipairs(kinds) do
    it("reads " .. kind[1], function()
      local x = assert(load_npy(npy(dict(kind[1], "(3,)"), string.pack(kind[2], table.unpack(kind[3])))))
      assert.equal(kind[5] or tenor.real, x:dtype())
      assert.same({ 3 }, x:shape())
      for i = 1, 3 do assert.equal(kind[4][i], x[i]) end
    end)
  end

  it("reads strings of either kind and byte order", function()
    local ucs = string.pack("<I4I4I4I4I4I4", 65, 0xE9, 0, 0x1F600, 0, 66)
    assert.same({ "Aé", "\u{1F600}\0B" }, assert(load_npy(npy(dict("<U3", "(2,)"), ucs))))
    assert.same({ "Aé" }, assert(load_npy(npy(dict(">U3", "()"), string.pack(">I4I4I4", 65, 0xE9, 0)))))
    assert.same({ "ab", "", "\xFFc" }, assert(load_npy(npy(dict("|S3", "(3,)"), "ab\0\0\0\0\xFFc\0"))))
    assert.same({}, assert(load_npy(npy(dict("<U99", "(0,)")))))
  end)

  it("turns Fortran order into rows", function()
    local x = assert(load_npy(npy(dict("<i4", "(2, 3)", "True"), string.pack("<i4i4i4i4i4i4", 1, 4, 2, 5, 3, 6))))
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, x:totable())
  end)

  it("takes the keys in any order, either quote and version 2", function()
    local header = '{"shape":(2,),"descr":"<i4","fortran_order":False}'
    local bytes = "\x93NUMPY\2\0" .. string.pack("<s4", header) .. string.pack("<i4i4", 7, 8)
    assert.same({ 7, 8 }, assert(load_npy(bytes)):totable())
  end)

  it("makes a 0-d array a tensor of one number", function()
    assert.same({ 1 }, assert(load_npy(npy(dict("<f8", "()"), string.pack("<d", 3)))):shape())
  end)

  it("reads arrays without numbers", function()
    assert.same({ 0, 5 }, assert(load_npy(npy(dict("<f8", "(0, 5)")))):shape())
  end)

  it("names the element that int32 cannot hold, and reads it as a real on request", function()
    local bytes = npy(dict("<i8", "(2, 2)"), string.pack("<i8i8i8i8", 1, 2, 2 ^ 40, 4))
    local x, why = load_npy(bytes)
    assert.is_nil(x)
    assert.matches("%.npy: element %[2%]%[1%] is 1099511627776, which int32 cannot hold", why)
    assert.equal(2 ^ 40, assert(load_npy(bytes, { dtype = "real" }))[2][1])
  end)

  local four = string.pack("<ffff", 1, 2, 3, 4)
  local malformed = {
    { "an empty file", "", "not a NumPy array" },
    { "another kind of file", "RIFF\0\0\0\0WAVEfmt ", "not a NumPy array" },
    { "an unknown version", "\x93NUMPY\9\0" .. ("x"):rep(90), "format version 9%.0" },
    { "a header that goes on for ever", "\x93NUMPY\2\0\xFF\xFF\xFF\x7F" .. ("x"):rep(90),
      "header of 2147483647 bytes" },
    { "a header of two bytes", "\x93NUMPY\1\0\1\0xxxxxx", "too short" },
    { "no dict", npy("hello world", four), "0x68 where '{'" },
    { "a dict that never closes", npy("{'descr': '<f4', ", four), "header ends where" },
    { "a missing key", npy("{'descr': '<f4', 'shape': (4,)}", four), "lacks the key 'fortran_order'" },
    { "a key twice", npy("{'descr': '<f4', 'descr': '<f4'}", four), "'descr' twice" },
    { "an unknown key", npy("{'order': 1}", four), "unknown key 'order'" },
    { "a shape that is a number", npy(dict("<f4", "(4)"), four), "a number where the shape" },
    { "a negative size", npy(dict("<f4", "(-4,)"), four), "where a size should be" },
    { "a size beyond counting", npy(dict("<f4", "(99999999999999999999,)"), four), "too large for this machine" },
    { "sizes whose product overflows", npy(dict("<f4", "(4294967296, 4294967296, 4)"), four), "can count" },
    { "an overflow behind a zero", npy(dict("<f4", "(0, 4294967296, 4294967296)")), "can count" },
    { "nine dimensions", npy(dict("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 4)"), four), "more than 8 dimensions" },
    { "neither True nor False", npy(dict("<f4", "(4,)", "Maybe"), four), "True or False" },
    { "text after the dict", npy(dict("<f4", "(4,)") .. "x", four), "nothing more" },
    { "Python objects", npy(dict("|O", "(4,)"), four), "Python objects" },
    { "a structured dtype", npy("{'descr': [('a', '<f4')], }", four), "structured dtype" },
    { "complex numbers", npy(dict("<c8", "(2,)"), four), "dtype '<c8'" },
    { "strings in two dimensions", npy(dict("|S2", "(1, 2)"), "abcd"), "strings in 2 dimensions" },
    { "strings of no width", npy(dict("<U0", "(1000000000,)")), "dtype '<U0'" },
    { "strings without a width", npy(dict("<U", "(1,)"), four), "dtype '<U'" },
    { "strings of a width beyond counting", npy(dict("<U99999999999", "(1,)"), four), "dtype '<U99999999999'" },
    { "strings wider than the file", npy(dict("<U99999999", "(1,)"), four), "promises 381.5 MB, the file holds" },
    { "strings whose bytes overflow", npy(dict("|S99999999", "(4503599627370496,)"), four), "this machine can count" },
    { "strings of UCS-4 without byte order", npy(dict("|U1", "(1,)"), four), "dtype '|U1'" },
    { "half of a character pair", npy(dict("<U1", "(2,)"), string.pack("<I4I4", 65, 0xD800)), "string 2 holds U%+D800" },
    { "no character at all", npy(dict("<U1", "(1,)"), "\xFF\xFF\xFF\xFF"), "string 1 holds U%+FFFFFFFF" },
    { "bytes after the strings", npy(dict("|S2", "(1,)"), "abc"), "1 bytes after the last" },
    { "dates", npy(dict("<M8[D]", "(1,)"), four), "dtype '<M8%[D%]'" },
    { "a float of one byte", npy(dict("|f1", "(4,)"), four), "dtype '|f1'" },
    { "a wide number without byte order", npy(dict("|f4", "(4,)"), four), "dtype '|f4'" },
    { "bytes after the numbers", npy(dict("<f4", "(4,)"), four .. "x"), "1 bytes after the last number" },
    { "far too few numbers", npy(dict("<f8", "(1073741824,)"), "x"), "promises 8 GB, the file holds 7%d bytes" },
  }
  for _, case in ipairs(malformed) do
    it("refuses " .. case[1], function()
      local x, why = load_npy(case[2])
      assert.is_nil(x)
      assert.matches("^/.*%.npy: ", why)
      assert.matches(case[3], why)
    end)
  end

  it("refuses every truncation", function()
    local whole = npy(dict("<f4", "(4,)"), four)
    assert.truthy(load_npy(whole))
    for n = 0, #whole - 1 do
      local x, why = load_npy(whole:sub(1, n))
      assert.is_nil(x)
      assert.matches("%.npy: ", why)
    end
  end)

  it("says what is wrong with the path", function()
    assert.matches("No such file", select(2, tenor.load("/nowhere/x.npy")))
    assert.has_error(function() tenor.load(nil) end, "tenor.load: path must be a string, got nil")
    assert.error_matches(function() tenor.load("x.mat") end, "known extensions are %.npy, %.npz")
    assert.error_matches(function() tenor.load("x.npy", { type = "real" }) end, "unknown option 'type'")
    assert.error_matches(function() tenor.load("x.npy", { dtype = "int8" }) end, "dtype must be 'real'")
  end)

  shared.it("reads the arrays of a published corpus", function()
    local x = assert(tenor.load(shared.path "data/qcc/x_test.npy"))
    assert.same({ 2484, 46 }, x:shape())
    assert.truthy(x:isfinite())
  end)
end)

describe("tenor.save", function()
  after_each(scratch.clean)

  local rng = tenor.rng(1)
  local values = {
    real = tenor.randn(3, 4, rng), whole = tenor.tensor({ 1, -2, 3 }, "int32"), empty = tenor.zeros(0, 3),
    cube = tenor.randn(2, 3, 4, rng), view = tenor.randn(5, 2, rng):narrow(1, 2, 2),
  }

  it("writes what tenor.load reads back", function()
    for name, value in pairs(values) do
      local path = scratch.path(".npy")
      assert.is_true(tenor.save(path, value))
      local back = assert(tenor.load(path))
      assert.equal(value:dtype(), back:dtype(), name)
      assert.same(value:totable(), back:totable(), name)
      assert.same(value:shape(), back:shape(), name)
    end
  end)

  for _, compress in ipairs { false, true } do
    it(("writes and reads archives, %s"):format(compress and "deflated" or "stored"), function()
      local path = scratch.path(".npz")
      assert.is_true(tenor.save(path, values, { compress = compress }))
      local back = assert(tenor.load(path))
      for name, value in pairs(values) do assert.same(value:totable(), back[name]:totable(), name) end
    end)
  end

  it("writes an archive of nothing, which is read as nothing", function()
    local path = scratch.path ".npz"
    assert.is_true(tenor.save(path, {}))
    assert.same({}, assert(tenor.load(path)))
  end)

  it("makes equal bytes of equal content", function()
    local a, b = scratch.path(".npz"), scratch.path(".npz")
    tenor.save(a, values)
    tenor.save(b, values)
    assert.equal(scratch.read(a), scratch.read(b))
  end)

  it("takes numbers and tables of numbers", function()
    local path = scratch.path(".npz")
    assert(tenor.save(path, { one = 0.5, many = { { 1, 2 }, { 3, 4 } } }))
    local back = assert(tenor.load(path))
    assert.same({ 0.5 }, back.one:totable())
    assert.same({ { 1, 2 }, { 3, 4 } }, back.many:totable())
  end)

  it("writes lists of strings", function()
    local names = { "Ses01_1", "", "é\u{1F600}", "x\0y", ("long "):rep(40) }
    local one, many = scratch.path(".npy"), scratch.path(".npz")
    assert(tenor.save(one, names))
    assert.same(names, assert(tenor.load(one)))
    assert(tenor.save(many, { ids = names, x = { 1, 2 } }, { compress = true }))
    local back = assert(tenor.load(many, { dtype = "real" }))
    assert.same(names, back.ids)
    assert.same({ 1, 2 }, back.x:totable())
  end)

  it("leaves the old file and no other behind when it fails", function()
    local path = scratch.file(".npz", "old")
    local ok, why = tenor.save(path, { ["\xFF\xFE"] = values.real })
    assert.is_nil(ok)
    assert.matches("%.npz: ", why)
    assert.equal("old", scratch.read(path))
    assert.is_nil(io.open(path .. ".tmp"))
  end)

  it("reports a folder that is not there", function()
    assert.matches("No such file", select(2, tenor.save("/nowhere/x.npy", values.real)))
    assert.matches("No such file", select(2, tenor.save("/nowhere/x.npz", values)))
  end)

  it("refuses values that do not suit the format", function()
    assert.error_matches(function() tenor.save("x.npz", values.real) end, "table name %-> tensor, got a tensor")
    assert.error_matches(function() tenor.save("x.npy", "text") end, "the value must be a tensor")
    assert.error_matches(function() tenor.save("x.npz", { values.real }) end, "names .* must be strings, got 1")
    assert.error_matches(function() tenor.save("x.npz", { a = { "b", 1 } }) end, "value 'a' must be UTF%-8 .* item 2: number")
    assert.error_matches(function() tenor.save("x.npz", { a = { "b\0" } }) end, "do not end in a zero, got item 1")
    assert.error_matches(function() tenor.save("x.npy", { "\xFF" }) end, "the value must be UTF%-8")
    assert.error_matches(function() tenor.save("x.safetensors", { a = { "b" } }) end, "strings in its metadata alone")
    assert.error_matches(function() tenor.save("x.npz", { a = print }) end, "value 'a' must be a tensor")
  end)

  it("blames the line that called it", function()
    local here = debug.getinfo(1, "l").currentline
    local calls = {
      function() tenor.save("x.npz", values.real) end,
      function() tenor.save("x.npz", { 1 }) end,
      function() tenor.save("x.npz", { a = "b" }) end,
      function() tenor.save("x.npy", print) end,
      function() tenor.save("x.npy", { "a", 1 }) end,
      function() tenor.save("x.safetensors", 1) end,
      function() tenor.save("x.safetensors", { a = "b" }) end,
      function() tenor.save("x.safetensors", { a = { "b" } }) end,
      function() tenor.save("x.safetensors", { __metadata__ = 1 }) end,
      function() tenor.save("x.safetensors", { a = 1 }, { metadata = 1 }) end,
      function() tenor.save("x.safetensors", { a = 1 }, { metadata = { a = 1 } }) end,
    }
    for i, call in ipairs(calls) do
      local _, why = pcall(call)
      assert.matches(("npy_spec.lua:%d: tenor.save: "):format(here + 1 + i), why)
    end
  end)

  it("has names as long as the format counts, and none that are longer", function()
    local path, t = scratch.path ".npz", tenor.ones(2)
    local longest = ("n"):rep(65531)
    assert(tenor.save(path, { [longest] = t }))
    assert.same({ 1, 1 }, assert(tenor.load(path))[longest]:totable())
    for _, n in ipairs { 65532, 70000 } do
      local ok, why = tenor.save(path, { [("n"):rep(n)] = t })
      assert.is_nil(ok)
      assert.matches(("%%.npz: n+%%.%%.%%.: its name has %d bytes, and the name of a member at most 65535$"):format(n + 4), why)
    end
  end)

  it("is not written empty with sizes that no reader would count", function()
    for _, ending in ipairs { ".npy", ".npz", ".safetensors" } do
      local path = scratch.path(ending)
      local function content(...)
        local t = tenor.zeros(...)
        return ending == ".npy" and t or { z = t }
      end
      assert(tenor.save(path, content(0, (1 << 56) - 1)))
      assert(tenor.load(path))
      for _, shape in ipairs { { 0, 1 << 56 }, { 0, 1 << 60 }, { 1 << 30, 0, 1 << 30 } } do
        assert.error_matches(function() tenor.save(path, content(table.unpack(shape))) end,
          ("is empty, but %%(%s%%) is more than can be read back"):format(table.concat(shape, ", ")))
      end
    end
  end)
end)

describe("tenor.load of an .npz", function()
  after_each(scratch.clean)

  for _, compress in ipairs { false, true } do
    it(("refuses every truncation, %s"):format(compress and "deflated" or "stored"), function()
      local path = scratch.path(".npz")
      assert(tenor.save(path, { a = { 1, 2, 3 }, b = { { 1 } } }, { compress = compress }))
      local whole = scratch.read(path)
      for n = 0, #whole - 1 do
        local x, why = tenor.load(scratch.file(".npz", whole:sub(1, n)))
        assert.is_nil(x, n)
        assert.matches("%.npz: ", why)
        if n % 50 == 0 then scratch.clean() end
      end
    end)

    it(("survives every flipped byte, %s"):format(compress and "deflated" or "stored"), function()
      local path = scratch.path(".npz")
      assert(tenor.save(path, { a = { 1, 2, 3 } }, { compress = compress }))
      local whole = scratch.read(path)
      for i = 1, #whole do
        local bytes = whole:sub(1, i - 1) .. string.char(whole:byte(i) ~ 0xFF) .. whole:sub(i + 1)
        local x, why = tenor.load(scratch.file(".npz", bytes))
        assert.truthy(x or why)
        if i % 50 == 0 then scratch.clean() end
      end
    end)
  end

  it("finds a spoilt member by its checksum and names it", function()
    local path = scratch.path(".npz")
    assert(tenor.save(path, { a = tenor.ones(3) }))
    local bytes = scratch.read(path)
    local one = string.pack(tenor.real == "float64" and "<d" or "<f", 1):rep(3)
    local at = bytes:find(one, 1, true)
    local x, why = tenor.load(scratch.file(".npz", bytes:sub(1, at - 1) .. "\1" .. bytes:sub(at + 1)))
    assert.is_nil(x)
    assert.matches("%.npz: a%.npy: CRC error", why)
  end)
end)

describe("NumPy", function()
  after_each(scratch.clean)
  local test = needs(scratch.numpy(), "NumPy")

  test("opens what tenor writes", function()
    local one, many = scratch.path(".npy"), scratch.path(".npz")
    assert(tenor.save(one, { { 1.5, 2 }, { 3, 4 } }))
    assert(tenor.save(many, { ids = tenor.tensor({ 1, 2 }, "int32"), empty = tenor.zeros(0, 3) }, { compress = true }))
    local out = scratch.python(([[
import numpy as np
a = np.load(%q)
z = np.load(%q)
print(a.dtype, a.tolist(), sorted(z), z["ids"].dtype, z["ids"].tolist(), z["empty"].shape)
]]):format(one, many))
    assert.equal(tenor.real .. " [[1.5, 2.0], [3.0, 4.0]] ['empty', 'ids'] int32 [1, 2] (0, 3)\n", out)
  end)

  test("shares strings with tenor", function()
    local there, back = scratch.path(".npz"), scratch.path(".npz")
    assert(tenor.save(there, { ids = { "a", "é\u{1F600}", "" } }))
    local out = scratch.python(([[
import numpy as np
z = np.load(%q)
print(z["ids"].dtype, z["ids"].tolist() == ["a", "é\U0001F600", ""])
np.savez(%q, u=z["ids"], swapped=z["ids"].astype(">U5"), s=np.array([b"ab", b""]), one=np.array("x"))
]]):format(there, back))
    assert.equal("<U2 True\n", out)
    assert.same({ u = { "a", "é\u{1F600}", "" }, swapped = { "a", "é\u{1F600}", "" }, s = { "ab", "" }, one = { "x" } },
      assert(tenor.load(back)))
  end)

  test("writes what tenor opens", function()
    local stored, deflated, fortran = scratch.path(".npz"), scratch.path(".npz"), scratch.path(".npy")
    scratch.python(([[
import numpy as np
kinds = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">f2", ">f4", ">f8", ">i2", ">i8", ">u4"]
arrays = {k: np.arange(24).reshape(2, 3, 4).astype(k) for k in kinds}
arrays["bool"] = np.arange(24).reshape(2, 3, 4) %% 2 == 1
arrays["scalar"] = np.float64(2.5)
np.savez(%q, **arrays)
np.savez_compressed(%q, **arrays)
np.save(%q, np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
]]):format(stored, deflated, fortran))
    local wanted = tenor.arange(24):reshape(2, 3, 4):totable()
    for _, path in ipairs { stored, deflated } do
      local n = 0
      for name, x in pairs(assert(tenor.load(path, { dtype = "real" }))) do
        n = n + 1
        if name == "scalar" then
          assert.same({ 2.5 }, x:totable())
        elseif name ~= "bool" then
          assert.same(wanted, x:totable(), name)
        end
      end
      assert.equal(19, n)
      assert.equal(1, assert(tenor.load(path)).bool[2][3][4])
    end
    assert.same(wanted, assert(tenor.load(fortran)):totable())
  end)
end)
