--- The pages of documentation hold what they promise (spec/support/page.lua).
local archive = require "spec.support.archive"
local tenor = require "tenor"
local iemocap = require "spec.support.iemocap"
local shell = require "spec.support.shell"
local tiny = require "spec.support.corpus"

local pages = shell.lines "ls README.md docs/*.md"

describe("the documentation", function()
  local folder, root

  -- what the pages take for granted, in one folder
  setup(function()
    root, folder = shell.lines "pwd"[1], shell.folder()
    tiny.write(folder)
    local function path(name) return folder .. "/" .. name end
    iemocap.write(path "IEMOCAP_full_release")
    local wave = assert(tenor.audio.read(path "wav/Ses01_001.wav"))
    assert(tenor.audio.write(path "00.wav", wave))
    assert(tenor.audio.write(path "long.flac", wave))
    assert(tenor.audio.write(path "wav/Ses01F_demo01_F000.wav", wave))
    assert(tenor.save(path "x.npy", tenor.arange(6):reshape(2, 3)))
    assert(tenor.save(path "all.npz", { x = tenor.arange(6), y = tenor.arange(3) }))
    assert(tenor.save(path "counts.npy", tenor.arange(5, "int32")))
    local function write(name, bytes)
      local file = assert(io.open(path(name), "wb"))
      assert(file:write(bytes))
      assert(file:close())
    end
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
    assert(shell.run(("mkdir '%s/build' && ln -s .. '%s/build/demo'"):format(folder, folder)))
  end)
  teardown(function() shell.clean() end)

  it("has a page on the way in and one on each subject", function()
    assert.is_true(#pages >= 8)
  end)

  for _, page in ipairs(pages) do
    it("does in " .. page .. " what it says", function()
      local ok, text = shell.run(("cd '%s' && export LUA_PATH='%s/?.lua;'\"$LUA_PATH\" && %s '%s/spec/support/page.lua' '%s/%s'")
        :format(folder, root, shell.lua, root, root, page))
      assert.is_true(ok, text)
      assert.matches("%d+ agree", text)
    end)
  end

  it("links to pages that are there", function()
    for _, page in ipairs(pages) do
      local file = assert(io.open(page))
      for target in file:read("a"):gmatch "%]%(([^)#:]+)[^)]*%)" do
        local place = (page:match "^.*/" or "") .. target
        local there = io.open(place)
        assert.is_truthy(there, ("%s links to %s"):format(page, place))
        there:close()
      end
      file:close()
    end
  end)
end)
