--- A tokenizer as a plain table of strings and numbers, such as JSON holds, and back.
--
-- JSON's strings are UTF-8, and a word may not be: such a word is empty in the list
-- of words, and its bytes stand in `bytes`, as hexadecimal digits, by id.
local state = {}

local VERSION <const> = 1

local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function unhex(s) return (s:gsub("%x%x", function(d) return string.char(tonumber(d, 16)) end)) end

-- NUL is UTF-8, but not every reader of JSON takes it.
local function speakable(s) return utf8.len(s) and not s:find("\0", 1, true) end

--- @param t a tokenizer's own fields
function state.of(t)
  local words, counts, first, bytes = {}, {}, {}, nil
  for id, word in ipairs(t.list) do
    words[id], counts[id], first[id] = word, t.count[word], t.order[word]
    if not speakable(word) then
      words[id] = ""
      bytes = bytes or {}
      bytes[tostring(id)] = hex(word)
    end
  end
  return {
    version = VERSION, lower = t.lower, filters = t.filters, contractions = t.contractions, words = words,
    counts = counts, first = first, bytes = bytes,
  }
end

local function is_count(n) return math.type(n) == "integer" and n > 0 end

-- The lists of equal length, or nil and what is wrong.
local function lists(s)
  for _, name in ipairs { "words", "counts", "first" } do
    if type(s[name]) ~= "table" then return nil, ("%s must be a list, got %s"):format(name, type(s[name])) end
    if #s[name] ~= #s.words then return nil, ("%d words, but %d %s"):format(#s.words, #s[name], name) end
  end
  if s.bytes ~= nil and type(s.bytes) ~= "table" then return nil, "bytes must be a table, got " .. type(s.bytes) end
  return true
end

local function word_of(s, id)
  local word = s.words[id]
  if type(word) ~= "string" then return nil, ("word %d must be a string, got %s"):format(id, type(word)) end
  local digits = s.bytes and s.bytes[tostring(id)]
  if digits == nil then return word ~= "" and word or nil, ("word %d is empty"):format(id) end
  if type(digits) ~= "string" or digits == "" or #digits % 2 > 0 or digits:find "%X" then
    return nil, ("bytes of word %d must be hexadecimal digits"):format(id)
  end
  return unhex(digits)
end

--- Fills a new tokenizer `t` from a state.
-- @return t, or nil and what is wrong with the state
function state.into(t, s)
  local ok, why = lists(s)
  if not ok then return nil, why end
  local place = {} -- of first appearance → word
  for id = 1, #s.words do
    local word, reason = word_of(s, id)
    if not word then return nil, reason end
    local count, first = s.counts[id], s.first[id]
    if t.id[word] then return nil, ("words %d and %d are the same"):format(t.id[word], id) end
    if not is_count(count) then return nil, ("count %d must be a whole number above 0, got %s"):format(id, tostring(count)) end
    if not is_count(first) or first > #s.words or place[first] then
      return nil, ("first %d must be the word's place by appearance, got %s"):format(id, tostring(first))
    end
    local before = t.list[id - 1]
    if before and (count > t.count[before] or count == t.count[before] and first < t.order[before]) then
      return nil, ("word %d is more frequent, or as frequent and earlier, than word %d"):format(id, id - 1)
    end
    place[first] = word
    t.list[id], t.id[word], t.count[word], t.order[word] = word, id, count, first
    t.tokens = t.tokens + count
  end
  return t
end

--- Whether a state is of this version. @return true, or nil and why not
function state.check(s)
  if s.version == VERSION then return true end
  return nil, ("version must be %d, got %s"):format(VERSION, tostring(s.version))
end

return state
