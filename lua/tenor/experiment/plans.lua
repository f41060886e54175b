--- The runs of an experiment, in order, each with all that decides its numbers and the key made of it.
--
-- A key is the hash of the settings: contents of files and not their paths, nothing of names, workers or machines.
local core = require "tenor.core"
local json = require "tenor.json"

local plans = {}

-- Raised when the same settings come to mean another training; keys made before then name no run of today.
local MEANING = 1

-- 1 and 1.0 are one number and must be one text.
local function canonical(v)
  if type(v) == "table" then
    local copy = setmetatable({}, getmetatable(v))
    for key, value in pairs(v) do copy[key] = canonical(value) end
    return copy
  end
  return math.type(v) == "float" and math.tointeger(v) or v
end

--- The key of settings.
function plans.key(settings) return core.hash.bytes(json.encode(canonical(settings))) end

-- Tenths must be tenths: 1 - 0.7 - 0.2 is not 0.1.
local function rounded(x) return math.floor(x * 1e12 + 0.5) / 1e12 end

--- Equation 4's weights for the labels that are learnt: alpha, beta, 1 - alpha - beta; where a label is
-- missing, those of the others, divided by their sum; where these are all 0, equal ones. One label weighs 1.
function plans.weights(given, labels)
  local of = { valence = given.alpha, arousal = given.beta,
    dominance = math.max(0, rounded(1 - given.alpha - given.beta)) }
  local list, sum = {}, 0
  for i, label in ipairs(labels) do
    list[i] = of[label]
    sum = sum + of[label]
  end
  if #labels == 3 then return list end
  for i in ipairs(list) do list[i] = sum > 0 and rounded(list[i] / sum) or 1 / #labels end
  return list
end

local function settings_of(made, system, task, protocol, seed)
  return {
    meaning = MEANING, real = made.real, corpus = made.corpus.hash,
    scale = made.corpus.scale, features = system.reads_features and made.features.hash or nil,
    words = system.reads_words or false,
    network = system.network, network_content = system.file_hash, options = system.options,
    vectors = system.vectors_content, tokenizer = system.reads_words and system.tokenizer or nil,
    labels = task.labels, weights = plans.weights(system.weights, task.labels), optimizer = system.optimizer,
    batch = system.batch, epochs = system.epochs, patience = system.patience,
    padding = system.reads_words and system.padding or nil, length = system.reads_words and system.length or nil,
    standardize = system.reads_features and system.standardize or false,
    protocol = protocol, split = made.split, validation = made.validation, threads = made.threads, seed = seed,
  }
end

--- All runs of a prepared experiment: by protocol, system, task and seed.
-- @return list of `{ key, name, task, seed, protocol, weights, settings, corpus, vectors }`
function plans.of(made)
  local list = {}
  for _, protocol in ipairs(made.protocols) do
    for _, system in ipairs(made.systems) do
      for _, task in ipairs(made.tasks) do
        for _, seed in ipairs(made.seeds) do
          local settings = settings_of(made, system, task, protocol, seed)
          list[#list + 1] = {
            key = plans.key(settings), name = system.name, task = task.name, seed = seed, protocol = protocol,
            weights = #task.labels > 1 and system.weights or nil, settings = settings, corpus = made.corpus,
            vectors = system.vectors,
          }
        end
      end
    end
  end
  return list
end

--- A run in words: "HSF+WE MTL seed 3", with the protocol where it is not the paper's.
function plans.title(plan)
  return ("%s %s seed %d%s"):format(plan.name, plan.task, plan.seed, plan.protocol == "clean" and ", clean" or "")
end

return plans
