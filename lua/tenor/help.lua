--- The reference in the interpreter: `tenor.help(tenor.fit)`, `tenor.help(layer)`, `tenor.help "nn.LSTM"`.
--
-- The text is that of the pages which `make reference` makes from the comments in the sources (docs/reference), a
-- section a name.
-- @module tenor.help
local options = require "tenor.options"
local public = require "tenor.public"

-- read at the first question
local sections, ids, titles

local Page = { __name = "help", __tostring = function(self)
  local width = require "tenor.core".terminal.width(io.stdout)
  return width and require "tenor.help.wrap"(self.text, width) or self.text
end }

local function page(id)
  local lines = { id, (sections[id]:gsub("^    ", "")) }
  local inside = {}
  for _, other in ipairs(ids) do
    local rest = other ~= id and other:sub(1, #id) == id and other:sub(#id + 1):match "^[.:]([^.:]+)$"
    if rest then inside[#inside + 1] = rest end
  end
  if #inside > 0 then lines[#lines + 1] = "\nMore: " .. id .. "…  " .. table.concat(inside, ", ") end
  return setmetatable({ id = id, text = table.concat(lines, "\n\n", 1, 2) .. (lines[3] and "\n" .. lines[3] or "") }, Page)
end

local function first_sentence(id)
  local text = sections[id]:gsub("^    [^\n]*\n\n", ""):gsub("\n\n.*$", ""):gsub("\n", " ")
  return text:match "^(.-%.)%s+[%u%-`]" or text -- "eq. 3" ends nothing
end

local function overview()
  local lines = { "tenor.help(f), tenor.help(object) or tenor.help \"name\" shows the reference of:", "" }
  for _, title in ipairs(titles) do
    lines[#lines + 1] = ("%-12s  %s"):format(title, first_sentence(title))
  end
  return setmetatable({ id = "", text = table.concat(lines, "\n") }, Page)
end

-- The id of the section on a method: its class's, or that of the parent whose method it is or overrides.
local function method_section(class, method)
  while class do
    local name = public.class_of(class)
    if name and sections[name .. ":" .. method] then return name .. ":" .. method end
    class = public.parent(class)
  end
end

local function section_of(entry)
  if sections[entry.id] then return entry.id end
  local method = entry.id:match ":(.-)$"
  return method and entry.class and method_section(public.class(entry.class), method)
end

local function value_id(value)
  for _, entry in ipairs(public.names()) do
    if rawequal(entry.value, value) or entry.make and rawequal(entry.make, value) then
      local id = section_of(entry)
      if id then return id end
    end
  end
  local class = public.class_of(value)
  return class and sections[class] and class
end

-- The sections that a name may stand for: the whole id, with "tenor." before it, or its last part.
local function find(name)
  local wanted = name:gsub("^tenor[.:]", ""):gsub("%(.*$", "")
  if sections[wanted] then return wanted end
  local dotted = wanted:gsub(":", ".")
  local owner, method = dotted:match "^(.*)%.([^.]+)$"
  local class = owner and sections[owner] and public.class(owner)
  local inherited = class and method_section(class, method)
  if inherited then return inherited end
  local found = {}
  for _, id in ipairs(ids) do
    local plain = id:gsub(":", ".")
    if plain:lower() == dotted:lower() or plain:sub(-#dotted - 1):lower() == "." .. dotted:lower() then found[#found + 1] = id end
  end
  return #found == 1 and found[1] or nil, found
end

--- The reference of a public name. Printed, as the interpreter does with the value of a line, it is a page of text.
-- @param[opt] what a function, a method, a class, an object of a class (a layer, a tensor, a corpus), a module, or a name
-- such as "nn.LSTM", "Tensor:mean" or "lld"; nothing lists the modules
-- @treturn table the page; its `text`, its `id`
-- @raise where there is no such name, with what may have been meant
local function help(...)
  if not sections then
    local pages = require "tenor.help.pages"()
    sections, ids, titles = pages.sections, pages.ids, pages.titles
  end
  if select("#", ...) == 0 then return overview() end
  local what = ...
  if type(what) == "string" then
    local id, found = find(what)
    if id then return page(id) end
    if #found > 0 then
      local lines = {}
      for i, other in ipairs(found) do lines[i] = ("%-24s  %s"):format(other, first_sentence(other)) end
      return setmetatable({ id = what, text = table.concat(lines, "\n") }, Page)
    end
    local last, inner = {}, {}
    for i, id_there in ipairs(ids) do
      last[i] = id_there:match "[^.:]+$"
      inner[#inner + 1] = id_there:find "[.:]" and id_there or nil
    end
    local wanted = what:gsub("^tenor%.", "")
    local close = options.closest(wanted, wanted:find "[.:]" and inner or ids)
      or options.closest(what:match "[^.:]+$" or what, last)
    error(("help: no '%s'%s"):format(what, close and (" (did you mean '%s'?)"):format(close)
      or "; tenor.help() lists what there is"), 2)
  end
  if what == require "tenor" then return overview() end
  local id = value_id(what)
  if not id then
    error(("help: this %s is not one of tenor's; give a function, an object or a name of it, or nothing for a list"):format(
      type(what)), 2)
  end
  return page(id)
end

return help
