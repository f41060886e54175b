local tenor = require "tenor"
local shared = require "spec.support.shared"

local Tokenizer = tenor.text.Tokenizer

-- Keras' text_to_word_sequence and fit_on_texts, letter by letter.
local filtered = {}
for c in ("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n"):gmatch(".") do filtered[c] = true end

local function naive_words(text)
  local words, word = {}, ""
  for c in (text .. " "):gmatch(".") do
    if c:byte() < 128 then c = c:lower() end
    if c == " " or filtered[c] then
      if word ~= "" then words[#words + 1] = word end
      word = ""
    else
      word = word .. c
    end
  end
  return words
end

local function naive_ids(texts)
  local count, list = {}, {}
  for _, text in ipairs(texts) do
    for _, word in ipairs(naive_words(text)) do
      if not count[word] then list[#list + 1] = { word = word, place = #list } end
      count[word] = (count[word] or 0) + 1
    end
  end
  table.sort(list, function(a, b)
    if count[a.word] ~= count[b.word] then return count[a.word] > count[b.word] end
    return a.place < b.place
  end)
  local ids = {}
  for i, entry in ipairs(list) do ids[entry.word] = i end
  return ids, #list
end

describe("The tokenizer", function()
  it("numbers words by falling frequency, ties by first appearance", function()
    local t = Tokenizer():fit { "b a c", "a c d" }
    assert.same({ "a", "c", "b", "d" }, t:words())
    assert.same({ a = 2, b = 1, c = 2, d = 1 }, t:counts())
    assert.equal(4, t:size())
    assert.same({ 3, 1, 2 }, t:encode("b a c"):totable())
  end)

  it("lower-cases, keeps apostrophes, and splits at punctuation", function()
    local t = Tokenizer():fit { "Don't STOP-me;now\tOK\nYes_no [x] 50%" }
    assert.same({ "don't", "stop", "me", "now", "ok", "yes", "no", "x", "50" }, t:words())
  end)

  it("lower-cases letters of Europe and lets broken UTF-8 through", function()
    local t = Tokenizer():fit { "ÀÉÜØÞ ŁŹŸĆŁ ΑΒΓΏΆΊΎ ЖЁЯЂ ×÷ß", "\xFFA\xC3 \xE2\x80\x94B" }
    assert.same({ "àéüøþ", "łźÿćł", "αβγώάίύ", "жёяђ", "×÷ß", "\xFFa\xC3", "\xE2\x80\x94b" }, t:words())
  end)

  it("drops unknown words, and gives no ids for a text without words", function()
    local t = Tokenizer():fit { "one two" }
    assert.same({ 2 }, t:encode("three two"):totable())
    assert.same({ 0 }, t:encode("?!"):shape())
    assert.equal("int32", t:encode(""):dtype())
  end)

  it("adds to its counts when it is fitted again", function()
    local whole = Tokenizer():fit { "a b c", "c d d d", "e b b" }
    local t = Tokenizer():fit({ "a b c" }):fit({ "c d d d", "e b b" })
    assert.same(whole:words(), t:words())
    assert.same(whole:counts(), t:counts())
  end)

  it("keeps first appearance over three fits", function()
    local texts = { "x y z", "z y", "w z v", "v w u" }
    local t = Tokenizer()
    for _, s in ipairs(texts) do t:fit { s } end
    assert.same(Tokenizer():fit(texts):words(), t:words())
  end)

  it("takes other filters, and case as it is", function()
    assert.same({ "A.b", "c" }, Tokenizer({ filters = "|", lower = false }):fit({ "A.b|c" }):words())
    assert.same({ "a^b]" }, Tokenizer({ filters = "" }):fit({ "a^b]" }):words())
  end)

  it("prints itself", function()
    assert.equal("Tokenizer: 2 words in 3 tokens", tostring(Tokenizer():fit { "a b a" }))
  end)

  it("lists its vocabulary with frequencies", function()
    local v = Tokenizer():fit({ "b a c", "a" }):vocabulary()
    assert.same({ { id = 1, word = "a", count = 2 }, { id = 2, word = "b", count = 1 }, { id = 3, word = "c", count = 1 } },
      table.move(v, 1, #v, 1, {}))
    assert.equal(4, v.tokens)
    assert.equal("Tokenizer: 3 words in 4 tokens\n   id  count  word\n    1      2  a\n    2      1  b\n    3      1  c",
      tostring(v))
    local many = {}
    for i = 1, 25 do many[i] = "w" .. i end
    assert.matches("   20      1  w20\n   and 5 more$", tostring(Tokenizer():fit(many):vocabulary()))
  end)

  describe("state", function()
    local texts = { "b a c a", "don't \xFFx d\0e b" }
    for _, given in ipairs { {}, { lower = false }, { filters = "" }, { filters = "^]%-", contractions = "split" } } do
      it("goes through JSON and back to an equal tokenizer, with " .. tenor.json.encode(given), function()
        local t = Tokenizer(given):fit(texts)
        local text = tenor.json.encode(t:state())
        local r = assert(tenor.text.restore(assert(tenor.json.decode(text))))
        assert.equal(text, tenor.json.encode(r:state()))
        assert.same(t:words(), r:words())
        assert.same(t:counts(), r:counts())
        assert.equal(tostring(t), tostring(r))
        for _, s in ipairs { "B a-c, d\0e DON'T \xFFx [b]", "" } do assert.same(t:encode(s):totable(), r:encode(s):totable()) end
        -- and fits on as the first would
        assert.same(t:fit({ "z c c a" }):words(), r:fit({ "z c c a" }):words())
      end)
    end

    it("may be that of a tokenizer without words", function()
      assert.equal(0, assert(tenor.text.restore(assert(tenor.json.decode(tenor.json.encode(Tokenizer():state()))))):size())
    end)

    local function broken(change)
      local s = Tokenizer():fit({ "b a c a" }):state()
      change(s)
      return s
    end
    local wrong = {
      { "version must be 1, got 2", function(s) s.version = 2 end },
      { "version must be 1, got nil", function(s) s.version = nil end },
      { "lower must be true or false, got nil", function(s) s.lower = nil end },
      { "filters must be a string, got number", function(s) s.filters = 1 end },
      { "contractions must be 'keep' or 'split', got 'x'", function(s) s.contractions = "x" end },
      { "words must be a list, got nil", function(s) s.words = nil end },
      { "3 words, but 2 counts", function(s) s.counts[3] = nil end },
      { "3 words, but 4 first", function(s) s.first[4] = 4 end },
      { "word 2 must be a string, got number", function(s) s.words[2] = 2 end },
      { "word 2 is empty", function(s) s.words[2] = "" end },
      { "words 1 and 3 are the same", function(s) s.words[3] = "a" end },
      { "count 1 must be a whole number above 0, got 1.5", function(s) s.counts[1] = 1.5 end },
      { "count 3 must be a whole number above 0, got 0", function(s) s.counts[3] = 0 end },
      { "first 2 must be the word's place by appearance, got 9", function(s) s.first[2] = 9 end },
      { "first 2 must be the word's place by appearance, got 2", function(s) s.first[2] = 2 end },
      { "word 2 is more frequent, or as frequent and earlier, than word 1", function(s) s.counts[2] = 7 end },
      { "bytes must be a table, got string", function(s) s.bytes = "61" end },
      { "bytes of word 1 must be hexadecimal digits", function(s) s.bytes = { ["1"] = "6" } end },
    }
    for _, case in ipairs(wrong) do
      it("is refused: " .. case[1], function()
        local t, why = tenor.text.restore(broken(case[2]))
        assert.is_nil(t)
        assert.equal("tokenizer state: " .. case[1], why)
      end)
    end

    it("must be a table", function()
      assert.error_matches(function() tenor.text.restore "x" end, "text.restore: state must be a table, got string")
    end)
  end)

  describe("padding", function()
    local t = Tokenizer():fit { "a b c d" }
    it("puts zeros at the front and keeps the last words", function()
      assert.same({ { 0, 0, 1 }, { 0, 0, 0 }, { 1, 2, 3 } }, t:encode_all({ "a", "", "a b c" }):totable())
      assert.same({ { 0, 1 }, { 3, 4 } }, t:encode_all({ "a", "a b c d" }, { length = 2 }):totable())
    end)
    it("may put zeros at the end", function()
      assert.same({ { 1, 0, 0 }, { 1, 2, 3 } }, t:encode_all({ "a", "a b c" }, { padding = "post" }):totable())
    end)
    it("has at least one place", function()
      assert.same({ 2, 1 }, t:encode_all({ "", "?" }):shape())
      assert.same({ 0, 1 }, t:encode_all({}):shape())
    end)
  end)

  it("refuses what is no text", function()
    assert.error_matches(function() Tokenizer { filter = "x" } end, "unknown option 'filter' %(did you mean 'filters'")
    assert.error_matches(function() Tokenizer { filters = "é" } end, "ASCII")
    assert.error_matches(function() Tokenizer { contractions = true } end, "contractions must be 'keep' or 'split', got 'true'")
    assert.error_matches(function() Tokenizer { lower = 1 } end, "lower must be true or false, got 1")
    assert.error_matches(function() Tokenizer():fit "a" end, "Tokenizer:fit: expected a list of strings, got string")
    assert.error_matches(function() Tokenizer():fit { "a", 2 } end, "text 2 must be a string, got number")
    assert.error_matches(function() Tokenizer():encode(nil) end, "text must be a string, got nil")
    assert.error_matches(function() Tokenizer():encode_all({}, { length = 0 }) end, "length must be a whole number")
    assert.error_matches(function() Tokenizer():encode_all({}, { padding = "left" }) end, "'pre' or 'post'")
  end)

  shared.it("gives the ids of the naive tokenizer on ten thousand sentences", function()
    local texts = {}
    local records = assert(tenor.csv.read(shared.path "data/emobank/emobank.csv"))
    for i, record in ipairs(records) do texts[i] = record.text end
    local ids, size = naive_ids(texts)
    local t = Tokenizer():fit(texts)
    assert.equal(size, t:size())
    for i, text in ipairs(texts) do
      local wanted = {}
      for j, word in ipairs(naive_words(text)) do wanted[j] = ids[word] end
      assert.equal(table.concat(wanted, " "), table.concat(t:encode(text):totable(), " "), i)
    end
  end)
end)
