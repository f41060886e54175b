--- Lower case for UTF-8 text, as Python's `str.lower` where one letter becomes
-- one letter: ASCII, Latin-1, Latin Extended-A and the regular part of B, Greek,
-- Cyrillic and Armenian. Letters beyond these and bytes that are not UTF-8 stay
-- as they are; a capital sigma becomes σ at a word's end too.
return require("tenor.core").text.lowercase
