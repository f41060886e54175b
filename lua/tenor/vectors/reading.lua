--- What the readers of word vectors share: the vocabulary, the options, the bar,
-- and how a file is packed.
local core = require("tenor.core").vectors
local named = require "tenor.named"
local options = require "tenor.options"
local progress = require "tenor.progress"

local reading = {}

--- The options that every reader has.
reading.defaults = { dimensions = options.none, case = "exact", progress = "auto", stream = options.none }

--- Defaults with more names.
function reading.with(more)
  local all = {}
  for name, value in pairs(reading.defaults) do all[name] = value end
  for name, value in pairs(more) do all[name] = value end
  return all
end

--- Fills and checks a reader's options. @raise at the caller's caller
function reading.options(call, given, defaults)
  local o = options.fill(call, given, defaults, 4)
  local d, modes = o.dimensions, { auto = true, bar = true, plain = true, silent = true }
  if d ~= nil and (math.type(d) ~= "integer" or d < 1) then
    error(("%s: dimensions must be a whole number above 0, got %s"):format(call, tostring(d)), 3)
  end
  if defaults.case and o.case ~= "exact" and o.case ~= "fold" then
    error(("%s: case must be 'exact' or 'fold', got '%s'"):format(call, tostring(o.case)), 3)
  end
  if type(o.progress) ~= "function" and not modes[o.progress] then
    error(("%s: progress must be auto, bar, plain, silent or a function, got %s"):format(call, tostring(o.progress)), 3)
  end
  for _, name in ipairs { "member", "list", "vocabulary", "tensor" } do
    if o[name] ~= nil and type(o[name]) ~= "string" then
      error(("%s: %s must be a string, got %s"):format(call, name, type(o[name])), 3)
    end
  end
  return o
end

--- The words by id and their counts (nil for a plain list), checked. @raise at the caller's caller
function reading.vocabulary(call, path, words)
  if type(path) ~= "string" then
    error(("%s: path must be a string, got %s"):format(call, type(path)), 3)
  end
  local list, counts = words, nil
  if type(words) == "table" and type(words.words) == "function" then
    list, counts = words:words(), words:counts()
  elseif type(words) ~= "table" then
    error(("%s: words must be a tokenizer or a list of words, got %s"):format(call, type(words)), 3)
  else
    list = table.move(words, 1, #words, 1, {}) -- the caller's may be changed meanwhile, by a finaliser
  end
  local place = {}
  for i = 1, #list do
    local word = list[i]
    if type(word) ~= "string" then
      error(("%s: word %d must be a string, got %s"):format(call, i, type(word)), 3)
    end
    if place[word] then error(("%s: words %d and %d are the same, '%s'"):format(call, place[word], i, word), 3) end
    place[word] = i
  end
  if #list == 0 then error(call .. ": the vocabulary is empty; fit the tokenizer first", 3) end
  return list, counts, place
end

local PATIENCE <const> = 0.5 -- seconds of reading before a bar is worth showing
local MB <const> = 1 << 20

--- What `o.progress` asks for: a function of (bytes, total), and something to close or nil.
-- In mode "auto" nothing is shown of what is read at once.
function reading.reporter(o, title, total)
  if type(o.progress) == "function" then return o.progress end
  local steps = math.max(1, total // MB)
  local bar = progress.new {
    total = steps, title = title, unit = "MB", mode = o.progress, stream = o.stream or io.stderr,
    patience = o.progress == "auto" and PATIENCE or 0,
  }
  local at = -1
  return function(bytes)
    local now = math.min(bytes // MB, steps)
    if now > at then bar:update(now) end
    at = now
  end, bar
end

local function names_of(list)
  local names = {}
  for i, entry in ipairs(list) do names[i] = entry.name end
  return named(names)
end

-- Those of which `accepts` is true, or all when none is.
local function narrowed(list, accepts)
  local some = {}
  for _, entry in ipairs(list) do
    if accepts(entry.name) then some[#some + 1] = entry end
  end
  return some
end

--- Which member of a zip archive to read: the one that is named, the one whose name has the
-- dimensions as GloVe's have (`glove.6B.300d.txt`), or the only one.
-- @return number and name; 1 and nil for a file that is no archive; or nil and a message
function reading.member(path, o)
  local names, why = core.members(path)
  if names == nil then return nil, why end
  if not names then
    if o.member then return nil, ("%s: is no zip archive, and has no member '%s'"):format(path, o.member) end
    return 1
  end
  local all = {}
  for i, name in ipairs(names) do
    -- folders, and what macOS adds
    if name and not name:find "/$" and not name:find "^__MACOSX/" then all[#all + 1] = { number = i, name = name } end
  end
  if #all == 0 then return nil, path .. ": the archive has no files" end
  local some = all
  if o.member then
    some = narrowed(all, function(name) return name == o.member end)
    if #some == 0 then
      return nil, ("%s: has no member '%s'; it has %s"):format(path, o.member, names_of(all))
    end
  elseif #all > 1 and o.dimensions then
    some = narrowed(all, function(name) return name:find("%f[%d]" .. o.dimensions .. "d%f[%W]") end)
    if #some == 0 then
      return nil, ("%s: no member is named for %d dimensions; choose one with the option member: %s"):format(path,
        o.dimensions, names_of(all))
    end
  end
  if #some > 1 then
    return nil, ("%s: holds %d files; choose one with the option member%s: %s"):format(path, #some,
      o.dimensions and "" or " or dimensions", names_of(some))
  end
  return some[1].number, some[1].name
end

return reading
