--- Rows of a matrix in NumPy's format, by the list of its words: line i of the
-- list names row i. The list is read in blocks, and of the matrix the wanted rows alone.
local core = require "tenor.core"
local lowercase = require "tenor.lowercase"
local reading = require "tenor.vectors.reading"
local Vectors = require "tenor.vectors.result"

local BLOCK <const> = 1 << 16
local LONGEST <const> = 1 << 16 -- bytes of a line, beyond which this is no list of words

-- Calls f(line) for each line, without its end; LF or CRLF, and a byte order mark, are not part of it.
-- Returns how many, or nil and a message.
local function each_line(path, o, f)
  local size, why = core.file.size(path) -- looked at first: a pipe would wait for its writer
  if not size then return nil, why end
  if size == 0 then return nil, path .. ": is empty" end
  local file <close>, gone = io.open(path, "rb")
  if not file then return nil, gone end
  local number, kept = 0, ""
  local report, bar = reading.reporter(o, path:match "[^/]+$", size)
  local _ <close> = bar
  local function take(line)
    number = number + 1
    if number == 1 then line = line:gsub("^\xEF\xBB\xBF", "") end
    f(line:gsub("\r$", ""), number)
  end
  while true do
    local block, reason = file:read(BLOCK)
    if not block then
      if reason then return nil, ("%s: %s"):format(path, reason) end
      break
    end
    block = kept .. block
    local at = 1
    while true do
      local stop = block:find("\n", at, true)
      if not stop then break end
      take(block:sub(at, stop - 1))
      at = stop + 1
    end
    kept = block:sub(at)
    if #kept > LONGEST then
      return nil, ("%s: line %d has more than %d bytes; this is no list of words"):format(path, number + 1, LONGEST)
    end
    report(file:seek(), size)
  end
  if kept ~= "" then take(kept) end
  return number
end

-- Which row each word has, and how it was found.
local function places(path, place, o)
  local source, found, duplicates, spaced = {}, {}, 0, 0
  local lines, why = each_line(path, o, function(word, number)
    if word:find(" ", 1, true) then spaced = spaced + 1 end
    local id = place[word]
    if id then
      if found[id] == "exact" then
        duplicates = duplicates + 1
      else
        source[id], found[id] = number, "exact"
      end
      return
    end
    id = place[lowercase(word)]
    if not id or found[id] then return end
    if o.case == "fold" then source[id], found[id] = number, "folded" else found[id] = "cased" end
  end)
  if not lines then return nil, why end
  return source, found, { lines = lines, duplicates = duplicates, spaced = spaced }
end

-- list, counts and place (word → id) are the checked vocabulary, o the filled options.
return function(path, list, counts, place, o)
  local source, found, report = places(o.list, place, o)
  if not source then return nil, found end
  local any = next(source) ~= nil
  for i = 1, #list do source[i] = source[i] or 0 end
  local rows, why = core.vectors.rows(path, source, report.lines, list)
  if not rows then return nil, why end
  local D = rows:size(2)
  if o.dimensions and o.dimensions ~= D then
    return nil, ("%s: has vectors of %d dimensions, not %d"):format(path, D, o.dimensions)
  end
  if not any then
    return nil, ("%s: none of the %d words is among the %d of %s"):format(path, #list, report.lines, o.list)
  end
  return Vectors.new {
    words = list, counts = counts, found = found, rows = rows, report = report,
    origin = { path = path, kind = "npy", list = o.list, case = o.case },
  }
end
