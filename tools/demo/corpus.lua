--- The demonstration corpus: espeak-ng speaks sentences of ours.
--
--     lua5.4 tools/demo/corpus.lua [folder]
--
-- Writes folder/wav/*.wav and folder/manifest.csv: 720 utterances of 12 voices
-- in 5 sessions that share no voice. It is synthetic, and made to be learnt:
-- each utterance has a valence, an arousal and a dominance; arousal and
-- dominance shape the voice, valence chooses the words and touches the voice
-- hardly. Three made-up raters then write noisy whole numbers down, whose mean
-- is the label. It shows that the machinery works, nothing about people.
--
-- The same seed gives the same bytes. A complete folder is left as it is.
local here = arg[0]:match("^(.*)/") or "."
local sentences = dofile(here .. "/sentences.lua")

local folder = arg[1] or "build/demo"
local SEED, DIALOGUES, TURNS, JOBS = 1, 6, 24, 2

-- Baselines differ, so that speed and pitch alone do not tell the arousal.
-- letter, voice, words a minute, pitch (0 to 99)
local sessions = {
  { { "F", "en-us+f2", 170, 50 }, { "M", "en-us+m3", 160, 42 } },
  { { "F", "en-gb+f3", 185, 56 }, { "M", "en-gb+m1", 168, 48 } },
  { { "F", "en-us+f4", 160, 46 }, { "M", "en-gb-scotland+m2", 178, 40 } },
  { { "F", "en-gb-x-rp+f1", 172, 52 }, { "F", "en-us+f5", 180, 44 }, { "M", "en-us+m7", 165, 46 } },
  { { "F", "en-gb+f5", 175, 54 }, { "M", "en-us+m4", 162, 44 }, { "M", "en-gb-x-rp+m5", 182, 50 } },
}

local function slurp(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local function spill(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- the state of everything that shapes the corpus: FNV-1a of the two sources
-- and the synthesiser's version
local function stamp_of_settings()
  local pipe = assert(io.popen("espeak-ng --version 2>&1"))
  local version = pipe:read("l") or ""
  if not pipe:close() then
    io.stderr:write("demonstration corpus: espeak-ng does not run: ", version, "\n")
    os.exit(1)
  end
  local hash = 0xcbf29ce484222325
  for byte in (slurp(arg[0]) .. slurp(here .. "/sentences.lua")):gmatch(".") do
    hash = (hash ~ byte:byte()) * 0x100000001b3
  end
  return ("%016x %s\n"):format(hash, version:match("[%d.]+") or version)
end

local function normal()
  return math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random())
end

local function clamp(x, low, high) return math.max(low, math.min(high, x)) end
local function round(x) return math.floor(x + 0.5) end

-- mean of three raters, each off by half a point or so
local function label(latent)
  local sum = 0
  for _ = 1, 3 do sum = sum + clamp(round(latent + 0.5 * normal()), 1, 5) end
  return ("%.4f"):format(sum / 3)
end

local used = {}
local function new_sentence(valence, arousal)
  -- people misjudge words, and words fit several moods: hence the noise
  local group = clamp(round(valence + 0.35 * normal()), 1, 5)
  local level = arousal < 2.4 and 1 or arousal < 3.8 and 2 or 3
  for _ = 1, 1000 do
    local text = sentences.draw(group, level, math.random)
    local _, words = text:gsub("%S+", "")
    if not used[text] and words >= 3 and words <= 20 then
      used[text] = true
      return text
    end
  end
  error("demonstration corpus: the grammar has run dry")
end

local function utterance(session, dialogue, speaker, number)
  -- standard scores; arousal and dominance correlate by one half, as in speech
  local v, a, d = normal(), normal(), normal()
  d = 0.5 * a + 0.15 * v + 0.85 * d
  local valence, arousal, dominance = 3 + 1.1 * v, 3.1 + 0.8 * a, 3.2 + 0.75 * d
  local letter, voice, rate, pitch = table.unpack(speaker)
  local prefix = dialogue % 2 == 1 and "F" or "M"
  local text = new_sentence(valence, arousal)
  return {
    id = ("Ses%02d%s_demo%02d_%s%03d"):format(session, prefix, dialogue, letter, number),
    text = text,
    session = session,
    speaker = speaker.name,
    labels = { label(valence), label(arousal), label(dominance) },
    voice = voice,
    -- faster, higher and livelier with arousal; lower, louder and more even with dominance
    rate = clamp(round(rate * math.exp(0.22 * a + 0.03 * normal())), 90, 360),
    pitch = clamp(round(pitch + 15 * a - 12 * d + 2 * v + 2 * normal()), 0, 99),
    range = clamp(round(100 * math.exp(0.5 * a - 0.25 * d + 0.08 * v)), 20, 300),
    amplitude = clamp(round(90 * math.exp(0.15 * a + 0.25 * d)), 30, 180),
  }
end

local function draw_corpus()
  local corpus = {}
  for session, speakers in ipairs(sessions) do
    local letters = { F = {}, M = {} }
    for _, speaker in ipairs(speakers) do
      local group = letters[speaker[1]]
      group[#group + 1] = speaker
      speaker.name = ("Ses%02d%s%d"):format(session, speaker[1], #group)
    end
    for dialogue = 1, DIALOGUES do
      -- where a session has two voices of a kind, they take turns by dialogue
      local pair = {}
      for i, letter in ipairs { "F", "M" } do pair[i] = letters[letter][(dialogue - 1) % #letters[letter] + 1] end
      for turn = 0, TURNS - 1 do
        corpus[#corpus + 1] = utterance(session, dialogue, pair[turn % 2 + 1], turn // 2)
      end
    end
  end
  return corpus
end

local function wav_path(u) return "wav/" .. u.id .. ".wav" end

-- the list is dealt to a few shells that run side by side
local function speak(corpus)
  local pipes = {}
  for job = 1, JOBS do
    local script = { "set -e" }
    for i = job, #corpus, JOBS do
      local u = corpus[i]
      local ssml = ('<speak><prosody range="%d%%">%s</prosody></speak>'):format(u.range, u.text)
      script[#script + 1] = ("espeak-ng -z -m -v %s -s %d -p %d -a %d -w %s %s"):format(u.voice, u.rate, u.pitch,
        u.amplitude, quoted(folder .. "/" .. wav_path(u)), quoted(ssml))
    end
    local path = ("%s/speak%d.sh"):format(folder, job)
    spill(path, table.concat(script, "\n") .. "\n")
    pipes[job] = assert(io.popen("sh " .. quoted(path), "r"))
  end
  for job, pipe in ipairs(pipes) do
    pipe:read("a")
    if not pipe:close() then error("demonstration corpus: espeak-ng failed", 0) end
    os.remove(("%s/speak%d.sh"):format(folder, job))
  end
end

local function manifest(corpus)
  local lines = { "id,wav,text,valence,arousal,dominance,session,speaker" }
  for _, u in ipairs(corpus) do
    lines[#lines + 1] = ('%s,%s,"%s",%s,%s,%s,%d,%s'):format(u.id, wav_path(u), u.text, u.labels[1], u.labels[2],
      u.labels[3], u.session, u.speaker)
  end
  return table.concat(lines, "\n") .. "\n"
end

local function complete(corpus, stamp)
  if slurp(folder .. "/stamp") ~= stamp or slurp(folder .. "/manifest.csv") ~= manifest(corpus) then return false end
  for _, u in ipairs(corpus) do
    local file = io.open(folder .. "/" .. wav_path(u), "rb")
    if not file then return false end
    file:close()
  end
  return true
end

math.randomseed(SEED)
local stamp, corpus = stamp_of_settings(), draw_corpus()
table.sort(corpus, function(a, b) return a.id < b.id end)
if complete(corpus, stamp) then
  print(("demonstration corpus: %d utterances in %s"):format(#corpus, folder))
  os.exit(0)
end
print(("demonstration corpus: speaking %d utterances into %s"):format(#corpus, folder))
assert(os.execute("mkdir -p " .. quoted(folder .. "/wav")))
os.remove(folder .. "/stamp")
speak(corpus)
spill(folder .. "/manifest.csv", manifest(corpus))
-- last: a folder without it is not complete
spill(folder .. "/stamp", stamp)
