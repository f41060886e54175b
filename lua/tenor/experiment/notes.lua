--- What a reader must know before the figures: what is left out, and what is learnt otherwise than in the paper.
local plans = require "tenor.experiment.plans"

local function joined(list) return table.concat(list, ", ") end

-- Equation 4 has three labels; with fewer, MTL's weights are shared out anew.
local function weights_of(made, add)
  for _, task in ipairs(made.tasks) do
    for _, system in ipairs(#task.labels == 2 and made.systems or {}) do
      local parts = {}
      for i, w in ipairs(plans.weights(system.weights, task.labels)) do parts[i] = ("%.3g"):format(w) end
      add(("%s %s learns %s alone, with the weights %s: those of alpha = %g, beta = %g divided by their sum"):format(system.name,
        task.name, joined(task.labels), joined(parts), system.weights.alpha, system.weights.beta))
    end
  end
end

local SOME <const> = 10 -- lines a kind

--- @return the notes of a prepared experiment, one a line; "" where there is nothing to tell
return function(made, failures, more)
  local lines = {}
  local function add(line) lines[#lines + 1] = line end
  for _, one in ipairs(made.left_out) do add(("left out: %s, %s"):format(one.name, one.reason)) end
  for i, failure in ipairs(failures) do
    if i > SOME then
      add(("left out: %d more utterances without features"):format(#failures - SOME))
      break
    end
    add(("left out: %s, %s"):format(failure.id, failure.reason))
  end
  for _, note in ipairs(more) do add(note) end
  weights_of(made, add)
  return table.concat(lines, "\n")
end
