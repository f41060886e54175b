--- gzip files and zip archives, written by their definitions: RFC 1951, RFC 1952 and
-- PKWARE's APPNOTE. Contents are stored, which is deflate's simplest block.
local archive = {}

local crcs = {}
for i = 0, 255 do
  local c = i
  for _ = 1, 8 do c = c & 1 == 1 and 0xEDB88320 ~ (c >> 1) or c >> 1 end
  crcs[i] = c
end

function archive.crc32(bytes)
  local c = 0xFFFFFFFF
  for i = 1, #bytes do c = crcs[(c ~ bytes:byte(i)) & 255] ~ (c >> 8) end
  return c ~ 0xFFFFFFFF
end

-- Stored blocks of at most 65535 bytes.
local function deflate(bytes)
  local blocks, at = {}, 1
  repeat
    local piece = bytes:sub(at, at + 65534)
    at = at + #piece
    blocks[#blocks + 1] = string.pack("<BI2I2", at > #bytes and 1 or 0, #piece, ~#piece & 0xFFFF) .. piece
  until at > #bytes
  return table.concat(blocks)
end

--- One gzip member.
-- @tparam[opt] table wrong `crc`, `size` to write instead of the right ones
function archive.gzip(bytes, wrong)
  wrong = wrong or {}
  return "\x1F\x8B\x08\0\0\0\0\0\0\xFF" .. deflate(bytes)
    .. string.pack("<I4I4", wrong.crc or archive.crc32(bytes), wrong.size or #bytes)
end

--- A zip archive of { name, bytes } in order.
-- @tparam[opt] table wrong `crc` of every member, `size` that the archive tells
function archive.zip(members, wrong)
  wrong = wrong or {}
  local files, directory, at = {}, {}, 0
  for i, member in ipairs(members) do
    local name, bytes = table.unpack(member)
    local packed = deflate(bytes)
    local fields = string.pack("<I2I2I2I2I2I4I4I4I2I2", 20, 0, 8, 0, 33, wrong.crc or archive.crc32(bytes), #packed,
      wrong.size or #bytes, #name, 0)
    files[i] = "PK\3\4" .. fields .. name .. packed
    directory[i] = "PK\1\2" .. string.pack("<I2", 20) .. fields .. string.pack("<I2I2I2I4I4", 0, 0, 0, 0, at) .. name
    at = at + #files[i]
  end
  local listed = table.concat(directory)
  return table.concat(files) .. listed
    .. "PK\5\6" .. string.pack("<I2I2I2I2I4I4I2", 0, 0, #members, #members, #listed, at, 0)
end

--- A zip archive whose members lie in one another: the bytes of each hold the next one's header, and its bytes.
-- `heads` are what the members a.npy, b.npy ... begin with, `tail` is what all of them end with.
function archive.overlapping(heads, tail)
  local packed, content, directory = deflate(tail), tail, {}
  local bytes = packed
  for i = #heads, 1, -1 do
    local function quoted(piece) return string.pack("<BI2I2", 0, #piece, ~#piece & 0xFFFF) .. piece end
    local name = string.char(96 + i) .. ".npy"
    packed, content = quoted(heads[i]) .. bytes, heads[i] .. content
    local fields = string.pack("<I2I2I2I2I2I4I4I4I2I2", 20, 0, 8, 0, 33, archive.crc32(content), #packed, #content, #name, 0)
    local header = "PK\3\4" .. fields .. name
    directory[i] = { fields, name, #packed }
    if i > 1 then bytes, content = quoted(header) .. packed, header .. content else bytes = header .. packed end
  end
  local listed = {}
  for i, entry in ipairs(directory) do
    local fields, name, size = table.unpack(entry)
    local at = #bytes - size - #name - 30
    listed[i] = "PK\1\2" .. string.pack("<I2", 20) .. fields .. string.pack("<I2I2I2I4I4", 0, 0, 0, 0, at) .. name
  end
  listed = table.concat(listed)
  return bytes .. listed .. "PK\5\6" .. string.pack("<I2I2I2I2I4I4I2", 0, 0, #heads, #heads, #listed, #bytes, 0)
end

return archive
