--- A corpus with audio out of one that has only text: espeak-ng speaks every sentence, each speaker in a voice of its own.
--
--     lua5.4 examples/speak_corpus.lua SENTENCES.csv FOLDER [--speakers 10] [--limit 500] [--jobs 2] [--expressive]
--     lua5.4 examples/table2.lua FOLDER/manifest.csv
--
-- The CSV is a manifest without recordings: id, text, labels (valence, arousal, dominance or V, A, D), speaker, session, split.
-- A voice is its speaker's alone and tells nothing of the labels, unless `--expressive` makes arousal quicken and raise it and
-- dominance strengthen it. Such a corpus tries the machinery, not a theory of emotion. Stop it when you like: what is spoken
-- already is not spoken again.
local tenor = require "tenor"
local fs, uv = require "tenor.fs", require "luv"

local parser = require "argparse"("speak_corpus.lua", "Speaks a text corpus with espeak-ng.")
parser:argument("sentences", "a manifest with a column text")
parser:argument("folder", "where FOLDER/wav and FOLDER/manifest.csv go")
parser:option("--speakers", "voices, where the manifest names no speakers"):convert(math.tointeger):default(10)
parser:option("--limit", "the first so many sentences alone"):convert(math.tointeger)
parser:option("--jobs", "voices that speak at a time"):convert(math.tointeger):default(uv.available_parallelism())
parser:option("--progress", "auto, bar, plain, silent"):default "auto"
parser:flag("--expressive", "arousal and dominance shape the voice")
parser:option("--scale", "range of the labels"):args(2):convert(tonumber):default { 1, 5 }
local args = parser:parse()

-- Utterances are plain tables. These get a speaker, where they have none, and the path of the wav that is to come.
local sentences = assert(tenor.corpus.manifest(args.sentences, { scale = args.scale, order = "file" }))
local left, count = {}, 0
local corpus = sentences:filter(function(u)
  if not u.text or count == args.limit then return false end
  count = count + 1
  u.speaker = u.speaker or ("S%02d"):format((count - 1) % args.speakers + 1)
  local name = u.id:gsub("[^%w_.-]", function(c) return ("=%02x"):format(c:byte()) end) -- of a file, another for each id
  u.wav = ("%s/wav/%s.wav"):format(args.folder, name)
  if not fs.is_file(u.wav) then table.insert(left, u) end
  return true
end)
print(("%d sentences, %d spoken already"):format(#corpus, #corpus - #left))
assert(fs.make_folder(args.folder .. "/wav"))

-- A voice out of a speaker's name: kind, pitch (0-99) and words a minute. The same name always speaks alike.
local kinds = { "en-us+m1", "en-us+f2", "en-gb+m3", "en-us+f4", "en-gb+m5", "en-gb+f1", "en-us+m7", "en-gb+f3" }
local function voice(speaker)
  local rng = tenor.rng(tonumber(require("tenor.core").hash.bytes(speaker):sub(1, 12), 16))
  return kinds[rng:integer(#kinds)], 20 + rng:integer(50), 140 + rng:integer(50)
end

-- What espeak-ng is asked for; labels count from -1 to 1, and 0 where they are missing or not to be heard.
local function how(u)
  local function heard(label) return args.expressive and u[label] and tenor.data.map_label(u[label], args.scale) or 0 end
  local function whole(x) return ("%d"):format(math.floor(x + 0.5)) end
  local kind, pitch, rate = voice(u.speaker)
  return { "--stdin", "-v", kind, "-p", whole(math.max(0, math.min(99, pitch + 30 * heard "arousal"))),
    "-s", whole(rate * (1 + 0.4 * heard "arousal")), "-a", whole(100 * (1 + 0.6 * heard "dominance")), "-w", u.wav .. ".part" }
end

-- Each job speaks one sentence after another. A file has its name once it is whole.
local bar, next_one, failed = tenor.progress.new { total = math.max(1, #left), title = "speaking", mode = args.progress }, 0, nil
local function speak()
  next_one = next_one + 1
  local u = left[next_one]
  if not u or failed then return end
  local input = uv.new_pipe(false)
  local process, why -- known to the function that is called at its end
  process, why = uv.spawn("espeak-ng", { args = how(u), stdio = { input, 1, 2 } }, function(code)
    process:close()
    if code ~= 0 or not os.rename(u.wav .. ".part", u.wav) then failed = ("at %s, status %d"):format(u.id, code) end
    bar:update(math.min(next_one, #left))
    speak()
  end)
  if not process then error("espeak-ng: " .. why, 0) end
  input:write(u.text .. "\n")
  input:shutdown(function() input:close() end)
end
for _ = 1, args.jobs do speak() end
uv.run()
bar:close()
if failed then error("espeak-ng failed " .. failed, 0) end
assert(corpus:write(args.folder .. "/manifest.csv"))
print(("%s/manifest.csv is a corpus of %d utterances"):format(args.folder, #corpus))
