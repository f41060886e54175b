--- Cuts training short, so that what pages tell people to type can be typed by a test: `lua5.4 -l spec.support.short PROGRAM`.
--
-- `tenor.fit` does two epochs in silence, an experiment has two seeds and two epochs at most, and a program of this list
-- is given these options in place of its own.
local probe = require "tenor.options".probe -- stands for options that are asked for
local tenor = require "tenor"

local few = { epochs = "2" }
local runs = { epochs = "2", seeds = "1" }
local points = { epochs = "2", seeds = "1", step = "0.5" }
local programs = {
  ["tenor train"] = few, ["tenor table2"] = runs, ["tenor search"] = points,
  ["fusion.lua"] = few, ["acoustic.lua"] = runs, ["text.lua"] = runs, ["table2.lua"] = runs, ["alpha_beta.lua"] = points,
}

-- The words of a command line with these options and their one value each instead of those given.
local function shortened(words, options)
  local list, i = {}, 1
  while i <= #words do
    if options[words[i]:match "^%-%-(%l+)$"] then
      i = i + 1
    else
      list[#list + 1] = words[i]
    end
    i = i + 1
  end
  for name, value in pairs(options) do table.move({ "--" .. name, value }, 1, 2, #list + 1, list) end
  return list
end

tenor.threads(1) -- threads that wait for one another at each step are slow where a test shares the processor

local fit = tenor.fit
function tenor.fit(model, data, options)
  if type(options) == "table" and options ~= probe then
    options.epochs, options.progress = math.min(options.epochs or 2, 2), "silent"
  end
  return fit(model, data, options)
end

-- A copy of a table of options, with two at most of what these names count.
local function two(options, ...)
  local copy = {}
  for key, value in pairs(options) do copy[key] = value end
  for _, name in ipairs { ... } do copy[name] = type(copy[name]) == "number" and math.min(copy[name], 2) or copy[name] or 2 end
  return copy
end

local experiment = tenor.experiment
local new = experiment.new
function experiment.new(definition)
  if definition == probe then return new(definition) end
  local o = two(definition, "epochs", "seeds")
  o.systems = o.systems and {}
  for i, system in ipairs(definition.systems or {}) do o.systems[i] = two(system, "epochs") end
  return new(o)
end

local line = arg or {}
local program = line[0] and line[0]:match "[^/]*$"
if program == "tenor" then program = "tenor " .. (line[1] or "") end
if programs[program] then
  local words = shortened(line, programs[program])
  for i = 1, math.max(#line, #words) do line[i] = words[i] end
end
