--- What a run reads, kept in the results folder by content, so that any process can read it again: the
-- corpus as a manifest, the features as an array. From these, the datasets, each made once.
local core = require "tenor.core"
local csv = require "tenor.csv"
local fs = require "tenor.fs"
local json = require "tenor.json"
local tenor = require "tenor"
local Features = require "tenor.corpus.features"

local data = {}

local columns = { "id", "text", "valence", "arousal", "dominance", "session", "speaker", "split" }

-- Whether a kept file is still the one that its name says.
-- @return true, or nil and a message
local function unchanged(path, hash)
  local found, why = core.hash.file(path)
  if not found then return nil, why end
  if found == hash then return true end
  return nil, path .. ": was changed or damaged: its content is not what its name says. Remove it and run the "
    .. "experiment's own script, which writes it anew"
end

-- Writes a file under the name that its content gives it, where it is not there.
local function keep(store, bytes, ending)
  local hash = core.hash.bytes(bytes)
  local path = store:path(("data/%s%s"):format(hash, ending))
  if fs.is_file(path) then
    local same, changed = unchanged(path, hash)
    return same and hash, changed
  end
  local ok, why = fs.write(path, bytes)
  if not ok then return nil, why end
  return hash
end

--- Keeps what of a corpus counts for a run: ids, words, labels and groups, in order.
-- @return its description `{ hash, name, scale, utterances }`, or nil and a message
function data.keep_corpus(store, corpus)
  local lines = { csv.line(columns, #columns) }
  for i, u in ipairs(corpus.utterances) do
    local values = {}
    for j, name in ipairs(columns) do values[j] = u[name] or false end
    lines[i + 1] = csv.line(values, #columns)
  end
  local hash, why = keep(store, table.concat(lines, "\n") .. "\n", ".corpus.csv")
  if not hash then return nil, why end
  return { hash = hash, name = corpus.name, scale = { corpus.scale[1], corpus.scale[2] }, utterances = #corpus.utterances }
end

--- Keeps features: the rows that there are, and whose they are.
-- @return `{ hash, rows, width }`, or nil and a message
function data.keep_features(store, features)
  local ids, places = json.array {}, {}
  for _, id in ipairs(features.ids) do
    local place = features:row(id)
    if place then ids[#ids + 1], places[#places + 1] = id, place end
  end
  if #ids == 0 then
    local first = features.failures[1]
    return nil, ("no utterance has features%s"):format(first and ("; the first, %s: %s"):format(first.id, first.reason) or "")
  end
  local rows = features.tensor:index(places)
  -- the array's bytes take part in the name, so it is written under another one first
  local temporary = store:path(("data/%d.%x.tmp.npy"):format(require "luv".os_getpid(), require "luv".hrtime()))
  local _ <close> = setmetatable({}, { __close = function() fs.remove(temporary) end })
  local ok, why = tenor.save(temporary, rows)
  if not ok then return nil, why end
  local content, reason = core.hash.file(temporary)
  if not content then return nil, reason end
  local hash, late = keep(store, json.encode { array = content, ids = ids }, ".features.json")
  if not hash then return nil, late end
  local moved, refused = os.rename(temporary, store:path(("data/%s.npy"):format(content)))
  if not moved then return nil, refused end
  return { hash = hash, rows = #ids, width = features:width() }
end

-- path → { size, mtime, hash }: a file of gigabytes is not read anew to learn that it is the same
local function remembered(store)
  local bytes = fs.read(store:path "data/hashes.json")
  local list = bytes and json.decode(bytes)
  return type(list) == "table" and list or {}
end

--- The content key of a file, or of a folder's files.
-- @return 32 digits, or nil and a message
function data.hash(store, path)
  local stat, why = fs.stat(path)
  if not stat then return nil, why end
  if stat.type == "directory" then
    local parts = {}
    for _, name in ipairs(assert(fs.list(path))) do
      local inside = path .. "/" .. name
      if fs.is_file(inside) then
        local hash, reason = data.hash(store, inside)
        if not hash then return nil, reason end
        parts[#parts + 1] = name .. " " .. hash
      end
    end
    return core.hash.bytes(table.concat(parts, "\n"))
  end
  local list = remembered(store)
  local known = list[path]
  if type(known) == "table" and known.size == stat.size and known.mtime == stat.mtime then return known.hash end
  local hash, reason = core.hash.file(path)
  if not hash then return nil, reason end
  list = remembered(store)
  list[path] = { size = stat.size, mtime = stat.mtime, hash = hash }
  fs.write(store:path "data/hashes.json", json.encode(list, { indent = 1 })) -- only spares time
  return hash
end

local function load_corpus(store, description)
  local path = store:path(("data/%s.corpus.csv"):format(description.hash))
  local same, why = unchanged(path, description.hash)
  if not same then return nil, why end
  return tenor.corpus.manifest(path, { scale = description.scale, order = "file" })
end

local function load_features(store, hash)
  local path = store:path(("data/%s.features.json"):format(hash))
  local same, changed = unchanged(path, hash)
  if not same then return nil, changed end
  local bytes, why = fs.read(path)
  if not bytes then return nil, why end
  local kept, reason = json.decode(bytes)
  if not kept then return nil, ("%s: %s"):format(path, reason) end
  local array = store:path(("data/%s.npy"):format(kept.array))
  same, changed = unchanged(array, kept.array)
  if not same then return nil, changed end
  local rows, late = tenor.load(array, { dtype = "real" })
  if not rows then return nil, late end
  return Features.new(rows, kept.ids)
end

-- Runs of a process share what they read; the last used suffice, since runs come system by system.
local Cache = {}
Cache.__index = Cache
local ROOM = 16

function Cache.new() return setmetatable({ values = {}, order = {} }, Cache) end

-- The value of a name; `make` gives it at first, or nil and a message.
function Cache:get(name, make)
  local value = self.values[name]
  if value == nil then
    local made, why = make()
    if made == nil then return nil, why end
    value = made
    if #self.order >= ROOM then self.values[table.remove(self.order, 1)] = nil end
    self.values[name] = value
  else
    for i, known in ipairs(self.order) do
      if known == name then table.remove(self.order, i) break end
    end
  end
  self.order[#self.order + 1] = name -- the last used is the last to go
  return value
end

local Source = {}
Source.__index = Source

--- Where the runs of a process read from.
function data.source(store) return setmetatable({ store = store, kept = Cache.new() }, Source) end

function Source:corpus(description)
  return self.kept:get("corpus " .. description.hash, function() return load_corpus(self.store, description) end)
end

--- The dataset of a run's settings; its words are fitted by its protocol.
-- @return `{ data =, corpus = }`, or nil and a message
function Source:dataset(settings, description)
  local features
  if settings.features then
    local why
    features, why = self.kept:get("features " .. settings.features, function()
      return load_features(self.store, settings.features)
    end)
    if not features then return nil, why end
  end
  local corpus, reason = self:corpus(description)
  if not corpus then return nil, reason end
  local o = { features = features, labels = settings.labels, split = settings.split, validation = settings.validation,
    protocol = settings.protocol }
  local name = "dataset " .. json.encode { settings.corpus, settings.features or "", settings.labels, settings.split,
    settings.validation, settings.protocol, settings.words, settings.standardize, settings.length or 0,
    settings.tokenizer or "" }
  return self.kept:get(name, function()
    if settings.words then o.words, o.length = tenor.text.Tokenizer(settings.tokenizer), settings.length end
    o.standardize = settings.standardize
    return { data = corpus:dataset(o), corpus = corpus }
  end)
end

--- Word vectors for a tokenizer's words.
-- @tparam table source `{ kind = "glove", path = FILE, ... }`
-- @return the vectors, or nil and a message
function Source:vectors(source, words)
  local name = ("vectors %s %s"):format(json.encode(source), core.hash.bytes(table.concat(words:words(), "\n")))
  return self.kept:get(name, function()
    local o = { progress = "silent" }
    for option, value in pairs(source) do
      if option ~= "kind" and option ~= "path" then o[option] = value end
    end
    return tenor.vectors[source.kind](source.path, words, o)
  end)
end

return data
