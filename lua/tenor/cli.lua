--- The command `tenor`: one file of `tenor/cli` a command, each thin over the library.
--
-- Results go to standard output, as text or with `--json` as one line of JSON; progress and everything else to standard
-- error. The status tells how it went: see @{cli.status}.
local config = require "tenor.cli.config"
local options = require "tenor.cli.options"

local cli = {}

--- What the status of the command means.
cli.status = {
  done = 0,
  failed = 1, -- a file that is not there, a full disk, data that cannot be learnt from
  usage = 2, -- an option that is unknown, missing or out of range
  partly = 3, -- results are there, but some files or runs failed and were left out
  interrupted = 130, -- Ctrl-C
}

--- The commands, in the order of `tenor --help`.
cli.commands = { "extract", "train", "evaluate", "predict", "table2", "search", "report", "info", "repl", "help", "completion" }

-- Those that are there: file names below tenor/cli.
local function commands()
  local list = {}
  for _, name in ipairs(cli.commands) do
    if package.searchpath("tenor.cli." .. name, package.path) then
      list[#list + 1] = { name = name, module = require("tenor.cli." .. name) }
    end
  end
  return list
end

local shared = {
  options.new("json", "the result as one line of JSON", { kind = "boolean" }),
  options.new("config", "options from a file, .lua or .json; the command line goes before it", { metavar = "<file>" }),
  options.new("debug", "say where an error arose", { kind = "boolean" }),
}

-- Options are worked out for the command at hand alone, as they load what the command needs.
local function parser_of(list, wanted)
  local found, argparse = pcall(require, "argparse")
  if not found then
    return nil, "tenor needs argparse for its command line: install lua-argparse (Debian) or `luarocks install argparse`"
  end
  local parser = argparse("tenor", "Dimensional speech emotion recognition: valence, arousal and dominance of an utterance.")
    :command_target "command":require_command(true):help_max_width(96)
    :epilog("tenor help NAME shows the reference of a function. The status is 0 when all is done, 1 when something failed, "
      .. "2 for misuse, 3 when some files failed, 130 after Ctrl-C.")
  parser:flag("--version", "say the version"):action(function()
    print("tenor " .. require "tenor"._VERSION)
    os.exit(0, true)
  end)
  for _, command in ipairs(list) do
    local c = parser:command(command.name, command.module.summary):summary(command.module.summary)
    if command.module.about then c:description(command.module.summary .. ".\n\n" .. command.module.about) end
    command.options = command.module.options and (wanted == command.name or wanted == "help" or wanted == "completion")
      and command.module.options() or {}
    if not command.module.plain then
      command.options = table.move(command.options, 1, #command.options, 1, {})
      table.move(shared, 1, #shared, #command.options + 1, command.options)
    else
      command.options[#command.options + 1] = shared[3]
    end
    for _, a in ipairs(command.module.arguments or {}) do
      local argument = c:argument(a.name, a.text)
      if a.args then argument:args(a.args) end
      if a.choices then argument:choices(a.choices) end
    end
    options.add(c, command.options)
    command.parser = c
  end
  return parser
end

local Misuse = { __tostring = function(self) return self.text end }

-- Names and words out of files, without what a terminal would obey.
local function harmless(text) return (tostring(text):gsub("[%z\1-\8\11-\31\127]", "?")) end

-- What a command writes with.
local function context(args, parser, list)
  local self = { parser = parser, commands = list, status = cli.status }
  function self.print(text) io.stdout:write(harmless(text), "\n") end
  function self.note(text, ...)
    io.stderr:write(harmless(select("#", ...) > 0 and text:format(...) or text), "\n"):flush()
  end
  --- The result: `value` with --json, reals to nine digits as a float has them, else the text.
  function self.result(value, text)
    if args.json then self.print(require "tenor.json".encode(value, { digits = 9 })) else self.print(text) end
  end
  --- Ends the command: it was called wrongly.
  function self.misuse(text) error(setmetatable({ text = text }, Misuse), 0) end
  return self
end

-- An error as one line for people, and what status it is.
local function judged(err)
  if getmetatable(err) == Misuse then return err.text, cli.status.usage end
  local text = type(err) == "string" and err or tostring(err)
  if text:find "interrupted!?$" then return "interrupted", cli.status.interrupted end
  local bare, count = text:gsub("^[^\n:]*%.lua:%d+: ", "")
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

--- Runs the command.
-- @tparam table words of the command line
-- @return the status
function cli.main(words)
  io.stdout:setvbuf "line"
  local list = commands()
  local parser, lacking = parser_of(list, words[1])
  if not parser then
    io.stderr:write("tenor: ", lacking, "\n")
    return cli.status.failed
  end
  if #words == 0 then
    io.stdout:write(parser:get_help(), "\n")
    return cli.status.usage
  end
  local ok, args = parser:pparse(protected(words))
  if not ok then
    io.stderr:write("tenor: ", args, "\n", ("try: tenor %s--help\n"):format(
      named(list, words[1]) and words[1] .. " " or ""))
    return cli.status.usage
  end
  local command = named(list, args.command)
  local function fail(text, status)
    io.stdout:flush()
    io.stderr:write("tenor ", command.name, ": ", harmless(text), "\n")
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
  local done, status, message, code = xpcall(command.module.run, function(err)
    trace = debug.traceback(tostring(err), 2)
    return err
  end, args, context(args, parser, list))
  if not done then
    local text, verdict = judged(status)
    return fail(args.debug and trace or text, verdict)
  end
  if status == nil and message then return fail(message, code or cli.status.failed) end
  if not io.stdout:flush() then return cli.status.failed end
  return status or cli.status.done
end

return cli
