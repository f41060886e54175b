--- Text without the white space at its ends, in time in proportion to its length.
-- (`^%s*(.-)%s*$` looks at a run of blanks inside once for each blank of it: hours for a megabyte of them.)
-- @string text
-- @return the text
return function(text)
  local from = text:find "%S"
  return from and text:match(".*%S", from) or ""
end
