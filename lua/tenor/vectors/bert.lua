--- Rows of BERT's token embeddings, averaged over the pieces of each word.
local core = require("tenor.core").vectors
local quoted = require "tenor.quoted"
local reading = require "tenor.vectors.reading"
local safetensors = require "tenor.safetensors"
local tensor = require "tenor.tensor"
local text = require "tenor.text"
local Vectors = require "tenor.vectors.result"

local SUFFIX <const> = "embeddings.word_embeddings.weight"
local PADDED <const> = 128 -- models pad their vocabulary to a multiple of 8 to 128

-- The matrix's name, or nil and a message.
local function find(reader, wanted)
  if wanted then
    if reader.entries[wanted] then return wanted end
    return nil, ("%s: has no tensor '%s'"):format(reader.path, wanted)
  end
  local some = {}
  for _, name in ipairs(reader.names) do
    if ("." .. name):sub(-#SUFFIX - 1) == "." .. SUFFIX then some[#some + 1] = name end
  end
  if #some == 1 then return some[1] end
  local reason = #some == 0 and ("none of its %d tensors is called ..%s"):format(#reader.names, SUFFIX)
    or ("several tensors could be meant, such as %s and %s"):format(quoted(some[1]), quoted(some[2]))
  return nil, ("%s: %s; name one with the option tensor"):format(reader.path, reason)
end

local function is_padded(rows, pieces) return rows > pieces and rows - pieces < PADDED and rows % 8 == 0 end

-- Rows of the pieces `ids` (from 0) of a safetensors file.
local function from_safetensors(path, ids, pieces, o)
  local reader <close>, why = safetensors.open(path)
  if not reader then return nil, why end
  local name, reason = find(reader, o.tensor)
  if not name then return nil, reason end
  local e = reader.entries[name]
  if #e.shape ~= 2 then
    return nil, ("%s: tensor %s is (%s), no matrix of a row a piece"):format(path, quoted(name), table.concat(e.shape, ", "))
  end
  if not e.dtype:find "^B?F%d+$" then return nil, ("%s: tensor %s holds no floats but %s"):format(path, quoted(name), e.dtype) end
  if e.shape[1] ~= #pieces and not is_padded(e.shape[1], #pieces) then
    return nil, ("%s: tensor %s has %d rows, and the vocabulary has %d pieces: they are not of one model"):format(path,
      quoted(name), e.shape[1], #pieces)
  end
  local rows = tensor.zeros(#ids, e.shape[2])
  local block, row = 256, e.shape[2] * 4
  local report, bar = reading.reporter(o, path:match "[^/]+$", #ids * row)
  local _ <close> = bar
  for first = 1, #ids, block do
    local n = math.min(block, #ids - first + 1)
    local wanted = {}
    for i = 1, n do wanted[i] = ids[first + i - 1] + 1 end
    local some, fault = reader:rows(name, wanted)
    if not some then return nil, fault end
    rows:narrow(1, first, n):copy_from(some)
    report((first + n - 1) * row, #ids * row)
  end
  for i = 1, #ids do
    if not rows[i]:isfinite() then
      return nil, ("%s: tensor %s, row %d, %s, holds a number that is not finite"):format(path, quoted(name), ids[i] + 1,
        quoted(pieces[ids[i] + 1]))
    end
  end
  return rows, name
end

-- The same of a matrix in NumPy's format.
local function from_npy(path, ids, pieces)
  local sources, names = {}, {}
  for i, id in ipairs(ids) do sources[i], names[i] = id + 1, pieces[id + 1] end
  local rows, why = core.rows(path, sources, #pieces, names)
  if not rows then return nil, why end
  return rows:narrow(1, 2, #ids)
end

-- The pieces of each word as places in a list of distinct ids, in rising order.
local function pieces_of(list, cutter)
  local of, wanted, ids = {}, {}, {}
  for i, word in ipairs(list) do
    local pieces = cutter:pieces(word)
    local known = #pieces > 0
    for k, piece in ipairs(pieces) do
      known = known and piece ~= "[UNK]"
      pieces[k] = cutter.id[piece]
    end
    if known then
      of[i] = pieces
      for _, id in ipairs(pieces) do wanted[id] = true end
    end
  end
  for id in pairs(wanted) do ids[#ids + 1] = id end
  table.sort(ids) -- the file is read from front to back
  for place, id in ipairs(ids) do wanted[id] = place end
  return of, ids, wanted
end

-- list and counts are the checked vocabulary, o the filled options.
return function(path, list, counts, o)
  local cutter, why = text.WordPiece(o.vocabulary, { lower = o.lower })
  if not cutter then return nil, why end
  local of, ids, place = pieces_of(list, cutter)
  if #ids == 0 then
    return nil, ("%s: none of the %d words can be made of the %d pieces of %s"):format(path, #list, cutter:size(), o.vocabulary)
  end
  local is_npy = path:lower():find "%.npy$"
  local rows, name
  if is_npy then
    rows, name = from_npy(path, ids, cutter.list)
  else
    rows, name = from_safetensors(path, ids, cutter.list, o)
  end
  if not rows then return nil, name end
  local D = rows:size(2)
  if o.dimensions and o.dimensions ~= D then
    return nil, ("%s: has vectors of %d dimensions, not %d"):format(path, D, o.dimensions)
  end
  local matrix, found, cut = tensor.zeros(#list + 1, D), {}, 0
  for i = 1, #list do
    if of[i] then
      found[i] = "exact"
      local picked = {}
      for k, id in ipairs(of[i]) do picked[k] = place[id] end
      if #picked > 1 then cut = cut + 1 end
      matrix[i + 1]:copy_from(#picked == 1 and rows[picked[1]] or rows:index(picked):mean(1))
    end
  end
  return Vectors.new {
    words = list, counts = counts, found = found, rows = matrix, report = { lines = cutter:size(), cut = cut },
    origin = { path = path, kind = "bert", vocabulary = o.vocabulary, tensor = not is_npy and name or nil, lower = cutter.lower },
  }
end
