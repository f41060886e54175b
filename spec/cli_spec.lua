--- The command `tenor` as a person runs it: what goes to which stream, and the status.
local needs = require "spec.support.needs"
local tenor = require "tenor"
local config = require "tenor.cli.config"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tiny = require "spec.support.corpus"

local here = needs(package.searchpath("argparse", package.path), "argparse")

describe("the command tenor", function()
  local folder, root

  setup(function()
    root, folder = shell.lines "pwd"[1], shell.folder()
    tiny.write(folder)
  end)
  teardown(function()
    shell.clean()
    scratch.clean()
  end)

  -- Runs it in the folder: standard output, standard error, status.
  local function run(words, input)
    local _, text = shell.run(("cd '%s' && export TENOR_CACHE='%s/cache'; %s%s '%s/bin/tenor' %s <%s 2>errors; echo \"status $?\"")
      :format(folder, folder, shell.bare "gnuplot", shell.lua, root, words, input and scratch.file(".txt", input) or "/dev/null"))
    local out, status = text:match "^(.*)status (%d+)\n$"
    return out, scratch.read(folder .. "/errors"), tonumber(status)
  end
  local function done(words, input)
    local out, errors, status = run(words, input)
    assert.equal(0, status, errors)
    return out, errors
  end
  -- The corpus's manifest under another name, after a change to its records.
  local function manifest(name, change)
    local records, header = assert(tenor.csv.read(folder .. "/manifest.csv"))
    assert(tenor.csv.write(("%s/%s"):format(folder, name), header, change(records)))
  end
  local function json(words) return assert(tenor.json.decode((done(words .. " --json")))) end

  here("lists its commands, and the options of each with the library's defaults", function()
    local help = done "--help"
    assert.equal(11, #require "tenor.cli".commands)
    for _, name in ipairs(require "tenor.cli".commands) do
      assert.matches("\n   " .. name .. " ", help)
      done(name .. " --help")
    end
    local extract = done "extract --help"
    assert.matches("--window <number>", extract, 1, true)
    assert.matches("seconds of a frame (default: 0.025)", extract, 1, true)
    local d = require "tenor.options".of(tenor.fit, tenor.nn.Dense(1, 1), {})
    assert.equal(0, d.seed)
    assert.matches("default: 50 for text, fusion", done "train --help":gsub("200 for acoustic, ", ""), 1, true)
  end)

  here("says its version", function() assert.equal("tenor " .. tenor._VERSION .. "\n", (done "--version")) end)

  here("extracts features into one file that serves as a corpus", function()
    local out, errors = done "extract --corpus manifest.csv -o features.npz --progress plain"
    assert.matches("^features.npz: 48 of 48 utterances, 68 numbers each", out)
    assert.matches("extract 48/48", errors, 1, true)
    local told = json "extract --corpus manifest.csv -o again.npz --progress silent"
    assert.same({ cached = 48, failures = {}, features = 68, output = "again.npz", utterances = 48 }, told)
    assert.equal(48, #assert(tenor.corpus.open(folder .. "/features.npz")))
  end)

  here("names files that cannot be read, leaves them out, and its status is 3", function()
    assert(shell.run(("cd '%s' && sed 's#wav/Ses01_001.wav#no.wav#' manifest.csv >hurt.csv"):format(folder)))
    local out, errors, status = run "extract --corpus hurt.csv -o hurt.npz --progress silent"
    assert.equal(3, status)
    assert.matches("47 of 48 utterances", out, 1, true)
    assert.matches("left out: Ses01_001, no.wav: No such file or directory", errors, 1, true)
  end)

  here("trains, tells about the model, scores it and predicts, the same numbers as from Lua", function()
    local out, errors = done("train --corpus manifest.csv --features features.npz --network fusion --seed 1 -o model.safetensors "
      .. "--hidden 8 --dense 8 --embedding 6 --epochs 2 --progress silent")
    assert.matches("\nccc +%-?%d", out)
    assert.matches("model.safetensors: 2 epochs, best %d", out)
    assert.matches("speakers: train 2", errors, 1, true)
    assert.matches("^Model: 68 features and 9 words %-> valence, arousal, dominance %(1 to 5%)", done "info model.safetensors")
    assert.equal("model", json "info model.safetensors".kind)
    -- what a terminal would obey is escaped in JSON, and `?` elsewhere
    local odd = "a\u{9B}\127b"
    assert(tenor.save(folder .. "/odd.safetensors", { [odd] = tenor.ones(2) }))
    assert.is_table(json "info odd.safetensors".tensors[odd])
    assert.is_nil((done "info odd.safetensors --json"):find "[\127-\255]")
    assert.matches("a??b " .. tenor.real .. " (2)", (done "info odd.safetensors"), 1, true)

    local told = json 'predict model.safetensors --wav wav/Ses01_001.wav --text "well, hello there"'
    local model = assert(tenor.model.load(folder .. "/model.safetensors"))
    local same = assert(model:predict { wav = folder .. "/wav/Ses01_001.wav", text = "well, hello there" })
    for _, name in ipairs { "valence", "arousal", "dominance" } do assert.near(same[name], told[name], 1e-7) end
    assert.matches("^valence +%d%.%d%d%d\narousal", (done "predict model.safetensors --wav wav/Ses01_001.wav --text hello"))

    local scores = json "evaluate model.safetensors --corpus manifest.csv --progress silent"
    assert.equal(16, scores.n)
    assert.is_number(scores.ccc.valence)
    local all = done "evaluate model.safetensors --corpus manifest.csv --features features.npz --part all"
    assert.matches("whole set, 48 utterances", all, 1, true)

    local text
    text, errors = done "predict model.safetensors --corpus manifest.csv -o p.csv --progress silent"
    assert.matches("^p.csv: 48 predictions\n.*\nccc +%-?%d.*whole set, 48 utterances\n", text)
    assert.matches("scores are of all utterances, those that the model was trained on too", errors, 1, true)
    assert.equal(48, #assert(tenor.csv.read(folder .. "/p.csv")))
    local whole = json "predict model.safetensors --corpus manifest.csv --features features.npz"
    assert.same({ 48, 48 }, { #whole.predictions, whole.scores.n })
    assert.equal(json("evaluate model.safetensors --corpus manifest.csv --part all --progress silent").ccc.valence,
      whole.scores.ccc.valence)
    local along = json "predict model.safetensors --wav wav/Ses01_001.wav --text hello --window 0.25 --progress silent"
    assert.is_true(#along >= 2)
    assert.equal(0, along[1].start)
  end)

  here("says what a model needs besides, with status 2", function()
    local _, errors, status = run "predict model.safetensors --wav wav/Ses01_001.wav"
    assert.equal(2, status)
    assert.equal("tenor predict: the model needs --text too\n", errors)
  end)

  here("refuses options that would be passed over", function()
    local wav = "--wav wav/Ses01_001.wav"
    for words, message in pairs {
      [wav .. " --text a --window 0.2 --reading"] = "--reading does not go with --window",
      [wav .. " --text a --step 1"] = "--step goes with --window",
      [wav .. " --text a -o x.csv"] = "--output goes with --corpus, several recordings, or --window",
      [wav .. " --text well hello"] =
        "give as many --text as --wav: a text is one word of the command line, in quotes; got 2 and 1",
      [wav .. " --text a --scale 1 7"] = "--scale goes with --corpus",
      ["--corpus manifest.csv --text a"] = "--text does not go with --corpus",
      ["--corpus manifest.csv --reading"] = "--reading is for one recording",
      ["--corpus manifest.csv -o x.txt"] = "x.txt: the table's name ends in .csv",
      [""] = "give --wav and --text as the model needs them, or --corpus",
    } do
      local out, errors, status = run("predict model.safetensors " .. words)
      assert.same({ "", ("tenor predict: %s\n"):format(message), 2 }, { out, errors, status })
    end
  end)

  here("takes the label scale of a corpus from the model, unless told", function()
    manifest("wide.csv", function(records)
      for i = 1, 32 do records[i].valence = "9" end
      return records
    end)
    done("train --corpus wide.csv --scale 0 10 --network text --embedding 4 --hidden 4 --dense 4 --epochs 1 -o wide.safetensors "
      .. "--labels arousal --progress silent")
    local _, errors = done "evaluate wide.safetensors --corpus wide.csv --part all --progress silent"
    assert.is_nil(errors:find "clipped")
    _, errors = done "evaluate wide.safetensors --corpus wide.csv --part all --progress silent --scale 1 5"
    assert.matches("labels of the corpus are from 1 to 5, those of the model from 0 to 10", errors, 1, true)
    assert.matches("wide.csv: note: 32 labels from 9 to 9 are clipped to the scale, 1 to 5; --scale names another", errors, 1, true)
  end)

  here("cross-validates, and predicts each utterance by the model that has not seen it", function()
    local words = "train --corpus manifest.csv --network acoustic --hidden 4 --dense 4 --epochs 2 --progress silent"
    local out, errors = done(words .. " --folds speaker --validation 0 -o folds/")
    assert.matches("\nccc .* 48 utterances, pooled over 3 folds\nrmse .*\nmae .*\nfolds/: 3 models", out)
    assert.matches("3 folds; the first:\nDataset: train 32, test 16; split by speaker:S1", errors, 1, true)
    local scores = json "evaluate folds --corpus manifest.csv --progress silent"
    assert.same({ 48, 3 }, { scores.n, scores.folds })
    local predicted = json "predict folds/ --corpus manifest.csv --progress silent"
    assert.same({ 3, 48, 0, scores }, { predicted.models, predicted.held_out, predicted.averaged, predicted.scores })
    assert.equal("speaker:S1", predicted.predictions[1].fold)
    local text, told = done "predict folds --corpus manifest.csv -o p.csv --progress silent"
    assert.equal("predicted: 48 by the model of the fold that held them out, one of 3\n", told)
    assert.matches("pooled over 3 folds", text, 1, true)
    assert.matches("^arousal|", (done "predict folds --wav wav/Ses01_001.wav":gsub("^valence[^\n]*\n(arousal)", "%1|")))
    assert.matches("the mean over 3 models", select(2, done "predict folds --wav wav/Ses01_001.wav"), 1, true)
    local own = json "evaluate folds/fold_2.safetensors --corpus manifest.csv --progress silent"
    assert.equal(16, own.n)
    assert.same({ "folds", 16 }, { json "info folds".kind, #json("info folds").folds[1].held_out })

    local trained = json(words .. " --folds 2:utterance -o two")
    assert.same({ 2, 48, 2 }, { #trained.folds, trained.scores.n, trained.scores.folds })
    for more, message in pairs {
      ["--folds speaker -o folds"] = "folds: holds models already (fold_1.safetensors); give another folder, or remove them",
      ["--folds speakers -o x"] = "--folds must be session, speaker, utterance, K, K:session or K:utterance, got 'speakers'",
      ["--folds speaker -o x.safetensors"] = "x.safetensors: with --folds, give a folder for the models",
      ["--folds speaker --split paper -o x"] = "--split and --folds both say who tests: give one",
      ["--validation 0 --patience 3 -o x.safetensors"] = "--patience needs a validation part, and --validation is 0",
      ["--padding none -o x.safetensors"] = "--padding is of words, which the acoustic network does not take",
      ["--features features.npz --drop-zeros -o x.safetensors"] = "--drop-zeros is of extraction, and --features has it done",
      ["-o nowhere/x.safetensors"] = "nowhere/x.safetensors: cannot be written, nowhere/: no such file or directory",
    } do
      local _, why, status = run(words .. " " .. more)
      assert.equal(("tenor train: %s\n"):format(message), why)
      assert.equal((message:find "^folds:" or message:find "^nowhere") and 1 or 2, status)
    end
  end)

  here("takes the features that came with a corpus which has no recordings", function()
    local ids, rng = {}, tenor.rng(1)
    for i = 1, 20 do ids[i] = ("u%02d"):format(i) end
    assert(tenor.save(folder .. "/bare.npz", { features = tenor.randn(20, 5, rng), ids = ids,
      labels = tenor.rand(20, 2, rng) * 4 + 1, label_names = { "valence", "arousal" } }))
    local words = "--corpus bare.npz --progress silent"
    done("train --network acoustic --hidden 4 --dense 4 --epochs 1 -o bare.safetensors " .. words)
    assert.equal(20, json("predict bare.safetensors " .. words).scores.n)
    assert.equal(4, json("evaluate bare.safetensors " .. words).n)
    assert.matches("features: made elsewhere", done "info bare.safetensors", 1, true)
  end)

  here("leaves out the folds of utterances without a label, and predicts those by all models", function()
    manifest("few.csv", function(records)
      records[2].valence = ""
      return table.move(records, 1, 5, 1, {})
    end)
    local words = "train --corpus few.csv --network acoustic --hidden 4 --dense 4 --epochs 1 --validation 0 --progress silent "
    local _, errors = done(words .. "--folds utterance --labels valence -o few")
    assert.matches("left out: folds none of whose utterances has what is learnt (utterance:Ses01_002)\n4 folds", errors, 1, true)
    local told = json "predict few --corpus few.csv --progress silent"
    assert.same({ 4, 1, 4 }, { told.held_out, told.averaged, told.scores.n })
    assert.same({ "Ses01_002" }, { told.predictions[2].id, told.predictions[2].fold })
  end)

  here("runs the systems of Table II, goes on where it was, and reports", function()
    local words = "table2 --corpus manifest.csv --seeds 1 --epochs 1 --tasks MTL -o res/ --jobs 1 --progress silent"
    local out = done(words)
    assert.matches("HSF", out, 1, true)
    assert.equal(out, (done(words)))
    assert.equal(out, (done "report res"))
    assert.matches("^page.html\n$", (done "report res/ -o page.html"))
    assert.is_true(#json "report res" >= 2)
    local _, errors, status = run "report res --baseline nine"
    assert.matches("^tenor report: %-%-baseline: no run is of a system 'nine'; there are HSF", errors)
    assert.equal(2, status)
  end)

  here("searches the weights of the loss", function()
    local told = json("search --corpus manifest.csv --network acoustic --seeds 1 --epochs 1 --step 1 --kind simplex -o found "
      .. "--jobs 1 --progress silent")
    assert.equal(3, #told.points)
    assert.near(1, told.best.alpha + told.best.beta + told.best.gamma, 1e-9)
    assert.equal(0, #told.failed)
  end)

  here("says what is in every kind of file that it knows", function()
    assert(tenor.save(folder .. "/x.npy", tenor.zeros(2, 3)))
    assert.matches("^float%d+ %(2, 3%)\n%[%[0", (done "info x.npy"))
    assert.matches("features +float%d+ %(48, 68%)", (done "info features.npz"))
    assert.equal("Ses01_001.wav: 0.50 s, 8000 Hz, 1 channel\n", (done "info wav/Ses01_001.wav"))
    assert.matches("^Corpus manifest.csv: 48 utterances", (done "info manifest.csv"))
    local out, errors, status = run "info x.npy no.npy"
    assert.equal(3, status)
    assert.matches("^x.npy: float", out)
    assert.matches("no.npy: No such file or directory", errors, 1, true)
    assert.equal(1, select(3, run "info no.npy"))
  end)

  here("shows the reference and the help of a command", function()
    assert.equal(tostring(tenor.help "nn.LSTM") .. "\n", (done "help nn.LSTM"))
    assert.equal((done "train --help"), (done "help train"))
    local _, errors, status = run "help nn.LSTN"
    assert.equal(2, status)
    assert.equal("tenor help: help: no 'nn.LSTN' (did you mean 'nn.LSTM'?)\n", errors)
  end)

  here("tells errors in one line, and where they arose with --debug", function()
    for words, expected in pairs {
      ["extract --corpus manifest.csv"] = { 2, "tenor extract: missing option '--output'\n" },
      ["extract --corpus no.csv -o x.npz"] = { 1, "tenor extract: no.csv: No such file or directory\n" },
      ["extract --corpus manifest.csv -o x.npz --window -1"] = { 2,
        "tenor extract: corpus:extract: window must be a positive number, got -1\n" },
      ["info --jsn x"] = { 2, "tenor: unknown option '--jsn'\nDid you mean '--json'?\ntry: tenor info --help\n" },
      ["extrct"] = { 2, "tenor: unknown command 'extrct'\nDid you mean 'extract'?\ntry: tenor --help\n" },
      ["train --corpus manifest.csv -o model.npz"] = { 2, "tenor train: model.npz: a model's name ends in .safetensors\n" },
    } do
      local out, errors, status = run(words)
      assert.equal("", out)
      assert.equal(expected[2], errors:gsub("extract 48/48[^\n]*\n", ""), words)
      assert.equal(expected[1], status, words)
    end
    local _, errors = run "extract --corpus manifest.csv -o x.npz --window -1 --debug"
    assert.matches("stack traceback", errors, 1, true)
  end)

  here("takes negative numbers as values", function()
    assert.matches("48 of 48", done "extract --corpus manifest.csv -o scaled.npz --scale -1 5 --progress silent", 1, true)
    assert.same({ -1, 5 }, assert(tenor.corpus.open(folder .. "/scaled.npz")).scale)
  end)

  here("takes options from a file, those of the command line first", function()
    scratch.clean()
    local lua = scratch.file(".lua", 'return { corpus = "manifest.csv", output = "c.npz", progress = "silent", scale = { -1, 5 } }')
    assert.matches("^c.npz: 48", (done("extract --config " .. lua)))
    assert.matches("^d.npz: 48", (done("extract -o d.npz --config " .. lua)))
    local typo = scratch.file(".json", '{"corpsu": "manifest.csv"}')
    local _, errors, status = run("extract --config " .. typo)
    assert.equal(2, status)
    assert.matches("unknown option 'corpsu' (did you mean 'corpus'?)", errors, 1, true)
    local kind = scratch.file(".json", '{"corpus": "manifest.csv", "output": "x.npz", "jobs": "two"}')
    _, errors, status = run("extract --config " .. kind)
    assert.equal(2, status)
    assert.matches("jobs must be a whole number, got 'two'", errors, 1, true)
  end)

  here("ends with 130 after Ctrl-C", function()
    -- the interpreter raises in what it runs next
    local _, text = shell.run(([[cd '%s'; %s -e '
      local uv = require "luv"
      package.loaded["tenor.repl"] = { run = function()
        uv.kill(uv.os_getpid(), "sigint")
        for _ = 1, 1e8 do end
      end }
      os.exit(require "tenor.cli".main { "repl" })'; echo "status $?"]]):format(folder, shell.lua))
    assert.matches("tenor repl: interrupted\nstatus 130", text, 1, true)
  end)
end)

describe("a configuration file", function()
  after_each(function() scratch.clean() end)
  local function read(text, ending) return config.read(scratch.file(ending or ".lua", text)) end

  it("is a table in Lua's notation, with comments and nested tables", function()
    assert.same({ corpus = "a.csv", scale = { -1, 1.5 }, deep = { x = { true, false } }, ["two words"] = 0x10, text = "a\nb" },
      read [==[
-- a comment
return {
  corpus = 'a.csv', scale = { -1, 15e-1, }; --[[ another
  one ]] deep = { x = { true, false } },
  ["two words"] = 0x10, text = "a\nb",
}
]==])
    assert.same({ "[[x]]", "y" }, read 'return { [=[[[x]]]=], "y" }')
    assert.same({}, read "{}")
  end)

  it("is never run: all that is not data is refused with its line", function()
    for text, message in pairs {
      ["return { x = os.exit() }"] = ":1: expected a string, a number, true, false or a table, got 'os'",
      ["return {\n x = ('a'):rep(1e9) }"] = ":2: expected a string, a number, true, false or a table, got '('",
      ["while true do end"] = ":1: expected return { ... }",
      ["return { 1 + 1 }"] = ":1: expected , or } in a table",
      ["return { 'a' .. 'b' }"] = ":1: expected , or } in a table",
      ["return {} os.exit()"] = ":1: nothing may follow the table: it is data, and not run",
      ["return { x = function() end }"] = ":1: expected a string, a number, true, false or a table, got 'function'",
      ["return { x = 1, x = 2 }"] = ":1: 'x' is given twice",
      ["return { x = 'a"] = ":1: a string is not finished or not valid",
      ["return { x = '\\q' }"] = ":1: a string is not finished or not valid",
      ["return { x = 1x }"] = ":1: '1x' is no number",
      ["return { "] = ":1: expected a string, a number, true, false or a table, got the end of the file",
      ["return " .. ("{"):rep(100)] = ":1: tables are more than 32 deep",
    } do
      local value, why = read(text)
      assert.is_nil(value, text)
      assert.equal(message, why:match "%.lua(:.*)$", text)
    end
  end)

  it("may be JSON", function()
    assert.same({ a = { 1, 2 } }, read('{"a": [1, 2]}', ".json"))
    assert.is_nil((read("[", ".json")))
    assert.is_nil((read("x", ".txt")))
  end)
end)
