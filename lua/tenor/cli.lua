--- The command `tenor`: one file of `tenor/cli` a command, each thin over the library.
--
-- Results go to standard output, as text or with `--json` as one line of JSON; progress and everything else to standard
-- error. The status tells how it went: see @{cli.status}.
local config = require "tenor.cli.config"
local harmless = require "tenor.harmless"
local options = require "tenor.cli.options"
local tell = require "tenor.tell"

local cli = {}

--- What the status of the command means.
cli.status = {
  done = 0,
  failed = 1, -- a file that is not there, a full disk, data that cannot be learnt from
  usage = 2, -- an option that is unknown, missing or out of range
  partly = 3, -- results are there, but some files or runs failed and were left out
  interrupted = 130, -- Ctrl-C
  terminated = 143, -- SIGTERM
}

--- The commands, in the order of `tenor --help`.
cli.commands = { "extract", "train", "evaluate", "predict", "table2", "search", "report", "info", "repl", "help", "completion" }

local shared = {
  options.new("json", "the result as one line of JSON", { kind = "boolean" }),
  options.new("config", "options from a file, .lua or .json; the command line goes before it",
    { metavar = "<file>", command_line_only = true }),
  options.new("debug", "say where an error arose", { kind = "boolean" }),
}

-- What is written to standard output, and why it was lost where it was: a full disk, a closed stream.
local lost

local function put(text)
  local ok, why = io.stdout:write(text, "\n")
  if ok then ok, why = io.stdout:flush() end -- some failures are told here alone
  if not ok then lost = lost or why end
end

-- The status, where all that was printed has left.
local function finished(status)
  if not lost then return status end
  tell(io.stderr, "tenor: standard output: ", lost, "\n")
  return cli.status.failed
end

--- A command's options, those of every command among them.
-- @tparam table command a module of tenor/cli
-- @return list
function cli.options(command)
  local list = command.options and command.options() or {}
  list = table.move(list, 1, #list, 1, {})
  for _, o in ipairs(command.plain and { shared[3] } or shared) do list[#list + 1] = o end
  return list
end

-- Help that sees whether it could be written; and as wide as the terminal, within reason.
local function add_help(parser)
  return parser:add_help { name = "-h --help", description = "show this help and exit", action = function()
    put(parser:get_help())
    os.exit(finished(cli.status.done), true)
  end }
end

local function help_width()
  local width = require "tenor.core".terminal.width(io.stdout) or 96
  return math.min(math.max(width, 40), 96)
end

-- Options are worked out for the command at hand alone, as they load what the command needs.
local function parser_of(wanted)
  local found, argparse = pcall(require, "argparse")
  if not found then
    if not tostring(argparse):find("not found", 1, true) then error(argparse, 0) end
    return nil, "tenor needs argparse for its command line: install lua-argparse (Debian) or `luarocks install argparse`"
  end
  local parser = argparse("tenor", "Dimensional speech emotion recognition: valence, arousal and dominance of an utterance.")
    :command_target "command":require_command(true):help_max_width(help_width())
    :epilog("tenor help NAME shows the reference of a function. The status is 0 when all is done, 1 when something failed, "
      .. "2 for misuse, 3 when some files failed, 130 after Ctrl-C.")
  add_help(parser)
  parser:flag("--version", "say the version"):action(function()
    put("tenor " .. require "tenor"._VERSION)
    os.exit(finished(cli.status.done), true)
  end)
  local list = {}
  for i, name in ipairs(cli.commands) do
    local command = { name = name, module = require("tenor.cli." .. name) }
    local module = command.module
    local c = parser:command(name, module.summary):summary(module.summary)
    if module.about then c:description(module.summary .. ".\n\n" .. module.about) end
    add_help(c)
    command.options = (wanted == name or wanted == "help") and cli.options(module) or {}
    local usage = { "Usage: tenor " .. name, "[options]" }
    for _, o in ipairs(command.options) do
      if o.required then usage[#usage + 1] = options.spelled(o) end
    end
    for _, a in ipairs(module.arguments or {}) do
      local argument = c:argument(a.name, a.text)
      if a.args then argument:args(a.args) end
      if a.choices then argument:choices(a.choices) end
      local word = "<" .. a.name .. ">"
      usage[#usage + 1] = a.args == "?" and "[" .. word .. "]" or a.args == "+" and word .. " ..." or word
    end
    c:usage(table.concat(usage, " "))
    options.add(c, command.options)
    command.parser = c
    list[i] = command
  end
  return parser, list
end

local Misuse = { __tostring = function(self) return self.text end }

-- Names and words out of files, in the lines that they are in.
local function plainly(text) return harmless(text, "?", true) end

-- What a command writes with.
local function context(args, parser, list)
  local self = { parser = parser, commands = list, status = cli.status }
  function self.print(text) put(plainly(text)) end
  function self.note(text, ...)
    tell(io.stderr, plainly(select("#", ...) > 0 and text:format(...) or text), "\n")
  end
  --- The result: `value` with --json, reals to nine digits as a float has them, else the text.
  function self.result(value, text)
    if not args.json then return self.print(text) end
    -- JSON has an escape of its own for what a terminal would obey
    put((require "tenor.json".encode(value, { digits = 9 }):gsub("\127", "\\u007f"):gsub("\xC2([\x80-\x9F])", function(c)
      return ("\\u%04x"):format(c:byte())
    end)))
  end
  --- Ends the command: it was called wrongly.
  function self.misuse(text) error(setmetatable({ text = text }, Misuse), 0) end
  return self
end

-- The status of a run that a signal ended, or nil.
local function stopped(text)
  if text:find "interrupted!?$" then return cli.status.interrupted end -- Lua's own word
  local signal = text:match "%f[%a]interrupted by SIG(%u+)"
  return signal and (signal == "TERM" and cli.status.terminated or cli.status.interrupted)
end

-- An error as one line for people, and what status it is.
local function judged(err)
  if getmetatable(err) == Misuse then return err.text, cli.status.usage end
  local text = type(err) == "string" and err or tostring(err)
  if text:find "interrupted!?$" then return "interrupted", cli.status.interrupted end
  local bare, count = text:gsub("^[^\n:]*%.lua:%d+: ", "")
  if stopped(text) then return bare, stopped(text) end
  if text:find("attempt to ", 1, true) or text:find("bad argument", 1, true) then
    return bare .. " (a fault of tenor's; --debug shows where)", cli.status.failed
  end
  -- the library points at the caller's line where the caller is to blame
  return bare, count > 0 and cli.status.usage or cli.status.failed
end

-- argparse takes "-1" for an option: a blank before it makes it a word, and the converters drop it.
local function protected(words)
  local list = {}
  for i, word in ipairs(words) do list[i] = word:find "^%-[%d.]" and tonumber(word) and " " .. word or word end
  return list
end

local function named(list, name)
  for _, command in ipairs(list) do
    if command.name == name then return command end
  end
end

-- For the scripts of `tenor completion`.
local function complete(words)
  local found, names = require "tenor.cli.complete"(table.move(words, 2, #words, 1, {}))
  for _, candidate in ipairs(found) do put(candidate[1] .. "\t" .. candidate[2]) end
  put(":" .. names)
  return cli.status.done
end

local function run(words)
  lost = nil
  if words[1] == "__complete" then return complete(words) end
  local parser, list = parser_of(words[1])
  if not parser then
    tell(io.stderr, "tenor: ", list, "\n")
    return cli.status.failed
  end
  if #words == 0 then
    put(parser:get_help())
    return finished(cli.status.usage)
  end
  local ok, args = parser:pparse(protected(words))
  if not ok then
    tell(io.stderr, "tenor: ", args, "\n", ("try: tenor %s--help\n"):format(
      named(list, words[1]) and words[1] .. " " or ""))
    return cli.status.usage
  end
  local command = named(list, args.command)
  local function fail(text, status)
    tell(io.stderr, "tenor ", command.name, ": ", plainly(text), "\n")
    return status
  end
  local settings, why
  if args.config then
    settings, why = config.read(args.config)
    if not settings then return fail(why, cli.status.failed) end
  end
  args, why = options.merge(args, settings, args.config, command.options)
  if not args then return fail(why, cli.status.usage) end
  local trace
  local done, status, message = xpcall(command.module.run, function(err)
    trace = debug.traceback(tostring(err), 2)
    return err
  end, args, context(args, parser, list))
  if not done then
    local text, verdict = judged(status)
    return fail(args.debug and trace or text, verdict)
  end
  if status == nil and message then return fail(message, stopped(message) or cli.status.failed) end
  return finished(status or cli.status.done)
end

--- Runs the command.
-- @tparam table words of the command line
-- @return the status
function cli.main(words)
  local ok, status = pcall(run, words)
  if ok then return status end
  local text, verdict = judged(status) -- while commands were loaded or an error was told
  tell(io.stderr, "tenor: ", plainly(text), "\n")
  return verdict
end

return cli
