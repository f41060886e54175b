--- What was odd in a corpus and yet no error, as data: a list of
-- `{ kind, file, line, message, count }`, `line` nil where it is the whole file. Of each kind the first thousand are in the
-- list, and `counts` has them all. Nothing is printed by itself.

local harmless = require "tenor.harmless"

--- What was odd in a corpus: a list that prints as a summary.
local Notes = {}
Notes.__index = Notes
Notes.__name = "tenor.corpus.Notes"

-- How the summary counts each kind, in this order.
local kinds = {
  { "root", "taken from the folder inside" },
  { "column", "%d column%s perhaps misspelt" },
  { "blank", "%d line%s of empty fields passed over" },
  { "session", "%d session%s missing" },
  { "unlabelled", "%d transcript line%s without a label left out" },
  { "unstamped", "%d transcript line%s without a time stamp" },
  { "stamp", "%d time stamp%s not two numbers" },
  { "colon", "%d time stamp%s without a colon" },
  { "repeated", "%d transcript line%s repeated with another text, the last counts" },
  { "stray", "%d stray byte%s read as Windows-1252" },
  { "elsewhere", "%d utterance%s filed under another dialogue or session" },
  { "no transcript", "%d transcript%s missing" },
  { "no wav", "%d wav%s missing" },
  { "no label", "%d utterance%s without labels" },
}

local MOST <const> = 1000 -- of a kind: a file may be odd in every second byte

function Notes.new() return setmetatable({ counts = {}, listed = {} }, Notes) end

--- Adds one.
-- @string kind
-- @string file
-- @param line its number, or nil
-- @string message
-- @int[opt=1] count of what the kind counts
function Notes:add(kind, file, line, message, count)
  count = count or 1
  self.counts[kind] = (self.counts[kind] or 0) + count
  local listed = (self.listed[kind] or 0) + 1
  self.listed[kind] = listed
  if listed <= MOST then self[#self + 1] = { kind = kind, file = file, line = line, message = message, count = count } end
end

--- Adds that bytes were mended (tenor.strays), if any were.
function Notes:add_strays(file, line, count)
  if count == 0 then return end
  self:add("stray", file, line, ("%d byte%s not UTF-8, read as Windows-1252"):format(count, count == 1 and " is" or "s are"), count)
end

--- A few words for each kind, as a list.
-- @treturn string[]
function Notes:summary()
  local items = {}
  for _, kind in ipairs(kinds) do
    local n = self.counts[kind[1]]
    if n then items[#items + 1] = kind[2]:format(n, n == 1 and "" or "s") end
  end
  return items
end

function Notes:__tostring()
  if #self == 0 then return "no notes" end
  local lines = {}
  for i, note in ipairs(self) do
    lines[i] = ("%s:%s %s"):format(note.file, note.line and note.line .. ":" or "", note.message)
    lines[i] = harmless(lines[i])
  end
  for _, kind in ipairs(kinds) do
    local more = (self.listed[kind[1]] or 0) - MOST
    if more > 0 then lines[#lines + 1] = ("and %d more notes of the kind '%s'"):format(more, kind[1]) end
  end
  return table.concat(lines, "\n")
end

return Notes
