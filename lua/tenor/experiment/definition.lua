--- What an experiment is: a table of plain data, checked, with every default filled in.
--
-- A system's own settings come before the experiment's, and those before the recipe of its network.
local core = require("tenor.core").training
local json = require "tenor.json"
local optim = require "tenor.optim"
local options = require "tenor.options"
local recipes = require "tenor.experiment.recipes"
local tenor_text = require "tenor.text"

local definition = {}

local none = options.none

-- What both an experiment and a system may set.
local shared = {
  weights = none, optimizer = none, batch = none, epochs = none, patience = none, padding = none, standardize = none,
  options = none, length = none, tokenizer = none,
}

local function with(more)
  local all = {}
  for name, default in pairs(shared) do all[name] = default end
  for name, default in pairs(more) do all[name] = default end
  return all
end

local experiment_defaults = with {
  name = "experiment", corpus = none, features = {}, vectors = {}, systems = none, tasks = { "STL", "MTL" },
  patience = 10, padding = "pre", protocol = "paper", split = "auto", validation = 0.2, seeds = 20, threads = 1,
  results = "results",
}
local system_defaults = with { name = none, network = none, vectors = none, inputs = none }
local task_defaults = { name = none, labels = none }

local function fail(message, ...) error(message:format(...), 0) end

local function whole(where, v, least, most)
  if math.type(v) ~= "integer" or v < least or most and v > most then
    fail("%s must be a whole number from %d%s, got %s", where, least, most and (" to %d"):format(most) or "", tostring(v))
  end
end

local MOST <const> = 1000000

--- Refuses more runs than are ever done, before there is a list of them: it would fill the memory.
-- @param ... the numbers whose product they are; it may be larger than an integer
function definition.countable(where, ...)
  local runs = 1.0
  for _, n in ipairs { ... } do runs = runs * n end
  if runs > MOST then fail("%s: at most %d runs, these would be %.10g", where, MOST, runs) end
end

local function text(where, v)
  if type(v) ~= "string" or v == "" then fail("%s must be a string, got %s", where, type(v) == "string" and "''" or type(v)) end
end

local function one_of(where, v, names)
  for _, name in ipairs(names) do
    if v == name then return end
  end
  fail("%s must be %s, got '%s'", where, table.concat(names, " or "), tostring(v))
end

local function list(where, v)
  if type(v) ~= "table" or #v == 0 then fail("%s must be a list, got %s", where, type(v) == "table" and "none" or type(v)) end
end

-- Plain data only: what JSON can carry to another process.
local function plain(where, v)
  local ok, why = pcall(json.encode, v)
  if not ok then fail("%s must be plain data: %s", where, tostring(why):gsub("^.-json%.encode: ", "")) end
end

local function weights(where, v)
  if type(v) ~= "table" then fail("%s must be { alpha =, beta = }, got %s", where, type(v)) end
  local o = options.fill(where, v, { alpha = none, beta = none }, 0)
  for _, name in ipairs { "alpha", "beta" } do
    if type(o[name]) ~= "number" or not (o[name] >= 0 and o[name] <= 1) then
      fail("%s: %s must be a number from 0 to 1, got %s", where, name, tostring(o[name]))
    end
  end
  if o.alpha + o.beta > 1 + 1e-9 then
    fail("%s: alpha + beta must be at most 1, got %g and %g", where, o.alpha, o.beta)
  end
  return { alpha = o.alpha, beta = o.beta }
end

-- { name =, lr = ... } with every setting of the optimiser, defaults too; also of "Adam" and of optim.Adam().
local function optimizer(where, v)
  if type(v) == "string" then v = { name = v } end
  if type(v) == "table" and v.rule and v.settings then
    local given = { name = v.name }
    for name, value in pairs(v.settings) do given[name] = value end
    v = given
  end
  if type(v) ~= "table" then fail("%s must be { name = 'RMSprop', lr = ... }, got %s", where, type(v)) end
  local make = type(v.name) == "string" and v.name:match "^%u" and rawget(optim, v.name)
  if not make then
    local names = {}
    for name in pairs(optim) do
      if name:match "^%u" then names[#names + 1] = name end
    end
    table.sort(names)
    fail("%s: unknown optimizer '%s' (known: %s)", where, tostring(v.name), table.concat(names, ", "))
  end
  local given = {}
  for name, value in pairs(v) do
    if name ~= "name" then given[name] = value end
  end
  local ok, made = pcall(make, given)
  if not ok then fail("%s: %s", where, tostring(made):gsub("^[^:]*:%d+: ", "")) end
  local filled = { name = v.name }
  for name, value in pairs(made.settings) do filled[name] = value end
  return filled
end

local function check_shared(where, o)
  if o.weights ~= nil then o.weights = weights(where .. ": weights", o.weights) end
  if o.optimizer ~= nil then o.optimizer = optimizer(where .. ": optimizer", o.optimizer) end
  if o.batch ~= nil then whole(where .. ": batch", o.batch, 2) end
  if o.epochs ~= nil then whole(where .. ": epochs", o.epochs, 1) end
  if o.patience ~= nil then whole(where .. ": patience", o.patience, 0) end
  if o.length ~= nil then whole(where .. ": length", o.length, 1) end
  if o.padding ~= nil then one_of(where .. ": padding", o.padding, { "pre", "none" }) end
  if o.standardize ~= nil and type(o.standardize) ~= "boolean" then
    fail("%s: standardize must be true or false, got %s", where, tostring(o.standardize))
  end
  for _, name in ipairs { "options", "tokenizer" } do
    if o[name] ~= nil then
      if type(o[name]) ~= "table" then fail("%s: %s must be a table, got %s", where, name, type(o[name])) end
      plain(("%s: %s"):format(where, name), o[name])
    end
  end
  if o.tokenizer ~= nil then
    local ok, why = pcall(tenor_text.Tokenizer, o.tokenizer)
    if not ok then fail("%s: tokenizer: %s", where, tostring(why):gsub("^[^:]*:%d+: ", "")) end
  end
end

-- The file of a network of one's own, whose content counts as a setting.
local function network_file(where, network)
  local path = package.searchpath(network, package.path)
  if not path then fail("%s: network '%s' is neither acoustic, text or fusion nor a module on package.path", where, network) end
  return path
end

local kinds = { "glove", "fasttext", "word2vec", "bert", "npy" }
local vectors_defaults = {
  kind = none, path = none, -- and what the reader of the kind takes
  dimensions = none, member = none, case = none, list = none, vocabulary = none, tensor = none, lower = none,
}

-- `{ kind = "glove", path = FILE, ... }` of that, of "glove:FILE", and of a file's name where the kind is known.
local function vectors_source(where, given, kind)
  if type(given) == "string" then
    local named, path = given:match "^(%l[%w]*):(.+)$"
    given = named and { kind = named, path = path } or { path = given }
  end
  if type(given) ~= "table" then fail("%s must be a file or { path =, ... }, got %s", where, type(given)) end
  local o = options.fill(where, given, vectors_defaults, 0)
  o.kind = o.kind or kind
  one_of(where .. ": kind", o.kind, kinds)
  text(where .. ": path", o.path)
  if o.kind == "bert" and not o.vocabulary then fail("%s: vocabulary must name BERT's vocab.txt", where) end
  if o.kind == "npy" and not o.list then fail("%s: list must name the file of words, one a line", where) end
  plain(where, o)
  return o
end

local function vectors_of(call, given)
  if type(given) ~= "table" then fail("%s: vectors must be { glove = FILE, ... }, got %s", call, type(given)) end
  local sources = {}
  for name, one in pairs(given) do
    sources[name] = vectors_source(("%s: vectors.%s"):format(call, tostring(name)), one, name)
  end
  return sources
end

local function system(call, i, given, o)
  local where = ("%s: system %d"):format(call, i)
  if type(given) ~= "table" then fail("%s must be a table, got %s", where, type(given)) end
  local s = options.fill(where, given, system_defaults, 0)
  text(where .. ": network", s.network)
  if s.name == nil then s.name = s.network end
  text(where .. ": name", s.name)
  where = ("%s: system '%s'"):format(call, s.name)
  check_shared(where, s)
  local recipe = recipes.of(s.network)
  for name in pairs(shared) do
    if s[name] == nil then s[name] = o[name] end
    if s[name] == nil then s[name] = recipe[name] end
  end
  s.optimizer = optimizer(where, s.optimizer)
  if recipes.knows(s.network) then
    if s.inputs ~= nil then fail("%s: inputs are for networks of one's own; '%s' knows its own", where, s.network) end
    s.inputs = recipe.inputs
  else
    s.file = network_file(where, s.network)
    s.inputs = s.inputs or recipe.inputs
    list(where .. ": inputs", s.inputs)
    for _, name in ipairs(s.inputs) do one_of(where .. ": an input", name, { "features", "words" }) end
  end
  for _, name in ipairs(s.inputs) do s[name == "words" and "reads_words" or "reads_features"] = true end
  if s.vectors ~= nil then
    if not s.reads_words then fail("%s: vectors are given, but the network reads no words", where) end
    if o.vectors[s.vectors] then
      s.vectors = o.vectors[s.vectors]
    elseif type(s.vectors) == "string" and not s.vectors:find "^%l[%w]*:" then
      fail("%s: no vectors '%s' among the experiment's vectors; or give them as 'glove:FILE'", where, s.vectors)
    else
      s.vectors = vectors_source(where .. ": vectors", s.vectors)
    end
  end
  return s
end

local function seeds_of(call, given)
  if math.type(given) == "integer" then
    whole(call .. ": seeds", given, 1)
    definition.countable(call .. ": seeds", given)
    local all = {}
    for i = 1, given do all[i] = i end
    return all
  end
  if type(given) ~= "table" or #given == 0 then
    fail("%s: seeds must be a number of runs or a list of seeds, got %s", call,
      type(given) == "table" and "none" or tostring(given))
  end
  for i, seed in ipairs(given) do whole(("%s: seed %d"):format(call, i), seed, math.mininteger) end
  return table.move(given, 1, #given, 1, {})
end

local function task_of(call, i, given)
  if type(given) == "string" then
    one_of(("%s: task %d"):format(call, i), given, { "STL", "MTL" })
    return { name = given }
  end
  local where = ("%s: task %d"):format(call, i)
  if type(given) ~= "table" then fail("%s must be STL, MTL or { name =, labels = }, got %s", where, type(given)) end
  local t = options.fill(where, given, task_defaults, 0)
  text(where .. ": name", t.name)
  list(where .. ": labels", t.labels)
  for _, label in ipairs(t.labels) do one_of(where .. ": a label", label, { "valence", "arousal", "dominance" }) end
  return t
end

--- Checks an experiment's table and fills in what it leaves out. Systems wait until the corpus is known
-- where they are to be those of Table II (`systems` is nil then).
-- @raise with the place and what was expected, at the caller of the caller
function definition.check(call, given, level)
  local ok, result = pcall(function()
    local o = options.fill(call, given, experiment_defaults, 0)
    text(call .. ": name", o.name)
    if o.corpus == nil then fail("%s: corpus must be given: a manifest's path, or what tenor.corpus gives", call) end
    if type(o.features) ~= "string" and type(o.features) ~= "table" then
      fail("%s: features must be options of corpus:extract or a file's path, got %s", call, type(o.features))
    end
    text(call .. ": results", o.results)
    o.results = o.results:gsub("(.)/+$", "%1")
    check_shared(call, o)
    o.vectors = vectors_of(call, o.vectors)
    o.seeds = seeds_of(call, o.seeds)
    whole(call .. ": threads", o.threads, 1, core.most_threads)
    if type(o.split) == "table" then plain(call .. ": split", o.split) else text(call .. ": split", o.split) end
    o.protocols = type(o.protocol) == "table" and o.protocol or { o.protocol }
    list(call .. ": protocol", o.protocols)
    for _, name in ipairs(o.protocols) do one_of(call .. ": protocol", name, { "paper", "clean" }) end
    list(call .. ": tasks", o.tasks)
    local tasks = {}
    for i, task in ipairs(o.tasks) do tasks[i] = task_of(call, i, task) end
    o.tasks = tasks
    definition.countable(call, #o.seeds, #o.protocols, #tasks)
    if o.systems ~= nil then
      list(call .. ": systems", o.systems)
      definition.systems(call, o, o.systems)
    end
    return o
  end)
  if not ok then error(result, level) end
  return result
end

--- Sets an experiment's systems, each with all its settings.
function definition.systems(call, o, given)
  definition.countable(call, #o.seeds, #o.protocols, #o.tasks, #given)
  local systems, seen = {}, {}
  for i, one in ipairs(given) do
    systems[i] = system(call, i, one, o)
    local name = systems[i].name
    if seen[name] then fail("%s: two systems are named '%s'", call, name) end
    seen[name] = true
  end
  o.systems = systems
end

return definition
