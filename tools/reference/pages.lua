-- The pages of the reference, a module a page, in Markdown that also reads well in a terminal: `tenor.help` shows
-- their sections. A section begins with "## " and the public name.

local function linked(text) return (text:gsub("@{([^}]+)}", "`%1`")) end

-- A comment's lines as one paragraph each; list items and indented lines stay as they are.
local function flowing(text)
  text = linked(text):gsub("\n +", function(space) return #space > 5 and space or "\n" end)
  return (text:gsub("\n\n+", "\n\n"):gsub("^%s+", ""):gsub("%s+$", ""))
end

local function signature(entry)
  local parts = {}
  for i, a in ipairs(entry.arguments or {}) do
    local optional = a.opt or (i == #entry.arguments and entry.options)
    parts[i] = optional and ("[%s%s]"):format(i > 1 and ", " or "", a.name) or (i > 1 and ", " or "") .. a.name
  end
  local list = "(" .. table.concat(parts) .. ")"
  if entry.static then return "tenor." .. entry.id:gsub(":", ".") .. list end
  if entry.kind == "method" then return entry.id:match "([^.]+)$":gsub("^%u%w*", string.lower, 1) .. list end
  if entry.kind == "function" or entry.made then return "tenor." .. entry.id .. list end
end

local function argument(a)
  local kind = a.type and a.type:gsub("^%?", "") or nil
  local notes = {}
  if kind then notes[#notes + 1] = kind end
  if a.opt then notes[#notes + 1] = a.default and "default " .. a.default or "optional" end
  local head = "- `" .. a.name .. "`" .. (#notes > 0 and " (" .. table.concat(notes, ", ") .. ")" or "")
  local text = flowing(a.text)
  if text == "" then return head end
  return head .. (text:find "^%- " and ":\n  " or ": ") .. text:gsub("\n", "\n  ")
end

local function ended(text) return text:find "[.!?]$" and text or text .. "." end

-- The type and what is said of it, the type once.
local function returned(r)
  local short = r.type and r.type:match "[^.]+$"
  if not r.type or r.text:gsub("^an? ", ""):gsub("^@{", ""):sub(1, #short) == short then return ended(flowing(r.text)) end
  return r.type .. (r.text ~= "" and ": " .. ended(flowing(r.text)) or ".")
end

local function details(lines, entry, doc)
  if #(entry.arguments or {}) > 0 then
    lines[#lines + 1] = ""
    for _, a in ipairs(entry.arguments) do
      if a.text ~= "" or a.type then lines[#lines + 1] = argument(a) end
    end
    if lines[#lines] == "" then lines[#lines] = nil end
  end
  for _, r in ipairs(doc.returns or {}) do
    lines[#lines + 1] = ""
    lines[#lines + 1] = "Returns " .. returned(r)
  end
  for _, r in ipairs(doc.raises or {}) do
    lines[#lines + 1] = ""
    lines[#lines + 1] = "Raises " .. ended(flowing(r))
  end
  for _, u in ipairs(doc.usage or {}) do
    lines[#lines + 1] = ""
    lines[#lines + 1] = "    " .. u:gsub("\n", "\n    ")
  end
end

local function described(doc)
  return flowing(doc.text)
end

local function section(entry)
  local doc = entry.doc
  local lines = { "## " .. entry.id, "" }
  local call = signature(entry)
  if call then
    lines[#lines + 1] = "    " .. call
    lines[#lines + 1] = ""
  end
  local text = described(doc)
  if text ~= "" then lines[#lines + 1] = text end
  if entry.made then
    if described(entry.made) ~= "" then
      lines[#lines + 1] = ""
      lines[#lines + 1] = described(entry.made)
    end
    details(lines, entry, entry.made)
  elseif entry.kind ~= "class" then
    details(lines, entry, doc)
  end
  if doc.file then
    lines[#lines + 1] = ""
    lines[#lines + 1] = "Source: `" .. doc.file .. "`"
  end
  return (table.concat(lines, "\n"):gsub("[ \t]+\n", "\n"):gsub("\n\n\n+", "\n\n"))
end

-- The page of an entry: its module, or where its class is described.
local function page_of(entry, is_module)
  local id = entry.class or entry.id
  local prefix = id:match "^(%w+)[.:]"
  if is_module[id] then return id end
  if prefix and is_module[prefix] then return prefix end
  if entry.class then
    local file = entry.doc and entry.doc.file or ""
    local from = file:match "^lua/tenor/([%w_]+)"
    return from and is_module[from] and from or id:lower():gsub("%..*$", "")
  end
  return "tenor"
end

return function(names, module_docs)
  local is_module, class_page, by_page, order = {}, {}, {}, {}
  for _, entry in ipairs(names) do
    if entry.kind == "module" then is_module[entry.id] = true end
  end
  for _, entry in ipairs(names) do
    if entry.kind == "class" then class_page[entry.id] = page_of(entry, is_module) end
  end
  for _, entry in ipairs(names) do
    local page = entry.class and class_page[entry.class] or page_of(entry, is_module)
    if not by_page[page] then
      by_page[page] = {}
      order[#order + 1] = page
    end
    if entry.kind ~= "module" and not entry.hidden then table.insert(by_page[page], entry) end
  end
  table.sort(order)
  local out, list = {}, {}
  for _, page in ipairs(order) do
    local title = is_module[page] and "tenor." .. page or page == "tenor" and "tenor" or page:sub(1, 1):upper() .. page:sub(2)
    local doc = module_docs[page]
    local parts = { "# " .. title }
    if doc and (is_module[page] or page == "tenor") then parts[#parts + 1] = described(doc) end
    for _, entry in ipairs(by_page[page]) do parts[#parts + 1] = section(entry) end
    out[page] = table.concat(parts, "\n\n") .. "\n"
    local what = doc and (is_module[page] or page == "tenor") and doc.summary or by_page[page][1].doc.summary
    list[#list + 1] = ("| [%s](%s.md) | %s |"):format(title, page, linked(what):gsub("%s+", " "))
  end
  out.README = "# Reference\n\nEvery public name, a module a page, made by `make reference` from the comments in the sources. "
    .. "In the interpreter `tenor.help(f)`, `tenor.help \"nn.LSTM\"` and `tenor.help()` show the same.\n\n| page | |\n|---|---|\n"
    .. table.concat(list, "\n") .. "\n"
  return out
end
