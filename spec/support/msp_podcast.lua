--- A tree like MSP-Podcast's release, and what must come of it.
local csv = require "tenor.csv"
local fs = require "tenor.fs"
local json = require "tenor.json"
local tenor = require "tenor"

local msp_podcast = {}

local sets = { "Train", "Train", "Train", "Development", "Test1", "Train", "Train", "Test2", "Development", "Test3" }
local header = { "FileName", "EmoClass", "EmoAct", "EmoVal", "EmoDom", "SpkrID", "Gender", "Split_Set" }

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  assert(file:close())
end

--- Writes a tree of 30 utterances.
-- @string folder is made
-- @tparam[opt] table o `labels`, "csv" (default) or "json"; `audio`, the folder's name ("Audios")
-- @return what must come of it: `utterances` in order, `missing` = { wav =, text = }
function msp_podcast.write(folder, o)
  o = o or {}
  local audio = o.audio or "Audios"
  for _, name in ipairs { "Labels", "Transcripts", audio } do assert(fs.make_folder(folder .. "/" .. name)) end
  local wave = tenor.audio.wave(tenor.rand(1600, tenor.rng(1)) - 0.5, 16000)
  local expected, records, entries = { utterances = {}, missing = { wav = 1, text = 2 } }, {}, {}
  for i = 1, 30 do
    local id = ("MSP-PODCAST_%04d_%04d"):format(i * 7 % 30, i)
    local set = sets[i % #sets + 1]
    local speaker = set == "Test3" and "Unknown" or i % 11 == 0 and "Unknown" or (set:sub(1, 2) .. i % 3)
    local labelled = set ~= "Test3"
    local a, v, d = 1 + i % 7 * 0.9, 1 + i % 5, 7 - i % 6 * 0.8
    records[i] = {
      FileName = id .. ".wav", EmoClass = labelled and "N" or "", EmoAct = labelled and a or "", EmoVal = labelled and v or "",
      EmoDom = labelled and d or "", SpkrID = speaker, Gender = i % 2 == 0 and "Female" or "Male", Split_Set = set,
    }
    entries[id .. ".wav"] = {
      EmoClass = labelled and "N" or json.null, EmoAct = labelled and a or json.null, EmoVal = labelled and v or json.null,
      EmoDom = labelled and d or json.null, SpkrID = speaker, Gender = records[i].Gender, Split_Set = set,
    }
    local u = {
      id = id, split = set, speaker = speaker ~= "Unknown" and speaker or nil,
      extra = { emotion = labelled and "N" or nil, gender = records[i].Gender },
    }
    if labelled then u.valence, u.arousal, u.dominance = v + 0.0, a, d end
    if i ~= 5 then
      u.wav = ("%s/%s/%s.wav"):format(folder, audio, id)
      assert(tenor.audio.write(u.wav, wave))
    end
    if i ~= 6 and i ~= 7 then
      u.text = ("so this is number %d, \"isn't\" it"):format(i)
      write(("%s/Transcripts/%s.txt"):format(folder, id), u.text:gsub(", ", ",\r\n") .. "\n")
    end
    expected.utterances[i] = u
  end
  table.sort(expected.utterances, function(a, b) return a.id < b.id end)
  if o.labels == "json" then
    write(folder .. "/Labels/labels_consensus.json", json.encode(entries, { indent = 2 }))
  else
    assert(csv.write(folder .. "/Labels/labels_consensus.csv", header, records))
  end
  write(folder .. "/Labels/.DS_Store", "\0\0")
  return expected
end

return msp_podcast
