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

local function is_whole(v) return math.type(v) == "integer" and v >= 0 and v < 2 ^ 53 end
local function is_number(v) return type(v) == "number" end
local function is_loss(v) return is_number(v) and v == v end -- of validation: it may overflow
local function is_finite(v) return is_number(v) and v - v == 0 end
local function is_string(v) return type(v) == "string" end
local function is_table(v) return type(v) == "table" end
local function maybe(is) return function(v) return v == nil or is(v) end end

-- Without other names: what is appended to it must leave it a list.
local function list_of(is)
  return function(v)
    if not is_table(v) then return false end
    local n = 0
    for _, item in pairs(v) do
      if not is(item) then return false end
      n = n + 1
    end
    return n == #v
  end
end

local function is_entry(v)
  return is_table(v) and is_whole(v.epoch) and is_finite(v.loss) and maybe(is_loss)(v.val_loss)
    and maybe(list_of(is_number))(v.val_ccc) and (v.val_ccc == nil) == (v.val_loss == nil) and maybe(is_finite)(v.seconds)
end
local function is_place(v) return is_table(v) and is_whole(v.epoch) and is_whole(v.batch) end

-- What a state that says of itself that it is one must have, and what of.
local forms = {
  { nil, identity = is_table, position = is_table, history = is_table, optimizer = is_table, shuffler = is_string,
    dropout = is_string, version = maybe(is_string) },
  { "position", epoch = is_whole, batch = is_whole, sum = is_finite, seen = is_whole, seconds = is_finite, since = is_whole },
  { "history", epochs = list_of(is_entry), resumed = list_of(is_place), notes = list_of(is_string),
    best_epoch = maybe(is_whole), best_val_loss = maybe(is_loss), stopped = maybe(is_string) },
  { "optimizer", steps = is_whole, product = maybe(is_finite), settings = maybe(is_table) },
}

-- Whether what a state says of one thing agrees with what it says of another.
local function check_sense(state)
  local position, history = state.position, state.history
  local epochs, best = history.epochs, history.best_epoch
  assert(#epochs == position.epoch - 1)
  for i, entry in ipairs(epochs) do assert(entry.epoch == i) end
  assert(position.batch == 0 and position.sum == 0 and position.seen == 0 or position.batch > 0 and not history.stopped)
  assert(position.since == #epochs - (best or 0))
  assert((best ~= nil) == (epochs[1] ~= nil and epochs[1].val_loss ~= nil) and (best ~= nil) == (history.best_val_loss ~= nil))
  assert(not best or epochs[best])
end

local function check_form(state)
  assert(is_table(state))
  for _, form in ipairs(forms) do
    local where = form[1] and state[form[1]] or state
    for name, is in pairs(form) do assert(name == 1 or is(where[name])) end
  end
  for _, text in pairs(state.identity) do assert(is_string(text)) end
  check_sense(state)
  return state
end

local function layout(tensors)
  local lines = {}
  for name, t in pairs(tensors) do
    lines[#lines + 1] = ("%s %s (%s)"):format(name, t:dtype(), table.concat(t:shape(), ", "))
  end
  table.sort(lines)
  return table.concat(lines, "\n")
end

local function check_tensors(state)
  assert((state.best ~= nil) == (state.history.best_epoch ~= nil))
  assert(not state.best or layout(state.best) == layout(state.model))
  for _, list in pairs(state.optimizer.moments) do assert(list_of(type)(list)) end
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
  check_tensors(state)
  return state
end

-- Weights that are no numbers would be gone on with up to the loss. (Moments of an optimiser may overflow: it looks at its own.)
local function not_finite(tensors)
  local first
  for name, t in pairs(tensors) do
    if not name:find "^optimizer%." and not t:isfinite() and not (first and first < name) then first = name end
  end
  return first
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
-- @tparam[opt] function fault what else is wrong with a state, in words, or nil: who knows the run knows more
-- @return the state; or nil, a message, and what is the matter: "absent", "damaged" or "foreign"
function checkpoint.read(path, fault)
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
  local name = not_finite(tensors)
  if name then return nil, ("%s: %s is not finite"):format(path, quoted(name)), "damaged" end
  local what = fault and fault(state)
  if what then return nil, ("%s: its state is none that this run comes to: %s"):format(path, what), "damaged" end
  return state
end

--- The newest state that is whole.
-- @param fault see `read`
-- @return the state and, where it is not the newest, a note; nil and nothing where there is none; nil and a message where
-- there are files of that name and none of them is whole
-- @return the third: whether the file at `path` itself is whole
function checkpoint.find(path, fault)
  local state, why, matter = checkpoint.read(path, fault)
  if state then return state, nil, true end
  if matter == "foreign" then return nil, why end
  local older, reason, other = checkpoint.read(path .. ".previous", fault)
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
