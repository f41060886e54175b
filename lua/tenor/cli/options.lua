--- Options of commands, described once: name, kind, default and text. Defaults are those of the library's own tables,
-- so that command line and functions cannot differ.
local lib = require "tenor.options"
local quoted = require "tenor.quoted"

local options = {}

local function shown(value)
  if type(value) == "table" then
    local parts = {}
    for i, v in ipairs(value) do parts[i] = shown(v) end
    return table.concat(parts, " ")
  elseif math.type(value) == "float" then
    return ("%.6g"):format(value)
  end
  return tostring(value)
end

local converters = {
  number = tonumber,
  integer = math.tointeger,
  string = function(s) return s end,
}
local called = { number = "a number", integer = "a whole number" }

local function kind_of(default)
  local kind = math.type(default) or type(default)
  if kind == "float" then return "number" end
  if kind == "table" then return type(default[1]) == "number" and "number" or "string" end
  return kind
end

--- An option of a command.
-- @string name as the library calls it; `drop_zeros` becomes `--drop-zeros`
-- @string text for `--help`
-- @tparam[opt] table more `default` (shown; not given to the library, which has it itself), `kind` ("number", "integer",
-- "string", "boolean"; by the default), `short` ("-o"), `args` (how many, or "+"), `choices`, `required`, `metavar`,
-- `note` (shown in place of the default)
function options.new(name, text, more)
  local o = { name = name, text = text }
  for key, value in pairs(more or {}) do o[key] = value end
  if o.default == lib.none then o.default = nil end
  o.kind = o.kind or o.default ~= nil and kind_of(o.default) or "string"
  if type(o.default) == "table" and not o.args then o.args = #o.default end
  return o
end

--- An option of a library function, with its default.
-- @tparam table defaults of the function, from `tenor.options.of`
-- @string name
-- @string text
-- @tparam[opt] table more as in `options.new`
function options.of(defaults, name, text, more)
  if defaults[name] == nil then error(("the function has no option '%s'"):format(name), 2) end
  local all = { default = defaults[name] }
  for key, value in pairs(more or {}) do all[key] = value end
  return options.new(name, text, all)
end

local function flag(o)
  local dashed = o.name:gsub("_", "-")
  return o.kind == "boolean" and o.default == true and "--no-" .. dashed or "--" .. dashed
end

--- Adds options to an argparse command.
function options.add(command, list)
  for _, o in ipairs(list) do
    local names = (o.short and o.short .. " " or "") .. flag(o)
    local text = o.text
    local note = o.note or o.default ~= nil and o.kind ~= "boolean" and "default: " .. shown(o.default)
    if note then text = ("%s (%s)"):format(text, note) end
    text = text:gsub("%%", "%%%%")
    if o.kind == "boolean" then
      command:flag(names, text):target(o.name):action(function(result) result[o.name] = o.default ~= true end)
    else
      local option = command:option(names, text):target(o.name)
      if o.args then option:args(o.args) end
      if o.choices then option:choices(o.choices) end
      option:argname(o.metavar or "<" .. (o.kind == "string" and o.name or o.kind) .. ">")
      option:convert(function(word)
        local value = converters[o.kind](word:match "^%s*(.-)$")
        if value == nil then return nil, ("%s must be %s, got '%s'"):format(flag(o), called[o.kind], word) end
        return value
      end)
    end
  end
end

local function checked(o, value, where)
  local function fail(want)
    return nil, ("%s: %s must be %s, got %s"):format(where, o.name, want,
      type(value) == "table" and "a table" or quoted(value):sub(2, -2))
  end
  local chosen = {}
  for _, choice in ipairs(o.choices or {}) do chosen[choice] = true end
  local function one(v)
    if o.choices and not chosen[v] then return false end
    if o.kind == "number" then return type(v) == "number" end
    if o.kind == "integer" then return math.type(v) == "integer" end
    return type(v) == o.kind
  end
  if o.args and o.args ~= 1 and o.args ~= "?" then
    if type(value) ~= "table" then value = { value } end
    for _, v in ipairs(value) do
      if not one(v) then return fail("a list, each " .. (called[o.kind] or "a " .. o.kind)) end
    end
    if math.type(o.args) == "integer" and #value ~= o.args then return fail(("%d of them"):format(o.args)) end
  elseif not one(value) then
    return fail(o.choices and table.concat(o.choices, " or ") or called[o.kind] or "a " .. o.kind)
  end
  return value
end

--- Fills in from a configuration what the command line does not say, and checks what must be there.
-- @tparam table args what argparse has read
-- @tparam table config name → value, or nil
-- @string where the configuration's file
-- @tparam table list of options
-- @return args; or nil and a message
function options.merge(args, config, where, list)
  local known, names = {}, {}
  for _, o in ipairs(list) do
    known[o.name] = o
    names[#names + 1] = o.name
  end
  for name, value in pairs(config or {}) do
    local spelled = tostring(name):gsub("-", "_")
    local o = known[spelled]
    if not o then
      local close = lib.closest(spelled, names)
      return nil, ("%s: unknown option %s%s"):format(where, quoted(name),
        close and (" (did you mean '%s'?)"):format(close) or "")
    end
    local good, why = checked(o, value, where)
    if good == nil then return nil, why end
    if args[o.name] == nil then args[o.name] = good end
  end
  for _, o in ipairs(list) do
    if o.required and args[o.name] == nil then return nil, ("missing option '%s'"):format(flag(o)) end
  end
  return args
end

--- Those of `names` that were given, as a new table for a library function.
function options.take(args, names)
  local taken = {}
  for _, name in ipairs(names) do taken[name] = args[name] end
  return taken
end

return options
