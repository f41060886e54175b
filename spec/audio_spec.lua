local tenor = require "tenor"
local scratch = require "spec.support.scratch"
local shared = require "spec.support.shared"
require "spec.support.assertions"

local audio = tenor.audio

local function ramp(n, channels)
  local rows = {}
  for i = 1, n do
    local row = {}
    for c = 1, channels or 1 do row[c] = ((i * 37 + c * 11) % 2048 - 1024) / 2048 end
    rows[i] = channels and row or row[1]
  end
  return tenor.tensor(rows)
end

-- A fresh path in the temporary folder, gone after the test.
local made = {}
local function temporary(extension)
  local name = os.tmpname()
  made[#made + 1] = name
  if not extension then return name end
  made[#made + 1] = name .. extension
  return name .. extension
end

local function file_of(bytes, extension)
  local path = temporary(extension)
  local f = assert(io.open(path, "wb"))
  f:write(bytes)
  f:close()
  return path
end

local function contents(path)
  local f = assert(io.open(path, "rb"))
  local bytes = f:read "a"
  f:close()
  return bytes
end

after_each(function()
  for _, path in ipairs(made) do os.remove(path) end
  made = {}
end)

describe("a Wave", function()
  it("shows its name, duration, rate and channels", function()
    assert.equal("Wave: 0.10 s, 16000 Hz, 1 channel", tostring(audio.wave(ramp(1600), 16000)))
    local path = temporary ".wav"
    assert(audio.write(path, audio.wave(ramp(100, 2), 8000)))
    local wave = assert(audio.read(path))
    assert.equal(("Wave %s: 0.01 s, 8000 Hz, 2 channels"):format(path:match "[^/]+$"), tostring(wave))
  end)

  it("has fields", function()
    local wave = audio.wave(ramp(100, 2), 8000)
    assert.equal(8000, wave.rate)
    assert.equal(2, wave.channels)
    assert.equal(100, wave.frames)
    assert.equal(100, #wave)
    assert.equal(100 / 8000, wave.duration)
    assert.is_nil(wave.path)
    assert.is_nil(wave.nothing)
    assert.is_nil(wave[1])
  end)

  it("gives back the samples it was made of", function()
    for _, x in ipairs { ramp(100), ramp(100, 1), ramp(100, 3) } do
      local samples = audio.wave(x, 8000):samples()
      assert.equal(#x:shape() == 2 and x:shape()[2] > 1 and 2 or 1, #samples:shape())
      assert.same(x:reshape(-1):totable(), samples:reshape(-1):totable())
    end
  end)

  shared.it("is what the recording says", function()
    local wave = assert(audio.read(shared.path "data/speech_emotion/00.wav"))
    assert.equal("Wave 00.wav: 2.09 s, 16000 Hz, 1 channel", tostring(wave))
    assert.equal(33401, #wave)
    assert.same({ 33401 }, wave:samples():shape())
  end)
end)

describe("audio.write and audio.read", function()
  it("keep samples that the file can hold, in every format", function()
    for _, extension in ipairs { ".wav", ".flac", ".aiff", ".aif", ".au", ".caf", ".w64" } do
      for _, channels in ipairs { false, 2, 5 } do
        local path = temporary(extension)
        local x = ramp(5000, channels or nil)
        assert.is_true(audio.write(path, audio.wave(x, 22050)))
        local wave = assert(audio.read(path))
        assert.equal(22050, wave.rate)
        assert.equal(path, wave.path)
        assert.same(x:totable(), wave:samples():totable())
      end
    end
  end)

  it("keep them in every subtype", function()
    for subtype, step in pairs { pcm_u8 = 2 ^ -7, pcm_16 = 2 ^ -15, pcm_24 = 2 ^ -23, pcm_32 = 2 ^ -31, float = 2 ^ -23,
      double = 2 ^ -24 } do
      local path, samples = temporary ".wav", {}
      for i = -64, 64 do samples[#samples + 1] = math.min(i / 64, 1 - math.max(step, 2 ^ -24)) end
      local x = tenor.tensor(samples)
      assert(audio.write(path, audio.wave(x, 8000), { subtype = subtype }))
      assert.same(x:totable(), assert(audio.read(path)):samples():totable())
    end
  end)

  it("come close in Ogg Vorbis, which loses a little", function()
    local path, samples = temporary ".ogg", {}
    for i = 1, 16000 do samples[i] = 0.5 * math.sin(i * 0.05) end
    assert(audio.write(path, audio.wave(tenor.tensor(samples), 16000)))
    local wave = assert(audio.read(path))
    assert.equal(16000, #wave)
    local got = wave:samples():totable()
    for i = 1000, 15000 do assert.is_true(math.abs(got[i] - samples[i]) < 0.05) end
  end)

  it("clip what is beyond full scale", function()
    local path = temporary ".wav"
    assert(audio.write(path, audio.wave(tenor.tensor { 2, -2, 1, -1, 0 }, 8000)))
    local top = 32767 / 32768
    assert.same({ top, -1, top, -1, 0 }, assert(audio.read(path)):samples():totable())
  end)

  it("write equal files of equal samples", function()
    local a, b, wave = temporary(), temporary(), audio.wave(ramp(500), 8000)
    for _, subtype in ipairs { "pcm_16", "float" } do
      assert(audio.write(a, wave, { format = "wav", subtype = subtype }))
      assert(audio.write(b, wave, { format = "wav", subtype = subtype }))
      assert.equal(contents(a), contents(b))
    end
  end)

  it("leave the old file when the new one fails", function()
    local result, message = audio.write("/nowhere/at/all.wav", audio.wave(ramp(10), 8000))
    assert.is_nil(result)
    assert.equal("/nowhere/at/all.wav: No such file or directory", message)
    local path = file_of("old", ".wav")
    result, message = audio.write(path, audio.wave(tenor.tensor { 0, 0 / 0 }, 8000))
    assert.is_nil(result)
    assert.equal(path .. ": sample 2 is not finite", message)
    assert.equal("old", contents(path))
  end)
end)

describe("a Reader", function()
  local path
  before_each(function()
    path = temporary ".wav"
    assert(audio.write(path, audio.wave(ramp(1000), 8000)))
  end)

  it("reads on until the end", function()
    local reader <close> = assert(audio.open(path))
    assert.equal(1000, #reader)
    assert.equal(8000, reader.rate)
    assert.equal(1, reader.channels)
    assert.equal(path, reader.path)
    assert.same({ 600 }, reader:read(600):shape())
    assert.same({ 400 }, reader:read(600):shape())
    assert.is_nil(reader:read(600))
  end)

  it("seeks", function()
    local reader <close> = assert(audio.open(path))
    local first = reader:read(10):totable()
    assert.equal(0, reader:seek(0))
    assert.same(first, reader:read(10):totable())
    reader:seek(1000)
    assert.is_nil(reader:read())
    assert.raises("reader:seek: offset must be an integer from 0 to 1000, got 1001", function() reader:seek(1001) end)
    assert.raises("reader:seek: offset must be an integer from 0 to 1000, got nil", function() reader:seek() end)
  end)

  it("closes twice, and raises when read after that", function()
    local reader = assert(audio.open(path))
    reader:close()
    reader:close()
    assert.raises("reader:read: the reader is closed", function() reader:read(1) end)
    assert.raises("reader:seek: the reader is closed", function() reader:seek(0) end)
  end)

  it("refuses block sizes that are none", function()
    local reader <close> = assert(audio.open(path))
    for _, frames in ipairs { 0, -1, 1.5, "many" } do
      assert.raises("reader:read: frames must be a positive integer, got " .. frames,
        function() reader:read(frames) end)
    end
  end)

  it("serves a generic for", function()
    local blocks, all = {}, {}
    for block in audio.blocks(path, { frames = 300 }) do
      blocks[#blocks + 1] = #block
      for _, v in ipairs(block:totable()) do all[#all + 1] = v end
    end
    assert.same({ 300, 300, 300, 100 }, blocks)
    assert.same(ramp(1000):totable(), all)
  end)

  it("is closed when the loop is left early", function()
    local next_block, _, _, reader = audio.blocks(path, { frames = 10 })
    for block in next_block, nil, nil, reader do
      if #block == 10 then break end
    end
    assert.raises("closed", function() reader:read() end)
  end)
end)

describe("files that cannot be read", function()
  local function refused(path, text)
    for _, f in ipairs { audio.read, audio.open } do
      local result, message = f(path)
      if result and f == audio.open then result, message = result:read() end
      assert.is_nil(result)
      assert.equal(path .. ": ", message:sub(1, #path + 2))
      assert.truthy(message:find(text, 1, true), message)
    end
  end

  local function wav(...)
    local path = temporary ".wav"
    assert(audio.write(path, audio.wave(tenor.tensor { ... }, 8000), { subtype = "float" }))
    return contents(path)
  end

  it("are named with the reason", function()
    refused("/nowhere/at/all.wav", "No such file or directory")
    refused("/tmp", "is a directory")
    refused(file_of(""), "the file is empty")
    refused(file_of "neither fish nor fowl", "not a readable audio file")
    refused(file_of(wav(1, 2, 3):sub(1, 30)), "not a readable audio file")
  end)

  it("are told from shorter ones when cut short", function()
    local x = {}
    for i = 1, 20000 do x[i] = math.sin(i * i) / 2 end
    for _, extension in ipairs { ".wav", ".aiff", ".flac", ".ogg" } do
      local path = temporary(extension)
      assert(audio.write(path, audio.wave(tenor.tensor(x), 8000)))
      local bytes = contents(path)
      local cut = file_of(bytes:sub(1, #bytes * 3 // 4), extension)
      local result, message = audio.read(cut)
      assert.is_nil(result)
      assert.truthy(message:find(cut .. ": truncated", 1, true), message)
    end
  end)

  it("are accepted when a pipe left the length open", function()
    local bytes = wav(0.5, 0.25, -0.5, 0.125)
    local at = bytes:find("data", 1, true) + 4
    local open = bytes:sub(1, at - 1) .. "\xff\xff\xff\xff" .. bytes:sub(at + 4)
    local wave = assert(audio.read(file_of(open, ".wav")))
    assert.same({ 0.5, 0.25, -0.5, 0.125 }, wave:samples():totable())
  end)

  it("are refused without samples", function()
    local bytes = wav(0.5)
    local at = bytes:find("data", 1, true) + 4
    refused(file_of(bytes:sub(1, at - 1) .. "\0\0\0\0", ".wav"), "holds no samples")
  end)

  it("are refused with samples that are no numbers", function()
    local bytes = wav(0.5, 0.25, 0.5)
    for _, bits in ipairs { "\0\0\xc0\x7f", "\0\0\x80\x7f", "\0\0\x80\xff" } do
      refused(file_of(bytes:sub(1, -9) .. bits .. bytes:sub(-4), ".wav"), "sample 2 is not finite")
    end
  end)

  it("raise from blocks, as from io.lines", function()
    assert.raises("audio.blocks: /nowhere/at/all.wav: No such file or directory", function()
      for _ in audio.blocks "/nowhere/at/all.wav" do error "never" end
    end)
  end)
end)

describe("wrong arguments to audio", function()
  local wave = audio.wave(ramp(10), 8000)

  for text, call in pairs {
    ["audio.read: path must be a string, got no value"] = function() audio.read() end,
    ["audio.read: path must not hold zero bytes"] = function() audio.read "a\0b" end,
    ["audio.open: path must be a string, got number"] = function() audio.open(3) end,
    ["audio.wave: samples must be a tensor (N) or (N, channels), got table"] = function() audio.wave({}, 8000) end,
    ["(N, channels), none of them 0, got"] = function() audio.wave(tenor.zeros(2, 2, 2), 8000) end,
    ["none of them 0, got " .. tenor.real .. " (0)"] = function() audio.wave(tenor.zeros(0), 8000) end,
    ["audio.wave: rate must be a positive integer in Hz, got 0"] = function() audio.wave(ramp(3), 0) end,
    ["audio.wave: rate must be a positive integer in Hz, got nil"] = function() audio.wave(ramp(3)) end,
    ["audio.write: path must be a string, got nil"] = function() audio.write(nil, wave) end,
    ["audio.write: wave must be a Wave, got nil"] = function() audio.write "a.wav" end,
    ["audio.write: '/tmp/x' has no extension: give format"] = function() audio.write("/tmp/x", wave) end,
    ["audio.write: format must be wav, flac"] = function() audio.write("/tmp/x.xyz", wave) end,
    ["audio.write: subtype must be pcm_u8"] = function() audio.write("/tmp/x.wav", wave, { subtype = "pcm16" }) end,
    ["audio.write: subtype must be a string, got number"] = function()
      audio.write("/tmp/x.wav", wave, { subtype = 16 })
    end,
    ["audio.write: a flac file cannot hold double of 1 channel at 8000 Hz"] = function()
      audio.write("/tmp/x.flac", wave, { subtype = "double" })
    end,
    ["audio.write: unknown option 'subtyp' (did you mean 'subtype'?)"] = function()
      audio.write("/tmp/x.wav", wave, { subtyp = "pcm_16" })
    end,
    ["audio.blocks: frames must be a positive integer, got 0"] = function() audio.blocks("a.wav", { frames = 0 }) end,
  } do
    it("raise: " .. text, function() assert.raises(text, call) end)
  end

  it("holds what is beyond full scale at it, by a table too", function()
    for _, subtype in ipairs { "ulaw", "alaw" } do
      local path, again = scratch.path ".wav", scratch.path ".wav"
      local loud = tenor.tensor { 1e5, -1e5, 3e38, -3e38, 1.001, 1, -1, 0.5, -0.25, 0 }
      assert(audio.write(path, audio.wave(loud, 8000), { subtype = subtype }))
      local x = assert(audio.read(path)):samples()
      local most = x[1]
      assert.is_true(most > 0.95 and most < 1)
      assert.near_tensor({ most, -most, most, -most, most, most, -most, 0.5, -0.25, 0 }, x, 0.02)
      assert(audio.write(again, assert(audio.read(path)), { subtype = subtype }))
      assert.is_true(assert(audio.read(again)):samples() == x)
    end
  end)

  it("refuses a sample that a float cannot hold, by place", function()
    local body = string.pack("<ddd", 0.5, 1e300, 0)
    local format = string.pack("<I2I2I4I4I2I2", 3, 1, 8000, 64000, 8, 64)
    local bytes = "WAVEfmt " .. string.pack("<s4", format) .. "data" .. string.pack("<s4", body)
    local path = scratch.file(".wav", "RIFF" .. string.pack("<s4", bytes))
    local message = path .. ": sample 2 is 1e+300, more than a float holds"
    assert.equal(message, select(2, audio.read(path)))
    assert.equal(message, select(2, audio.open(path):read()))
    scratch.clean()
  end)
end)
