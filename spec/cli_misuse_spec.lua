--- The command `tenor` treated badly: full disks, closed streams, Ctrl-C at any moment, names that cannot be.
local command = require "spec.support.command"
local needs = require "spec.support.needs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"
local tenor = require "tenor"

local here = needs(package.searchpath("argparse", package.path), "argparse")

describe("the command tenor", function()
  local run
  setup(function() run = command.new() end)
  teardown(function()
    shell.clean()
    scratch.clean()
  end)

  here("fails where what it prints cannot be written, whatever prints it", function()
    assert(tenor.save(run.folder .. "/x.npy", tenor.zeros(2)))
    for _, words in ipairs { "--help", "--version", "info --help", "info x.npy", "info --json x.npy", "help fit",
      "completion bash" } do
      local _, errors, status = run(words .. " >/dev/full")
      assert.equal(1, status, words)
      assert.equal("tenor: standard output: No space left on device\n", errors, words)
      _, errors, status = run(words .. " >&-")
      assert.equal(1, status, words)
      assert.equal("tenor: standard output: Bad file descriptor\n", errors, words)
    end
    local _, errors, status = run("repl >/dev/full", "echo 1 |")
    assert.equal(1, status)
    assert.equal("tenor repl: standard output: No space left on device\n", errors)
  end)

  here("runs without a standard input", function()
    local out, errors, status = run("extract --corpus manifest.csv -o closed.npz --progress silent <&-")
    assert.equal(0, status, errors)
    assert.matches("^closed.npz: 48 of 48", out)
    assert.equal(0, select(3, run "repl <&-"))
  end)

  here("ends with 130 after Ctrl-C also while it begins, and with 143 after SIGTERM, and says so in one line", function()
    local function stopped(what, kill)
      local _, text = shell.run(([[cd '%s' && %s -e '
        local uv = require "luv"
        package.preload["tenor.cli.repl"] = function() %s end
        arg = { [0] = %q, "repl" }
        dofile(arg[0])'; echo "status $?"]]):format(run.folder, shell.lua, what:format(kill), run.script))
      return text
    end
    local at_once = [[uv.kill(uv.os_getpid(), "sigint") for _ = 1, 1e8 do end]]
    assert.equal("tenor: interrupted\nstatus 130\n", stopped(at_once))
    local late = [[return { summary = "x", plain = true, run = function() %s end }]]
    for message, status in pairs { SIGINT = 130, SIGTERM = 143 } do
      assert.equal(("tenor repl: fit: interrupted by %s after batch 1; a.ckpt has its state\nstatus %d\n"):format(message, status),
        stopped(late, ("error([[fit: interrupted by %s after batch 1; a.ckpt has its state]], 0)"):format(message)))
      assert.equal(("tenor repl: interrupted by %s: 0 of 8 runs are done\nstatus %d\n"):format(message, status),
        stopped(late, ("return nil, [[interrupted by %s: 0 of 8 runs are done]]"):format(message)))
    end
  end)

  here("looks where its result is to go before it begins to work", function()
    assert(shell.run(("mkdir '%s/there.npz'"):format(run.folder)))
    for name, expected in pairs {
      ["x.txt"] = { 2, "x.txt: the name must end in .npz" },
      ["."] = { 2, ".: the name must end in .npz" },
      ["there.npz"] = { 1, "there.npz: is a folder" },
      ["no/x.npz"] = { 1, "no/x.npz: cannot be written, no/: no such file or directory" },
      ["manifest.csv/x.npz"] = { 1, "manifest.csv/x.npz: cannot be written, manifest.csv/: not a directory" },
    } do
      local _, errors, status = run("extract --corpus manifest.csv -o " .. name)
      assert.equal(("tenor extract: %s\n"):format(expected[2]), errors) -- and no bar
      assert.equal(expected[1], status)
    end
  end)

  here("looks so whatever the command, and for names that are too long for the file system", function()
    local _, problem, done = run("train --corpus manifest.csv --network acoustic --hidden 4 --dense 4 --epochs 1 -o m.safetensors "
      .. "--progress silent")
    assert.equal(0, done, problem)
    assert(shell.run(("cd '%s' && mkdir d.csv d.safetensors d.html"):format(run.folder)))
    local long = ("n"):rep(250)
    local lost = "no/x: cannot be written, no/: no such file or directory"
    for words, expected in pairs {
      ["predict m.safetensors --corpus manifest.csv -o no/x.csv"] = (lost:gsub("x:", "x.csv:")),
      ["predict m.safetensors --corpus manifest.csv -o d.csv"] = "d.csv: is a folder",
      ["predict m.safetensors --wav wav/Ses01_000.wav --window 0.1 -o y.csv --plot no/x.svg"] = (lost:gsub("x:", "x.svg:")),
      ["evaluate m.safetensors --corpus manifest.csv --predictions no/x"] = lost,
      ["evaluate m.safetensors --corpus manifest.csv --predictions d.csv"] = "d.csv: is a folder",
      ["report none -o no/x"] = lost,
      ["report none -o d.html"] = "d.html: is a folder",
      ["train --corpus manifest.csv -o d.safetensors"] = "d.safetensors: is a folder",
      ["train --corpus manifest.csv -o x.safetensors --checkpoint no/x"] = lost,
      ["train --corpus manifest.csv --folds speaker -o /proc/self"] =
        "/proc/self/fold_1.safetensors: cannot be written, no such file or directory",
      ["train --corpus manifest.csv -o " .. long .. ".safetensors"] = long .. ".safetensors: cannot be written, name too long",
      ["extract --corpus manifest.csv -o " .. long .. ".npz"] = long .. ".npz: cannot be written, name too long",
    } do
      local out, errors, status = run(words)
      assert.equal("", out)
      assert.equal(("tenor %s: %s\n"):format(words:match "%l+", expected), errors)
      assert.equal(1, status)
    end
    assert.is_nil(require "tenor.fs".stat(run.folder .. "/y.csv"))
  end)

  here("does its work where nobody hears of it: a standard error that is full or closed", function()
    for _, where in ipairs { "2>/dev/full", "2>&-" } do
      for _, progress in ipairs { "auto", "bar", "plain" } do
        local words = "extract --no-cache --corpus manifest.csv -o unheard.npz --progress " .. progress
        local _, text = shell.run(("cd '%s' && exec 3>&1; (%s '%s' %s --scale 2 3 %s; echo \"status $?\") 2>&1"):format(run.folder,
          shell.lua, run.script, words, where))
        assert.matches("^unheard.npz: 48 of 48 [^\n]*\nstatus 0\n$", text)
        assert(os.remove(run.folder .. "/unheard.npz"))
      end
    end
  end)

  here("names ten of what is left out and counts the rest, each file once", function()
    assert(shell.run(("cd '%s' && sed 's#,wav/#,no/#' manifest.csv >none.csv && sed '2,12s#,wav/#,no/#' manifest.csv >some.csv")
      :format(run.folder)))
    local _, errors, status = run "extract --corpus some.csv -o some.npz --progress silent"
    assert.equal(3, status)
    local _, lines = errors:gsub("left out: [^\n]*\n", "")
    assert.equal(11, lines)
    assert.matches("left out: Ses01_010, no/Ses01_010.wav: No such file or directory\nleft out: 1 more\n", errors, 1, true)
    _, errors, status = run "extract --corpus none.csv -o some.npz --progress silent"
    assert.equal(1, status)
    assert.matches("left out: 38 more\ntenor extract: none of the 48 utterances has features\n", errors, 1, true)
    local told = select(2, run "extract --corpus some.csv -o some.npz --progress silent")
    assert.is_nil(told:find("wav, no/", 1, true))
    assert.equal(48, #tenor.json.decode((run "extract --corpus some.csv -o some.npz --json"):gsub("\n", "")).failures + 37)
  end)

  here("tells what is odd once: beside the progress, or instead of it", function()
    for _, progress in ipairs { "plain", "silent" } do
      local _, errors = run("extract --corpus manifest.csv -o odd.npz --progress " .. progress,
        "exec </dev/null; export TENOR_CACHE=/dev/null/no;")
      local _, times = errors:gsub("nothing is kept for the next time", "")
      assert.equal(1, times, errors)
    end
  end)

  here("says that a results folder is none, or has no result", function()
    assert.equal("tenor report: no/experiment.json: No such file or directory; is this a results folder?\n",
      select(2, run "report no"))
    assert(tenor.experiment.new { corpus = run.folder .. "/manifest.csv", results = run.folder .. "/fresh", seeds = 1,
      vectors = {} }:prepare { progress = "silent" })
    local _, errors, status = run "report fresh"
    assert.equal("tenor report: fresh: no run has a result yet\n", errors)
    assert.equal(1, status)
  end)

  here("knows what options need one another", function()
    for words, expected in pairs {
      ["--bert x"] = "--bert needs --bert-vocabulary too", ["--lr 1"] = "--lr needs --optimizer too",
      ["--alpha 1"] = "--alpha and --beta go together", ["--bert x --bert-vocabulary y"] = "x: no such file or directory",
      ["--seeds 1 1.5"] = "--seeds must be a whole number, got '1.5'\ntry: tenor table2 --help",
    } do
      local _, errors = run("table2 --corpus manifest.csv --progress silent -o needs " .. words)
      assert.matches("^tenor[^:]*: " .. expected:gsub("%p", "%%%0") .. "\n$", errors)
    end
    local _, errors = run "search --corpus manifest.csv -o needs --network nosuch"
    assert.equal("tenor: argument for option '--network' must be one of 'fusion', 'text', 'acoustic'\ntry: tenor search --help\n",
      errors)
  end)

  here("runs an experiment whose tables are in a configuration", function()
    scratch.clean()
    local given = scratch.file(".lua", [[return { epochs = 1, seeds = { 3, 4 }, tasks = { "MTL" },
      options = { hidden = 4, dense = 4 },
      systems = { { name = "mine", network = "acoustic" } }, progress = "silent", output = "configured", jobs = 1 }]])
    local out, errors, status = run("table2 --corpus manifest.csv --config " .. given)
    assert.equal(0, status, errors)
    assert.matches("\nmine ", out, 1, true)
    assert.matches("seeds 3–4", out, 1, true)
  end)
end)

describe("tenor info", function()
  local run
  setup(function() run = command.new() end)
  teardown(function()
    shell.clean()
    scratch.clean()
  end)

  local function info(words)
    local out, errors, status = run("info " .. words)
    return status == 0 and out or errors
  end

  -- A .npy with this header, and so many bytes.
  local function npy(name, descr, shape, bytes)
    local head = ("{'descr': '%s', 'fortran_order': False, 'shape': %s, }"):format(descr, shape)
    head = head .. (" "):rep(64 - (11 + #head) % 64) .. "\n"
    local file = assert(io.open(run.folder .. "/" .. name, "wb"))
    file:write("\x93NUMPY\1\0", string.pack("<s2", head), bytes or "")
    return file
  end

  here("tells the dtype of the file, be it one that no tensor has", function()
    npy("f8.npy", "<f8", "(2,)", string.pack("<dd", 1, 2.5)):close()
    npy("i8.npy", "<i8", "(1,)", string.pack("<i8", 1 << 40)):close()
    npy("u1.npy", "|u1", "(2, 1)", "\1\2"):close()
    npy("s.npy", "|S3", "(2,)", "abcxyz"):close()
    assert.equal("float64 (2)\n[1.  2.5]\n", info "f8.npy")
    assert.equal("int64 (1)\n[1.0995e+12]\n", info "i8.npy")
    assert.equal("uint8 (2, 1)\n[[1]\n [2]]\n", info "u1.npy")
    assert.equal("2 strings\n", info "s.npy")
    assert.same({ file = "f8.npy", kind = "npy", tensor = { dtype = "float64", shape = { 2 } } },
      tenor.json.decode((info "f8.npy --json")))
  end)

  here("reads headers alone: of more numbers than there is memory for", function()
    local file = npy("huge.npy", "<f4", "(2000000000,)")
    file:seek("cur", 8000000000 - 1)
    file:write "\0"
    file:close()
    -- a sanitizer's library needs all addresses
    local out, errors, status = run("info huge.npy", not os.getenv "LD_PRELOAD" and "ulimit -v 4000000;" or "")
    os.remove(run.folder .. "/huge.npy")
    assert.equal("float32 (2000000000)\n", out, errors)
    assert.equal(0, status)
  end)

  here("knows arrays by name, checkpoints, models of others, word vectors, results and what is none of these", function()
    assert(tenor.save(run.folder .. "/two.npz", { long_name = tenor.zeros(2), s = { "a", "b" } }))
    assert.matches("^2 arrays\nlong_name float%d+ %(2%)\ns         2 strings\n$", info "two.npz")
    assert(tenor.save(run.folder .. "/other.safetensors", { w = tenor.zeros(2) }, { metadata = { format = "pt" } }))
    assert.matches("^1 tensors\nformat: pt\nw float%d+ %(2%)\n$", info "other.safetensors")
    assert(tenor.safetensors.save(run.folder .. "/a.ckpt", { w = tenor.zeros(2) }, { tenor = "tenor checkpoint 1", state = "{}" }))
    assert.matches("^1 tensors of a checkpoint of training\nw float%d+ %(2%)\n$", info "a.ckpt")
    local function write(name, text)
      local file = assert(io.open(run.folder .. "/" .. name, "w"))
      file:write(text)
      file:close()
    end
    write("glove.txt", "the 0.1 0.2 -3e-2\nof 1 2 3\n")
    write("fast.vec", "2 3\nthe 0.1 0.2 -3e-2\nof 1 2 3\n")
    assert.equal("word vectors, glove: 3 dimensions\n", info "glove.txt")
    assert.equal("word vectors, fasttext: 2 words, 3 dimensions\n", info "fast.vec")
    assert.equal("tenor info: wav: is a folder, with neither models of a cross-validation nor results of an experiment; a corpus "
      .. "is told by KIND:PATH, as iemocap:wav\n",
      info "wav")
    assert.equal("tenor info: -: standard input is not read; give a file's name\n", info "-")
    assert.equal("tenor info: no.wav: No such file or directory\n", info "no.wav")
    write("empty.npz", "")
    assert.equal("tenor info: empty.npz: Not a zip archive\n", info "empty.npz")
  end)
end)
