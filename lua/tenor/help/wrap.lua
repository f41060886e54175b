--- Paragraphs, list items and lists of names broken anew at blanks, for a terminal of some width. Code, which four blanks
-- indent, stays.

local function columns(text) return utf8.len(text) or #text end

--- @string text
-- @int width columns, at least 20 are used
-- @return text
return function(text, width)
  width = math.max(width, 20)
  local out, words, first, rest = {}, {}, "", ""
  local function flush()
    if #words == 0 then return end
    local line = first .. words[1]
    for i = 2, #words do
      if columns(line) + 1 + columns(words[i]) > width then
        out[#out + 1] = line
        line = rest .. words[i]
      else
        line = line .. " " .. words[i]
      end
    end
    out[#out + 1], words = line, {}
  end
  for line in (text .. "\n"):gmatch "(.-)\n" do
    local indent, dash, body = line:match "^(%s*)(%-?%s*)(.*)$"
    local name, told = line:match "^(%S+%s%s+)(%S.*)$" -- a name, and what it is: a line of a list
    if name then dash, body = name, told end
    local signature = #words == 0 and line:find "^[%w_.:]+%(.*%)$"
    if #indent >= 4 or body == "" or signature then
      flush()
      out[#out + 1] = line
    else
      if dash ~= "" or #words == 0 then
        flush()
        first, rest = indent .. dash, indent .. (" "):rep(name and columns(dash) > width // 2 and 4 or columns(dash))
      end
      for word in body:gmatch "%S+" do words[#words + 1] = word end
    end
  end
  flush()
  return table.concat(out, "\n")
end
