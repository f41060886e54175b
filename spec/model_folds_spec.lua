--- Cross-validation: each utterance is predicted by the model that has not seen it.
local json = require "tenor.json"
local scratch = require "spec.support.scratch"
local shared = require "spec.support.shared"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local tiny = require "spec.support.corpus"

describe("The models of a cross-validation", function()
  local folder, corpus, features, folds

  -- How a fold is trained: a network small enough to be quick, with all that could leak fitted on the training part.
  local function train(fold)
    local data = corpus:dataset { features = features, split = fold, protocol = "clean", validation = 0, standardize = true }
    local network = tenor.networks.acoustic { hidden = 4, dense = 4, seed = 1 }
    local history = tenor.fit(network, data, { loss = tenor.loss.ccc(), optimizer = tenor.optim.Nadam { lr = 0.01 }, epochs = 2,
      batch = 8, progress = "silent" })
    return tenor.model.new { network = network, data = data, history = history }
  end

  setup(function()
    folder = shell.folder()
    tiny.write(folder)
    corpus = assert(tenor.corpus.manifest(folder .. "/manifest.csv"))
    features = corpus:extract { progress = "silent", cache = false }
    corpus.utterances[3].arousal = nil -- of speaker S1
    folds = assert(tenor.model.cross_validate(corpus:folds "speaker", train))
  end)
  teardown(function() shell.clean() end)
  after_each(scratch.clean)

  it("predict each utterance by the one whose fold held it out", function()
    local all = folds:predict(corpus, { features = features })
    assert.equal(48, #all)
    assert.same({ 3, 48, 0 }, { all.models, all.held_out, all.averaged })
    for number, model in ipairs(folds.models) do
      local own = corpus:filter(function(u) return u.speaker == "S" .. number end)
      local alone = model:predict(own, { features = features })
      for i, u in ipairs(own.utterances) do
        local p = all[(number - 1) * 16 + i]
        assert.equal(u.id, p.id)
        assert.equal("speaker:S" .. number, p.fold)
        assert.equal(alone[i].valence, p.valence)
      end
    end
    assert.matches("^Predictions: 48 of 48; 48 by the model of the fold that held them out, one of 3\n", tostring(all))
  end)

  it("predict a recording that is in no fold by the mean of all", function()
    local wav = corpus.utterances[1].wav
    local sum = 0
    for _, model in ipairs(folds.models) do sum = sum + assert(model:predict(wav)).arousal end
    local y = assert(folds:predict(wav))
    assert.is_true(math.abs(sum / 3 - y.arousal) < 1e-5) -- float sums in another order, on a scale of 4
    assert.is_nil(y.fold)
    local both = folds:predict { { id = "Ses02_001", wav = wav }, { id = "new", wav = wav }, { id = "gone", wav = "/no.wav" } }
    assert.same({ 1, 1, 1 }, { both.held_out, both.averaged, #both.failures })
    assert.equal(folds.models[2]:predict(wav).arousal, both[1].arousal)
    assert.equal(y.arousal, both[2].arousal)
    assert.same({ "speaker:S2" }, { both[1].fold, both[2].fold })
    assert.equal("1 by the model of the fold that held them out, one of 3; 1 in no fold, the mean over 3 models", both:account())
    local csv = scratch.path(".csv")
    assert(both:write(csv))
    local records, header = tenor.csv.read(csv)
    assert.same({ "id", "wav", "valence", "arousal", "dominance", "fold", "reason" }, header)
    assert.same({ "speaker:S2", "", "" }, { records[1].fold, records[2].fold, records[3].fold })
    assert.equal(tostring(folds.models[1]:reading(y)), tostring(folds:reading(y)))
  end)

  it("predict along a recording, held out or new", function()
    local wav, windows = corpus.utterances[1].wav, { window = 0.25 }
    local sum = tenor.zeros(2, 3)
    for _, model in ipairs(folds.models) do sum:add(assert(model:predict(wav, windows)).values) end
    local course = assert(folds:predict(wav, windows))
    assert.is_true((sum / 3 - course.values):abs():max() < 1e-5)
    assert.same({ 3 }, { course.models, course.fold })
    local own = assert(folds:predict({ wav = wav, id = "Ses03_002" }, windows))
    assert.equal("speaker:S3", own.fold)
    assert.is_true(own.values == folds.models[3]:predict(wav, windows).values)
  end)

  it("are scored over all held-out predictions at once, an utterance without a label left out", function()
    local all = folds:predict(corpus, { features = features })
    local scores = assert(all:scores())
    assert.same({ 47, 1, 3 }, { scores.size, scores.unlabelled, scores.pooled })
    local labelled = corpus:filter(function(u) return u.arousal ~= nil end)
    local pred = folds:predict(labelled, { features = features }).raw
    local gold = labelled:labels()
    for k = 1, 3 do
      -- a batch of one utterance more may round differently
      assert.near(tenor.metrics.ccc(pred, gold)[k], scores.ccc[k], 1e-6)
      assert.near(tenor.metrics.rmse(pred, gold)[k], scores.rmse[k], 1e-6)
      assert.near(tenor.metrics.mae(pred, gold)[k], scores.mae[k], 1e-6)
    end
    assert.matches("\nccc .*  47 utterances, pooled over 3 folds\nrmse .* of labels from %-1 to 1\nmae ", tostring(scores))
  end)

  it("standardize by the training part of their own fold", function()
    for number, model in ipairs(folds.models) do
      local rows = {}
      for i, u in ipairs(corpus.utterances) do
        if u.speaker ~= "S" .. number and u.arousal then rows[#rows + 1] = i end
      end
      assert.is_true(features.tensor:index(rows):mean(1) == model.scaler.mean)
    end
  end)

  it("hold out who lacks a label, too", function()
    local held = {}
    for _, id in ipairs(folds.models[1].fold.held_out) do held[id] = true end
    assert.equal(16, #folds.models[1].fold.held_out)
    assert.is_true(held[corpus.utterances[3].id])
  end)

  it("are saved as files that name whom they held out, and are the same again", function()
    local place = folder .. "/saved"
    assert(folds:save(place .. "/"))
    assert.same({ "fold_1.safetensors", "fold_2.safetensors", "fold_3.safetensors" }, require("tenor.fs").list(place))
    local _, metadata = tenor.load(place .. "/fold_2.safetensors")
    local fold = assert(json.decode(metadata.fold))
    assert.same({ "speaker:S2", 2, 3, "Ses02_001" }, { fold.name, fold.number, fold.of, fold.held_out[1] })
    local same = assert(tenor.model.load(place))
    assert.equal(tostring(folds), tostring(same))
    assert.matches("^Cross%-validation: 3 models, 48 utterances held out %(speaker:S1, speaker:S2, speaker:S3%)", tostring(same))
    assert.is_true(folds:predict(corpus, { features = features }).raw == same:predict(corpus, { features = features }).raw)
    local one = assert(tenor.model.load(place .. "/fold_2.safetensors"))
    assert.same(folds.models[2].fold, one.fold)
    assert.matches("\nfold 2 of 3, speaker:S2: 16 held out", tostring(one))
    -- with a folder each is there as soon as it is trained
    local seen = {}
    local early = assert(tenor.model.cross_validate(corpus:folds "speaker", function(f, number)
      seen[number] = #(require("tenor.fs").list(folder .. "/early"))
      return train(f)
    end, { folder = folder .. "/early" }))
    assert.same({ 0, 1, 2 }, seen)
    assert.is_true(early:predict(corpus, { features = features }).raw == same:predict(corpus, { features = features }).raw)
  end)

  it("leave each utterance out, of those that can be used", function()
    local some = corpus:filter(function(u) return u.speaker == "S2" and u.id < "Ses02_006" end)
    local list = some:folds "utterance"
    local left = assert(tenor.model.cross_validate(list, function(fold)
      return train(fold)
    end))
    assert.equal(5, #left)
    local p = left:predict(corpus, { features = features })
    assert.same({ 5, 43 }, { p.held_out, p.averaged })
    assert.equal("utterance:Ses02_001", p[17].fold)
  end)

  it("name the folds of an utterance in few words, however long and many they are", function()
    local place = folder .. "/long"
    assert(folds:save(place))
    local tensors, metadata = tenor.load(place .. "/fold_1.safetensors")
    for number = 1, 20 do
      metadata.fold = json.encode { name = "\27" .. ("N"):rep(20000), number = number, of = 20, held_out = { "Ses01_001" } }
      assert(tenor.save(("%s/fold_%d.safetensors"):format(place, number), tensors, { metadata = metadata }))
    end
    local same = assert(tenor.model.load(place))
    local id = corpus.utterances[1].id
    assert.equal("Ses01_001", id)
    local p = same:predict(corpus:filter(function(u) return u.id == id end), { features = features })
    assert.is_true(#p[1].fold < 16 * 90)
    assert.matches("^%?NN+%.%.%.; .*; and 4 more$", p[1].fold)
    assert.is_near(folds.models[1]:predict(corpus, { features = features })[1].valence, p[1].valence, 1e-5) -- sums of twenty
    assert.is_nil(tostring(same):find "\27")
  end)

  it("are refused where they do not belong together", function()
    local list = corpus:folds "speaker"
    local function refuses(pattern, ...)
      local arguments = table.pack(...)
      assert.error_matches(function() tenor.model.cross_validate(table.unpack(arguments, 1, arguments.n)) end, pattern)
    end
    local model = folds.models[1]
    refuses("model.cross_validate: folds must be a list of splits", "speaker", train)
    assert.matches("spec/model_folds_spec.lua:%d+: model", select(2, pcall(function() tenor.model.cross_validate({}, train) end)))
    refuses("fold 1 must be a split, .*, got string", { "speaker" }, train)
    refuses("fold 1, a function, holds no utterance out", { corpus:split(function() return "train" end) }, train)
    refuses("train must be a function, got nil", list)
    refuses("unknown option 'folders'", list, train, { folders = "x" })
    refuses("folder must be a string, got number", list, train, { folder = 1 })
    refuses("fold 1, speaker:S1: train must return a model, of tenor.model.new, got table", list, function() return {} end)
    refuses("fold 2, speaker:S2: its network is that of fold 1, which has seen other folds' utterances", list,
      function() return tenor.model.new { network = model.network, labels = model.labels } end)
    refuses("fold 2, speaker:S2: the model was trained on the split 'speaker:S1'", list, function() return train(list[1]) end)
    refuses("fold 2 has labels a b c, .*, and fold 1 has labels valence arousal dominance", list, function(_, number)
      return tenor.model.new { network = tenor.networks.acoustic { hidden = 2, dense = 2 },
        labels = number == 2 and { "a", "b", "c" } or { "valence", "arousal", "dominance" } }
    end)
    assert.same({ nil, "no vectors" }, { tenor.model.cross_validate(list, function() return nil, "no vectors" end) })
  end)

  it("are nothing where files are missing, of other folds or no models of folds", function()
    local place = folder .. "/parts"
    assert(folds:save(place))
    local function refused(pattern)
      local none, why = tenor.model.load(place)
      assert.is_nil(none)
      assert.matches(pattern, why)
    end
    assert.matches("holds models already %(fold_1.safetensors%); give another folder", select(2, folds:save(place)))
    assert.matches("holds models already", select(2, tenor.model.cross_validate(corpus:folds "speaker", train, { folder = place })))
    assert(os.rename(place .. "/fold_2.safetensors", place .. "/fold_2"))
    refused "parts: holds 2 models, of which one is of fold 1 of 3: some are missing"
    local bytes = scratch.read(place .. "/fold_1.safetensors")
    local copy = assert(io.open(place .. "/fold_2.safetensors", "wb"))
    assert(copy:write(bytes))
    assert(copy:close())
    refused "holds 3 models, of which one is of fold 1 of 3"
    local model = train(corpus:split "paper")
    assert(model:save(place .. "/fold_2.safetensors"))
    refused "fold_2.safetensors: is no model of a fold"
    local tensors, metadata = tenor.load(place .. "/fold_1.safetensors")
    for _, wrong in ipairs { "3", "{}", '{"name":"x","number":2,"of":1,"held_out":["a"]}',
      '{"name":"x","number":1,"of":1,"held_out":[1]}', '{"name":1,"number":1,"of":1,"held_out":["a"]}' } do
      metadata.fold = wrong
      assert(tenor.save(place .. "/fold_1.safetensors", tensors, { metadata = metadata }))
      refused "fold_1.safetensors: metadata 'fold': is not { name, number, of, held_out }"
    end
    metadata.fold = '{"name":"x","number":1,"of":1,"held_out":["a","b","a"]}'
    assert(tenor.save(place .. "/fold_1.safetensors", tensors, { metadata = metadata }))
    refused "fold_1.safetensors: metadata 'fold': holds 'a' out twice"
    assert.matches("holds no models", select(2, tenor.model.load(folder .. "/wav")))
  end)

  -- The plumbing on real speech; what it is good for is measured in docs/models.md.
  shared.it("learn from a few dozen recordings, each left out once", function()
    local from, records, values = shared.path "data/speech_emotion", {}, {}
    for _, name in ipairs { "arousal", "valence" } do
      for _, line in ipairs(shared.lines(("data/speech_emotion/%s.csv"):format(name))) do
        local file, value = line:match "([^,]+),([^,]+)"
        values[file] = values[file] or {}
        values[file][name] = value
      end
    end
    for file, labels in pairs(values) do
      records[#records + 1] = { wav = ("%s/%s"):format(from, file), arousal = labels.arousal or "", valence = labels.valence or "" }
    end
    local manifest = scratch.path ".csv"
    assert(tenor.csv.write(manifest, { "wav", "valence", "arousal" }, records))
    local real = assert(tenor.corpus.manifest(manifest, { scale = { -1, 1 }, root = "." }))
    local rows = real:extract { progress = "silent", cache = false }
    local crossed = assert(tenor.model.cross_validate(real:folds "utterance", function(fold)
      local data = real:dataset { features = rows, split = fold, labels = { "arousal" }, protocol = "clean", validation = 0,
        standardize = true }
      local network = tenor.networks.acoustic { outputs = data.labels, hidden = 8, dense = 8, seed = 1 }
      tenor.fit(network, data, { loss = tenor.loss.ccc(), optimizer = tenor.optim.Nadam(), batch = 16, epochs = 30, seed = 1,
        progress = "silent" })
      return tenor.model.new { network = network, data = data }
    end))
    local p = crossed:predict(real, { features = rows })
    assert.equal(#real, p.held_out)
    assert.is_true(assert(p:scores()).ccc[1] > 0.3)
  end)
end)
