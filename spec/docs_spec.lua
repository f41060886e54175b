--- The pages of documentation hold what they promise (spec/support/page.lua).
local archive = require "spec.support.archive"
local commands = require "spec.support.commands"
local fences = require "spec.support.fences"
local fs = require "tenor.fs"
local iemocap = require "spec.support.iemocap"
local shell = require "spec.support.shell"
local tenor = require "tenor"
local tiny = require "spec.support.corpus"
local torch = require "spec.support.torch"

-- pages show the build that people use, and take their time
if tenor.real ~= "float32" then return end

local pages = shell.lines "ls README.md CONTRIBUTING.md SECURITY.md docs/*.md docs/guides/*.md"
local root = shell.lines "pwd"[1]

local function text_of(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

-- What the pages take for granted, in one folder.
local function furnish(folder)
  local function path(name) return folder .. "/" .. name end
  local function write(name, bytes) assert(fs.write(path(name), bytes)) end
  tiny.write(folder)
  iemocap.write(path "IEMOCAP_full_release")
  local wave = assert(tenor.audio.read(path "wav/Ses01_001.wav"))
  for _, name in ipairs { "00.wav", "long.flac", "wav/Ses01F_demo01_F000.wav", "wav/Ses05F_demo01_F000.wav" } do
    assert(tenor.audio.write(path(name), wave))
  end
  assert(tenor.save(path "x.npy", tenor.arange(6):reshape(2, 3)))
  assert(tenor.save(path "all.npz", { x = tenor.arange(6), y = tenor.arange(3) }))
  assert(tenor.save(path "counts.npy", tenor.arange(5, "int32")))
  local text, binary = {}, { "4 300\n" }
  for i, word in ipairs { "well", "good", "doctor", "hello" } do
    text[i] = word .. (" 0.5"):rep(300) .. "\n"
    binary[i + 1] = word .. " " .. string.pack("<f", 0.5):rep(300)
  end
  text = table.concat(text)
  write("glove.6B.300d.txt", text)
  local pieces = { "[UNK]", "un", "##want", "##ed", ",", "doctor", "!", "hello", "well", "there" }
  write("vocab.txt", table.concat(pieces, "\n"))
  assert(tenor.save(path "model.safetensors", { ["bert.embeddings.word_embeddings.weight"] = tenor.ones(#pieces, 768) }))
  write("glove.6B.zip", archive.zip { { "glove.6B.50d.txt", "well" .. (" 1"):rep(50) }, { "glove.6B.300d.txt", text } })
  write("GoogleNews-vectors-negative300.bin.gz", archive.gzip(table.concat(binary)))
  local sentences = { "id,split,V,A,D,text\n" }
  for i = 1, 16 do
    sentences[i + 1] = ('s%d,%s,%d,%d,%d,"Well, number %d, hello doctor."\n'):format(i, i > 12 and "test" or "train",
      i % 5 + 1, i % 3 + 2, i % 4 + 1, i)
  end
  write("sentences.csv", table.concat(sentences))
  -- what the Python of a page makes, where there is none
  local lstm, input = tenor.nn.LSTM(4, 3), tenor.ones(2, 5, 4)
  assert(tenor.save(path "theirs.npz", { x = input, y = lstm:forward(input), weight_ih_l0 = lstm.values.w_ih,
    weight_hh_l0 = lstm.values.w_hh, bias_ih_l0 = lstm.values.bias, bias_hh_l0 = tenor.zeros(12) }))
  assert(fs.make_folder(path "MSP-IMPROV"))
  write("MSP-IMPROV/Evaluation.txt", "UTD-IMPROV-S01A-M02-R-FM02.avi; A; A:2.833333; V:2.333333; D:3.666667 ; N:3.000000;\r\n")
  assert(shell.run(("cd '%s' && mkdir transcripts build && ln -s .. build/demo && ln -s '%s/examples' examples"):format(
    folder, root)))
end

describe("the documentation", function()
  local furnished, cache, bin

  setup(function()
    furnished, cache, bin = shell.folder(), shell.folder(), commands()
    furnish(furnished)
    -- `make demo` has extracted before
    assert(tenor.corpus.manifest(furnished .. "/manifest.csv")):extract { cache = cache, progress = "silent" }
  end)
  teardown(function() shell.clean() end)

  -- Runs a page in a folder of its own; whether it holds, and what was said.
  local function run(page)
    local folder = shell.folder()
    assert(shell.run(("cp -a '%s/.' '%s'"):format(furnished, folder)))
    return shell.run(([[cd '%s' && HOME="$PWD" DOCS_COMMANDS='%s' TENOR_CACHE='%s' DOCS_PYTHON='%s' \
      %s '%s/spec/support/page.lua' '%s']]):format(folder, bin, cache, torch() or "", shell.lua, root, page))
  end

  it("has a page on the way in and one on each subject", function() assert.is_true(#pages >= 8) end)

  for _, page in ipairs(pages) do
    it("does in " .. page .. " what it says", function()
      local ok, text = run(root .. "/" .. page)
      assert.is_true(ok, text)
      assert.matches("%d+ blocks ran, %d+ promises agree", text)
    end)
    for _, block in ipairs(fences.read(page)) do
      if block.kind == "python" and not torch() then
        pending(("runs the Python of %s, line %d: PyTorch and NumPy are not installed"):format(page, block.first))
      end
    end
  end

  it("links to pages that are there", function()
    for _, page in ipairs(pages) do
      for target in text_of(page):gmatch "%]%(([^)#:]+)[^)]*%)" do
        local place = (page:match "^.*/" or "") .. target
        assert.is_truthy(fs.stat(place), ("%s links to %s"):format(page, place))
      end
    end
  end)

  it("links to headings that are there", function()
    local function anchors(path)
      local set = {}
      for heading in ("\n" .. text_of(path)):gmatch "\n#+ ([^\n]+)" do
        set[heading:lower():gsub("[^%w%s_\x80-\xff-]", ""):gsub(" ", "-")] = true
      end
      return set
    end
    for _, page in ipairs(pages) do
      for target, anchor in text_of(page):gmatch "%]%(([^)#:]*)#([^)]+)%)" do
        local place = target == "" and page or (page:match "^.*/" or "") .. target
        assert.is_true(anchors(place)[anchor], ("%s links to %s#%s"):format(page, place, anchor))
      end
    end
  end)

  it("names targets, commands and examples that are there", function()
    local targets = " " .. text_of "Makefile":gsub("\n%.PHONY:", " ")
    for _, page in ipairs(pages) do
      local text = text_of(page)
      for target in text:gmatch "`make ([%l-]+)" do
        assert.is_truthy(targets:find(" " .. target:gsub("%-", "%%-") .. "[ \n]"), ("%s: make %s"):format(page, target))
      end
      for command in text:gmatch "`tenor (%l[%l%d]*)[ `]" do
        assert.is_truthy(fs.stat(("lua/tenor/cli/%s.lua"):format(command)), ("%s: tenor %s"):format(page, command))
      end
      for example in text:gmatch "examples/([%w_]+%.lua)" do
        assert.is_truthy(fs.stat("examples/" .. example), ("%s: examples/%s"):format(page, example))
      end
    end
  end)

  -- Runs a text as a page; ||| stands for ```.
  local function run_text(text)
    local path = shell.folder() .. "/page.md"
    assert(fs.write(path, (text:gsub("|||", "```"))))
    return run(path)
  end

  for what, case in pairs {
    ["a block in a language that is not run"] = { "|||js\nx\n|||\n", "page.md:1: a block is in 'js'" },
    ["a block that never closes"] = { "|||lua\nx = 1\n", "a block is still open" },
    ["an indented block"] = { "- a\n  |||lua\n  x()\n  |||\n", "page.md:2: a block begins with ```" },
    ["code behind four blanks"] = { "So:\n\n    tenor.fit()\n", "page.md:3: code stands in a fenced block" },
    ["output that follows nothing"] = { "|||text\na\n|||\n|||\n3\n|||\n", "page.md:5: output follows no code" },
    ["code in a block of text"] = { "|||text\ntenor train x\n|||\n", "page.md:2: code in a block of text" },
    ["a session in a block of text"] = { "|||text\n> 1\n1\n|||\n", "page.md:2: code in a block of text" },
    ["an error"] = { "|||lua\nerror 'no'\n|||\n", "page.md:2: no" },
    ["another value"] = { "|||lua\nprint(2 + 2) --> 5\n|||\n", "page.md:2: expected\n5\ngot\n4" },
    ["other output"] = { "|||lua\nprint(4)\n|||\n|||\n5\n|||\n", "page.md:5: expected\n5\ngot\n4" },
    ["another answer in a session"] = { "|||\n> 2 + 2\n5\n|||\n", "page.md:2: expected\n5\ngot\n4" },
    ["a command that fails"] = { "|||sh\nls no-such-file\ntrue\n|||\n", "page.md:2: the block fails:\nls: " },
    ["other output of a command"] = { "|||sh\necho 4\n|||\n|||\n5\n|||\n", "expected\n5\ngot\n4" },
    ["a program of ours that fails"] = { "|||sh\ntenor info no.npy\n|||\n", "no.npy: No such file or directory" },
    ["a target that the Makefile lacks"] = { "|||sh\nmake tset\n|||\n", "No rule to make target 'tset'" },
    ["a file that is never used"] = { "|||lua\n-- a.lua\nreturn 1\n|||\n", "page.md:2: a.lua is written and never used" },
  } do
    it("is refused where it has " .. what, function()
      local ok, said = run_text(case[1])
      assert.is_false(ok)
      assert.matches(case[2], said, 1, true)
    end)
  end

  it("runs in the order of the page, files and commands too", function()
    local ok, text = run_text [[
|||lua
-- three.lua
return 3
|||
|||lua
local x = require "three"
assert(tenor.save("x.npy", tenor.zeros(x)))
|||
|||sh
tenor info x.npy
lua5.4 -e 'print(require "three" * 2)'
|||
|||
float32 (3)
[0. 0. 0.]
6
|||
]]
    assert.is_true(ok, text)
    assert.matches("3 blocks ran, 1 promises agree", text)
  end)
end)
