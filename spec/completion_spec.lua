--- Completion of the command line in shells: what may follow, and that bash, zsh and fish ask for it.
local cli = require "tenor.cli"
local complete = require "tenor.cli.complete"
local needs = require "spec.support.needs"
local scratch = require "spec.support.scratch"
local shell = require "spec.support.shell"

describe("what may follow on the command line", function()
  -- The words, and which names beside them.
  local function follow(...)
    local found, names = complete { ... }
    local words = {}
    for i, candidate in ipairs(found) do words[i] = candidate[1] end
    return table.concat(words, " "), names
  end

  it("is a command, each with its summary", function()
    assert.equal("table2 train", (follow "t"))
    assert.equal("Train a network of the paper and save it", complete { "tr" }[1][2])
    assert.equal("--help --version", (follow "--"))
    local all = {}
    for i, name in ipairs(cli.commands) do all[i] = name end
    table.sort(all)
    assert.equal(table.concat(all, " "), (follow ""))
  end)

  it("is every option of a command, with its text, and none of another", function()
    for _, name in ipairs(cli.commands) do
      local words = " " .. follow(name, "-") .. " "
      for _, o in ipairs(cli.options(require("tenor.cli." .. name))) do
        local flag = require "tenor.cli.options".flag(o)
        assert.equal(o.kind ~= "table", words:find(" " .. flag .. " ", 1, true) ~= nil, name .. " " .. flag)
      end
    end
    assert.equal("seconds of a frame", complete { "extract", "--wind" }[1][2])
    assert.equal("", (follow("report", "--seeds")))
    assert.equal("", (follow("nosuch", "--")))
  end)

  it("is what an option may be: one of its choices, a file, a folder, or nothing", function()
    assert.same({ "auto bar plain silent", "none" }, { follow("extract", "--progress", "") })
    assert.same({ "", "files " }, { follow("train", "--features", "x") })
    assert.same({ "", "folders " }, { follow("table2", "-o", "") })
    assert.same({ "", "none" }, { follow("extract", "--window", "") })
    assert.same({ "", "none" }, { follow("extract", "--scale", "1", "") })
    assert.same({ "manifest: msp_podcast:", "files " }, { follow("train", "--corpus", "m") })
    assert.same({ "", "files iemocap:" }, { follow("train", "--corpus", "iemocap:/data") })
    assert.equal("STL", (follow("table2", "--tasks", "MTL", "S")))
  end)

  it("is what an argument may be", function()
    assert.equal("bash fish zsh", (follow("completion", "")))
    assert.same({ "", "files " }, { follow("info", "--json", "a.npy", "b") })
    assert.same({ "", "folders " }, { follow("report", "--title", "mine", "") })
    assert.equal("nn.LSTM", (follow("help", "nn.LSTM")):match "^%S+")
    assert.equal("train", (follow("help", "trai")))
    assert.same({ "", "none" }, { follow("help", "fit", "") })
  end)

  it("takes an option with its value in one word, as the shells have it, or in bash's pieces", function()
    assert.same({ "--progress=auto", "none" }, { follow("extract", "--progress=a") })
    assert.same({ "auto", "none" }, { follow("extract", "--progress", "=", "a") })
    assert.same({ "auto bar plain silent", "none" }, { follow("extract", "--progress", "=") })
    assert.same({ "", "files --corpus=iemocap:" }, { follow("extract", "--corpus=iemocap:/x") })
    assert.equal("mean", (follow("help", "Tensor", ":", "me")))
  end)
end)

describe("a shell's script", function()
  local folder
  setup(function()
    folder = shell.folder()
    local root = shell.lines "pwd"[1]
    assert(shell.run(("mkdir '%s/a b' '%s/bin' && touch '%s/a b/manifest one.csv'"):format(folder, folder, folder)))
    local program = assert(io.open(folder .. "/bin/tenor", "w"))
    program:write(("#!/bin/sh\nexec %s '%s/bin/tenor' \"$@\"\n"):format(shell.lua, root))
    program:close()
    assert(shell.run(("chmod +x '%s/bin/tenor'; cd '%s' && for s in bash zsh fish; do bin/tenor completion $s >script.$s; done")
      :format(folder, folder)))
  end)
  teardown(function()
    shell.clean()
    scratch.clean()
  end)

  local function installed(name) return needs(shell.run("command -v " .. name), name) end

  local function told(command)
    local _, text = shell.run(("cd '%s' && PATH=\"$PWD/bin:$PATH\" && %s"):format(folder, command))
    return text
  end

  -- What bash's function answers to these words, and how it changes what bash does by itself.
  local function bash(words)
    return told(([[bash -c '. ./script.bash; compopt() { echo "$*"; }; COMP_WORDS=(tenor %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _tenor; printf "%%s\n" "${COMPREPLY[@]}"']]):format(words))
  end

  installed "bash" ("answers in bash", function()
    assert.equal("+o default\nextract\n", bash "ex")
    assert.equal("+o default\nauto\nbar\nplain\nsilent\n", bash 'extract --progress ""')
    assert.equal("+o default\n\n", bash 'extract --window ""')
    assert.equal("\n", bash 'train --features ""') -- bash completes files itself
    assert.equal("+o default -o dirnames\n\n", bash 'report ""')
    assert.equal("-o nospace\nmsp_podcast:\n", bash "extract --corpus ms")
    assert.equal("manifest:\nmsp_podcast:\nmanifest\\ one.csv\n",
      told([[cd "a b" && bash -c '. ../script.bash; compopt() { :; }
        COMP_WORDS=(tenor extract --corpus m); COMP_CWORD=3; _tenor; printf "%s\n" "${COMPREPLY[@]}"']]))
  end)

  installed "fish" ("answers in fish", function()
    local function fish(line)
      return told(([[XDG_CONFIG_HOME="$PWD" fish -c 'source script.fish; complete -C "%s"']]):format(line))
    end
    assert.matches("^extract\tExtract", fish "tenor ex")
    assert.equal("auto\n", fish "tenor extract --progress a")
    assert.matches("^manifest:a b/", fish "tenor extract --corpus manifest:a")
    assert.matches("^a b/manifest one.csv", fish "tenor info a\\\\ b/")
    assert.equal("", fish "tenor extract --window ")
  end)

  installed "zsh" ("is one that zsh reads", function()
    assert.equal("", told "zsh -n script.zsh")
    assert.equal("_tenor\n", told [[zsh -fc 'autoload -Uz compinit; compinit -D; . ./script.zsh; print $_comps[tenor]']])
  end)
end)
