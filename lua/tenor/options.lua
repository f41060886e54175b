--- Option tables: defaults in one place, misspelt names refused with a suggestion.
local quoted = require "tenor.quoted"

local options = {}

-- Levenshtein distance; names are short, so the plain table will do. More than `most` is as good as infinite.
local function distance(a, b, most)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal, least, letter = row[0], i, a:byte(i)
    row[0] = i
    for j = 1, #b do
      local best = letter == b:byte(j) and diagonal or diagonal + 1
      local left, above = row[j - 1], row[j]
      if left < best then best = left + 1 end
      if above < best then best = above + 1 end
      diagonal, row[j] = above, best
      if best < least then least = best end
    end
    if least > most then return math.huge end
  end
  return row[#b]
end

--- The name in `names` (an array) closest to `name`, or nil when none is close. One that
-- begins the other is: "batch_size" meant "batch".
function options.closest(name, names)
  local best, best_distance
  name = tostring(name):lower() -- whoever writes Lstm means LSTM
  for _, candidate in ipairs(names) do
    local known = candidate:lower()
    local most, shorter, d = math.max(1, #known // 3), math.min(#name, #known), math.huge
    if shorter >= 4 and name:sub(1, shorter) == known:sub(1, shorter) then
      d = name == known and 0 or 1
    elseif math.abs(#name - #known) <= most then -- which the distance is at least
      d = distance(name, known, most)
    end
    if d <= most and d < #name and (not best or d < best_distance) then
      best, best_distance = candidate, d
    end
  end
  return best
end

--- Checks the option table of a public call and fills in defaults.
-- `defaults` maps every known option to its default; an option without a
-- default is listed as `options.none`.
-- Raises `call: unknown option 'windows' (did you mean 'window'?)`.
-- @param call the public name of the function, for messages
-- @param given the caller's table, or nil
-- @param defaults name → default
-- @param[opt=3] level where the error points, as in `error`
-- @return a new table
function options.fill(call, given, defaults, level)
  level = level or 3
  if given == options.probe then error(setmetatable({ call = call, defaults = defaults }, options.probe), 0) end
  if given ~= nil and type(given) ~= "table" then
    error(("%s: options must be a table, got %s"):format(call, type(given)), level)
  end
  local filled = {}
  for name, default in pairs(defaults) do
    if default ~= options.none then filled[name] = default end
  end
  for name, value in pairs(given or {}) do
    if defaults[name] == nil then
      local names = {}
      for known in pairs(defaults) do names[#names + 1] = known end
      table.sort(names)
      local close = options.closest(name, names)
      local hint = close and ("did you mean '%s'?"):format(close) or #names == 0 and "there are none"
        or "options: " .. table.concat(names, ", ")
      error(("%s: unknown option %s (%s)"):format(call, quoted(name), hint), level)
    end
    filled[name] = value
  end
  return filled
end

--- Stands for the option table of a call whose options are asked for: @{options.of} gives it.
options.probe = { __tostring = function(self) return self.call .. " was asked for its options" end }

--- The options that a public function knows, without running it: `options.of(tenor.fit, model, data)`.
-- The arguments before the option table need to be such as the function takes, where it looks at them first.
-- @param f the function
-- @param ... the arguments before its option table
-- @return the function's own table name → default (do not change it), `options.none` where there is none; or nil
-- and what f said instead
function options.of(f, ...)
  local arguments = table.pack(...)
  arguments[arguments.n + 1] = options.probe
  local _, answer = pcall(f, table.unpack(arguments, 1, arguments.n + 1))
  if getmetatable(answer) == options.probe then return answer.defaults end
  return nil, tostring(answer)
end

--- Marks an option that has no default.
options.none = setmetatable({}, { __tostring = function() return "none" end })

return options
