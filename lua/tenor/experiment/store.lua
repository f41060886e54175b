--- The results folder: one file a run, which is there whole or not at all.
--
--     experiment.json             the experiment last run here
--     runs/KEY.json               a finished run, one line
--     predictions/KEY.csv         what it predicted for validation and test
--     logs/KEY.log                its epochs, and whatever it or its process said
--     runs.jsonl                  the experiment's runs in order, collected
--     data/                       the corpus, the features, and what files hash to
--
-- A run's record is written after its predictions: where the record is, the run is finished.
local fs = require "tenor.fs"
local json = require "tenor.json"
local quoted = require "tenor.quoted"

local Store = {}
Store.__index = Store

local STALE = 3600 -- seconds after which a temporary file is one that a killed process left

--- A results folder. Nothing is made: whoever writes calls `make` first.
function Store.open(folder) return setmetatable({ folder = folder }, Store) end

--- Makes its folders where they are missing.
-- @return true, or nil and a message
function Store:make()
  for _, name in ipairs { "runs", "predictions", "logs", "data" } do
    local ok, why = fs.make_folder(self:path(name))
    if not ok then return nil, why end
  end
  return true
end

function Store:path(name) return self.folder .. "/" .. name end
function Store:log(key) return self:path(("logs/%s.log"):format(key)) end

-- nil stands for what is no number, on the way out and back
local function numbers(list)
  local out = json.array {}
  for i, v in ipairs(list) do out[i] = v == v and v or json.null end
  return out
end

local function reals(list)
  for i, v in ipairs(list) do
    if v == json.null then list[i] = 0 / 0 end
  end
end

local measures = { "ccc", "ccc_batch32", "rmse", "mae" }

local function each_list(record, f)
  for _, part in ipairs { "validation", "test" } do
    for _, name in ipairs(measures) do
      if record[part] and record[part][name] then record[part][name] = f(record[part][name]) or record[part][name] end
    end
  end
  for _, entry in ipairs(record.history) do
    if entry.val_ccc then entry.val_ccc = f(entry.val_ccc) or entry.val_ccc end
  end
end

--- A record as one line of JSON; what is no number becomes null.
function Store.line(record)
  local copy = {}
  for name, value in pairs(record) do copy[name] = value end
  for _, part in ipairs { "validation", "test" } do
    copy[part] = {}
    for name, value in pairs(record[part]) do copy[part][name] = value end
  end
  copy.history = json.array {}
  for i, entry in ipairs(record.history) do
    copy.history[i] = {}
    for name, value in pairs(entry) do copy.history[i][name] = value end
  end
  each_list(copy, numbers)
  return json.encode(copy)
end

-- What is wrong with a decoded record, or nil.
local function flaw(record, key)
  if type(record) ~= "table" then return "not a run's record" end
  if record.key ~= key then return ("the record of another run, %s"):format(quoted(record.key)) end
  for _, name in ipairs { "settings", "history", "labels", "validation", "test" } do
    if type(record[name]) ~= "table" then return ("it has no %s"):format(name) end
  end
  if type(record.predictions) ~= "string" then return "it names no predictions" end
  for _, entry in ipairs(record.history) do
    if type(entry) ~= "table" or entry.val_ccc ~= nil and type(entry.val_ccc) ~= "table" then return "its history is none" end
  end
  for _, part in ipairs { "validation", "test" } do
    for _, name in ipairs(measures) do
      if type(record[part][name]) ~= "table" or #record[part][name] ~= #record.labels then
        return ("its %s has no %s"):format(part, name)
      end
    end
  end
end

--- A finished run's record, with NaN where a score is none.
-- @return the record; or nil; or nil and why a file that is there does not count
function Store:read(key)
  local path = self:path(("runs/%s.json"):format(key))
  local bytes, why = fs.read(path)
  if not bytes then
    if not fs.stat(path) then return nil end
    return nil, why
  end
  local record, reason = json.decode(bytes)
  reason = record == nil and reason or flaw(record, key)
  if reason then return nil, ("%s: %s"):format(path, reason) end
  if not fs.is_file(self:path(record.predictions)) then
    return nil, ("%s: its predictions are missing: %s"):format(path, quoted(record.predictions))
  end
  each_list(record, reals)
  return record
end

--- Whether a run is finished; of a damaged file, false and what is wrong with it.
function Store:finished(key)
  local record, why = self:read(key)
  return record ~= nil, why
end

--- Writes a finished run's record.
function Store:write(record)
  return fs.write(self:path(("runs/%s.json"):format(record.key)), Store.line(record) .. "\n")
end

--- Writes the records of an experiment together, one a line.
function Store:collect(records)
  local lines = {}
  for i, record in ipairs(records) do lines[i] = Store.line(record) .. "\n" end
  return fs.write(self:path "runs.jsonl", table.concat(lines))
end

--- Adds to a run's log; a log that cannot be written costs nobody the run.
function Store:say(key, text) fs.append(self:log(key), text) end

--- The end of a run's log: its last lines.
function Store:tail(key, lines)
  local text, list = fs.read(self:log(key)) or "", {}
  for line in text:gmatch "[^\n]+" do list[#list + 1] = line end
  return table.concat(list, "\n", math.max(1, #list - lines + 1))
end

--- Removes the temporary files of processes that were killed while writing.
function Store:sweep()
  local now = os.time()
  for _, name in ipairs { "runs", "predictions", "data" } do
    for _, file in ipairs(fs.list(self:path(name)) or {}) do
      local path = self:path(name .. "/" .. file)
      local stat = file:find "%.tmp" and fs.stat(path)
      if stat and now - stat.mtime > STALE then fs.remove(path) end
    end
  end
end

return Store
