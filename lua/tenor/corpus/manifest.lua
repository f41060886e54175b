--- A corpus from one CSV: a line an utterance, columns in any order.
local csv = require "tenor.csv"
local mend = require "tenor.strays"
local numbers = require "tenor.corpus.numbers"

local columns = { "id", "wav", "text", "valence", "arousal", "dominance", "session", "speaker", "split" }
local labels = { valence = true, arousal = true, dominance = true }

-- EmoBank's and others' short names, where the long one is absent
local short = { valence = "V", arousal = "A", dominance = "D" }

local function trim(s) return s:match("^%s*(.-)%s*$") end

-- A transcript as valid UTF-8. In quotes and yet blank, `" "`, it is one without words.
local function transcript(field, reader, title, place, notes)
  if not field then return nil end
  local text = trim(field)
  if text == "" then return field ~= "" and reader:was_quoted(title) and "" or nil end
  local mended, strays = mend(text)
  if strays > 0 then
    notes:add("stray", place.file, place.line, ("%d byte%s not UTF-8, read as Windows-1252"):format(strays,
      strays == 1 and " is" or "s are"), strays)
  end
  return mended
end

local function utterance(record, extra, o, title)
  local u = {}
  for _, name in ipairs(columns) do
    local field = name ~= "text" and record[title[name]] and trim(record[title[name]])
    if field and field ~= "" then
      if labels[name] then
        local value = numbers.plain(field)
        if not value then return nil, ("%s: expected a number, got '%s'"):format(name, field) end
        numbers.set_label(u, name, value, o.scale)
      else
        u[name] = field
      end
    end
  end
  if u.wav and u.wav:find "%z" then return nil, "wav: a file's name cannot hold a zero byte" end
  if not u.id and u.wav then
    local file = u.wav:match("[^/]+$")
    if not file then return nil, ("wav: expected a file, got '%s'"):format(u.wav) end
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
  local reader, why = csv.open(path)
  if not reader then return nil, why end
  local there, title, taken = {}, {}, {}
  for _, name in ipairs(reader.header) do there[name] = true end
  for _, name in ipairs(columns) do
    title[name] = not there[name] and there[short[name]] and short[name] or name
    taken[title[name]] = true
  end
  local extra = {}
  for _, name in ipairs(reader.header) do
    if not taken[name] then extra[#extra + 1] = name end
  end
  local any = there.id or there.wav
  if not any then
    return nil, ("%s: the header has neither 'id' nor 'wav' (it has: %s)"):format(path,
      table.concat(reader.header, ", "))
  end
  local list, seen = {}, {}
  while true do
    local record, line = reader:read()
    if not record then
      if line then return nil, line end
      return list, extra
    end
    local u, fault = utterance(record, extra, o, title)
    if u and seen[u.id] then
      u, fault = nil, ("id '%s' was on line %d already"):format(u.id, seen[u.id])
    end
    if not u then return nil, ("%s:%d: %s"):format(path, line, fault) end
    u.text = transcript(record[title.text], reader, title.text, { file = path, line = line }, notes)
    seen[u.id] = line
    list[#list + 1] = u
  end
end
