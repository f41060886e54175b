--- Text without what a terminal would obey: control characters, those of U+0080 to U+009F among them, of which U+009B is
-- another way to write what ESC [ begins.
-- @param value a string; of anything else what `tostring` gives
-- @string[opt="?"] sign what stands in the place of each
-- @bool[opt=false] layout whether tabs and line feeds stay
-- @treturn string
return function(value, sign, layout)
  sign = sign or "?"
  local text = tostring(value):gsub(layout and "[%z\1-\8\11-\31\127]" or "[%z\1-\31\127]", sign):gsub("\xC2[\x80-\x9F]", sign)
  return text
end
