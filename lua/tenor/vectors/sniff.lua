--- What kind of word vectors a file holds, by how its content begins.
local core = require("tenor.core").vectors

local HEAD <const> = 1 << 16

-- Beginnings of files that people take for word vectors.
local strangers = {
  { "\xBA\x16\x4F\x2F", "fastText's model with subwords (.bin); read its .vec file" },
  { "\x80[\x02-\x05]", "a Python pickle; save the vectors as word2vec's format or as .npy" },
  { "\x89HDF\r\n\x1A\n", "an HDF5 file" },
  { "BZh", "compressed by bzip2; unpack it first" },
  { "\xFD7zXZ\0", "compressed by xz; unpack it first" },
  { "\xFF\xFE", "text in UTF-16; GloVe's and fastText's are in UTF-8" },
}

-- A word, and then nothing but numbers.
local function is_row(line)
  local rest = line:match "^%S+[ \t](.*)$"
  return rest ~= nil and not rest:find "[^%d%s%.eE+%-naifNAIF]"
end

--- @string path
-- @int member of a zip archive, 1 elsewhere
-- @string name for messages
-- @return "glove", "fasttext", "word2vec", "npy" or "safetensors"; false and what it is where it
-- is known to be something else; false alone; or nil and a message
return function(path, member, name)
  local head, why = core.head(path, member, HEAD, name)
  if not head then return nil, why end
  if head:find "^\x93NUMPY" then return "npy" end
  for _, stranger in ipairs(strangers) do
    if head:find("^" .. stranger[1]) then return false, stranger[2] end
  end
  if head == "" then return nil, name .. ": is empty" end
  if head:find "^...\0\0\0\0\0{\"" then return "safetensors" end -- the header's length, and it
  head = head:gsub("^\xEF\xBB\xBF", "")
  local first, rest = head:match "^([^\n]*)\n?(.*)$"
  if not first:find "^%d+[ \t]%d+%s*$" then return is_row(first) and "glove" end
  local second = rest:match "^[^\n]*"
  if is_row(second) then return "fasttext" end
  -- numbers in binary have bytes that no text has
  return rest:find "[\0-\8\14-\31]" and "word2vec" or not utf8.len(rest:sub(1, 1024)) and "word2vec"
end
