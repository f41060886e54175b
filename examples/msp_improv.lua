--- MSP-IMPROV (Busso et al. 2017) as a manifest.
--
--     lua5.4 examples/msp_improv.lua FOLDER manifest.csv [--transcripts FOLDER]
--
-- FOLDER is the release: its evaluation file, `Evaluation.txt`, whose lines
--
--     UTD-IMPROV-S01A-F01-P-FM01.avi; A; A:2.833; V:2.333; D:3.667 ; N:3.000;
--
-- carry the consensus (A activation, V valence, D dominance, from 1 to 5; N naturalness), and somewhere
-- below it `MSP-IMPROV-S01A-F01-P-FM01.wav`. A name tells sentence, speaker, kind of turn, and dyad; the
-- number of the speaker is the session. Transcripts, where you have them, are `<name>.txt`.
local tenor = require "tenor"
local fs = require "tenor.fs"

local parser = require "argparse"("msp_improv.lua", "Write MSP-IMPROV as a manifest.")
parser:argument("folder", "the release")
parser:argument("manifest", "the CSV file to write")
parser:option("--transcripts", "folder of <name>.txt")
local args = parser:parse()

-- wav's name → path below the folder
local wavs = {}
local function walk(folder, below)
  for _, name in ipairs(assert(fs.list(folder))) do
    local path = folder .. "/" .. name
    if name:find "^MSP%-IMPROV%-.*%.wav$" then
      wavs[name] = path
    elseif name:sub(1, 1) ~= "." and not name:find "%." and below > 0 and fs.is_folder(path) then
      walk(path, below - 1)
    end
  end
end
walk(args.folder, 6)

local evaluation = fs.is_file(args.folder .. "/Evaluation.txt") and "Evaluation.txt" or "Evalution.txt"
local text, why = fs.read(args.folder .. "/" .. evaluation)
if not text then error(why, 0) end

local function value(field)
  return field ~= "NaN" and assert(tonumber(field), "not a number: " .. field) or nil
end

local records, without = {}, 0
for line in text:gmatch "[^\r\n]+" do
  local name, emotion, a, v, d =
    line:match "^UTD%-IMPROV%-(%S+)%.avi;%s*(%a);%s*A:([^%s;]+)%s*;%s*V:([^%s;]+)%s*;%s*D:([^%s;]+)"
  if name then
    local speaker = name:match "^[^-]+%-([FM]%d+)%-"
    if not speaker then error(("%s: '%s' names no speaker"):format(evaluation, name), 0) end
    local id = "MSP-IMPROV-" .. name
    local words = args.transcripts and fs.read(("%s/%s.txt"):format(args.transcripts, id))
    if not wavs[id .. ".wav"] then without = without + 1 end
    records[#records + 1] = {
      id = id, wav = wavs[id .. ".wav"], text = words and words:gsub("%s+", " "), valence = value(v), arousal = value(a),
      dominance = value(d), session = tostring(tonumber(speaker:sub(2))), speaker = speaker, emotion = emotion,
    }
  end
end
if #records == 0 then error(("%s/%s: holds no line 'UTD-IMPROV-...; A:...; V:...; D:...'"):format(args.folder, evaluation), 0) end
table.sort(records, function(p, q) return p.id < q.id end)

-- the manifest lies where it was asked to, so wavs need their whole names
local here = require("luv").cwd() .. "/"
for _, record in ipairs(records) do
  if record.wav and record.wav:sub(1, 1) ~= "/" then record.wav = here .. record.wav end
end
assert(tenor.csv.write(args.manifest, { "id", "wav", "text", "valence", "arousal", "dominance", "session", "speaker", "emotion" },
  records))
print(assert(tenor.corpus.manifest(args.manifest)))
if without > 0 then print(("%d of %d wavs were not found"):format(without, #records)) end
