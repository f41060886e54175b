--- A corpus from an .npz that has its features (features/archive).
local archive = require "tenor.features.archive"
local checked = require "tenor.checked"
local data = require "tenor.data"
local named = require "tenor.named"
local numbers = require "tenor.corpus.numbers"
local options = require "tenor.options"
local quoted = require "tenor.quoted"
local tensor = require "tenor.tensor"
local trim = require "tenor.trim"

local Tensor = getmetatable(tensor.zeros(1))
local known = { valence = true, arousal = true, dominance = true }

local function label_names(path, members, o, columns)
  local names, why = o.label_names, nil
  if not names then names, why = archive.strings(path, members, "label_names", nil, false) end
  if why then return nil, why end
  if not names then
    return nil, ("%s: nothing names the %d columns of '%s'; give { label_names = { … } }"):format(path, columns, o.labels)
  end
  if #names ~= columns then
    return nil, ("%s: '%s' has %d columns, there are %d label names"):format(path, o.labels, columns, #names)
  end
  local seen = {}
  for i, name in ipairs(names) do
    if not known[name] then
      return nil, ("%s: unknown label %s (known: valence, arousal, dominance)"):format(path, quoted(name))
    end
    if seen[name] then return nil, ("%s: '%s': columns %d and %d are both %s"):format(path, o.labels, seen[name], i, name) end
    seen[name] = i
  end
  return names
end

local function set_labels(path, members, o, list, scale)
  if not members[o.labels] and o.labels == "labels" then return true end
  local rows, why = archive.numbers(path, members, o.labels)
  if not rows then return nil, why end
  if #rows ~= #list then
    return nil, ("%s: '%s' has %d rows, the features have %d"):format(path, o.labels, #rows, #list)
  end
  local names
  names, why = label_names(path, members, o, rows:size(2))
  if not names then return nil, why end
  for i, u in ipairs(list) do
    for j, value in ipairs(rows[i]:totable()) do
      if value == math.huge or value == -math.huge then
        return nil, ("%s: '%s': row %d (%s), column %d is %s"):format(path, o.labels, i, named { u.id }, j, tostring(value))
      end
      if value == value then numbers.set_label(u, names[j], value, scale) end -- NaN: missing
    end
  end
  return true
end

local function scale_of(path, members, o)
  if o.scale then return o.scale end
  if not members.scale then return { 1, 5 } end
  local values = members.scale
  if getmetatable(values) ~= Tensor or values:rank() ~= 1 or values:size() ~= 2 then
    return nil, ("%s: 'scale' must be { low, high } with low below high"):format(path)
  end
  local scale, why = checked(data._check_scale, "corpus.npz", values:totable())
  if not scale then return nil, ("%s: 'scale' %s"):format(path, why:match " scale (.*)") end
  return scale
end

-- Reads the archive.
-- @return list of utterances, the scale, Features; or nil and a message
local function read(path, o)
  local members, why = archive.members(path, {
    o.features, o.ids, o.names, o.labels, o.wav, o.text, o.session, o.speaker, o.split, "label_names", "scale",
  })
  if not members then return nil, why end
  local features, scale, ok
  features, why = archive.features(path, members, o)
  if not features then return nil, why end
  scale, why = scale_of(path, members, o)
  if not scale then return nil, why end
  local list = {}
  for i, id in ipairs(features.ids) do list[i] = { id = id } end
  for _, name in ipairs { "wav", "text", "session", "speaker", "split" } do
    local strings
    strings, why = archive.strings(path, members, o[name], #list, o[name] ~= name)
    if why then return nil, why end
    for i, s in ipairs(strings or {}) do
      if s ~= "" then list[i][name] = s end
    end
  end
  for _, u in ipairs(list) do u.text = u.text and trim(u.text) end
  ok, why = set_labels(path, members, o, list, scale)
  if not ok then return nil, why end
  return list, scale, features
end

local defaults = {
  features = "features", ids = "ids", names = "names", labels = "labels", wav = "wav", text = "text",
  session = "session", speaker = "speaker", split = "split", label_names = options.none, scale = options.none, order = "id",
}

local function check(call, path, given)
  local o = options.fill(call, given, defaults, 4)
  if type(path) ~= "string" or not path:lower():find "%.npz$" then
    error(("%s: path must be a string that ends in .npz, got %s"):format(call, tostring(path)), 3)
  end
  for name, default in pairs(defaults) do
    if default ~= options.none and type(o[name]) ~= "string" then
      error(("%s: %s must be a string, got %s"):format(call, name, type(o[name])), 3)
    end
  end
  if o.order ~= "id" and o.order ~= "file" then
    error(("%s: order must be 'id' or 'file', got '%s'"):format(call, o.order), 3)
  end
  if o.label_names ~= nil and type(o.label_names) ~= "table" then
    error(("%s: label_names must be a list of names, got %s"):format(call, type(o.label_names)), 3)
  end
  return o
end

return function(corpus, path, given)
  local o = check("corpus.npz", path, given)
  if o.scale then data._check_scale("corpus.npz", o.scale) end
  local utterances, scale, features = read(path, o)
  if not utterances then return nil, scale end
  local self = corpus.new { name = path:match "[^/]+$", utterances = utterances, scale = scale,
    source = { kind = "npz", path = path, options = given or {} } }
  self.at_hand = { features = features, name = path }
  return o.order == "id" and self:sorted() or self
end
