--- The interactive interpreter: what it shows, what it completes, and that a terminal and a pipe both do.
local complete = require "tenor.repl.complete"
local needs = require "spec.support.needs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local show = require "tenor.repl.show"
local tenor = require "tenor"

describe("the interpreter's values", function()
  it("show by their own words", function()
    assert.equal(tostring(tenor.zeros(2)), show(tenor.zeros(2)))
    assert.equal("LSTM(2 -> 3), 72 parameters", show(tenor.nn.LSTM(2, 3)))
    assert.equal("text", show "text")
  end)

  it("show what is in a plain table, in the order of its keys, shortened", function()
    assert.equal("{ 207, 34 }", show { 207, 34 })
    assert.equal('{ 1, b = "x\\ny", c = { d = 2 }, ["two words"] = true }',
      show { 1, b = "x\ny", c = { d = 2 }, ["two words"] = true })
    assert.equal("{}", show {})
    local long = {}
    for i = 1, 100 do long[i] = 1000 + i end
    assert.matches("1023, 1024, … 76 more\n}", show(long), 1, true)
    assert.equal(('{\n  "%s",\n  "%s"\n}'):format(("a"):rep(55), ("b"):rep(55)), show { ("a"):rep(55), ("b"):rep(55) })
    local loop = {}
    loop.loop = loop
    assert.equal("{ loop = { loop = { loop = {…} } } }", show(loop))
  end)

  it("show one line of a tensor inside a table", function()
    assert.matches("^{ x = Tensor float%d+ %(2%) … }$", show { x = tenor.zeros(2) })
  end)

  it("show JSON's null by its name, and cut no character in two", function()
    assert.equal("null", show(tenor.json.null))
    assert.equal("{ null }", show { tenor.json.null })
    assert.equal(('{ "%s"… }'):format(("ä"):rep(28)), show { ("ä"):rep(100) })
    assert.equal(('{ "a%s"… }'):format(("ä"):rep(28)), show { "a" .. ("ä"):rep(100) })
  end)
end)

describe("completion", function()
  local env = { tenor = tenor, w = tenor.audio.wave(tenor.zeros(100), 10), x = tenor.zeros(3), m = tenor.nn.Dense(2, 3) }
  local function names(line) return table.concat((complete(line, env)), " ") end

  it("knows globals, keywords, modules and what is in them", function()
    assert.equal("tenor", names "te")
    assert.equal("while", names "x = whi")
    assert.equal("LSTM", names "print(tenor.nn.L")
    assert.equal("ones optim", names "tenor.o")
    assert.equal("", names "")
    assert.equal("", names "no.such.")
    assert.equal("", names "1.")
  end)

  it("knows methods of objects made in C, and their fields", function()
    assert.equal("matmul max mean min mul", names "x:m")
    assert.equal("samples", names "w:")
    assert.equal("channels duration frames rate samples", names "w.":gsub("path ", ""))
  end)

  it("knows methods that a class has from its parent, and only methods after a colon", function()
    assert.equal("parameter parameters", names "m:p")
    assert.is_nil(names "m:":find "inputs")
    assert.is_truthy(names "m.":find "inputs")
    assert.is_nil((" " .. names "m:"):find " new ") -- which is for classes
  end)

  it("completes file names inside quotes", function()
    assert.equal("fs.lua", names 'tenor.audio.read("lua/tenor/fs')
    assert.equal("tenor/", names "x = 'lua/te")
  end)

  it("calls nothing", function()
    local called = false
    env.f = function() called = true end
    assert.equal("", names "f().")
    assert.is_false(called)
  end)
end)

describe("the interpreter on a pipe", function()
  after_each(function() scratch.clean() end)
  local function session(lines)
    local input = scratch.file(".txt", lines)
    local _, text = shell.run(("%s -e 'os.exit(require \"tenor.repl\".run())' <%s"):format(shell.lua, input))
    return text
  end

  it("shows the values of expressions, without return and without =", function()
    assert.equal("5\n3\ta\n5\n", session "2 + 3\n=3, 'a'\n5\n")
    assert.equal("{ 2, 3 }\n", session "tenor.zeros(2, 3):shape()\n")
    assert.equal("", session "x = 3\n")
  end)

  it("keeps the last value in _", function() assert.equal("5\n10\n", session "5\n_ * 2\n") end)

  it("goes on in the next line where a statement is not finished", function()
    assert.equal("1\n2\n", session "for i = 1, 2 do\nprint(i)\nend\n")
    assert.matches("the input ends in the middle of a statement", session "for i = 1, 2 do\n", 1, true)
  end)

  it("tells an error in one line and goes on; the traceback is there for the asking", function()
    assert.equal("error: tenor.nn: no 'Lstm' (did you mean 'LSTM'?)\n7\n", session "tenor.nn.Lstm\n7\n")
    local text = session "function f() error 'boo' end\nf()\ntraceback()\n"
    assert.matches("^error: boo\nboo\nstack traceback:", text)
    assert.is_nil(text:find("repl.lua", 1, true))
    assert.equal("error: unexpected symbol near ')'\n", session ")\n")
    assert.equal("error: features.lld: unknown option 'windows' (did you mean 'window'?)\n",
      session "tenor.features.lld('a.wav', { windows = 1 })\n")
    assert.equal("no error yet\n", session "traceback()\n")
    assert.matches("^error: help: this number is not one of tenor's", session "help(5)\n") -- and no place in the interpreter
  end)

  it("shows what is thrown, text or not", function()
    assert.equal("error: { code = 1 }\nerror: nil\n", session "error { code = 1 }\nerror(nil)\n")
  end)

  it("shows nil and the message where the world failed", function()
    assert.equal("nil\tno.wav: No such file or directory\n", session 'tenor.audio.read "no.wav"\n')
  end)

  it("has help at hand", function() assert.matches("^nn.LSTM\n\ntenor%.nn%.LSTM%(", session "help 'nn.LSTM'\n") end)
end)

-- `script` of util-linux gives a terminal, where the system has any to give
local terminal = needs(shell.run "script -qec true /dev/null </dev/null", "script of util-linux and a terminal")

describe("the interpreter on a terminal", function()
  local folder
  setup(function() folder = shell.folder() end)
  teardown(function()
    shell.clean()
    scratch.clean()
  end)

  local interpreter = ("%s -e \"os.exit(require 'tenor.repl'.run())\""):format(shell.lua)

  -- Types each text, pausing before the next, and gives all that the terminal shows.
  local function typed(keys, program, term)
    local lines = { "sleep 0.7" }
    for _, key in ipairs(keys) do lines[#lines + 1] = ("printf '%%b' '%s'; sleep 0.4"):format((key:gsub("'", "'\\''"))) end
    lines[#lines + 1] = "printf '\\004'; sleep 0.4"
    local _, text = shell.run(("cd '%s' && export TERM=%s LC_ALL=C.UTF-8 XDG_STATE_HOME='%s/state'; "
      .. "{ %s; } | script -qec '%s' /dev/null"):format(folder, term or "xterm", folder, table.concat(lines, "; "),
      ((program or interpreter):gsub("'", "'\\''"))))
    return (text:gsub("\r", ""))
  end

  terminal("completes, lists what may follow, and keeps a history", function()
    local text = typed { "tenor.nn.LS\\t(2, 3)\\n", "x = tenor.zeros(2)\\n", "x:ma\\t\\025" }
    assert.matches("LSTM(2 -> 3), 72 parameters", text, 1, true)
    assert.matches("matmul  max", text, 1, true)
    local history = scratch.read(folder .. "/state/tenor/history")
    assert.equal("tenor.nn.LSTM(2, 3)\nx = tenor.zeros(2)\n", history)
    assert.matches("LSTM%(2, 3%).*72 parameters", typed { "\\033[A\\033[A\\n" }) -- the arrow brings it back
  end)

  terminal("keeps each line when it is entered, in a file of one's own", function()
    typed { "6 * 111\\n", "os.exit()\\n" }
    local path = folder .. "/state/tenor/history"
    assert.matches("\n6 %* 111\nos.exit%(%)\n$", scratch.read(path))
    assert.equal("-rw-------", shell.lines(("ls -l '%s'"):format(path))[1]:sub(1, 10))
  end)

  terminal("says once where it cannot be kept, and goes on", function()
    local text = typed({ "1\\n", "2\\n" }, "env XDG_STATE_HOME=/dev/null " .. interpreter)
    local _, times = text:gsub("tenor: history is not kept: ", "")
    assert.equal(1, times, text)
    assert.matches("\n2\n", text, 1, true)
  end)

  terminal("has the terminal as it was after Ctrl-Z and fg", function()
    local text = typed({ interpreter:gsub("\\", "\\\\") .. "\\n", "tenor.ze", "\\032", "fg\\n", "ros(1)\\n" }, "bash --norc -i")
    assert.matches("Tensor float", text, 1, true)
    local _, echoed = text:gsub("ros%(1%)", "")
    assert.equal(1, echoed, text)
  end)

  terminal("prompts on a dumb terminal too, where Ctrl-C drops the line", function()
    local text = typed({ "4 + 4\\n", "for i = 1, 2 do\\n", "\\003", "5 + 5\\n" }, nil, "dumb")
    assert.matches("^tenor [^\n]*\n> 4 %+ 4\n8\n> for i = 1, 2 do\n>> ^C\n> 5 %+ 5\n10\n> ", (text:gsub("%^C", "^C")))
  end)

  terminal("stops a computation on Ctrl-C and stays", function()
    local text = typed { "while true do end\\n", "\\003", "6 * 7\\n" }
    assert.matches("error: interrupted\n", text, 1, true)
    assert.matches("\n42\n", text, 1, true)
  end)

  terminal("drops the line on Ctrl-C", function()
    assert.matches("\n9\n", typed { "abc def", "\\003", "4 + 5\\n" }, 1, true)
  end)
end)
