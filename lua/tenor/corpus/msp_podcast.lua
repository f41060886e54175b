--- MSP-Podcast as it is released.
--
--     Labels/labels_consensus.csv      FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set
--     Labels/labels_consensus.json     { "MSP-PODCAST_0001_0008.wav": { "EmoClass": "N", "EmoAct": 4.2, ... } }
--     Transcripts/MSP-PODCAST_0001_0008.txt
--     Audios/MSP-PODCAST_0001_0008.wav      (Audio/ in some copies)
local byteorder = require "tenor.byteorder"
local csv = require "tenor.csv"
local fs = require "tenor.fs"
local harmless = require "tenor.harmless"
local json = require "tenor.json"
local mend = require "tenor.strays"
local named = require "tenor.named"
local numbers = require "tenor.corpus.numbers"
local quoted = require "tenor.quoted"
local trim = require "tenor.trim"

local List = getmetatable(json.array())
local scale = { 1, 7 }
local label_columns = { EmoVal = "valence", EmoAct = "arousal", EmoDom = "dominance" }
local columns = { "FileName", "EmoClass", "EmoAct", "EmoVal", "EmoDom", "SpkrID", "Gender", "Split_Set" }
local splits = { train = true, development = true, validation = true, test = true, test1 = true, test2 = true, test3 = true }

-- What a field may be: JSON has more than CSV.
local function is_plain(value)
  return value == nil or value == json.null or type(value) == "string" or type(value) == "number"
end

-- A field as text without space around it; nil where it is empty, null or absent.
local function field(record, name)
  local value = record[name]
  if value == nil or value == json.null then return nil end
  value = trim(tostring(value))
  return value ~= "" and value or nil
end

-- One entry of the labels → utterance, or nil and what is wrong with it.
local function utterance(record)
  for _, column in ipairs(columns) do
    if not is_plain(record[column]) then
      return nil, ("%s: expected text or a number, got a %s"):format(column, type(record[column]))
    end
  end
  local name = field(record, "FileName")
  if not name then return nil, "FileName is empty" end
  if name:find("\0", 1, true) then return nil, "FileName: holds a zero byte" end
  if name:find "/" then return nil, "FileName: expected a name without folders, got " .. quoted(name) end
  local u = { id = name:gsub("%.[Ww][Aa][Vv]$", ""), file = name, extra = {} }
  for column, label in pairs(label_columns) do
    local text = field(record, column)
    if text then
      local value = type(record[column]) == "number" and record[column] + 0.0 or numbers.plain(text)
      if not value then return nil, ("%s: expected a number, got %s"):format(column, quoted(text)) end
      numbers.set_label(u, label, value, scale)
    end
  end
  local speaker, set = field(record, "SpkrID"), field(record, "Split_Set")
  if speaker and speaker:lower() ~= "unknown" then u.speaker = speaker end
  if set and not splits[set:lower()] then
    return nil, "Split_Set: expected Train, Development, Validation or Test1 to Test3, got " .. quoted(set)
  end
  u.split, u.extra.emotion, u.extra.gender = set, field(record, "EmoClass"), field(record, "Gender")
  return u
end

-- Both readers give a function that calls another with each record and where it stands, until that gives nil and a
-- message, and one that makes of where it stands the place that messages name.
local function read_csv(path)
  local reader, why = csv.open(path)
  if not reader then return nil, why end
  local there, lacking = {}, {}
  for _, name in ipairs(reader.header) do there[name] = true end
  for _, name in ipairs(columns) do
    if not there[name] then lacking[#lacking + 1] = name end
  end
  if #lacking > 0 then return nil, ("%s:1: the header lacks %s"):format(path, table.concat(lacking, ", ")) end
  local function each(f)
    while true do
      local record, line = reader:read()
      if not record then return not line, line end
      local ok, reason = f(record, line)
      if not ok then return nil, reason end
    end
  end
  return each, function(line) return ("%s:%d"):format(path, line) end
end

local function read_json(path)
  local text, why = fs.read(path)
  if not text then return nil, why end
  local entries, reason = json.decode(text)
  if entries == nil then return nil, ("%s: %s"):format(path, reason) end
  if type(entries) ~= "table" then return nil, path .. ": expected an object of file names or a list of entries" end
  local function place(key) return ("%s: %s"):format(path, type(key) == "string" and quoted(key) or "entry " .. key) end
  local function each(f)
    local names = {}
    if getmetatable(entries) ~= List then
      for name in pairs(entries) do names[#names + 1] = name end
      table.sort(names, byteorder) -- the same fault is named every time
    end
    for i = 1, math.max(#names, #entries) do
      local key = names[i] or i
      local entry = entries[key]
      if type(entry) ~= "table" or getmetatable(entry) == List then
        return nil, ("%s: expected an object of labels, got %s"):format(place(key),
          type(entry) == "table" and "a list" or named { entry })
      end
      if type(key) == "string" then entry.FileName = entry.FileName or key end
      local ok, fault = f(entry, key)
      if not ok then return nil, fault end
    end
    return true
  end
  return each, place
end

-- The root or the one folder in it that holds Labels/.
local function find_release(root, notes)
  if fs.is_folder(root .. "/Labels") then return root end
  local names, why = fs.list(root)
  if not names then return nil, why end
  local found = {}
  for _, name in ipairs(names) do
    if name:sub(1, 1) ~= "." and fs.is_folder(("%s/%s/Labels"):format(root, name)) then found[#found + 1] = root .. "/" .. name end
  end
  if #found == 1 then
    notes:add("root", root, nil, "the release is in " .. harmless(found[1]))
    return found[1]
  end
  if #found == 0 then return nil, root .. ": holds no folder Labels, nor does a folder in it" end
  return nil, ("%s: several folders hold Labels, give one of them: %s, %s"):format(root, harmless(found[1]),
    harmless(found[2]))
end

local function read_labels(folder, o)
  for _, kind in ipairs { "csv", "json" } do
    local path = ("%s/Labels/labels_consensus.%s"):format(folder, kind)
    if o.labels == kind or not o.labels and fs.is_file(path) then
      return path, (kind == "csv" and read_csv or read_json)(path)
    end
  end
  return nil, nil, folder .. "/Labels: holds neither labels_consensus.csv nor labels_consensus.json"
end

local function names_in(folder)
  local there = {}
  for _, name in ipairs(fs.list(folder) or {}) do there[name] = true end
  return there
end

local function add_transcript(u, path, notes)
  local bytes, why = fs.read(path)
  if not bytes then return nil, why end
  if bytes:find("\0", 1, true) then return nil, path .. ": holds zero bytes; a plain text file is expected" end
  local text, strays = mend((bytes:gsub("^\xEF\xBB\xBF", "")))
  notes:add_strays(path, nil, strays)
  u.text = trim(text:gsub("%s+", function(run) return run:find "[\r\n]" and " " or nil end))
  return true
end

-- Finds wavs and transcripts, each folder listed once.
local function add_files(folder, utterances, notes)
  local audio = fs.is_folder(folder .. "/Audios") and folder .. "/Audios" or folder .. "/Audio"
  local spoken = folder .. "/Transcripts"
  local wavs, texts, without = names_in(audio), names_in(spoken), { wav = 0, text = 0 }
  for _, u in ipairs(utterances) do
    if wavs[u.file] then u.wav = audio .. "/" .. u.file else without.wav = without.wav + 1 end
    if texts[u.id .. ".txt"] then
      local ok, why = add_transcript(u, ("%s/%s.txt"):format(spoken, u.id), notes)
      if not ok then return nil, why end
    else
      without.text = without.text + 1
    end
    if not (u.valence or u.arousal or u.dominance) then notes:add("no label", folder, nil, quoted(u.id) .. " has no label") end
    u.file = nil
  end
  local all = #utterances
  if without.wav > 0 then notes:add("no wav", audio, nil, ("%d of %d wavs are missing"):format(without.wav, all), without.wav) end
  if without.text > 0 then
    notes:add("no transcript", spoken, nil, ("%d of %d transcripts are missing"):format(without.text, all), without.text)
  end
  return true
end

--- Reads a release.
-- @return list of utterances; or nil and a message with file and line
return function(root, o, notes)
  local folder, why = find_release(root, notes)
  if not folder then return nil, why end
  local path, each, place = read_labels(folder, o)
  if not each then return nil, place end
  local list, seen = {}, {}
  local ok, failure = each(function(record, where)
    local u, fault = utterance(record)
    if u and seen[u.id] then u, fault = nil, ("%s stands at %s already"):format(quoted(u.id), place(seen[u.id])) end
    if not u then return nil, ("%s: %s"):format(place(where), fault) end
    seen[u.id], list[#list + 1] = where, u
    return true
  end)
  if not ok then return nil, failure end
  if #list == 0 then return nil, path .. ": holds no utterance" end
  ok, failure = add_files(folder, list, notes)
  if not ok then return nil, failure end
  return list
end
