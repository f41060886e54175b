--- Runs a page of documentation and compares what it promises with what comes:
--
--     cd FOLDER && lua5.4 page.lua PAGE.md
--
-- - All ```lua blocks of a page are one script, in which names carry over.
--   `print(x) --> 3` promises that this line prints 3 (alone on its line, that the one
--   above does); a ``` block that follows a
--   ```lua block promises all that the block prints.
-- - A block that begins with "> " is a session of the interpreter: each line that
--   begins so is run, the others are what it shows, tracebacks left out. Where the
--   session reads build/demo, numbers are not compared: the test has another corpus.
-- - Other blocks, such as ```text, promise nothing.
--
-- Training is cut to two epochs. What the public functions are given and give must be of the types that types/tenor.lua
-- annotates (spec/support/typed). Prints what differs and fails, or the count of what agrees.
local tenor = require "tenor"
local typed = require "spec.support.typed"
local path = arg[1]

local blocks, open = {}, nil
local script, number = {}, 0
for line in io.lines(path) do
  number = number + 1
  local fence = line:match "^```(.*)$"
  if open and fence then
    open = nil
  elseif fence then
    open = { language = fence, first = number + 1, lines = {} }
    open.after = blocks[#blocks]
    blocks[#blocks + 1] = open
  elseif open then
    table.insert(open.lines, line)
  end
  -- all else becomes an empty line, so that errors name the page's own lines
  script[number] = open and open.language == "lua" and not fence and line or ""
end

-- a sanitizer's library is not for gnuplot
if os.getenv "LD_PRELOAD" then tenor.plot.program = "env -u LD_PRELOAD gnuplot" end

local fit = tenor.fit
function tenor.fit(model, data, options)
  options.epochs, options.progress = math.min(options.epochs or 2, 2), "silent"
  return fit(model, data, options)
end

local agreed, differing = 0, {}
local function compare(line, expected, got)
  -- this build's scalar, and where a page's own error arose
  got = got:gsub("float64", "float32"):gsub("^[^\n]-%.md:%d+: ", "")
  if expected == got then
    agreed = agreed + 1
  else
    differing[#differing + 1] = ("%s:%d: expected\n%s\ngot\n%s"):format(path, line, expected, got)
  end
end

local function joined(...)
  local texts = table.pack(...)
  for i = 1, texts.n do texts[i] = tostring(texts[i]) end
  return table.concat(texts, "\t")
end

-- the ```lua blocks
local printed = {} -- line → list of texts
local env = setmetatable({ tenor = tenor }, { __index = _G })
function env.print(...)
  local line = debug.getinfo(2, "l").currentline
  printed[line] = printed[line] or {}
  table.insert(printed[line], joined(...))
end
assert(load(table.concat(script, "\n"), "@" .. path, "t", env))()

local function printed_by(block)
  local texts = {}
  for line = block.first, block.first + #block.lines - 1 do
    table.move(printed[line] or {}, 1, #(printed[line] or {}), #texts + 1, texts)
  end
  return table.concat(texts, "\n")
end

for line, text in ipairs(script) do
  local code, expected = text:match "^(.-)%-%->%s*(.-)%s*$"
  if expected then
    local from = code:match "^%s*$" and line - 1 or line
    compare(line, expected, table.concat(printed[from] or { "nothing" }, "\n"))
  end
end

-- the sessions
local function masked(text)
  text = text:gsub("%-?%d+%.?%d*e?[-+]?%d*", "#"):gsub("[ \t]+", " "):gsub("%[ #", "[#")
  return text
end

local session = setmetatable({}, { __index = _G })
local function answer(line)
  local chunk = load("return " .. line, "=stdin", "t", session) or assert(load(line, "=stdin", "t", session))
  local results = table.pack(pcall(chunk))
  if not results[1] then return tostring(results[2]) end
  return results.n > 1 and joined(table.unpack(results, 2, results.n)) or ""
end
function session.print(...) session[1] = joined(...) end

local function run_session(block)
  local loose = table.concat(block.lines, "\n"):find("build/demo", 1, true)
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
    local expected = table.concat(shown, "\n")
    if loose then expected, got = masked(expected), masked(got) end
    compare(block.first + at - 1, expected, got)
  end
end

for _, block in ipairs(blocks) do
  if block.lines[1] and block.lines[1]:sub(1, 2) == "> " then
    run_session(block)
  elseif block.language == "" and block.after and block.after.language == "lua" then
    compare(block.first, table.concat(block.lines, "\n"), printed_by(block.after))
  end
end

local untyped = typed.report()
table.move(untyped, 1, #untyped, #differing + 1, differing)
if #differing > 0 then
  print(table.concat(differing, "\n\n"))
  os.exit(false)
end
print(("%d agree"):format(agreed))
