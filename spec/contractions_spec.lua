local contractions = require "tenor.text.contractions"
local shared = require "spec.support.shared"
local tenor = require "tenor"

-- Stanford's PTBTokenizer on lower-cased text, less what it makes of quotation marks
local cases = {
  { "don't", "do n't" }, { "can't", "ca n't" }, { "won't", "wo n't" }, { "ain't", "ai n't" }, { "it's", "it 's" },
  { "i'm", "i 'm" }, { "we'll", "we 'll" }, { "they've", "they 've" }, { "you're", "you 're" }, { "he'd", "he 'd" },
  { "couldn't've", "could n't 've" }, { "i'd've", "i 'd 've" }, { "y'all", "y' all" }, { "y'all'd", "y' all 'd" },
  { "cannot", "can not" }, { "gonna", "gon na" }, { "gotta", "got ta" }, { "wanna", "wan na" }, { "lemme", "lem me" },
  { "gimme", "gim me" }, { "o'neil's", "o'neil 's" },
  -- one word each
  { "o'clock", "o'clock" }, { "ma'am", "ma'am" }, { "'em", "'em" }, { "'cause", "'cause" }, { "'til", "'til" },
  { "'twas", "'twas" }, { "cont'd", "cont'd" }, { "'90s", "'90s" }, { "'99", "'99" }, { "ol'", "ol'" }, { "well", "well" },
  { "cannoty", "cannoty" }, { "n'ts", "n'ts" }, { "rock'n'roll", "rock'n'roll" },
  -- what is split already stays
  { "'s", "'s" }, { "n't", "n't" }, { "'ll", "'ll" },
  -- quotation marks
  { "'hello'", "hello" }, { "'the", "the" }, { "dogs'", "dogs" }, { "'it's'", "it 's" }, { "'", "" }, { "'''", "" },
  { "don’t", "do n't" }, { "‘quoted’", "quoted" },
  -- case stays
  { "Don'T", "Do n'T" }, { "Cannot", "Can not" }, { "I'M", "I 'M" },
}

describe("Contractions", function()
  for _, case in ipairs(cases) do
    it(("split %s into '%s'"):format(case[1], case[2]), function()
      assert.equal(case[2], table.concat(contractions.split(case[1]), " "))
    end)
  end

  it("are split by a tokenizer that is asked to", function()
    local t = tenor.text.Tokenizer { contractions = "split" }:fit { "Don't! I can't; we cannot 'see'." }
    assert.same({ "n't", "do", "i", "ca", "we", "can", "not", "see" }, t:words())
    assert.same({ 1, 2 }, t:encode("n't don't '"):narrow(1, 1, 2):totable())
    assert.same({ "don't", "cannot" }, tenor.text.Tokenizer():fit({ "don't cannot" }):words())
  end)

  shared.it("cover more of a corpus with GloVe's vectors, and split nothing twice", function()
    local texts = {}
    for i, record in ipairs(assert(tenor.csv.read(shared.path "data/emobank/emobank.csv"))) do texts[i] = record.text end
    local path = shared.path "data/glove/glove.6B.100d.subset.txt"
    local found = {}
    for _, how in ipairs { "keep", "split" } do
      local t = tenor.text.Tokenizer { contractions = how }:fit(texts)
      local c = assert(tenor.vectors.glove(path, t)):coverage()
      found[how] = c.tokens_found / c.tokens
      if how == "split" then
        for _, word in ipairs(t:words()) do assert.equal(word, table.concat(contractions.split(word), " ")) end
      end
    end
    assert.is_true(found.split > found.keep)
  end)
end)
