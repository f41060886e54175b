-- A sound file: whole, and by blocks with a jump between.
local audio = require("tenor.core").audio

return {
  fixed = 1024 * 1024,
  per_byte = 512 * 8, -- beyond that many samples a byte the file is decoded before it is believed
  decoded = true,
  max_len = 8192, -- the headers of Vorbis alone take 4 KB
  run = function(path)
    local wave, why = audio.read(path)
    local reader, reason = audio.open(path)
    if wave then
      assert(reader, reason)
      assert(#wave == #reader and wave.rate == reader.rate and wave.channels == reader.channels)
    end
    if reader then
      reader:read(100)
      if reader:seek(#reader // 2) then reader:read(1000) end
      reader:close()
    end
    return wave, why
  end,
}
