--- A corpus from one CSV: a line an utterance, columns in any order. Spreadsheets write it too: separated by
-- semicolons, with decimal commas, in Windows-1252, with lines of empty fields at the end.
local csv = require "tenor.csv"
local mend = require "tenor.strays"
local named = require "tenor.named"
local numbers = require "tenor.corpus.numbers"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local trim = require "tenor.trim"

local columns = { "id", "wav", "text", "valence", "arousal", "dominance", "session", "speaker", "split" }
local labels = { valence = true, arousal = true, dominance = true }

-- EmoBank's and others' short names, where the long one is absent
local short = { valence = "V", arousal = "A", dominance = "D" }

-- Which title of the header each column has (nil where it is absent), and the titles of no column. `Valence` and
-- ` valence` stand for `valence` where that is absent.
local function find_columns(header)
  local there, alike, title, taken, extra = {}, {}, {}, {}, {}
  for _, name in ipairs(header) do
    local plain = trim(name):lower()
    there[name], alike[plain] = name, alike[plain] or name
  end
  for _, name in ipairs(columns) do
    title[name] = there[name] or alike[name] or there[short[name]]
    if title[name] then taken[title[name]] = true end
  end
  for _, name in ipairs(header) do
    if not taken[name] then extra[#extra + 1] = name end
  end
  return title, extra
end

-- A misspelt column would be missing in silence.
local function note_misspelt(title, extra, path, notes)
  local absent = {}
  for _, name in ipairs(columns) do
    if not title[name] and #name > 3 then absent[#absent + 1] = name end
  end
  for _, name in ipairs(extra) do
    local close = options.closest(trim(name), absent)
    if close then
      notes:add("column", path, 1, ("column %s is none of a manifest's; is '%s' meant?"):format(quoted(name), close))
    end
  end
end

-- The fields of a record as valid UTF-8 but for the wav's, which names a file by its bytes; how many bytes were mended.
local function mended(record, wav)
  local strays = 0
  for name, field in pairs(record) do
    local n
    if name ~= wav then
      record[name], n = mend(field)
      strays = strays + n
    end
  end
  return strays
end

local function is_blank(record)
  for _, field in pairs(record) do
    if field:find "%S" then return false end
  end
  return true
end

-- A transcript. In quotes and yet blank, `" "`, it is one without words.
local function transcript(reader, record, title)
  local text = trim(record[title])
  return text ~= "" and text or record[title] ~= "" and reader:was_quoted(title) and "" or nil
end

local function utterance(reader, record, title, extra, o)
  local u = {}
  for _, name in ipairs(columns) do
    local field = title[name] and trim(record[title[name]]) or ""
    if name == "text" and title.text then
      u.text = transcript(reader, record, title.text)
    elseif field ~= "" and labels[name] then
      local value = numbers.plain(field, reader.separator ~= ",")
      if not value then return nil, ("%s: expected a number, got %s"):format(name, quoted(field)) end
      numbers.set_label(u, name, value, o.scale)
    elseif field ~= "" then
      u[name] = field
    end
  end
  if not u.id and u.wav then
    local file = mend(u.wav):gsub("^.*/", "")
    if file == "" then return nil, "wav: expected a file, got " .. quoted(u.wav) end
    u.id = file:gsub("(.)%.[^.]*$", "%1")
  end
  if not u.id then return nil, "neither an id nor a wav to name the utterance by" end
  if u.wav and not u.wav:find("^/") then u.wav = o.root .. u.wav end
  if #extra > 0 then
    u.extra = {}
    for _, name in ipairs(extra) do
      if record[name] ~= "" then u.extra[name] = record[name] end
    end
  end
  return u
end

-- Reads the manifest.
-- @return list of utterances, names of further columns; or nil and a message
return function(path, o, notes)
  local reader, why = csv.open(path, { separator = "auto" })
  if not reader then return nil, why end
  local title, extra = find_columns(reader.header)
  if not (title.id or title.wav) then
    return nil, ("%s: the header has neither 'id' nor 'wav' (it has: %s)"):format(path,
      named(reader.header))
  end
  note_misspelt(title, extra, path, notes)
  local list, seen = {}, {}
  while true do
    local record, line = reader:read()
    if not record then
      if line then return nil, line end
      return list, extra
    end
    notes:add_strays(path, line, mended(record, title.wav))
    local u, fault = utterance(reader, record, title, extra, o)
    if u and seen[u.id] then
      u, fault = nil, ("id %s was on line %d already"):format(quoted(u.id), seen[u.id])
    end
    if u then
      seen[u.id], list[#list + 1] = line, u
    elseif is_blank(record) then
      notes:add("blank", path, line, "all fields are empty")
    else
      return nil, ("%s:%d: %s"):format(path, line, fault)
    end
  end
end
