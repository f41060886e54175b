--- A corpus in a few lines: what it has, and what it lacks.
local hours = require "tenor.corpus.hours"
local named = require "tenor.named"
local quoted = require "tenor.quoted"
local split = require "tenor.split"
local text = require "tenor.text"

local function plural(n, noun) return ("%d %s%s"):format(n, noun, n == 1 and "" or "s") end

-- "3 sessions: 1 (120), 2 (120), 3 (118)", shortened where there are many.
local function counts_line(utterances, field)
  local count, names = {}, {}
  for _, u in ipairs(utterances) do
    local value = u[field]
    if value then
      if not count[value] then names[#names + 1] = value end
      count[value] = (count[value] or 0) + 1
    end
  end
  if #names == 0 then return nil end
  table.sort(names, split.before)
  local items, least, most = {}, math.huge, 0
  for i, name in ipairs(names) do
    items[i] = ("%s (%d)"):format(quoted(name):sub(2, -2), count[name])
    least, most = math.min(least, count[name]), math.max(most, count[name])
  end
  if #names > 12 then return ("%s of %d to %d utterances"):format(plural(#names, field), least, most) end
  return ("%s: %s"):format(plural(#names, field), table.concat(items, ", "))
end

local function label_line(utterances, name)
  local n, sum, low, high = 0, 0, math.huge, -math.huge
  for _, u in ipairs(utterances) do
    local value = u[name]
    if value then
      n, sum, low, high = n + 1, sum + value, math.min(low, value), math.max(high, value)
    end
  end
  if n == 0 then return nil end
  return ("%-9s mean %.3f, %.4g to %.4g, %s"):format(name, sum / n, low, high, plural(n, "utterance"))
end

local function missing_line(utterances)
  local items = {}
  for _, name in ipairs { "wav", "text", "valence", "arousal", "dominance", "session", "speaker", "split" } do
    local n = 0
    for _, u in ipairs(utterances) do
      if u[name] == nil then n = n + 1 end
    end
    if n > 0 then items[#items + 1] = ("%s %s"):format(name, n == #utterances and "(all)" or ("(%d)"):format(n)) end
  end
  return #items > 0 and "missing: " .. table.concat(items, ", ") or nil
end

-- Hours of speech; opening a hundred thousand files is nothing that printing may do unasked.
local function hours_line(corpus)
  local unknown = hours.unknown(corpus)
  if unknown > 20000 then return ("hours: not measured yet, corpus:hours() opens %d files"):format(unknown) end
  local total, failed, read = hours.of(corpus)
  if failed + read == 0 then return nil end
  local bad = failed > 0 and (", %s cannot be opened"):format(plural(failed, "file")) or ""
  if read == 0 then return bad:sub(3) end
  local seconds = total * 3600
  local long = seconds >= 3600 and ("%.2f hours"):format(total) or seconds >= 60 and ("%.1f minutes"):format(seconds / 60)
    or ("%.1f seconds"):format(seconds)
  return ("%s of speech in %s%s"):format(long, plural(read, "file"), bad)
end

return function(corpus)
  local utterances = corpus.utterances
  local lines = { ("Corpus %s: %s"):format(corpus.name, plural(#utterances, "utterance")) }
  local function add(line) lines[#lines + 1] = line and "  " .. line end
  for _, field in ipairs { "session", "speaker", "split" } do add(counts_line(utterances, field)) end
  add(hours_line(corpus))
  for _, name in ipairs { "valence", "arousal", "dominance" } do add(label_line(utterances, name)) end
  local words = text.Tokenizer():fit(corpus:texts())
  if words:size() > 0 then add(("%s, vocabulary of %d"):format(plural(words.tokens, "word"), words:size())) end
  add(missing_line(utterances))
  local clipped = 0
  for _, u in ipairs(utterances) do
    for _ in pairs(u.clipped or {}) do clipped = clipped + 1 end
  end
  if clipped > 0 then
    add(("clipped: %s outside %g to %g"):format(plural(clipped, "label"), corpus.scale[1], corpus.scale[2]))
  end
  if #corpus.extra > 0 then add("other columns: " .. named(corpus.extra)) end
  for _, item in ipairs(corpus.notes:summary()) do add("note: " .. item) end
  return table.concat(lines, "\n")
end
