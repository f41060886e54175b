--- How long the recordings of a corpus are, from the headers of its files: opened, not read, and each once.
local audio = require "tenor.audio"

-- Fills lengths, wav → seconds, or false where the file cannot be opened.
local function measure(utterances, lengths)
  for _, u in ipairs(utterances) do
    if u.wav and lengths[u.wav] == nil then
      local reader <close> = audio.open(u.wav)
      lengths[u.wav] = reader and reader.duration or false
    end
  end
end

local hours = {}

--- How many files nobody has opened yet.
function hours.unknown(corpus)
  local n = 0
  for _, u in ipairs(corpus.utterances) do
    if u.wav and corpus.lengths[u.wav] == nil then n = n + 1 end
  end
  return n
end

--- Measures.
-- @return hours; how many files could not be opened; how many could
function hours.of(corpus)
  measure(corpus.utterances, corpus.lengths)
  local seconds, failed, read = 0, 0, 0
  for _, u in ipairs(corpus.utterances) do
    local length = u.wav and corpus.lengths[u.wav]
    if length then
      seconds, read = seconds + length, read + 1
    elseif u.wav then
      failed = failed + 1
    end
  end
  return seconds / 3600, failed, read
end

return hours
