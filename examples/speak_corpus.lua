--- A corpus with audio out of one that has only text: espeak-ng speaks every sentence, each speaker in a voice of its own.
--
--     lua5.4 examples/speak_corpus.lua SENTENCES.csv FOLDER [--speakers 10] [--limit 500] [--jobs 2]
--     lua5.4 examples/table2.lua FOLDER/manifest.csv
--
-- The CSV has a column `text`; `id`, `speaker`, `session`, `split` and the labels (valence, arousal, dominance or V, A, D) are
-- taken over. A voice is its speaker's alone and tells nothing of the labels, unless `--expressive` makes arousal quicken and
-- raise it and dominance strengthen it. Such a corpus tries the machinery, not a theory of emotion.
-- What is spoken already is not spoken again: stop it when you like.
local tenor = require "tenor"
local fs, uv = require "tenor.fs", require "luv"

local parser = require "argparse"("speak_corpus.lua", "Speaks a text corpus with espeak-ng.")
parser:argument("sentences", "a CSV with a column text")
parser:argument("folder", "where FOLDER/wav and FOLDER/manifest.csv go")
parser:option("--speakers", "voices, where the CSV names no speakers"):convert(math.tointeger):default(10)
parser:option("--limit", "the first so many sentences alone"):convert(math.tointeger)
parser:option("--jobs", "voices that speak at a time"):convert(math.tointeger):default(uv.available_parallelism())
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
parser:flag("--expressive", "arousal and dominance shape the voice")
parser:option("--scale", "range of the labels, for --expressive"):args(2):convert(tonumber):default { 1, 5 }
local args = parser:parse()

local records = assert(tenor.csv.read(args.sentences))
local long = { valence = "V", arousal = "A", dominance = "D" }
for i = #records, (args.limit or #records) + 1, -1 do records[i] = nil end
for i, r in ipairs(records) do
  if not r.text then error(args.sentences .. ": has no column text", 0) end
  r.id = r.id and r.id ~= "" and r.id:gsub("[^%w_.-]", "_") or ("sentence_%05d"):format(i)
  if not r.speaker or r.speaker == "" then r.speaker = ("S%02d"):format((i - 1) % args.speakers + 1) end
  r.wav = ("wav/%s.wav"):format(r.id)
  for name, letter in pairs(long) do r[name] = r[name] or r[letter] end
end
assert(fs.make_folder(args.folder .. "/wav"))

-- A voice out of a speaker's name: kind, pitch (0-99) and words a minute. The same name always speaks alike.
local kinds = { "en-us+m1", "en-us+f2", "en-gb+m3", "en-us+f4", "en-gb+m5", "en-gb+f1", "en-us+m7", "en-gb+f3" }
local function voice(speaker)
  local rng = tenor.rng(tonumber(require("tenor.core").hash.bytes(speaker):sub(1, 12), 16))
  return kinds[rng:integer(#kinds)], 20 + rng:integer(50), 140 + rng:integer(50)
end

-- -1 .. 1 of a label, 0 where it is missing or the voice is not to show it
local function shown(r, name)
  local value = args.expressive and tonumber(r[name])
  return value and 2 * (value - args.scale[1]) / (args.scale[2] - args.scale[1]) - 1 or 0
end

local function words(r)
  local kind, pitch, rate = voice(r.speaker)
  local arousal, dominance = shown(r, "arousal"), shown(r, "dominance")
  local function whole(x) return ("%d"):format(math.floor(x + 0.5)) end
  return { "--stdin", "-v", kind, "-p", whole(math.max(0, math.min(99, pitch + 30 * arousal))),
    "-s", whole(rate * (1 + 0.4 * arousal)), "-a", whole(100 * (1 + 0.6 * dominance)),
    "-w", ("%s/%s.part"):format(args.folder, r.wav) }
end

local waiting = {}
for i = #records, 1, -1 do
  if not fs.is_file(args.folder .. "/" .. records[i].wav) then waiting[#waiting + 1] = records[i] end
end
print(("%d sentences, %d spoken already"):format(#records, #records - #waiting))
local total = #waiting
local bar = tenor.progress.new { total = math.max(1, total), title = "speaking", mode = args.progress }

-- Each job speaks one sentence after another. A file has its name once it is whole.
local failed
local function speak()
  local r = not failed and table.remove(waiting)
  if not r then return end
  local input, path = uv.new_pipe(false), ("%s/%s"):format(args.folder, r.wav)
  local process, why
  process, why = uv.spawn("espeak-ng", { args = words(r), stdio = { input, 1, 2 } }, function(code)
    process:close()
    if code ~= 0 or not os.rename(path .. ".part", path) then failed = ("at %s, status %d"):format(r.id, code) end
    bar:update(total - #waiting)
    speak()
  end)
  if not process then error("espeak-ng: " .. why, 0) end
  input:write(r.text .. "\n")
  input:shutdown(function() input:close() end)
end
for _ = 1, args.jobs do speak() end
uv.run()
bar:close()
if failed then error("espeak-ng failed " .. failed, 0) end

local header = { "id", "wav", "text", "valence", "arousal", "dominance", "session", "speaker", "split" }
for i = #header, 1, -1 do
  if not (records[1] and records[1][header[i]]) then table.remove(header, i) end
end
assert(tenor.csv.write(args.folder .. "/manifest.csv", header, records))
print(("%s/manifest.csv is a corpus of %d utterances"):format(args.folder, #records))
