--- A tiny corpus for tests: tones and words, made in a moment and in need of no
-- synthesiser. Arousal is a tone's pitch, dominance its loudness, valence the
-- words; 3 sessions of 16 utterances, half a second each.
local csv = require "tenor.csv"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local corpus = {}

local SESSIONS, TURNS, RATE = 3, 16, 8000
local words = { "awful", "poor", "plain", "good", "lovely" }

local function tone(frequency, amplitude)
  local samples = {}
  for i = 1, RATE // 2 do
    -- a second, slower voice keeps the spectrum from being one line
    samples[i] = amplitude * (math.sin(2 * math.pi * frequency * i / RATE) + 0.3 * math.sin(0.013 * i * i / RATE))
  end
  return tenor.audio.wave(tenor.tensor(samples), RATE)
end

--- Writes folder/wav/*.wav and folder/manifest.csv; the folder is made.
-- @tparam string folder
-- @tparam[opt] table without set of columns to leave out of the manifest: `{ text = true }`
-- @return the records of the manifest
function corpus.write(folder, without)
  assert(shell.run(("mkdir -p '%s/wav'"):format(folder)))
  local rng, records = tenor.rng(1), {}
  for session = 1, SESSIONS do
    for turn = 1, TURNS do
      local v, a, d = 1 + 4 * rng:uniform(), 1 + 4 * rng:uniform(), 1 + 4 * rng:uniform()
      local id = ("Ses%02d_%03d"):format(session, turn)
      local wav = ("wav/%s.wav"):format(id)
      assert(tenor.audio.write(folder .. "/" .. wav, tone(100 * a, 0.1 * d)))
      records[#records + 1] = {
        id = id, wav = wav, text = ("well, that was %s, hello doctor"):format(words[math.floor(v)]),
        valence = ("%.3f"):format(v), arousal = ("%.3f"):format(a), dominance = ("%.3f"):format(d),
        session = tostring(session), speaker = "S" .. session,
      }
    end
  end
  local header = {}
  for _, name in ipairs { "id", "wav", "text", "valence", "arousal", "dominance", "session", "speaker" } do
    if not (without and without[name]) then header[#header + 1] = name end
  end
  assert(csv.write(folder .. "/manifest.csv", header, records))
  return records
end

return corpus
