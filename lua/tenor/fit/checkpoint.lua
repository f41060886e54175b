-- The state of a run on the disk, as a .safetensors: `model.*`, `best.*` and `optimizer.*` are tensors, the rest is JSON in
-- the metadata, with a hash over all of it.
--
-- A new state is written beside the old one, synced, and only then takes its place; the old one stays as
-- `PATH.previous`. So there is a whole one at any moment, and whoever reads looks at both. A file that is not whole
-- never becomes the previous one, and one that is something else is left alone.
local fs = require "tenor.fs"
local hash = require "tenor.core".hash
local json = require "tenor.json"
local mend = require "tenor.strays"
local quoted = require "tenor.quoted"
local real = require "tenor.core".real
local safetensors = require "tenor.safetensors"
local tenor = require "tenor"
local uv = require "luv"
local identity = require "tenor.fit.identity"

local checkpoint = {}

local KIND <const> = "tenor checkpoint 1"

-- JSON has no NaN and no infinity, and no bytes that are not text, such as a note on a file may quote.
local special = { ["#nan"] = 0 / 0, ["#inf"] = math.huge, ["#-inf"] = -math.huge }

local function to_json(value)
  if type(value) == "number" and value - value ~= 0 then
    return value ~= value and "#nan" or value > 0 and "#inf" or "#-inf"
  end
  if type(value) == "string" then return (mend(value)) end
  if type(value) ~= "table" then return value end
  local copy = {}
  for name, item in pairs(value) do copy[name] = to_json(item) end
  return #copy > 0 and copy or next(copy) == nil and json.array(copy) or copy
end

local function from_json(value)
  if special[value] then return special[value] end
  if type(value) ~= "table" then return value end
  local copy = {}
  for name, item in pairs(value) do copy[name] = from_json(item) end
  return copy
end

local function to_hex(bytes) return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function from_hex(text) return (text:gsub("%x%x", function(h) return string.char(tonumber(h, 16)) end)) end

local function checksum(text, tensors) return hash.bytes(text .. "\n" .. identity.tensors(tensors)) end

-- The tensors of a state under one name each, and the rest.
local function flatten(state)
  local tensors = {}
  for name, t in pairs(state.model) do tensors["model." .. name] = t end
  for name, t in pairs(state.best or {}) do tensors["best." .. name] = t end
  for name, list in pairs(state.optimizer.moments) do
    for i, t in ipairs(list) do tensors[("optimizer.%d.%s"):format(i, name)] = t end
  end
  return tensors, json.encode(to_json {
    identity = state.identity, position = state.position, history = state.history, version = tenor._VERSION,
    optimizer = { steps = state.optimizer.steps, product = state.optimizer.product, settings = state.optimizer.settings },
    shuffler = to_hex(state.shuffler), dropout = to_hex(state.dropout),
  })
end

local function is_whole(v) return math.type(v) == "integer" and v >= 0 end
local function is_number(v) return type(v) == "number" end
local function is_string(v) return type(v) == "string" end
local function is_table(v) return type(v) == "table" end
local function maybe(is) return function(v) return v == nil or is(v) end end

-- What a state that says of itself that it is one must have, and what of.
local forms = {
  { nil, identity = is_table, position = is_table, history = is_table, optimizer = is_table, shuffler = is_string,
    dropout = is_string, version = maybe(is_string) },
  { "position", epoch = is_whole, batch = is_whole, sum = is_number, seen = is_number, seconds = is_number, since = is_whole },
  { "history", epochs = is_table, resumed = is_table, notes = is_table, best_epoch = maybe(is_whole),
    best_val_loss = maybe(is_number), stopped = maybe(is_string) },
  { "optimizer", steps = is_whole, product = maybe(is_number), settings = maybe(is_table) },
}
local items = { epochs = is_table, resumed = is_table, notes = is_string }

local function check_form(state)
  assert(is_table(state))
  for _, form in ipairs(forms) do
    local where = form[1] and state[form[1]] or state
    for name, is in pairs(form) do assert(name == 1 or is(where[name])) end
  end
  for _, text in pairs(state.identity) do assert(is_string(text)) end
  for name, is in pairs(items) do
    for _, item in ipairs(state.history[name]) do assert(is(item)) end
  end
  for _, entry in ipairs(state.history.epochs) do assert(is_whole(entry.epoch) and is_number(entry.loss)) end
  return state
end

local function unflatten(tensors, text)
  local state = check_form(from_json(assert(json.decode(text))))
  state.shuffler, state.dropout = from_hex(state.shuffler), from_hex(state.dropout)
  for _, name in ipairs { "shuffler", "dropout" } do tenor.rng(0):restore(state[name]) end
  state.model, state.best, state.optimizer.moments = {}, nil, {}
  for name, t in pairs(tensors) do
    local i, parameter = name:match "^optimizer%.(%d+)%.(.*)$"
    local group, rest = name:match "^(%a+)%.(.*)$"
    if i then
      local moments = state.optimizer.moments
      moments[parameter] = moments[parameter] or {}
      moments[parameter][tonumber(i)] = t
    else
      assert(group == "model" or group == "best")
      state[group] = state[group] or {}
      state[group][rest] = t
    end
  end
  return state
end

--- Writes a state; `keep_previous` where the file in its place is known to be a whole one.
-- @return true, or nil and a message
function checkpoint.write(path, state, keep_previous)
  local tensors, text = flatten(state)
  local fresh = path .. ".next"
  local ok, why = safetensors.save(fresh, tensors, { tenor = KIND, state = text, checksum = checksum(text, tensors) })
  if ok and keep_previous and fs.stat(path) then ok, why = fs.rename(path, path .. ".previous") end
  if ok then ok, why = fs.rename(fresh, path) end
  if not ok then fs.remove(fresh) end
  return ok, why
end

--- What tells a file from any that is written to its place later; nil where there is none.
function checkpoint.mark(path)
  local stat = uv.fs_lstat(path)
  return stat and ("%d %d %d %d %d"):format(stat.dev, stat.ino, stat.size, stat.mtime.sec, stat.mtime.nsec)
end

-- The scalar of the build that wrote a state, where it is another: its numbers were changed by reading them.
local function other_scalar(text)
  local state = type(text) == "string" and json.decode(text)
  local scalar = is_table(state) and is_table(state.identity) and state.identity.real
  return is_string(scalar) and scalar ~= real and scalar or nil
end

--- Reads a state.
-- @return the state; or nil, a message, and what is the matter: "absent", "damaged" or "foreign"
function checkpoint.read(path)
  local stat, missing = uv.fs_lstat(path)
  if not stat and missing:find "^ENOENT" then return nil, path .. ": no such file", "absent" end
  local tensors, metadata = safetensors.load(path)
  if not tensors then return nil, metadata, "damaged" end
  if metadata.tenor ~= KIND then
    local kind = metadata.tenor
    return nil, ("%s: is no checkpoint%s"):format(path, kind and " that this tenor reads, but " .. quoted(kind) or ""),
      "foreign"
  end
  local scalar = other_scalar(metadata.state)
  if scalar then
    return nil, ("%s: is of a build whose scalar is %s, this one's is %s"):format(path, quoted(scalar):sub(2, -2), real), "foreign"
  end
  if type(metadata.state) ~= "string" or checksum(metadata.state, tensors) ~= metadata.checksum then
    return nil, path .. ": its checksum is wrong: it was changed or damaged", "damaged"
  end
  -- who can write the state can write its checksum too
  local ok, state = pcall(unflatten, tensors, metadata.state)
  if not ok then return nil, path .. ": its state is not of the form that a checkpoint has", "damaged" end
  return state
end

--- The newest state that is whole.
-- @return the state and, where it is not the newest, a note; nil and nothing where there is none; nil and a message where
-- there are files of that name and none of them is whole
-- @return the third: whether the file at `path` itself is whole
function checkpoint.find(path)
  local state, why, matter = checkpoint.read(path)
  if state then return state, nil, true end
  if matter == "foreign" then return nil, why end
  local older, reason, other = checkpoint.read(path .. ".previous")
  if older then return older, ("%s; taken from %s.previous"):format(why, path), false end
  if matter == "absent" and other == "absent" then return nil end
  return nil, matter == "absent" and reason or other == "absent" and why or why .. "; " .. reason
end

--- Removes what writers that were killed have left half written.
function checkpoint.clean(path)
  local folder, name = path:match "^(.*/)([^/]*)$"
  local pattern = "^" .. (name or path):gsub("%p", "%%%0") .. "%.next%.%d+%-%d+%.tmp$"
  for _, other in ipairs(fs.list(folder or ".") or {}) do
    if other:find(pattern) then fs.remove((folder or "") .. other) end
  end
end

return checkpoint
