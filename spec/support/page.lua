--- Runs a page of documentation and compares what it promises with what comes:
--
--     cd FOLDER && DOCS_COMMANDS=FOLDER DOCS_PYTHON=PYTHON lua5.4 page.lua PAGE.md
--
-- Every fenced block says what it is, and all code is run, in the order of the page:
--
-- - ```lua blocks are one script, in which names carry over. `print(x) --> 3` promises that this line prints 3 (alone
--   on its line, that the one above does). One that begins with `-- name.lua` is that file: it is written, and what follows
--   must use it.
-- - ```sh is run by sh in the folder and must end with 0. Commands are those of spec/support/commands.lua, where the
--   few that are not run are listed.
-- - ```python is run where Python has PyTorch and NumPy, and counted as skipped elsewhere.
-- - ``` alone that begins with "> " is a session of the interpreter: each line that begins so is run, the others are
--   what it shows, tracebacks left out.
-- - Other ``` alone promise all that the block before prints.
-- - ```text is output that varies, or a picture; it promises nothing and may hold no code.
--
-- From the first block on that reads build/demo, numbers are not compared in sessions and output: the test has another corpus.
-- Training is cut to two epochs. Prints what differs and fails, or counts what agrees.
local tenor = require "tenor"
local fences = require "spec.support.fences"
local shell = require "spec.support.shell"
local typed = require "spec.support.typed"
require "spec.support.short"
local path = arg[1]
-- the folder of commands; the Python to use, or ""
local commands, python = os.getenv "DOCS_COMMANDS", os.getenv "DOCS_PYTHON"

local blocks, length = fences.read(path)

-- a sanitizer's library is not for gnuplot
if os.getenv "LD_PRELOAD" then tenor.plot.program = "env -u LD_PRELOAD gnuplot" end

local agreed, ran, skipped, differing = 0, 0, 0, {}
local function differs(line, message, ...)
  differing[#differing + 1] = ("%s:%d: " .. message):format(path, line, ...)
end

-- blanks may differ where numbers are wider
local function masked(text)
  return (text:gsub("%-?%d+%.?%d*e?[-+]?%d*", "#"):gsub("[ \t]+", " "):gsub("%[ #", "[#"))
end

local function compare(line, expected, got, loose)
  -- without where a page's own error arose
  got = got:gsub("^[^\n]-%.md:%d+: ", "")
  if loose then expected, got = masked(expected), masked(got) end
  if expected == got then
    agreed = agreed + 1
  else
    differs(line, "expected\n%s\ngot\n%s", expected, got)
  end
end

local function text_of(block) return table.concat(block.lines, "\n") end

local function joined(...)
  local texts = table.pack(...)
  for i = 1, texts.n do texts[i] = tostring(texts[i]) end
  return table.concat(texts, "\t")
end

local function write(name, text)
  local file = assert(io.open(name, "wb"))
  assert(file:write(text, "\n"))
  assert(file:close())
end

-- Runs a block as a program; what it writes to standard output is kept for the promise that follows.
local function run_program(block, command, ending)
  local name = "block" .. ending
  write(name, text_of(block))
  local ok, printed = shell.run(("%s %s 2>block.errors </dev/null"):format(command, name))
  if not ok then
    differs(block.first, "the block fails:\n%s%s", printed, table.concat(shell.lines "cat block.errors", "\n"))
  end
  block.printed = printed:gsub("\n$", "")
end

local session = setmetatable({}, { __index = _G })
local function answer(line)
  local chunk = load("return " .. line, "=stdin", "t", session) or assert(load(line, "=stdin", "t", session))
  local results = table.pack(pcall(chunk))
  if not results[1] then return tostring(results[2]) end
  return results.n > 1 and joined(table.unpack(results, 2, results.n)) or ""
end
function session.print(...) session[1] = joined(...) end

local run = {}

function run.sh(block) run_program(block, ("PATH='%s':\"$PATH\" sh -eu"):format(commands), ".sh") end

function run.python(block)
  if python == "" then return "skipped" end
  run_program(block, python, ".py")
end

function run.file(block)
  write(block.name, text_of(block))
  local used = false
  for _, other in ipairs(blocks) do
    local text = text_of(other)
    used = used or other.first > block.first and other.kind ~= "text"
      and (text:find(block.name, 1, true) or text:find('"' .. block.name:gsub("%.lua$", "") .. '"', 1, true))
  end
  if not used then differs(block.first, "%s is written and never used", block.name) end
end

function run.session(block)
  local i = 1
  while i <= #block.lines do
    local at, shown = i, {}
    session[1] = nil
    local got = answer(block.lines[i]:match "^> (.*)$")
    got = session[1] or got
    i = i + 1
    while i <= #block.lines and block.lines[i]:sub(1, 2) ~= "> " do
      shown[#shown + 1] = block.lines[i]
      i = i + 1
    end
    compare(block.first + at - 1, table.concat(shown, "\n"), got, block.loose)
  end
end

-- The page as a script: lua blocks in their own lines, so that errors name them, and calls of the other blocks in the line of
-- their fence.
local script, demo = {}, false
for number = 1, length do script[number] = "" end
for i, block in ipairs(blocks) do
  demo = demo or text_of(block):find("build/demo", 1, true) ~= nil
  block.loose = demo
  if block.kind == "lua" then
    table.move(block.lines, 1, #block.lines, block.first, script)
    ran = ran + 1
  elseif run[block.kind] then
    script[block.first - 1] = ("__run(%d)"):format(i)
  end
end

local printed = {} -- line → list of texts
local env = setmetatable({ tenor = tenor }, { __index = _G })
function env.print(...)
  local line = debug.getinfo(2, "l").currentline
  printed[line] = printed[line] or {}
  table.insert(printed[line], joined(...))
end
function env.__run(i)
  if run[blocks[i].kind](blocks[i]) == "skipped" then skipped = skipped + 1 else ran = ran + 1 end
end
assert(load(table.concat(script, "\n"), "@" .. path, "t", env))()

for line, text in ipairs(script) do
  local code, expected = text:match "^(.-)%-%->%s*(.-)%s*$"
  if expected then
    local from = code:match "^%s*$" and line - 1 or line
    compare(line, expected, table.concat(printed[from] or { "nothing" }, "\n"))
  end
end

local function printed_by(block)
  if block.kind ~= "lua" then return block.printed end
  local texts = {}
  for line = block.first, block.first + #block.lines - 1 do
    table.move(printed[line] or {}, 1, #(printed[line] or {}), #texts + 1, texts)
  end
  return table.concat(texts, "\n")
end

for _, block in ipairs(blocks) do
  local got = block.kind == "output" and printed_by(block.after)
  if got then compare(block.first, text_of(block), got, block.loose) end
end

local untyped = typed.report()
table.move(untyped, 1, #untyped, #differing + 1, differing)
if #differing > 0 then
  print(table.concat(differing, "\n\n"))
  os.exit(false)
end
print(("%d blocks ran, %d promises agree%s"):format(ran, agreed, skipped > 0 and (", %d skipped"):format(skipped) or ""))
