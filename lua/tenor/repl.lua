--- The interactive interpreter, `tenor repl`: Lua with tenor at hand, editing and history, and values that show
-- what is in them.
--
-- A line is an expression or statements; what is not finished goes on in the next line. `_` is the last value,
-- `help` is `tenor.help`, `traceback()` tells where the last error arose. Ctrl-C stops a computation, or drops the
-- line; Ctrl-D ends.
local complete = require "tenor.repl.complete"
local lines_kept = require "tenor.repl.history"
local show = require "tenor.repl.show"
local tell = require "tenor.tell"

local repl = {}

local PROMPT <const>, MORE <const> = "> ", ">> "

-- The longest beginning that all names share.
local function common(names)
  local first = names[1]
  local n = #first
  for _, name in ipairs(names) do
    while name:sub(1, n) ~= first:sub(1, n) do n = n - 1 end
  end
  return first:sub(1, n)
end

local function in_columns(names, width)
  local widest = 0
  for _, name in ipairs(names) do widest = math.max(widest, utf8.len(name) or #name) end
  local columns = math.max(1, width // (widest + 2))
  local rows = (#names + columns - 1) // columns
  local lines = {}
  for row = 1, rows do
    local cells = {}
    for i = row, #names, rows do cells[#cells + 1] = names[i] .. (" "):rep(widest + 2 - (utf8.len(names[i]) or #names[i])) end
    lines[row] = (table.concat(cells):gsub("%s+$", ""))
  end
  return table.concat(lines, "\n")
end

-- For the editor: the text to insert, and whether names were listed.
local function completer(env, out)
  return function(line)
    local names, there = complete(line, env)
    if #names == 0 then return nil end
    local insert = common(names):sub(#there + 1)
    if insert ~= "" or #names == 1 then return insert end
    local width = require "tenor.core".terminal.width(out) or 80
    out:write("\n", in_columns(names, width), "\n"):flush()
    return nil, true
  end
end

-- Lines from a terminal that can be edited: read(prompt) -> line | nil at the end | false after Ctrl-C.
local function editing_reader(env, given)
  local edit = require "tenor.edit"
  os.setlocale("", "ctype") -- so that libedit knows how wide characters are
  local editor, why = edit.open("tenor", given.input, given.output, given.errors, completer(env, given.output))
  if not editor then return nil, why end
  local history = lines_kept.open(function(text) tell(given.errors, "tenor: ", text, "\n") end)
  for _, line in ipairs(history.lines) do editor:add(line) end
  return {
    line = function(prompt)
      local line = editor:line(prompt)
      if line and line:find "%S" then
        editor:add(line)
        history:add(line)
      end
      return line
    end,
    close = function() editor:close() end,
  }
end

-- Lines as they come; with a prompt where a person sees it, as in a terminal within an editor, which has TERM=dumb.
local function plain_reader(given, prompts)
  local edit = require "tenor.edit"
  local function quiet(err) return err end
  return {
    line = function(prompt)
      if not prompts then return given.input:read "l" end
      given.output:write(prompt):flush()
      local ok, line = edit.guard(quiet, function() return given.input:read "l" end)
      return ok and line
    end,
    close = function() end,
  }
end

local function compile(text, env)
  local chunk = load("return " .. text, "=input", "t", env)
  if chunk then return chunk end
  local why
  chunk, why = load(text, "=input", "t", env)
  if chunk then return chunk end
  return nil, why, why:find "<eof>$" ~= nil
end

-- An error as one text: what it says, without the place in the line just typed. A line that is one call is a tail call, and
-- its place is then that of the interpreter.
local function message(err)
  if type(err) ~= "string" then return show(err) end
  return (err:gsub("^input:%d+: ", ""):gsub("^[^\n]*tenor/repl%.lua:%d+: ", ""))
end

local function new_environment(state)
  local env = setmetatable({}, { __index = _G })
  env._G = env
  env.tenor = require "tenor"
  env.help = env.tenor.help
  env.traceback = function() return state.traceback or "no error yet" end
  return env
end

local function shown(results)
  local texts, lines = {}, false
  for i = 1, results.n do
    texts[i] = show(results[i])
    lines = lines or texts[i]:find "\n"
  end
  return table.concat(texts, lines and "\n" or "\t")
end

--- Runs the interpreter until its input ends.
-- @tparam[opt] table given `input` (io.stdin), `output` (io.stdout), `errors` (io.stderr); `traceback` (false), true to show
-- where errors arise; `banner` (true), the first line on a terminal
-- @return how many errors there were; or nil and a message where its output cannot be written
function repl.run(given)
  local options = require "tenor.options"
  local o = options.fill("repl.run", given, { input = io.stdin, output = io.stdout, errors = io.stderr, traceback = false,
    banner = true })
  local edit = require "tenor.edit"
  local terminal = require "tenor.core".terminal
  local state, failures, lost = {}, 0, nil
  local env = new_environment(state)
  local interactive = terminal.isatty(o.input) and terminal.isatty(o.output)
  local reader, why
  if interactive and os.getenv "TERM" ~= "dumb" then
    reader, why = editing_reader(env, o)
    if not reader then o.errors:write("tenor: ", why, "; lines are read as they come\n") end
  end
  if interactive and o.banner then
    o.output:write(("tenor %s, %s, Lua %s. help() lists the reference, Ctrl-D ends.\n"):format(env.tenor._VERSION,
      env.tenor.real, _VERSION:match "%d.*"))
  end
  reader = reader or plain_reader(o, interactive)

  local function fail(text)
    failures = failures + 1
    tell(o.errors, "error: ", text, "\n")
  end
  local function handler(err)
    state.traceback = debug.traceback(message(err), 2):gsub("\n[^\n]*tenor/repl%.lua:.*$", "")
    return err
  end
  local function evaluate(chunk)
    local results = table.pack(edit.guard(handler, function()
      local values = table.pack(chunk())
      values.text = values.n > 0 and shown(values) or nil
      return values
    end))
    if not results[1] then
      return fail(o.traceback and state.traceback or message(results[2]))
    end
    local values = results[2]
    local ok, reason = true, nil
    if values.n > 0 then
      env._ = values[1]
      -- an expression without a value, as a call of a function that returns nothing, shows nothing
      ok, reason = o.output:write(values.text, "\n")
    end
    if ok then ok, reason = o.output:flush() end -- what was printed on the way too
    if not ok then lost = reason end
  end

  local pending
  while not lost do
    local line = reader.line(pending and MORE or PROMPT)
    if line == nil then break end
    if line == false then -- Ctrl-C
      pending = nil
      if interactive then o.output:write "\n" end
    else
      local text = pending and pending .. "\n" .. line or line
      if not pending then text = text:gsub("^%s*=", "") end
      local chunk, problem, unfinished = compile(text, env)
      if chunk then
        pending = nil
        evaluate(chunk)
      elseif unfinished then
        pending = text
      else
        pending = nil
        fail(message(problem))
      end
    end
  end
  if pending then fail "the input ends in the middle of a statement" end
  reader.close()
  if lost then return nil, "standard output: " .. lost end
  if interactive then o.output:write "\n" end
  return failures
end

return repl
