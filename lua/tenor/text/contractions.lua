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

-- Where the last clitic of a lower-cased word begins, or nil.
local function last_clitic(word)
  if word:find "^.*[a-mo-z]n't$" then return #word - 2 end
  local at = word:find "'%l%l?$"
  if at and at > 1 and clitics[word:sub(at)] then return at end
end

local function keeps(plain) return whole[plain] or clitics[plain] or plain:find "^'%d%ds?$" end

--- Splits one word.
-- @string word without spaces
-- @treturn table its parts, none where it is only apostrophes
function contractions.split(word)
  word = word:gsub("\xE2\x80[\x98\x99]", "'") -- typographic apostrophes and single quotation marks
  if not word:find "'" then
    local first = joined[word:lower()]
    return first and { word:sub(1, first), word:sub(first + 1) } or { word }
  end
  if not keeps(word:lower()) then word = word:gsub("^'+", ""):gsub("'+$", "") end
  local parts, plain = {}, word:lower()
  while not keeps(plain) do
    local at = last_clitic(plain)
    if not at then break end
    table.insert(parts, 1, word:sub(at))
    word = word:sub(1, at - 1):gsub("'+$", "")
    plain = plain:sub(1, #word)
  end
  if plain:find "^y'%l" then -- y'all
    table.insert(parts, 1, word:sub(3))
    word = word:sub(1, 2)
  end
  if word ~= "" then table.insert(parts, 1, word) end
  return parts
end

return contractions
