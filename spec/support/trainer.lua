--- The run of spec/support/training in a process of its own, to be killed or told to end.
--
--     lua5.4 trainer.lua CHECKPOINT WIDTH
--
-- A line "batch" after each batch; at the end one "outcome ..." with all that the run came to.
local training = require "spec.support.training"
local tenor = require "tenor"

local path, width = arg[1], tonumber(arg[2])

local function text(value)
  if type(value) ~= "table" then return tostring(value) end
  local items = {}
  for i, item in ipairs(value) do items[i] = text(item) end
  return "{" .. table.concat(items, ",") .. "}"
end

local model = training.model(3, width)
local o = training.options { checkpoint = path ~= "" and path or nil, every = path ~= "" and { batches = 1 } or nil, epochs = 6,
  callbacks = { { on_batch_end = function() io.write "batch\n" io.flush() end } } }
local history = tenor.fit(model, training.data(), o)
print("outcome " .. text(training.outcome(model, o.optimizer, history)))
