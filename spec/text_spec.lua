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
