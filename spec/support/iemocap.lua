--- A tree like IEMOCAP's release, with every oddity that releases hold, and what must come of it.
--
-- Nothing of the corpus itself is in here: sentences are ours, voices are espeak-ng's where it is installed
-- (tones elsewhere), labels come from a counter.
local fs = require "tenor.fs"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local iemocap = {}

local RATE = 16000
local emotions = { "neu", "fru", "ang", "sad", "hap", "exc", "sur", "xxx", "oth", "fea" }
local sentences = {
  "Excuse me.", "Do you have your forms?", "Yeah. [LAUGHTER] I don't know...", "Let me see them.",
  "It's the doctor's - well, it's his!", "What's  wrong, Carla?", "[BREATHING]", "No; no, no (never).",
}

-- Bytes of a file, written into folders that are made; parts are joined by `ending`.
local made = {}
local function write(path, lines, ending)
  local folder = path:match "^(.*)/"
  if not made[folder] then assert(fs.make_folder(folder)) end
  made[folder] = true
  local file = assert(io.open(path, "wb"))
  assert(file:write(type(lines) == "table" and table.concat(lines, ending or "\n") .. (ending or "\n") or lines))
  assert(file:close())
end

-- A wave of 16 kHz from one of another rate, by straight lines between samples.
local function resampled(wave)
  local from = wave:samples():totable()
  local out, ratio = {}, wave.rate / RATE
  for i = 1, (#from - 1) * RATE // wave.rate do
    local at = 1 + (i - 1) * ratio
    local k = math.floor(at)
    out[i] = from[k] + (at - k) * (from[k + 1] - from[k])
  end
  return tenor.audio.wave(tenor.tensor(out), RATE)
end

local function tone(number)
  local samples = {}
  for i = 1, RATE // 10 do samples[i] = 0.4 * math.sin((0.05 + 0.01 * (number % 17)) * i) end
  return tenor.audio.wave(tenor.tensor(samples), RATE)
end

local speaks = shell.run "espeak-ng --version"
--- Whether wavs hold speech here.
iemocap.speaks = speaks

local function speech(text, number)
  if speaks then
    local path = os.tmpname()
    local ok = shell.run(("espeak-ng -w %s -p %d %q"):format(path, 30 + number % 40, (text:gsub("[^%w ',.?]", ""))))
    local wave = ok and tenor.audio.read(path)
    os.remove(path)
    if wave then return resampled(wave) end
  end
  return tone(number)
end

local function label(n) return 0.5 + (n * 7 % 23) * 0.25 end -- 0.5 to 6: some outside 1 to 5

local raters = [[
C-E1:	Neutral;	()
C-E2:	Neutral; Frustration;	(a bit tired)
C-F1:	Neutral;	()
A-E1:	val 3; act 2; dom  2;	()
A-E2:	val 2; act 3; dom  3;	(not sure [2.0000, 2.0000, 2.0000])
A-F1:	val 3; act 2; dom  2;	()
]]

-- The files of a dialogue. `turns` is a list of { id, text, valence, arousal, dominance, emotion, start, stop }.
local function dialogue(folder, name, turns, o)
  local labels = { "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", "" }
  local spoken = {}
  for i, turn in ipairs(turns) do
    labels[#labels + 1] = ("[%s - %s]\t%s\t%s\t[%.4f, %.4f, %.4f]%s"):format(turn.start, turn.stop, turn.id, turn.emotion,
      turn.valence, turn.arousal, turn.dominance, o.odd and i % 5 == 0 and "\t" or "")
    for line in raters:gmatch "[^\n]+" do labels[#labels + 1] = line end
    labels[#labels + 1] = ""
    spoken[#spoken + 1] = ("%s [%08.4f-%08.4f]: %s%s"):format(turn.id, tonumber(turn.start), tonumber(turn.stop), turn.written,
      o.odd and i % 4 == 0 and "\t" or "")
  end
  for _, line in ipairs(o.more or {}) do spoken[#spoken + 1] = line end
  if o.swap then spoken[1], spoken[2] = spoken[2], spoken[1] end
  write(("%s/dialog/EmoEvaluation/%s.txt"):format(folder, name), labels, o.ending)
  write(("%s/dialog/transcriptions/%s.txt"):format(folder, name), spoken, o.ending)
end

-- What lies about in a release and is not a dialogue.
local function junk(folder, name)
  local apple = "\0\5\22\7\0\2\0\0Mac OS X        \0\2\0\0\0\9\0\0\0002\xFF\xFE"
  write(("%s/dialog/EmoEvaluation/._%s.txt"):format(folder, name), apple)
  write(("%s/dialog/transcriptions/._%s.txt"):format(folder, name), apple)
  write(folder .. "/dialog/EmoEvaluation/.DS_Store", "\0\0\0\1Bud1")
  write(folder .. "/dialog/transcriptions/.DS_Store", "\0\0\0\1Bud1")
  write(("%s/sentences/wav/%s/._%s_F000.wav"):format(folder, name, name), apple)
  write(folder .. "/sentences/wav/.DS_Store", "\0\0\0\1Bud1")
  write(("%s/dialog/EmoEvaluation/Categorical/%s_e1_cat.txt"):format(folder, name), name .. "_F000 :Neutral state; ()\n")
  write(("%s/dialog/EmoEvaluation/Attribute/%s_e1_atr.txt"):format(folder, name), name .. "_F000 :act 3; :val  3; ()\n")
  write(("%s/dialog/EmoEvaluation/Self-evaluation/%s_f1_atr.anvil"):format(folder, name), "<annotation/>\n")
  write(("%s/dialog/avi/DivX/%s.avi"):format(folder, name), "RIFF")
  write(("%s/sentences/ForcedAlignment/%s/%s_F000.phseg"):format(folder, name, name), "SFrm EFrm\n")
end

local function clip(value) return math.max(1, math.min(5, value)) end

local function utterance(turn, session, wav)
  local id, text = turn.id, turn.text
  return {
    id = id, text = text, session = tostring(session), speaker = ("Ses%02d%s"):format(session, id:match "_([FM])[^_]*$"),
    valence = clip(turn.valence), arousal = clip(turn.arousal), dominance = clip(turn.dominance), wav = wav,
    extra = { emotion = turn.emotion, start = turn.start, stop = turn.stop },
  }
end

--- Writes a tree of five sessions with two dialogues each and 46 transcript lines without a label.
-- @string folder is made
-- @return what must come of it: `utterances` in order, `unlabelled`, `unstamped`, `strays`, `missing` wavs
function iemocap.write(folder)
  made = {}
  local expected = { utterances = {}, unlabelled = 46, unstamped = 0, strays = 0, missing = 0 }
  local n, unlabelled_left = 0, 46
  for session = 1, 5 do
    local root = ("%s/Session%d"):format(folder, session)
    local names = { ("Ses%02dF_impro%02d"):format(session, session),
      ("Ses%02dM_script01_1%s"):format(session, session == 5 and "b" or "") }
    for d, name in ipairs(names) do
      local turns, more = {}, {}
      for i = 1, 8 + session do
        n = n + 1
        -- who speaks alternates: the dialogue's own letter names the actor with the markers, not the speaker
        local letter = i % 2 == 1 and "F" or "M"
        local text = sentences[n % #sentences + 1]
        turns[i] = {
          id = ("%s_%s%03d"):format(name, letter, (i - 1) // 2), text = text, written = text,
          valence = label(n), arousal = label(n + 5), dominance = label(n + 11), emotion = emotions[n % #emotions + 1],
          start = ("%.4f"):format(3.25 * i), stop = ("%.4f"):format(3.25 * i + 1.5),
        }
      end
      if session == 2 and d == 1 then -- stray bytes: the code page of whoever typed
        turns[3].written, turns[3].text = "My fianc\xE9e\x92s caf\xE9\x85 na\xC3\xAFve", "My fiancée’s café… naïve"
        expected.strays = expected.strays + 4
      elseif session == 3 and d == 2 then
        turns[2].written, turns[2].text = "", ""
      end
      local wants = (session == 5 and d == 2) and unlabelled_left or 4 + session % 3
      for k = 1, wants do
        more[k] = ("%s_%sXX%d [%08.4f-%08.4f]: Mm-hm."):format(name, k % 2 == 0 and "M" or "F", k - 1, 90 + k, 91 + k)
      end
      unlabelled_left = unlabelled_left - wants
      if d == 1 then
        more[#more + 1] = "M: [LAUGHTER]"
        more[#more + 1] = "   F: Well, never mind this line."
        more[#more + 1] = ""
        expected.unstamped = expected.unstamped + 2
      end
      dialogue(root, name, turns, {
        odd = session == 4, swap = session == 1, more = more, ending = (session == 3 or session == 4 and d == 2) and "\r\n" or "\n",
      })
      junk(root, name)
      for i, turn in ipairs(turns) do
        local path = ("%s/sentences/wav/%s/%s.wav"):format(root, name, turn.id)
        if session == 5 and d == 1 and i == 4 then
          expected.missing, path = expected.missing + 1, nil
        else
          local wave = i == 1 and speech(turn.text, n) or tone(n + i)
          made[path:match "^(.*)/"] = made[path:match "^(.*)/"] or assert(fs.make_folder(path:match "^(.*)/"))
          assert(tenor.audio.write(path, wave))
        end
        expected.utterances[#expected.utterances + 1] = utterance(turn, session, path)
      end
    end
  end
  assert(unlabelled_left == 0)
  table.sort(expected.utterances, function(a, b) return a.id < b.id end)
  return expected
end

--- Writes labels and transcripts of the release's size, 10 039 utterances in 151 dialogues of which 2170 are in
-- session 5, without a wav; text i has the words "w<i mod 3437>" and so on.
function iemocap.write_large(folder)
  made = {}
  local sizes, dialogues = { 1819, 1811, 2136, 2103, 2170 }, { 28, 30, 32, 30, 31 }
  local n = 0
  for session, size in ipairs(sizes) do
    local root, done = ("%s/Session%d"):format(folder, session), 0
    for d = 1, dialogues[session] do
      local turns, name = {}, ("Ses%02d%s_impro%02d"):format(session, d % 2 == 0 and "F" or "M", d)
      local until_here = size * d // dialogues[session]
      for i = 1, until_here - done do
        n = n + 1
        turns[i] = {
          id = ("%s_%s%03d"):format(name, i % 2 == 0 and "F" or "M", i // 2),
          written = ("Word%d, well -- [LAUGHTER] it's word%d!"):format(n % 3433, n * 3 % 3433),
          valence = label(n), arousal = label(n + 5), dominance = label(n + 11), emotion = "neu",
          start = ("%.4f"):format(2 * i), stop = ("%.4f"):format(2 * i + 1),
        }
      end
      done = until_here
      dialogue(root, name, turns, { more = n % 3 == 0 and { name .. "_FXX0 [001.0000-002.0000]: Mm-hm." } or nil })
    end
  end
  return { utterances = 10039, train = 7869, test = 2170, words = 3433 + 3 }
end

return iemocap
