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
-- "string", "boolean", "table", which only a configuration may have; by the default), `short` ("-o"), `args` (how many, or
-- "+"), `choices`, `required`, `metavar`, `note` (shown in place of the default), `command_line_only` (no
-- configuration may have it)
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

--- How the command line names an option: `--drop-zeros`, of one that is true by default `--no-cache`.
local function flag(o)
  local dashed = o.name:gsub("_", "-")
  return o.kind == "boolean" and o.default == true and "--no-" .. dashed or "--" .. dashed
end

options.flag = flag

--- An option as the command line has it: `--scale <number> <number>`.
function options.spelled(o)
  if o.kind == "boolean" then return flag(o) end
  local word = o.metavar or "<" .. (o.kind == "string" and o.name or o.kind) .. ">"
  local words = o.args == "+" and word .. " ..." or word .. (" " .. word):rep((tonumber(o.args) or 1) - 1)
  return flag(o) .. " " .. words
end

-- What `--help` says of an option: its text, what may be chosen where the text does not tell, its default.
local function described(o)
  local text = o.text
  for _, choice in ipairs(o.choices or {}) do
    if not text:find("%f[%w]" .. choice .. "%f[%W]") then
      text = text .. ": " .. table.concat(o.choices, ", ")
      break
    end
  end
  local note = o.note or o.required and "required" or o.default ~= nil and o.kind ~= "boolean" and "default: " .. shown(o.default)
  return note and ("%s (%s)"):format(text, note) or text
end

-- What only a configuration can hold is told below the options.
local function tell_tables(command, list)
  local lines = {}
  for _, o in ipairs(list) do
    if o.kind == "table" then lines[#lines + 1] = ("   %-21s %s"):format(o.name, o.text) end
  end
  if #lines > 0 then command:epilog("In a file of --config also, as tables:\n" .. table.concat(lines, "\n")) end
end

--- Adds options to an argparse command.
function options.add(command, all)
  tell_tables(command, all)
  local list = {}
  for _, o in ipairs(all) do
    if o.kind ~= "table" then list[#list + 1] = o end
  end
  for _, o in ipairs(list) do
    local names = (o.short and o.short .. " " or "") .. flag(o)
    local text = described(o):gsub("%%", "%%%%")
    local option
    if o.kind == "boolean" then
      option = command:flag(names, text):target(o.name):action(function(result) result[o.name] = o.default ~= true end)
    else
      option = command:option(names, text):target(o.name)
      if o.args then option:args(o.args) end
      if o.choices then option:choices(o.choices) end
      option:convert(function(word)
        local value = converters[o.kind](word:match "^%s*(.-)$")
        if value == nil then return nil, ("%s must be %s, got '%s'"):format(flag(o), called[o.kind], word) end
        return value
      end)
    end
    -- on one line, where argparse has a line for each name
    local label = (o.short and o.short .. ", " or "") .. options.spelled(o)
    function option._get_label_lines() return { label } end
  end
end

-- A value of a configuration, told apart as people write it there.
local function told(value)
  if type(value) == "table" then return "a table" end
  if type(value) == "string" then return quoted(value) end
  return type(value) == "userdata" and "null" or tostring(value)
end

-- Whether a configuration's value suits an option; where it does not, what would.
local function suits(o, value)
  local function one(v)
    if o.kind == "number" then return type(v) == "number" end
    if o.kind == "integer" then return math.type(v) == "integer" end
    if type(v) ~= o.kind then return false end
    if not o.choices then return true end
    for _, choice in ipairs(o.choices) do
      if choice == v then return true end
    end
    return false
  end
  local want = o.choices and "one of " .. table.concat(o.choices, ", ") or called[o.kind] or "a " .. o.kind
  if not (o.args and o.args ~= 1) then return one(value), want end
  local count = math.type(o.args) == "integer" and o.args
  want = ("a list of %s, each %s"):format(count or "one or more", want)
  if type(value) ~= "table" or #value == 0 or count and #value ~= count then return false, want end
  for _, v in ipairs(value) do
    if not one(v) then return false, want end
  end
  return true
end

local function checked(o, value, where)
  if o.args == "+" and type(value) ~= "table" then value = { value } end
  local good, want = suits(o, value)
  if good then return value end
  return nil, ("%s: %s must be %s, got %s"):format(where, o.name, want, told(value))
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
    if not o.command_line_only then names[#names + 1] = o.name end
  end
  for name, value in pairs(config or {}) do
    local spelled = tostring(name):gsub("-", "_")
    local o = known[spelled]
    if not o then
      local positive = known[spelled:gsub("^no_", "")]
      local close = positive and positive.name .. " = false" or lib.closest(spelled, names)
      return nil, ("%s: unknown option %s%s"):format(where, quoted(name),
        close and (" (did you mean '%s'?)"):format(close) or "")
    end
    if o.command_line_only then return nil, ("%s: '%s' belongs on the command line"):format(where, o.name) end
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
