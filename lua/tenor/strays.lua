--- Bytes that are not UTF-8, in text that should be.
--
-- Old transcripts hold a byte here and there of the code page of whoever typed them. Each is
-- read as Windows-1252, as U+FFFD where that has no sign, so that "fianc\xE9e" becomes "fiancée":
-- one letter for one byte, so no word is cut, joined with another or lost by it.

-- 0x80 to 0x9F; 81, 8D, 8F, 90 and 9D are no letter: Latin-1 has control characters there, which a terminal may obey
local windows = {
  0x20AC, 0xFFFD, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0xFFFD, 0x17D, 0xFFFD,
  0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0xFFFD, 0x17E, 0x178,
}

--- Text as valid UTF-8.
-- @string text
-- @return the text; how many bytes were mended
return function(text)
  local _, bad = utf8.len(text)
  if not bad then return text, 0 end
  local pieces, from, count = {}, 1, 0
  while bad do
    local byte = text:byte(bad)
    pieces[#pieces + 1] = text:sub(from, bad - 1)
    pieces[#pieces + 1] = utf8.char(windows[byte - 0x7F] or byte) -- above: as Latin-1
    from, count = bad + 1, count + 1
    _, bad = utf8.len(text, from)
  end
  pieces[#pieces + 1] = text:sub(from)
  return table.concat(pieces), count
end
