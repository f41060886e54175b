local json = require "tenor.json"
local tenor = require "tenor"

describe("JSON", function()
  it("writes equal values as equal texts, keys in order", function()
    assert.equal('{"a":[1,2.5,"x"],"b":{"c":true}}', json.encode { b = { c = true }, a = { 1, 2.5, "x" } })
    local keys = {}
    for i = 1, 500 do keys[("k%d"):format(i * 7919 % 500)] = i end
    local names = {}
    for name in json.encode(keys):gmatch '"(k%d+)"' do names[#names + 1] = name end
    local sorted = table.move(names, 1, #names, 1, {})
    table.sort(sorted)
    assert.same(sorted, names)
    assert.equal(500, #names)
  end)

  it("keeps integers integers and every bit of a real", function()
    for _, x in ipairs { 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -2.5, math.maxinteger, math.mininteger, 3.0 } do
      local back = assert(json.decode(json.encode { x }))[1]
      assert.equal(x, back)
      assert.equal(math.type(x), math.type(back))
    end
    assert.equal('{"v":3.41}', json.encode({ v = 3.41 }, { digits = 6 }))
  end)

  it("tells empty lists from empty tables", function()
    assert.equal('{"a":[],"b":{}}', json.encode { a = json.array {}, b = {} })
    assert.equal('{"a":[]}', json.encode(assert(json.decode '{"a":[]}')))
  end)

  it("has null in both directions", function()
    assert.equal("[null,1]", json.encode { json.null, 1 })
    assert.equal(json.null, assert(json.decode "[null]")[1])
  end)

  it("keeps zero bytes and control characters in strings", function()
    local s = "a\0b\n\"\\\u{1F600}"
    assert.equal(s, assert(json.decode(json.encode { s }))[1])
  end)

  local refused = {
    { "a function", { print }, "cannot write a function" },
    { "NaN", { 0 / 0 }, "NaN is no number" },
    { "bytes that are not UTF-8", { "\xFF" }, "not UTF%-8" },
    { "mixed keys", { 1, a = 2 }, "the key 1 beside others" },
    { "nil", nil, "value must be given" },
  }
  for _, case in ipairs(refused) do
    it("refuses to write " .. case[1], function() assert.error_matches(function() json.encode(case[2]) end, case[3]) end)
  end

  it("refuses a table that holds itself", function()
    local t = {}
    t[1] = t
    assert.error_matches(function() json.encode(t) end, "inside one another")
  end)

  local malformed = {
    { "nothing", "", "line 1" }, { "half a list", "[1,", "line 1, column 3" }, { "a name twice", '{"a":1,"a":2}', "duplicate" },
    { "something after the end", "1 2", "end of file expected" }, { "NaN", "NaN", "line 1" }, { "bad UTF-8", '"\xFF"', "0xff" },
    { "a real that overflows", "1e999", "overflow" }, { "very many brackets", ("["):rep(100000), "depth" },
  }
  for _, case in ipairs(malformed) do
    it("reports " .. case[1] .. " with its place", function()
      local value, why = json.decode(case[2])
      assert.is_nil(value)
      assert.matches(case[3], why)
    end)
  end

  it("writes no key that it would not read: one with a zero byte", function()
    assert.error_matches(function() json.encode { a = { ["b\27\0c"] = 1 } } end, "the key that begins 'b%?' holds a zero byte")
    assert.error_matches(function() tenor.save("x.safetensors", { x = tenor.ones(1) }, { metadata = { ["a\0"] = "b" } }) end,
      "the key that begins 'a' holds a zero byte")
  end)

  it("rounds nothing to more than it can read", function()
    local most = 1.7976931348623157e308
    for digits = 1, 17 do
      local list = assert(json.decode(json.encode({ 1.5, most, -most }, { digits = digits })))
      assert.is_true(list[2] <= most and list[2] > 0.9999 * most and list[3] == -list[2], digits)
    end
    assert.equal("[0.3]", json.encode({ 1 / 3 }, { digits = 1 }))
  end)
end)
