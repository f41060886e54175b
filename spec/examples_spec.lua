--- The examples as a person runs them: whole programs on a tiny corpus, two epochs each.
local needs = require "spec.support.needs"
local tenor = require "tenor"
local shell = require "spec.support.shell"
local tiny = require "spec.support.corpus"

local here = needs(package.searchpath("argparse", package.path), "argparse")

local QUICK = "--epochs 2 --progress silent"

local ran = {}

local function example(name, rest)
  ran[name] = true
  if name == "table2" and not rest:find "%-%-results" then rest = rest .. " --results " .. shell.folder() end
  return shell.run(("%s examples/%s.lua %s %s"):format(shell.lua, name, rest, QUICK))
end

local function succeeds(name, rest)
  local ok, text = example(name, rest)
  assert.is_true(ok, text)
  return text
end

-- The scores that a program prints: { { valence = 0.1, ... }, ... }, one for each
-- table; `protocol` is the row's name.
local function scores(text, protocol)
  local list, names = {}, nil
  for line in text:gmatch "[^\n]+" do
    if line:find "^ +%a" and not line:find "%d" then
      names = {}
      for name in line:gmatch "%S+" do names[#names + 1] = name end
    elseif line:match "^(%S+)" == protocol and line:find "%d%.%d" and names then
      local row, k = {}, 0
      for number in line:match "^%S+(.-)    %a":gmatch "%S+" do
        k = k + 1
        row[names[k]] = assert(tonumber(number), number)
      end
      assert.equal(#names, k)
      list[#list + 1] = row
    end
  end
  return list
end

local function has(row, names)
  for _, name in ipairs(names) do
    assert.is_number(row[name], name)
    assert.is_true(row[name] >= -1 and row[name] <= 1)
  end
  return row
end

local all = { "valence", "arousal", "dominance" }

describe("the examples", function()
  local folder, written

  setup(function()
    folder = shell.folder()
    written = tiny.write(folder)
  end)
  teardown(function() shell.clean() end)

  here("acoustic.lua learns from a manifest and prints both protocols", function()
    local text = succeeds("acoustic", folder .. "/manifest.csv --seeds 1")
    assert.equal(1, #scores(text, "ccc"))
    has(scores(text, "ccc")[1], all)
    has(scores(text, "ccc_batch32")[1], all)
    assert.matches("mean ccc of 1 seeds:  valence %-?%d%.%d+  arousal %-?%d%.%d+  dominance %-?%d%.%d+", text)
  end)

  here("acoustic.lua does without a transcript and without a label that the manifest lacks", function()
    local bare = shell.folder()
    tiny.write(bare, { text = true, dominance = true })
    local text = succeeds("acoustic", bare .. "/manifest.csv --seeds 1")
    local row = has(scores(text, "ccc")[1], { "valence", "arousal" })
    assert.is_nil(row.dominance)
    assert.matches("missing: text %(all%), dominance %(all%)", text)
  end)

  here("acoustic.lua tests on the last fifth where nothing says what to test on", function()
    local bare = shell.folder()
    tiny.write(bare, { session = true, speaker = true, split = true })
    local text = succeeds("acoustic", bare .. "/manifest.csv --seeds 1")
    assert.matches("test 9; split by tail", text)
    has(scores(text, "ccc")[1], all)
  end)

  here("acoustic.lua names a file that it cannot read, and learns from the others", function()
    local hurt = shell.folder()
    local records = tiny.write(hurt)
    local file = assert(io.open(hurt .. "/" .. records[5].wav, "wb"))
    assert(file:write("this is not audio"))
    assert(file:close())
    local text = succeeds("acoustic", hurt .. "/manifest.csv --seeds 1")
    local path = (hurt .. "/" .. records[5].wav):gsub("%p", "%%%0")
    assert.matches("left out: " .. records[5].id .. ", " .. path .. ": ", text)
    has(scores(text, "ccc")[1], all)
  end)

  here("acoustic.lua learns from NumPy files", function()
    local arrays, rng = shell.folder(), tenor.rng(1)
    for name, n in pairs { train = 40, val = 12, test = 20 } do
      assert(tenor.save(("%s/x_%s.npy"):format(arrays, name), tenor.randn(n, 10, rng)))
      assert(tenor.save(("%s/y_%s.npy"):format(arrays, name), tenor.rand(n, 3, rng) * 4 + 1))
    end
    has(scores(succeeds("acoustic", arrays .. " --seeds 1"), "ccc")[1], all)
  end)

  here("all take labels on another scale, below zero too", function()
    for _, name in ipairs { "acoustic", "text", "fusion", "table2" } do
      local text = succeeds(name, folder .. "/manifest.csv --scale -5 5" .. (name == "fusion" and "" or " --seeds 1"))
      assert.is_nil(text:find "clipped")
    end
  end)

  here("all take the parts that a split column names", function()
    local own = shell.folder()
    local records = tiny.write(own)
    for i, record in ipairs(records) do record.split = i <= 32 and "train" or i <= 40 and "dev" or "test" end
    local header = { "id", "wav", "text", "valence", "arousal", "dominance", "split" }
    assert(tenor.csv.write(own .. "/manifest.csv", header, records))
    for _, name in ipairs { "acoustic", "text", "fusion" } do
      local text = succeeds(name, own .. "/manifest.csv" .. (name == "fusion" and "" or " --seeds 1"))
      assert.matches("whole set, 8 utterances", text)
    end
    succeeds("table2", own .. "/manifest.csv --seeds 1")
  end)

  here("acoustic.lua says what it lacks, and fails", function()
    local ok, text = example("acoustic", folder .. "/no.csv")
    assert.is_false(ok)
    assert.matches("no.csv: No such file or directory", text, 1, true)
  end)

  here("text.lua learns from words, padded or masked", function()
    for _, padding in ipairs { "pre", "none" } do
      local text = succeeds("text", folder .. "/manifest.csv --seeds 1 --embedding 20 --padding " .. padding)
      has(scores(text, "ccc")[1], all)
      assert.matches("train 25, validation 7, test 16", text)
    end
  end)

  here("text.lua and fusion.lua learn the labels that there are", function()
    local bare = shell.folder()
    tiny.write(bare, { dominance = true })
    for name, rest in pairs { text = " --seeds 1 --embedding 20", fusion = "" } do
      local row = has(scores(succeeds(name, bare .. "/manifest.csv" .. rest), "ccc")[1], { "valence", "arousal" })
      assert.is_nil(row.dominance)
    end
  end)

  here("text.lua starts from word vectors and says how many words they cover", function()
    local path = folder .. "/vectors.txt"
    local file = assert(io.open(path, "w"))
    for i, word in ipairs { "hello", "doctor", "good", "awful" } do
      assert(file:write(word, (" %g"):format(i / 10):rep(12), "\n"))
    end
    assert(file:close())
    local text = succeeds("text", folder .. "/manifest.csv --seeds 1 --glove " .. path)
    assert.matches("4 of %d+ words have a vector", text)
    assert.matches("text%.LSTM +%(N, %d+, 12%)", text)
    has(scores(text, "ccc")[1], all)
  end)

  here("fusion.lua learns from both and prints its epochs", function()
    local text = succeeds("fusion", folder .. "/manifest.csv --seed 1")
    has(scores(text, "ccc")[1], all)
    assert.matches("\n   1%*?  ? ?", text)
    assert.matches("stopped: all epochs done", text)
  end)

  -- the rows of each of table2.lua's tables: [protocol][system] = list of { mean, deviation }
  local function table2(text)
    local tables, rows = {}, nil
    for line in text:gmatch "[^\n]+" do
      local protocol = line:match "^(ccc[_%w]*): "
      if protocol then
        rows = {}
        tables[protocol] = rows
      elseif rows and line:find "^HSF" and line:find "±" then
        local cells = {}
        for mean, deviation in line:gmatch "(%-?%d%.%d+) ± (%d%.%d+)" do
          cells[#cells + 1] = { tonumber(mean), tonumber(deviation) }
        end
        rows[line:match "^%S+"] = cells
      end
    end
    return tables
  end

  here("table2.lua takes features made elsewhere, of any width, and names who has none", function()
    local place = shell.folder()
    local file = assert(io.open(place .. "/other.csv", "w"))
    assert(file:write("file,a,b,c\n"))
    local rng = tenor.rng(1)
    for i, record in ipairs(written) do
      if i > 1 then assert(file:write(("/there/%s.wav,%g,%g,%g\n"):format(record.id, rng:uniform(), rng:uniform(), i))) end
    end
    assert(file:close())
    local text = succeeds("table2", ("%s/manifest.csv --seeds 1 --protocol both --features %s/other.csv"):format(folder, place))
    assert.matches("left out: " .. written[1].id .. ", no row in", text)
    assert.matches("protocol clean", text)
    assert.matches("HSF%+WE +%-?%d%.%d+", text)
  end)

  here("alpha_beta.lua searches, and warns where the test set chose", function()
    local rest = folder .. "/manifest.csv --network acoustic --seeds 1 --step 0.5 --results " .. shell.folder()
    local text = succeeds("alpha_beta", rest)
    assert.matches("best on validation", text)
    assert.matches("alpha = %S+, beta = %S+, and %S+ for dominance", text)
    assert.matches("warning: chosen on the test set", succeeds("alpha_beta", rest .. " --kind simplex --choose test"))
  end)

  local can_speak = package.searchpath("argparse", package.path) and shell.run "command -v espeak-ng"
  local speaks = needs(can_speak, "argparse and espeak-ng")
  ran.speak_corpus = not can_speak or nil
  speaks("speak_corpus.lua makes a corpus of sentences, and goes on where it was stopped", function()
    local place = shell.folder()
    local file = assert(io.open(place .. "/sentences.csv", "w"))
    assert(file:write('id,split,V,A,D,text\na/1,train,3,2.5,4,"So, it\'s ""done""."\n',
      'b,test,2,2,2,--help me\nc,test,1,5,3,No.\n'))
    assert(file:close())
    local function speak(more)
      ran.speak_corpus = true
      local ok, text = shell.run(("%s%s examples/speak_corpus.lua %s/sentences.csv %s/spoken --progress silent %s"):format(
        shell.bare "espeak-ng", shell.lua, place, place, more))
      assert.is_true(ok, text)
      return text
    end
    assert.matches("2 sentences, 0 spoken already", speak "--limit 2")
    assert.matches("3 sentences, 2 spoken already", speak "--expressive")
    local corpus = assert(tenor.corpus.manifest(place .. "/spoken/manifest.csv"))
    assert.equal(3, #corpus)
    assert.equal("a/1", corpus.utterances[1].id)
    assert.matches("/wav/a=2f1.wav$", corpus.utterances[1].wav)
    assert.equal(2.5, corpus.utterances[1].arousal)
    assert.is_true(assert(tenor.audio.read(corpus.utterances[2].wav)).duration > 0.1)
  end)

  here("predict.lua tells of one utterance, of several, of a corpus and along a recording what `tenor predict` does", function()
    local model = folder .. "/fused.safetensors"
    succeeds("fusion", ("%s/manifest.csv -o %s"):format(folder, model))
    local function predict(rest)
      ran.predict = true
      local ok, text = shell.run(("%s examples/predict.lua %s %s"):format(shell.lua, model, rest))
      assert.is_true(ok, text)
      return text
    end
    local function command(rest)
      local ok, text = shell.run(("%s bin/tenor predict %s %s --progress silent --json"):format(shell.lua, model, rest))
      assert.is_true(ok, text)
      return assert(tenor.json.decode(text))
    end
    local wav, other = ("%s/%s"):format(folder, written[1].wav), ("%s/%s"):format(folder, written[2].wav)
    local said = ("--wav %s --text 'well, that was lovely'"):format(wav)

    -- the same numbers from the command line, from Lua and from the example
    local told, text = command(said), predict(said)
    local y = assert(assert(tenor.model.load(model)):predict { wav = wav, text = "well, that was lovely" })
    for _, name in ipairs(all) do
      assert.near(y[name], told[name], 1e-7) -- --json has nine digits
      assert.matches(("\n%-10s %.3f\n"):format(name, y[name]), text, 1, true)
    end
    assert.matches(tostring(tenor.model.reading(y.valence, y.arousal, { scale = { 1, 5 } })), text, 1, true)

    text = predict(("--wav %s %s %s/no.wav --text hello doctor lovely --csv %s/p.csv"):format(wav, other, folder, folder))
    assert.matches("no.wav: No such file or directory", text, 1, true)
    assert.matches("2 of 3 predicted", text, 1, true)
    assert.equal(3, #assert(tenor.csv.read(folder .. "/p.csv")))

    text = predict(("%s --window 0.2 --step 0.1 --csv %s/course.csv"):format(said, folder))
    assert.matches("4 windows of 0.2 s, every 0.1 s", text, 1, true)
    assert.matches("arousal: %d%.%d+ on average, highest from 0%.[0-3]0 s on", text)
    assert.equal(4, #assert(tenor.csv.read(folder .. "/course.csv")))

    assert.equal(1, #scores(predict(("--corpus %s/manifest.csv"):format(folder)), "ccc"))
    assert.is_false((shell.run(("%s examples/predict.lua %s"):format(shell.lua, model))))
  end)

  here("acoustic.lua and text.lua save the model of the best seed, which needs nothing besides", function()
    local u = { wav = ("%s/%s"):format(folder, written[1].wav), text = "that was good" }
    for name, rest in pairs { acoustic = "", text = " --embedding 20" } do
      local path = ("%s/%s.safetensors"):format(folder, name)
      succeeds(name, ("%s/manifest.csv --seeds 2%s -o %s"):format(folder, rest, path))
      assert.is_number(assert(assert(tenor.model.load(path)):predict(u)).dominance)
    end
  end)

  here("table2.lua prints every cell, and the same bytes for the same seeds", function()
    local first = succeeds("table2", folder .. "/manifest.csv --seeds 2")
    local tables = table2(first)
    for _, protocol in ipairs { "ccc", "ccc_batch32" } do
      for _, system in ipairs { "HSF", "HSF+WE" } do
        local cells = tables[protocol][system]
        assert.equal(5, #cells)
        for _, cell in ipairs(cells) do
          assert.is_true(cell[1] >= -1 and cell[1] <= 1)
        end
        -- the last cell is the mean of the three before it, each rounded to 3 digits
        assert.near((cells[2][1] + cells[3][1] + cells[4][1]) / 3, cells[5][1], 0.0011)
      end
    end
    local function shown(text) return text:match "ccc: .*Table II," end
    assert.equal(shown(first), shown(succeeds("table2", folder .. "/manifest.csv --seeds 2 --jobs 1")))
  end)

  here("are complete programs of at most 80 lines, and each was run", function()
    for _, path in ipairs(shell.lines "ls examples/*.lua") do
      local lines = 0
      for _ in io.lines(path) do lines = lines + 1 end
      assert.is_true(lines <= 80, ("%s has %d lines"):format(path, lines))
      local name = path:match "([%w_]+)%.lua$"
      local elsewhere = io.open(("spec/%s_spec.lua"):format(name))
      assert.is_truthy(ran[name] or elsewhere, path .. " was not run")
      if elsewhere then elsewhere:close() end
    end
  end)
end)
