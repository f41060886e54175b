--- examples/msp_improv.lua: from the release's evaluation file to a manifest.
local fs = require "tenor.fs"
local needs = require "spec.support.needs"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local here = needs(package.searchpath("argparse", package.path), "argparse")

describe("The script for MSP-IMPROV", function()
  after_each(shell.clean)

  local function run(folder, more)
    return shell.run(("%s examples/msp_improv.lua '%s' '%s/m.csv' %s"):format(shell.lua, folder, folder, more or ""))
  end

  here("writes a manifest of the consensus labels, wavs and transcripts", function()
    local folder = shell.folder()
    assert(fs.write(folder .. "/Evaluation.txt", table.concat({
      "UTD-IMPROV-S01A-M02-R-FM02.avi; A; A:2.833333; V:2.333333; D:3.666667 ; N:3.000000;",
      "rater1; Angry; Angry; A:3.0; V:2.0; D:4.0; N:3.0;", "",
      "UTD-IMPROV-S01A-F01-P-FM01.avi; N; A:2.5; V:3.25; D:NaN ; N:NaN;",
      "rater2; Neutral; Neutral; A:2.5; V:3.25; D:NaN; N:NaN;", "",
    }, "\r\n")))
    local wav = folder .. "/session1/S01A/P/MSP-IMPROV-S01A-F01-P-FM01.wav"
    assert(fs.make_folder(wav:match "^(.*)/"))
    assert(tenor.audio.write(wav, tenor.audio.wave(tenor.rand(800, tenor.rng(1)), 16000)))
    assert(fs.make_folder(folder .. "/words"))
    assert(fs.write(folder .. "/words/MSP-IMPROV-S01A-F01-P-FM01.txt", "How can\n I not?\n"))
    local ok, text = run(folder, "--transcripts '" .. folder .. "/words'")
    assert.is_true(ok, text)
    assert.matches("1 of 2 wavs were not found", text)
    local c = assert(tenor.corpus.manifest(folder .. "/m.csv"))
    assert.same({
      { id = "MSP-IMPROV-S01A-F01-P-FM01", wav = wav, text = "How can I not?", valence = 3.25, arousal = 2.5, session = "1",
        speaker = "F01", extra = { emotion = "N" } },
      { id = "MSP-IMPROV-S01A-M02-R-FM02", valence = 2.333333, arousal = 2.833333, dominance = 3.666667, session = "2",
        speaker = "M02", extra = { emotion = "A" } },
    }, c.utterances)
  end)

  here("says what it lacks", function()
    local folder = shell.folder()
    local ok, text = run(folder)
    assert.is_false(ok)
    assert.matches("Evalution.txt: No such file", text)
    assert(fs.write(folder .. "/Evalution.txt", "nothing\n"))
    assert.matches("holds no line 'UTD%-IMPROV", select(2, run(folder)))
  end)
end)
