--- One run: from its plan to its record. The same in whichever process.
local csv = require "tenor.csv"
local evaluation = require "tenor.evaluation"
local json = require "tenor.json"
local plans = require "tenor.experiment.plans"
local recipes = require "tenor.experiment.recipes"
local tenor = require "tenor"

local run = {}

local function versions()
  local uv = require "luv"
  local system = uv.os_uname()
  return {
    tenor = tenor._VERSION, real = tenor.real, lua = _VERSION, openblas = require("tenor.core").training.blas(),
    system = ("%s %s %s"):format(system.sysname, system.release, system.machine),
  }
end

local function machine()
  local uv = require "luv"
  local processors = uv.cpu_info() or {}
  return { host = uv.os_gethostname(), cpu = processors[1] and processors[1].model or "unknown",
    cores = uv.available_parallelism() }
end

-- The network with its first weights.
local function build(settings, set, vectors)
  local o = { outputs = settings.labels, seed = settings.seed, features = set.data.inputs.features }
  if settings.words then
    o.vocabulary, o.length = set.data.inputs.vocabulary, set.data.inputs.length
    o.padding, o.vectors = settings.padding, vectors
    if vectors then o.embedding = vectors:dimensions() end
  end
  for name, value in pairs(settings.options or {}) do o[name] = value end
  if recipes.knows(settings.network) then return tenor.networks[settings.network](o) end
  local make = require(settings.network)
  if type(make) ~= "function" then
    error(("network '%s': its module must return a function from options to a network, got %s"):format(settings.network,
      type(make)), 0)
  end
  return make(o)
end

local function optimizer(settings)
  local o = {}
  for name, value in pairs(settings.optimizer) do
    if name ~= "name" then o[name] = value end
  end
  return tenor.optim[settings.optimizer.name](o)
end

local function scores(part, set)
  local s = evaluation.evaluate(set.model, part)
  return { ccc = s.ccc, ccc_batch32 = s.ccc_batch32, rmse = s.rmse, mae = s.mae, n = s.size }, s.predictions
end

-- Gold and predicted labels on the corpus's own scale, a line an utterance.
local function predictions_text(set, parts)
  local labels, scale = set.data.labels, set.data.scale
  local header, speaker = { "id", "split", "speaker" }, {}
  for _, label in ipairs(labels) do
    header[#header + 1] = "gold_" .. label
    header[#header + 1] = "pred_" .. label
  end
  for _, u in ipairs(set.corpus.utterances) do speaker[u.id] = u.speaker end
  local lines, half = { csv.line(header, #header) }, (scale[2] - scale[1]) / 2
  local function on_scale(v) return ("%.9g"):format((v + 1) * half + scale[1]) end
  for _, name in ipairs { "validation", "test" } do
    local part, predicted = set.data[name], parts[name]:totable()
    local gold = part.y:totable()
    for i, id in ipairs(part.ids) do
      local values = { id, name, speaker[id] or false }
      for k in ipairs(labels) do
        values[#values + 1] = on_scale(gold[i][k])
        values[#values + 1] = on_scale(predicted[i][k])
      end
      lines[#lines + 1] = csv.line(values, #values)
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

local function history_of(history)
  local list = json.array {}
  for i, e in ipairs(history.epochs) do
    list[i] = { epoch = e.epoch, loss = e.loss, val_loss = e.val_loss, val_ccc = e.val_ccc }
  end
  return list
end

local function ccc_text(list)
  local parts = {}
  for i, v in ipairs(list) do parts[i] = ("%.3f"):format(v) end
  return table.concat(parts, " ")
end

-- The dataset of a plan, with all three parts.
local function dataset(plan, source)
  local set, why = source:dataset(plan.settings, plan.corpus)
  if not set then return nil, why end
  for _, name in ipairs { "validation", "test" } do
    if not set.data[name] then return nil, ("split '%s' leaves no utterance for %s"):format(set.data.split, name) end
  end
  return set
end

--- A message without the place where it arose: what a setting caused has its place in the settings.
function run.bare(message) return (message:gsub("^[^\n]-%.lua:%d+: ", "")) end

--- Whether runs can begin: of each system and protocol one dataset and one network are made, none is trained. So a split that the
-- corpus lacks or a misspelt option is told at once and not by every run.
-- @return true, or nil and a message
function run.check(list, source)
  local seen = {}
  for _, plan in ipairs(list) do
    local kind = plan.name .. "\0" .. plan.protocol
    if not seen[kind] then
      seen[kind] = true
      local fine, set, why = pcall(dataset, plan, source)
      -- what one's own network does is done in a worker, which may die of it
      if fine and set and recipes.knows(plan.settings.network) then
        fine, why = pcall(build, plan.settings, set)
        if not fine then set = why end
      end
      if not fine then why = run.bare(tostring(set)) end
      if not fine or not set then return nil, ("system '%s': %s"):format(plan.name, why) end
    end
  end
  return true
end

--- Trains and scores a run and keeps its record.
-- @param plan one of `plans.of`
-- @param store the results folder
-- @param source what `data.source` gives: the runs of a process share it
-- @tparam[opt] table hooks `on_epoch(entry)` after each epoch, `on_batch()` after each step; what they raise ends the run
-- @return the record, or nil and a message; training that fails raises
function run.execute(plan, store, source, hooks)
  hooks = hooks or {}
  local settings, started, begun = plan.settings, os.date "!%Y-%m-%dT%H:%M:%SZ", require "luv".hrtime()
  local m = machine()
  store:say(plan.key, ("%s %s, process %d on %s\n"):format(started, plans.title(plan), require "luv".os_getpid(), m.host))
  local set, why = dataset(plan, source)
  if not set then return nil, why end
  local vectors
  if plan.vectors then
    vectors, why = source:vectors(plan.vectors, set.data.words)
    if not vectors then return nil, why end
  end
  local before <const> = tenor.threads()
  local _ <close> = setmetatable({}, { __close = function() tenor.threads(before) end })
  tenor.threads(settings.threads)
  local model = build(settings, set, vectors)
  local history = tenor.fit(model, set.data, {
    loss = tenor.loss.ccc { weights = settings.weights }, optimizer = optimizer(settings), batch = settings.batch,
    epochs = settings.epochs, patience = settings.patience, seed = settings.seed, progress = "silent",
    callbacks = { {
      on_batch_end = function() if hooks.on_batch then hooks.on_batch() end end,
      on_epoch_end = function(info)
        local e = info.entry
        store:say(plan.key, ("epoch %d  loss %.4f  val %.4f  ccc %s\n"):format(e.epoch, e.loss, e.val_loss, ccc_text(e.val_ccc)))
        if hooks.on_epoch then hooks.on_epoch(e) end
      end,
    } },
  })
  local record, parts = {
    key = plan.key, name = plan.name, task = plan.task, seed = plan.seed, labels = settings.labels, settings = settings,
    protocol = settings.protocol, split = set.data.split, weights = plan.weights, epochs = #history,
    best_epoch = history.best_epoch, stopped = history.stopped, history = history_of(history),
    predictions = ("predictions/%s.csv"):format(plan.key), versions = versions(), machine = m, started = started,
  }, {}
  local with = { model = model, data = set.data, corpus = set.corpus }
  record.validation, parts.validation = scores(set.data.validation, with)
  record.test, parts.test = scores(set.data.test, with)
  local ok, reason = require "tenor.fs".write(store:path(record.predictions), predictions_text(with, parts))
  if not ok then return nil, reason end
  record.seconds = (require "luv".hrtime() - begun) * 1e-9
  ok, reason = store:write(record)
  if not ok then return nil, reason end
  store:say(plan.key, ("done in %.1f s: %s; test ccc %s\n"):format(record.seconds, record.stopped, ccc_text(record.test.ccc)))
  return record
end

return run
