--- English contractions as separate words, as in the Penn Treebank and in the text that
-- GloVe's vectors come from (Stanford's PTBTokenizer): `don't` → `do n't`, `it's` → `it 's`,
-- `cannot` → `can not`. Punctuation is expected to be gone but for apostrophes; one that
-- belongs to no contraction was a quotation mark and goes too.
local contractions = {}

-- Two words written as one, by the length of the first.
local joined = { cannot = 3, gonna = 3, gotta = 3, wanna = 3, lemme = 3, gimme = 3 }

-- What follows its word with an apostrophe.
local clitics = { ["'s"] = true, ["'m"] = true, ["'d"] = true, ["'re"] = true, ["'ve"] = true, ["'ll"] = true }

-- Words to which an apostrophe at either end belongs, and those whose end only looks like a clitic.
local whole = {
  ["'em"] = true, ["'til"] = true, ["'till"] = true, ["'cause"] = true, ["'twas"] = true, ["'n"] = true, ["'n'"] = true,
  ["n'"] = true, ["ol'"] = true, ["somethin'"] = true, ["cont'd"] = true, ["n't"] = true,
}
local LONGEST <const> = 9 -- of these words

-- Where the last clitic of the first `last` bytes of a lower-cased word begins, or nil.
local function last_clitic(plain, last)
  local tail = plain:sub(math.max(last - 3, 1), last)
  if tail:find "^[a-mo-z]n't$" then return last - 2 end
  local clitic = tail:match "'%l%l?$"
  if clitic and #clitic < last and clitics[clitic] then return last - #clitic + 1 end
end

-- Whether the first `last` bytes of a lower-cased word are one that keeps its apostrophes.
local function keeps(plain, last)
  if last > LONGEST then return false end
  plain = plain:sub(1, last)
  return whole[plain] or clitics[plain] or plain:find "^'%d%ds?$"
end

local function reversed(list)
  local n = #list
  for i = 1, n // 2 do list[i], list[n + 1 - i] = list[n + 1 - i], list[i] end
  return list
end

--- Splits one word.
-- @string word without spaces
-- @treturn table its parts, none where it is only apostrophes
function contractions.split(word)
  word = word:gsub("\xE2\x80[\x98\x99]", "'") -- typographic apostrophes and single quotation marks
  if not word:find("'", 1, true) then
    local first = joined[word:lower()]
    return first and { word:sub(1, first), word:sub(first + 1) } or { word }
  end
  if not keeps(word:lower(), #word) then word = word:gsub("^'+", ""):match "^.*[^']" or "" end
  -- cut from the end, since a word may have any number of clitics
  local parts, plain, last = {}, word:lower(), #word
  while not keeps(plain, last) do
    local at = last_clitic(plain, last)
    if not at then break end
    parts[#parts + 1] = word:sub(at, last)
    last = at - 1
    while plain:byte(last) == 39 do last = last - 1 end
  end
  if last > 2 and plain:find "^y'%l" then -- y'all
    parts[#parts + 1] = word:sub(3, last)
    last = 2
  end
  if last > 0 then parts[#parts + 1] = word:sub(1, last) end
  return reversed(parts)
end

return contractions
