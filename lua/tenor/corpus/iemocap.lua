--- IEMOCAP as it is released (Busso et al. 2008), after section 2 of docs/paper.md.
--
--     SessionN/dialog/EmoEvaluation/<dialogue>.txt     [6.2901 - 8.2357]<TAB>ID<TAB>neu<TAB>[V, A, D]
--     SessionN/dialog/transcriptions/<dialogue>.txt    ID [006.2901-008.2357]: Excuse me.
--     SessionN/sentences/wav/<dialogue>/<ID>.wav
--
-- The labels decide who is an utterance; transcripts and wavs are looked up for them. Lines end
-- in LF, CR LF or CR, as Python's text files have them.
local byteorder = require "tenor.byteorder"
local fs = require "tenor.fs"
local harmless = require "tenor.harmless"
local mend = require "tenor.strays"
local named = require "tenor.named"
local numbers = require "tenor.corpus.numbers"
local quoted = require "tenor.quoted"
local trim = require "tenor.trim"

local form = "'[start - end]<TAB>id<TAB>emotion<TAB>[V, A, D]'"
local dimensions = { "valence", "arousal", "dominance" }

local function fault(file, line, format, ...)
  return nil, ("%s:%d: "):format(file, line) .. format:format(...)
end

-- The names in a folder that match, junk such as `._name` and `.DS_Store` left out.
local function names_in(folder, pattern)
  local names, why = fs.list(folder)
  if not names then return nil, why end
  local kept = {}
  for _, name in ipairs(names) do
    if name:sub(1, 1) ~= "." and name:find(pattern) then kept[#kept + 1] = name end
  end
  return kept
end

-- The lines of a text file as valid UTF-8; those that had to be mended are noted, where there are `notes`.
local function lines_of(path, notes)
  local bytes, why = fs.read(path)
  if not bytes then return nil, why end
  if bytes:find "^\xFF\xFE" or bytes:find "^\xFE\xFF" then return nil, path .. ": is UTF-16; a plain text file is expected" end
  if bytes:find("\0", 1, true) then return nil, path .. ": holds zero bytes; a plain text file is expected" end
  bytes = bytes:gsub("^\xEF\xBB\xBF", ""):gsub("\r\n?", "\n")
  local lines = {}
  for line in (bytes:find "\n$" and bytes or bytes .. "\n"):gmatch "([^\n]*)\n" do
    local text, strays = mend(line)
    lines[#lines + 1] = text
    if notes then notes:add_strays(path, #lines, strays) end
  end
  return lines
end

-- One line of labels → utterance, or nil and what is wrong with it.
local function label_line(line)
  local start, stop, id, emotion, values =
    line:match "^%s*%[%s*([^%s%]]+)%s+%-%s+([^%s%]]+)%s*%]%s+(%S+)%s+(%S+)%s+%[([^%]]*)%]%s*$"
  if not start then return nil, ("expected %s, got %s"):format(form, quoted(line)) end
  if not (numbers.plain(start) and numbers.plain(stop)) then
    return nil, ("start and end must be numbers, got %s and %s"):format(quoted(start), quoted(stop))
  end
  local session, letter = id:match "^(Ses%d+)%a*_.*_([FM])[%dX]+$"
  if not session then return nil, ("the id %s is not of the form Ses01F_impro01_F000"):format(quoted(id)) end
  local u = { id = id, speaker = session .. letter, extra = { emotion = emotion, start = start, stop = stop } }
  local n = 0
  for item in (values .. ","):gmatch "([^,]*)," do
    local field = trim(item)
    n = n + 1
    local name = dimensions[n]
    if not name then return nil, "expected three labels, got " .. quoted(values) end
    local value = numbers.plain(field)
    if not value then return nil, ("%s: expected a number, got %s"):format(name, quoted(field)) end
    numbers.set_label(u, name, value, { 1, 5 })
  end
  if n ~= 3 then return nil, "expected three labels, got " .. quoted(values) end
  return u, nil, tonumber((session:match "%d+"))
end

-- A line that names the dialogue is a label, even one that lost its bracket; raters' lines ("C-E2: ...") are none.
local function is_label(line, dialogue)
  return line:find "^%s*%[" or line:find(dialogue .. "_", 1, true) and not line:find "^%s*%%" and not line:find "^%s*%a%-%w+:"
end

-- The utterances of a dialogue, into `list` and `seen` (id → { utterance, where }).
local function read_labels(path, dialogue, session, list, seen, notes)
  local lines, why = lines_of(path) -- stray bytes are in raters' comments, which nobody reads here
  if not lines then return nil, why end
  local before = #list
  for number, line in ipairs(lines) do
    if is_label(line, dialogue) then
      local u, reason, of_session = label_line(line)
      if not u then return fault(path, number, "%s", reason) end
      if seen[u.id] then return fault(path, number, "%s was labelled at %s already", quoted(u.id), seen[u.id].where) end
      u.session = session
      if u.id:sub(1, #dialogue + 1) ~= dialogue .. "_" or of_session ~= tonumber(session) then
        notes:add("elsewhere", path, number, ("%s stands in %s of session %s"):format(quoted(u.id), named { dialogue }, session))
      end
      seen[u.id] = { utterance = u, where = ("%s:%d"):format(path, number) }
      list[#list + 1] = u
    end
  end
  if #list == before then return nil, path .. ": holds no label; expected lines " .. form end
  return true
end

-- Whether a time stamp is two numbers. Nothing hangs on it: the labels tell the times.
local function is_stamp(stamp)
  local start, stop = stamp:match "^%s*(%-?[%d.]+)%s*%-%s*(%-?[%d.]+)%s*$"
  return start and numbers.plain(start) and numbers.plain(stop)
end

-- One line of a transcript → id (nil where it names none), its time stamp or false, text; or
-- nil and what is wrong with it.
local function transcript_line(line)
  local id, rest = line:match "^%s*(Ses%w+_[%w_]+)%s*(.*)$"
  if not id then return nil end
  if rest:sub(1, 1) ~= "[" then
    if not id:find "_[FM][%dX]+$" then return nil end
    return id, false, trim((rest:gsub("^:", "")))
  end
  local stamp, text = rest:match "^%[([^%]]*)%]%s*:?(.*)$"
  if not stamp then return nil, "expected 'id [start-end]: text', got " .. quoted(line) end
  return id, stamp, trim(text)
end

local function read_transcript(path, seen, notes)
  local lines, why = lines_of(path, notes)
  if not lines then return nil, why end
  local stamped = {}
  for number, line in ipairs(lines) do
    local id, stamp, text = transcript_line(line)
    if not id and stamp then return fault(path, number, "%s", stamp) end
    local u = id and seen[id] and seen[id].utterance
    if id and not u then
      notes:add("unlabelled", path, number, quoted(id) .. " has no label")
    elseif id and not stamp then
      notes:add("unstamped", path, number, quoted(id) .. " has no time stamp")
      if not stamped[id] then u.text = text end
    elseif id then
      if stamped[id] and u.text ~= text then
        notes:add("repeated", path, number, ("%s was on line %d already with another text"):format(quoted(id), stamped[id]))
      end
      if not is_stamp(stamp) then
        notes:add("stamp", path, number,
          ("the time stamp [%s] of %s is not two numbers"):format(quoted(stamp):sub(2, -2), quoted(id)))
      end
      if not line:find "%]%s*:" then notes:add("colon", path, number, "no colon after the time stamp of " .. quoted(id)) end
      u.text, stamped[id] = text, number
    elseif line:find "%S" then
      notes:add("unstamped", path, number, "no utterance and no time stamp: " .. quoted(line))
    end
  end
  return true
end

-- Where the wavs of utterances are; one folder is listed instead of a look at every file.
local function find_wavs(folder, utterances, notes)
  local there, missing = {}, {}
  for _, name in ipairs(names_in(folder, "") or {}) do there[name] = true end
  for _, u in ipairs(utterances) do
    if there[u.id .. ".wav"] then u.wav = ("%s/%s.wav"):format(folder, u.id) else missing[#missing + 1] = u.id .. ".wav" end
  end
  if #missing > 0 then
    notes:add("no wav", folder, nil, ("%d of %d wavs are missing (%s%s)"):format(#missing, #utterances,
      named(table.move(missing, 1, 3, 1, {})), #missing > 3 and ", ..." or ""), #missing)
  end
end

local function read_session(folder, session, list, seen, notes)
  local labels, spoken = folder .. "/dialog/EmoEvaluation", folder .. "/dialog/transcriptions"
  local files, why = names_in(labels, "%.txt$")
  if not files then return nil, why end
  if #files == 0 then return nil, labels .. ": holds no label files (<dialogue>.txt)" end
  local transcripts = {}
  for _, name in ipairs(names_in(spoken, "%.txt$") or {}) do transcripts[name] = true end
  for _, name in ipairs(files) do
    local path, dialogue, from = labels .. "/" .. name, name:sub(1, -5), #list + 1
    local ok, reason = read_labels(path, dialogue, session, list, seen, notes)
    if not ok then return nil, reason end
    local of_dialogue = table.move(list, from, #list, 1, {})
    find_wavs(("%s/sentences/wav/%s"):format(folder, dialogue), of_dialogue, notes)
  end
  -- after all labels of the session: a line may stand in another dialogue's transcript
  for name in pairs(transcripts) do files[#files + 1] = name end
  table.sort(files, byteorder)
  for i, name in ipairs(files) do
    if transcripts[name] and files[i - 1] ~= name then
      local ok, reason = read_transcript(spoken .. "/" .. name, seen, notes)
      if not ok then return nil, reason end
    end
  end
  return true
end

-- The folder with the sessions and their names: the root itself, or the one folder in it that has them.
local function find_sessions(root, notes)
  local sessions, why = names_in(root, "^Session%d+$")
  if not sessions then return nil, why end
  if #sessions > 0 then return root, sessions end
  if fs.is_folder(root .. "/dialog") then
    return nil, root .. ": is one session; give the folder that holds Session1 to Session5"
  end
  local found = {}
  for _, name in ipairs(names_in(root, "")) do
    local inside = fs.is_folder(root .. "/" .. name) and names_in(root .. "/" .. name, "^Session%d+$") or {}
    if #inside > 0 then found[#found + 1] = { folder = root .. "/" .. name, sessions = inside } end
  end
  if #found == 1 then
    notes:add("root", root, nil, "the sessions are in " .. harmless(found[1].folder))
    return found[1].folder, found[1].sessions
  end
  if #found == 0 then
    return nil, root .. ": holds no Session1 to Session5, nor does a folder in it; is this IEMOCAP_full_release?"
  end
  return nil, ("%s: several folders hold sessions, give one of them: %s, %s"):format(root, harmless(found[1].folder),
    harmless(found[2].folder))
end

--- Reads a release.
-- @return list of utterances; or nil and a message with file and line
return function(root, notes)
  local folder, sessions = find_sessions(root, notes)
  if not folder then return nil, sessions end
  local there, list, seen = {}, {}, {}
  for _, name in ipairs(sessions) do there[name] = true end
  for n = 1, 5 do
    if not there["Session" .. n] then notes:add("session", folder, nil, ("Session%d is missing"):format(n)) end
  end
  for _, name in ipairs(sessions) do
    local ok, why = read_session(folder .. "/" .. name, name:match "%d+", list, seen, notes)
    if not ok then return nil, why end
  end
  for _, u in ipairs(list) do
    if not u.text then
      notes:add("no transcript", seen[u.id].where:match "^(.*):%d+$", tonumber(seen[u.id].where:match "%d+$"),
        quoted(u.id) .. " has no transcript")
    end
  end
  return list
end
