-- What makes a run of training the one that it is, as texts: two runs whose texts agree go the same way, step
-- by step. Arrays are told by their hashes. The number of epochs is not part of it: more of them go on.
local hash = require "tenor.core".hash
local mend = require "tenor.strays"
local quoted = require "tenor.quoted"
local real = require "tenor.core".real

local function sorted(names)
  table.sort(names)
  return names
end

-- Numbers, strings and booleans, also in tables within; all else is passed over.
local function describe(value)
  local kind = type(value)
  if kind == "number" then return math.type(value) == "integer" and tostring(value) or ("%.17g"):format(value) end
  if kind == "string" then return ("%q"):format((mend(value))) end -- JSON keeps these texts
  if kind == "boolean" then return tostring(value) end
  if kind ~= "table" then return nil end
  local items, names = {}, {}
  for i, item in ipairs(value) do items[i] = describe(item) or "?" end
  for name in pairs(value) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  for _, name in ipairs(sorted(names)) do
    local text = describe(value[name])
    if text then items[#items + 1] = name .. " = " .. text end
  end
  return "{ " .. table.concat(items, ", ") .. " }"
end

local function network(model)
  local lines = {}
  model:walk(function(path, module)
    local made = {}
    for _, name in ipairs(module.made or {}) do
      if name ~= "list" and name ~= "weights" then made[name] = module[name] end
    end
    lines[#lines + 1] = ("%s %s %s"):format(path, module.class, describe(made))
  end)
  for _, list in ipairs { model:parameters(), model:buffers() } do
    for _, p in ipairs(list) do
      lines[#lines + 1] = ("%s %s (%s)"):format(p.name, p.value:dtype(), table.concat(p.value:shape(), ", "))
    end
  end
  return hash.bytes(table.concat(lines, "\n"))
end

local identity = {}

--- The hash of a table name → tensor.
function identity.tensors(tensors)
  local names, texts = {}, {}
  for name in pairs(tensors) do names[#names + 1] = name end
  for i, name in ipairs(sorted(names)) do texts[i] = name .. "\0" .. hash.tensor(tensors[name]) end
  return hash.bytes(table.concat(texts, "\n"))
end

local function part(given)
  if not given then return "none" end
  local texts = {}
  for i, x in ipairs(type(given.x) == "table" and given.x or { given.x }) do texts[i] = hash.tensor(x) end
  texts[#texts + 1] = hash.tensor(given.y)
  return hash.bytes(table.concat(texts, "\n"))
end

-- In the order in which they are compared, and what is said of them: of hashes only that they differ.
identity.items = {
  { "real", "the scalar" }, { "network", "the network is another", true }, { "train", "the training data are others", true },
  { "validation", "the validation data are others", true }, { "loss", "loss" }, { "optimizer", "optimizer" }, { "batch", "batch" },
  { "shuffle", "shuffle" }, { "seed", "seed" }, { "patience", "patience" }, { "restore_best", "restore_best" },
  { "weights", "the model begins with other weights", true },
}

--- The texts of a run that is about to begin.
function identity.of(model, data, o)
  return {
    real = real, network = network(model), train = part(data.train), validation = part(data.validation),
    loss = describe(o.loss), optimizer = ("%s %s"):format(o.optimizer.name or "", describe(o.optimizer.settings or {})),
    batch = tostring(o.batch), shuffle = tostring(o.shuffle), seed = tostring(o.seed), patience = tostring(o.patience),
    restore_best = tostring(o.restore_best), weights = identity.tensors(model:snapshot()),
  }
end

-- A text of a file, from where it differs from ours: no more of it is shown than a message may.
local function excerpt(was, is)
  was = tostring(was)
  local from = 1
  while from <= #was and was:byte(from) == is:byte(from) do from = from + 1 end
  while from > 1 and was:byte(from) ~= 32 do from = from - 1 end -- whole words
  return (#was > 80 and from > 1 and "..." or "") .. quoted(#was > 80 and was:sub(from) or was):sub(2, -2)
end

--- How two runs differ, in words; nil where they do not.
-- @param before, now texts from `of`
-- @param accepted hashes of weights that will do as well as the first ones
function identity.differs(before, now, accepted)
  local found = {}
  for _, item in ipairs(identity.items) do
    local name, title, hashed = table.unpack(item)
    local was, is = before[name], now[name]
    if was ~= is and not (name == "weights" and accepted[is]) then
      found[#found + 1] = hashed and title
        or ("%s is %s, was %s"):format(title, is, excerpt(was, is))
    end
  end
  return #found > 0 and table.concat(found, "; ") or nil
end

return identity
