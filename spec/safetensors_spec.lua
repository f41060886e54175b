local needs = require "spec.support.needs"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

-- A file by the format's definition: length, header, bytes.
local function file(header, bytes) return string.pack("<s8", header) .. (bytes or "") end

local function one(dtype, shape, bytes, more)
  return file(('{"x":{"dtype":"%s","shape":%s,"data_offsets":[0,%d]}%s}'):format(dtype, shape, #bytes, more or ""), bytes)
end

local function load(bytes, options) return tenor.load(scratch.file(".safetensors", bytes), options) end

describe("tenor.load of a .safetensors", function()
  after_each(scratch.clean)

  local kinds = {
    { "F64", "<ddd", { 1.5, -2, 0.25 } },
    { "F32", "<fff", { 1.5, -2, 0.25 } },
    { "F16", "<I2I2I2", { 0x3C00, 0xC000, 0x0001 }, { 1, -2, 2 ^ -24 } },
    { "BF16", "<I2I2I2", { 0x3FC0, 0xC000, 0x0080 }, { 1.5, -2, 2 ^ -126 } },
    { "I64", "<i8i8i8", { 1, -2147483648, 5 } },
    { "I32", "<i4i4i4", { 1, -2, 2147483647 } },
    { "I16", "<i2i2i2", { 1, -2, 32767 } },
    { "I8", "bbb", { 1, -128, 127 } },
    { "U64", "<I8I8I8", { 1, 2, 70000 } },
    { "U32", "<I4I4I4", { 1, 2, 70000 } },
    { "U16", "<I2I2I2", { 1, 2, 65535 } },
    { "U8", "BBB", { 1, 2, 255 } },
    { "BOOL", "BBB", { 1, 0, 1 } },
  }
  for _, kind in ipairs(kinds) do
    it("reads " .. kind[1], function()
      local bytes = one(kind[1], "[3]", string.pack(kind[2], table.unpack(kind[3])))
      local x = assert(load(bytes)).x
      assert.equal(kind[1]:find("F") and tenor.real or "int32", x:dtype())
      assert.same({ 3 }, x:shape())
      for i = 1, 3 do assert.equal((kind[4] or kind[3])[i], x[i]) end
      local real = assert(load(bytes, { dtype = "real" })).x
      assert.equal(tenor.real, real:dtype())
      assert.equal((kind[4] or kind[3])[2], real[2])
    end)
  end

  it("gives the metadata as a second value", function()
    local tensors, metadata = load(file('{"__metadata__":{"format":"pt","é":"ü"}}  '))
    assert.same({}, tensors)
    assert.same({ format = "pt", ["é"] = "ü" }, metadata)
    assert.same({}, select(2, load(file "{}")))
  end)

  it("reads rows, scalars, empty tensors and tensors in any order of the header", function()
    local t = assert(load(file('{"c":{"dtype":"F32","shape":[],"data_offsets":[24,28]},'
      .. '"b":{"dtype":"I8","shape":[0,5],"data_offsets":[24,24]},'
      .. '"a":{"dtype":"I32","shape":[2,3],"data_offsets":[0,24]}}', string.pack("<i4i4i4i4i4i4f", 1, 2, 3, 4, 5, 6, 7))))
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, t.a:totable())
    assert.same({ 0, 5 }, t.b:shape())
    assert.same({ 7 }, t.c:totable())
  end)

  it("reads numbers that no alignment holds", function()
    local t = assert(load(file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
      .. '"b":{"dtype":"F64","shape":[1],"data_offsets":[1,9]}} ', string.pack("<Bd", 9, 2.5))))
    assert.same({ 9, 2.5 }, { t.a[1], t.b[1] })
  end)

  it("names the element that int32 cannot hold", function()
    local x, why = load(one("I64", "[2,1]", string.pack("<i8i8", 1, 2 ^ 40)))
    assert.is_nil(x)
    assert.matches("%.safetensors: tensor 'x': element %[2%]%[1%] is 1099511627776, which int32 cannot hold", why)
  end)

  local four = ("\0"):rep(4)
  local pair = '{"a":{"dtype":"U8","shape":[3],"data_offsets":[%d,%d]},"b":{"dtype":"U8","shape":[3],"data_offsets":[%d,%d]}}'
  local function x(fields) return file(('{"x":{%s}}'):format(fields), four) end
  local malformed = {
    { "an empty file", "", "not a safetensors file: 0 bytes" },
    { "seven bytes", "1234567", "7 bytes are too few" },
    { "another kind of file", "RIFF\0\0\0\0WAVEfmt ", "promise a header of 1179011410 bytes" },
    { "text", "valence,arousal,dominance\n", "at most 100000000 are read" },
    { "a header longer than the file", string.pack("<I8", 90000000) .. "{}", "header of 90000000 bytes, 2 are there" },
    { "a header beyond the limit", string.pack("<I8", 100000001) .. "{}", "header of 100000001 bytes, at most" },
    { "a length of all ones", ("\xFF"):rep(8) .. "{}", "18446744073709551615" },
    { "no header", file "", "does not begin with '{'" },
    { "a list for a header", file "[]", "does not begin with '{'" },
    { "a space before the header", file " {}", "does not begin with '{'" },
    { "a header that is no JSON", file "{x}", "header: line 1, column" },
    { "a header that stops", file '{"x":', "header: line 1" },
    { "two headers", file "{}{}", "header: line 1" },
    { "a header that is not UTF-8", file '{"\xFF":1}', "header: line 1" },
    { "a nest without end", file('{"x":' .. ("["):rep(100000)), "header: line 1" },
    { "one name twice", file(pair:gsub('"b"', '"a"'):format(0, 3, 3, 6), ("x"):rep(6)), "duplicate" },
    { "metadata twice", file('{"__metadata__":{},"__metadata__":{}}'), "duplicate" },
    { "a key of the metadata twice", file('{"__metadata__":{"a":"1","a":"2"}}'), "duplicate" },
    { "metadata that are a list", file('{"__metadata__":[]}'), "__metadata__ is not an object" },
    { "metadata that are not strings", file('{"__metadata__":{"epoch":3}}'), "__metadata__: 'epoch' is not a string" },
    { "a tensor that is a number", file('{"x":3}'), "tensor 'x' is not an object" },
    { "a tensor that is null", file('{"x":null}'), "tensor 'x' is not an object" },
    { "no dtype", x('"shape":[1],"data_offsets":[0,4]'), "has no dtype" },
    { "a dtype that is a number", x('"dtype":4,"shape":[1],"data_offsets":[0,4]'), "has no dtype" },
    { "an unknown dtype", x('"dtype":"F31","shape":[1],"data_offsets":[0,4]'), "unknown dtype 'F31'" },
    { "a dtype by another name", x('"dtype":"float32","shape":[1],"data_offsets":[0,4]'), "unknown dtype 'float32'" },
    { "a dtype that is not read", x('"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]'), "F8_E4M3, which cannot be read" },
    { "no shape", x('"dtype":"F32","data_offsets":[0,4]'), "has no shape" },
    { "a shape that is an object", x('"dtype":"F32","shape":{},"data_offsets":[0,4]'), "has no shape" },
    { "a negative size", x('"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]'), "not of whole numbers" },
    { "a broken size", x('"dtype":"F32","shape":[1.0],"data_offsets":[0,4]'), "not of whole numbers" },
    { "a size in words", x('"dtype":"F32","shape":["1"],"data_offsets":[0,4]'), "not of whole numbers" },
    { "a size beyond 64 bits", x('"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]'), "header: line 1" },
    { "sizes whose product overflows", x('"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,4]'),
      "4 bytes are wrong" },
    { "an overflow that comes out right", x('"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]'),
      "4 bytes are wrong" },
    { "an overflow behind a zero", x('"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]'),
      "0 bytes are wrong" },
    { "nine dimensions", x('"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]'), "9 dimensions" },
    { "no offsets", x('"dtype":"F32","shape":[1]'), "needs data_offsets" },
    { "one offset", x('"dtype":"F32","shape":[1],"data_offsets":[4]'), "needs data_offsets" },
    { "three offsets", x('"dtype":"F32","shape":[1],"data_offsets":[0,4,4]'), "needs data_offsets" },
    { "negative offsets", x('"dtype":"F32","shape":[1],"data_offsets":[-4,0]'), "needs data_offsets" },
    { "offsets that go back", x('"dtype":"F32","shape":[1],"data_offsets":[4,0]'), "begins at byte 4 and ends at 0" },
    { "an end beyond the file", x('"dtype":"F32","shape":[2],"data_offsets":[0,8]'), "ends at byte 8, the file holds 4" },
    { "a promise of terabytes", x('"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]'),
      "the file holds 4" },
    { "a shape that the bytes do not match", x('"dtype":"F32","shape":[2],"data_offsets":[0,4]'),
      "is F32 %(2%), for which 4 bytes are wrong" },
    { "an overlap", file(pair:format(0, 3, 2, 5), ("x"):rep(5)), "tensors 'a' and 'b' overlap" },
    { "two tensors at one place", file(pair:format(0, 3, 0, 3), ("x"):rep(3)), "tensors 'a' and 'b' overlap" },
    { "a hole between tensors", file(pair:format(0, 3, 4, 7), ("x"):rep(7)), "bytes 3 to 3 belong to no tensor" },
    { "a hole at the beginning", file(pair:format(2, 5, 5, 8), ("x"):rep(8)), "bytes 0 to 1 belong to no tensor" },
    { "bytes after the last tensor", file(pair:format(0, 3, 3, 6), ("x"):rep(9)), "3 bytes after the last tensor" },
    { "bytes without a tensor", file("{}", "x"), "1 bytes after the last tensor" },
  }
  for _, case in ipairs(malformed) do
    it("refuses " .. case[1], function()
      local t, why = load(case[2])
      assert.is_nil(t)
      assert.matches("^/.*%.safetensors: ", why)
      assert.matches(case[3], why)
    end)
  end

  it("refuses every truncation and survives every flipped byte", function()
    local whole = one("F32", "[2,2]", string.pack("<ffff", 1, 2, 3, 4), ',"__metadata__":{"a":"b"}')
    assert.truthy(load(whole))
    for n = 0, #whole - 1 do assert.is_nil((load(whole:sub(1, n)))) end
    for i = 1, #whole do
      local t, why = load(whole:sub(1, i - 1) .. string.char(whole:byte(i) ~ 0x21) .. whole:sub(i + 1))
      assert.truthy(t or why)
    end
  end)

  it("says what is wrong with the path", function()
    assert.matches("No such file", select(2, tenor.load("/nowhere/x.safetensors")))
    assert.matches("No such file", select(2, tenor.safetensors.open("/nowhere/x.safetensors")))
    assert.error_matches(function() tenor.safetensors.open(nil) end, "path must be a string, got nil")
  end)
end)

describe("a reader of a .safetensors", function()
  after_each(scratch.clean)
  local function opened()
    local path = scratch.path(".safetensors")
    assert(tenor.save(path, { m = { { 1, 2 }, { 3, 4 }, { 5, 6 } }, ids = tenor.tensor({ 7, 8 }, "int32") },
      { metadata = { kind = "test" } }))
    return assert(tenor.safetensors.open(path))
  end

  it("knows the header and gives single tensors and rows", function()
    local reader <close> = opened()
    assert.same({ "m", "ids" }, reader.names)
    assert.same({ kind = "test" }, reader.metadata)
    assert.same({ 3, 2 }, reader.entries.m.shape)
    assert.same({ 7, 8 }, reader:tensor("ids"):totable())
    assert.same({ { 5, 6 }, { 1, 2 }, { 5, 6 } }, reader:rows("m", { 3, 1, 3 }):totable())
    assert.same({ 0, 2 }, reader:rows("m", {}):shape())
    assert.matches("m F%d%d %(3, 2%)\n  ids I32 %(2%)\n  metadata: kind", tostring(reader))
  end)

  it("refuses what is not there", function()
    local reader = opened()
    assert.error_matches(function() reader:tensor("id") end, "has no tensor 'id' %(did you mean 'ids'%?%)")
    assert.error_matches(function() reader:rows("ids", { 1 }) end, "'ids' must be a matrix, got %(2%)")
    assert.error_matches(function() reader:rows("m", { 4 }) end, "row numbers must be from 1 to 3, got 4")
    assert.error_matches(function() reader:rows("m", { 1.5 }) end, "got 1.5")
    assert.error_matches(function() reader:rows("m", 1) end, "rows must be a list")
    assert.error_matches(function() reader:tensor("m", { dtype = "int8" }) end, "dtype must be 'real'")
    assert.error_matches(function() reader:tensor("m", { type = "real" }) end, "unknown option 'type'")
    reader:close()
    reader:close()
    assert.error_matches(function() reader:tensor("m") end, "the reader is closed")
  end)

  it("tells a file that becomes shorter while it is open", function()
    local path = scratch.path(".safetensors")
    assert(tenor.save(path, { m = tenor.ones(3000, 100) }))
    local reader <close> = assert(tenor.safetensors.open(path))
    local whole = scratch.read(path)
    local f = assert(io.open(path, "wb"))
    f:write(whole:sub(1, 2000))
    f:close()
    local t, why = reader:tensor("m")
    assert.is_nil(t)
    assert.matches("tensor 'm': ends after %d+ bytes; it has become shorter", why)
  end)
end)

describe("tenor.save of a .safetensors", function()
  after_each(scratch.clean)

  it("writes the bytes that the format's definition asks for", function()
    local path = scratch.path(".safetensors")
    assert(tenor.save(path, { b = tenor.tensor({ 1, -2, 3 }, "int32"), c = { 0.5 }, a = { { 1, 2 } } },
      { metadata = { z = "last", a = "\"é\"" } }))
    local bytes = scratch.read(path)
    local double = tenor.real == "float64"
    local size, kind, pack = double and 8 or 4, double and "F64" or "F32", double and "<ddd" or "<fff"
    local header = ('{"__metadata__":{"a":"\\"é\\"","z":"last"},"a":{"dtype":"%s","shape":[1,2],"data_offsets":[0,%d]},'
      .. '"c":{"dtype":"%s","shape":[1],"data_offsets":[%d,%d]},"b":{"dtype":"I32","shape":[3],"data_offsets":[%d,%d]}}')
      :format(kind, 2 * size, kind, 2 * size, 3 * size, 3 * size, 3 * size + 12)
    header = header .. (" "):rep(-#header % 8)
    assert.equal(string.pack("<s8", header) .. string.pack(pack, 1, 2, 0.5) .. string.pack("<i4i4i4", 1, -2, 3), bytes)
    assert.equal(0, (8 + #header) % 8)
  end)

  it("reads back what it wrote, in equal bytes", function()
    local rng = tenor.rng(1)
    local values = {
      cube = tenor.randn(2, 3, 4, rng), empty = tenor.zeros(0, 3), whole = tenor.tensor({ 1, -2 }, "int32"),
      view = tenor.randn(5, 2, rng):narrow(1, 2, 2), ["a.b/ü\n"] = tenor.ones(1),
    }
    local a, b = scratch.path(".safetensors"), scratch.path(".safetensors")
    assert(tenor.save(a, values))
    local back = assert(tenor.load(a))
    for name, value in pairs(values) do
      assert.equal(value:dtype(), back[name]:dtype(), name)
      assert.same(value:shape(), back[name]:shape(), name)
      assert.same(value:totable(), back[name]:totable(), name)
    end
    assert(tenor.save(b, back))
    assert.equal(scratch.read(a), scratch.read(b))
  end)

  it("leaves the old file where it fails", function()
    assert.matches("No such file", select(2, tenor.save("/nowhere/x.safetensors", { a = { 1 } })))
  end)

  it("refuses what the format cannot hold", function()
    local function refuses(pattern, value, options)
      assert.error_matches(function() tenor.save("x.safetensors", value, options) end, pattern)
    end
    refuses("table name %-> tensor, got a tensor", tenor.ones(2))
    refuses("table name %-> tensor, got number", 2)
    refuses("names in a %.safetensors must be strings, got 1", { { 1, 2 } })
    refuses("not __metadata__", { __metadata__ = { 1 } })
    refuses("must be UTF%-8", { ["\xFF"] = { 1 } })
    refuses("value 'a' must be a tensor", { a = print })
    refuses("map strings to strings, got epoch = a number", { a = { 1 } }, { metadata = { epoch = 3 } })
    refuses("map strings to strings, got 1 = a string", { a = { 1 } }, { metadata = { "x" } })
    refuses("metadata must be a table of strings, got string", { a = { 1 } }, { metadata = "x" })
    refuses("unknown option 'compress'", { a = { 1 } }, { compress = true })
    assert.error_matches(function() tenor.save("x.npy", { 1 }, { metadata = {} }) end, "of a %.npy: unknown option 'metadata'")
  end)
end)

describe("Python", function()
  after_each(scratch.clean)
  local test = needs(scratch.numpy(), "NumPy")

  -- the format's own library where it is there, else its definition in a few lines
  local reader = [=[
import json, numpy as np
try:
    from safetensors.numpy import load_file
except ImportError:
    def load_file(path):
        b = open(path, "rb").read()
        n = int.from_bytes(b[:8], "little")
        kinds = {"F64": "<f8", "F32": "<f4", "I32": "<i4"}
        out = {}
        for name, e in json.loads(b[8:8 + n]).items():
            if name != "__metadata__":
                first, last = e["data_offsets"]
                assert (8 + n + first) % np.dtype(kinds[e["dtype"]]).itemsize == 0
                out[name] = np.frombuffer(b[8 + n + first:8 + n + last], kinds[e["dtype"]]).reshape(e["shape"])
        return out
]=]

  test("opens what tenor writes", function()
    local path = scratch.path(".safetensors")
    assert(tenor.save(path, { a = { { 1.5, 2 }, { 3, 4 } }, ids = tenor.tensor({ 1, 2, 3 }, "int32"),
      empty = tenor.zeros(0, 3) }, { metadata = { k = "v" } }))
    local out = scratch.python(reader .. ([=[
z = load_file(%q)
print(sorted(z), z["a"].dtype, z["a"].tolist(), z["ids"].dtype, z["ids"].tolist(), z["empty"].shape)
]=]):format(path))
    assert.equal(("['a', 'empty', 'ids'] %s [[1.5, 2.0], [3.0, 4.0]] int32 [1, 2, 3] (0, 3)\n"):format(tenor.real), out)
  end)

  test("writes what tenor opens", function()
    local path = scratch.path(".safetensors")
    scratch.python(([=[
import json, numpy as np
kinds = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I8": "i1", "I16": "<i2", "I32": "<i4", "I64": "<i8", "U8": "u1", "BOOL": "?"}
header, data = {"__metadata__": {"made": "by numpy"}}, b""
for name, kind in kinds.items():
    x = (np.arange(6).reshape(2, 3)).astype(kind)
    header[name] = {"dtype": name, "shape": x.shape, "data_offsets": [len(data), len(data) + x.nbytes]}
    data += x.tobytes()
header = json.dumps(header).encode()
open(%q, "wb").write(len(header).to_bytes(8, "little") + header + data)
]=]):format(path))
    local t, metadata = tenor.load(path, { dtype = "real" })
    assert.same({ made = "by numpy" }, metadata)
    for name, x in pairs(assert(t, metadata)) do
      assert.same(name == "BOOL" and { { 0, 1, 1 }, { 1, 1, 1 } } or { { 0, 1, 2 }, { 3, 4, 5 } }, x:totable(), name)
    end
  end)
end)
