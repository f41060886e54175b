--- Lower case for UTF-8 text, as Python's `str.lower` where one letter becomes
-- one letter: ASCII, Latin-1, Latin Extended-A and the regular part of B, Greek,
-- Cyrillic and Armenian. Letters beyond these and bytes that are not UTF-8 stay
-- as they are; a capital sigma becomes σ at a word's end too.
local lower = {}

local function pair(from, to) lower[utf8.char(from)] = utf8.char(to) end

local function run(first, last, distance)
  for c = first, last do pair(c, c + distance) end
end

local function alternate(first, last)
  for c = first, last, 2 do pair(c, c + 1) end
end

run(0xC0, 0xD6, 32) run(0xD8, 0xDE, 32)                            -- Latin-1
alternate(0x100, 0x12E) alternate(0x132, 0x136)                    -- Latin Extended-A
alternate(0x139, 0x147) alternate(0x14A, 0x176) alternate(0x179, 0x17D)
pair(0x178, 0xFF)
alternate(0x1CD, 0x1DB) alternate(0x1DE, 0x1EE)                    -- Latin Extended-B, the regular part
alternate(0x1F8, 0x21E) alternate(0x222, 0x232) pair(0x18F, 0x259)
lower[utf8.char(0x130)] = "i" .. utf8.char(0x307)                  -- dotted capital I
pair(0x386, 0x3AC) run(0x388, 0x38A, 37) pair(0x38C, 0x3CC)        -- Greek
run(0x38E, 0x38F, 63) run(0x391, 0x3A1, 32) run(0x3A3, 0x3AB, 32)
run(0x400, 0x40F, 80) run(0x410, 0x42F, 32)                        -- Cyrillic
alternate(0x460, 0x480) alternate(0x48A, 0x4BE) alternate(0x4C1, 0x4CD) alternate(0x4D0, 0x52E)
run(0x531, 0x556, 48)                                              -- Armenian

-- every letter above is two bytes; such a lead byte begins no other sequence
return function(text)
  text = text:gsub("[A-Z]+", string.lower)
  return (text:gsub("[\xC3-\xD5][\x80-\xBF]", lower))
end
