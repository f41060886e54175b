-- tools/reference/generate.lua ITEMS PAGES TYPES: the reference's pages and the editors' annotations, from the
-- comments that ldoc has read and the public names that a loaded tenor has. A name without a comment, an option that its
-- comment does not mention and an argument that it passes over are named, and nothing is written.
local public = require "tenor.public"
local options = require "tenor.options"
local fs = require "tenor.fs"
local byteorder = require "tenor.byteorder"
local pages = require "pages"
local types = require "types"

local items_file, page_folder, types_file = arg[1], arg[2], arg[3]
local modules = dofile(items_file)
public.load_all()
local names = public.names()

local complaints = {}
local function complain(...) complaints[#complaints + 1] = string.format(...) end

-- What ldoc knows, by name and by place in the sources.
local by_name, by_line, module_docs, class_docs = {}, {}, {}, {}

local function stripped(name) return (name:gsub("^tenor%.", "")) end

local function index_item(module, item)
  item.file = module.file
  if item.line then by_line[module.file .. ":" .. item.line] = item end
  local owner, name = stripped(module.name), item.name
  local function put(id)
    if not by_name[id] then by_name[id] = item end
  end
  local function put_all(spelled)
    if spelled:find "^tenor%." then return put(stripped(spelled)) end
    if spelled:find "[.:]" then put(spelled) end
    put(owner == "tenor" and spelled or owner .. "." .. spelled)
  end
  put_all(name)
  local class = name:match "^(.+):[^:]+$"
  for also in item.also:gmatch "%S+" do
    put_all((not also:find "%." and class) and class .. ":" .. also or also)
  end
end

for _, module in ipairs(modules) do
  module.file = module.file:match "(lua/tenor.*)$" or module.file:match "(csrc/.*)$"
  local name = stripped(module.name)
  local docs = module.kind == "classmod" and class_docs or module_docs
  -- of several files on one class, the one without functions describes it
  if not docs[name] or #module.items == 0 then docs[name] = module end
  for _, section in ipairs(module.sections) do
    section.file, section.module = module.file, name
    class_docs[section.name] = class_docs[section.name] or section
    class_docs[name .. "." .. section.name] = section
  end
  for _, item in ipairs(module.items) do index_item(module, item) end
end

local function place_of(f)
  if type(f) ~= "function" then return nil end
  local info = debug.getinfo(f, "S")
  if info.what == "C" then return nil end
  local file = info.source:match "(lua/tenor.*)$"
  return file and by_line[file .. ":" .. info.linedefined], file
end

-- What a parent says of a method that overrides it.
local function inherited(class, method)
  local parent = public.parent(class)
  while parent do
    local name = public.class_of(parent)
    if name and by_name[name .. ":" .. method] then return by_name[name .. ":" .. method] end
    parent = public.parent(parent)
  end
end

local function comment_of(entry)
  if entry.kind == "method" then
    local class, method = entry.id:match "^(.*):(.-)$"
    local short = class:match "[^.]+$"
    return place_of(entry.value) or by_name[entry.id] or by_name[short .. ":" .. method]
      or by_name[class .. "." .. method]
  end
  return by_name[entry.id] or place_of(entry.value)
end

local classes = {}
for _, entry in ipairs(names) do
  if entry.kind == "class" then classes[entry.id] = entry.value end
end

-- The option table of a call, asked of the function itself with arguments of several kinds before it.
local samples = { "x.wav", 1, {}, { "a" }, require "tenor".zeros(2, 2), require "tenor".nn.Dense(2, 2), 8000, 0.5,
  { x = require "tenor".zeros(2, 2), y = require "tenor".zeros(2, 2), label_names = { "a", "b" } } }
local function known_options(f, before)
  local arguments = {}
  local function try(at)
    if at > before then return (options.of(f, table.unpack(arguments, 1, before))) end
    arguments[at] = nil
    local found = try(at + 1)
    for _, sample in ipairs(samples) do
      if found or before > 3 then return found end
      arguments[at] = sample
      found = try(at + 1)
    end
    return found
  end
  return try(1)
end

local option_names = { given = true, opts = true, options = true, o = true }

-- The names of what a function takes, without self; and whether it is a method's function that takes no self.
local function formals(f, method, class)
  local list = {}
  local info = debug.getinfo(f, "u")
  for i = 1, info.nparams do list[i] = debug.getlocal(f, i) end
  local is_self = list[1] == "self" or list[1] == "_" or class == "Tensor" -- all of which take one
  if method and is_self then table.remove(list, 1) end
  if info.isvararg then list[#list + 1] = "..." end
  return list, method and not is_self and info.nparams > 0
end

local function text_of(doc)
  local parts = { doc.text }
  for _, p in ipairs(doc.params or {}) do parts[#parts + 1] = p.name .. " " .. p.text end
  for _, r in ipairs(doc.returns or {}) do parts[#parts + 1] = r.text end
  return table.concat(parts, " ")
end

-- Whether a Lua function gives something back, as far as its lines tell.
local sources = {}
local function gives(f)
  local info = debug.getinfo(f, "S")
  if info.what == "C" then return false end
  local file = info.source:sub(2)
  if not sources[file] then
    sources[file] = {}
    for line in io.lines(file) do table.insert(sources[file], line) end
  end
  for i = info.linedefined, info.lastlinedefined do
    local line = sources[file][i]:gsub("%-%-.*$", "")
    local what = line:match "%f[%w]return%s+(%S+)"
    if what and what ~= "end" then return true end
  end
  return false
end

local function callable(entry)
  if type(entry.value) == "function" then return entry.value end
  if entry.kind ~= "class" then return nil end
  if entry.make then return entry.make end
  local meta = debug.getmetatable(entry.value)
  return meta and rawget(meta, "__call") and rawget(entry.value, "new") or nil
end

local function check_call(entry, f, doc)
  local text = text_of(doc)
  entry.arguments = {}
  local documented = {}
  for _, p in ipairs(doc.params or {}) do documented[p.name] = p end
  if debug.getinfo(f, "S").what == "C" then
    entry.arguments = doc.params or {}
  else
    local list
    list, entry.static = formals(f, entry.kind == "method", entry.class)
    for i, name in ipairs(list) do
      local p = documented[name] or { name = name, text = "" }
      entry.arguments[i] = p
      if name ~= "..." and not name:find "^_" and not text:find("%f[%w_]" .. name .. "%f[^%w_]") then
        complain("%s: its comment says nothing of the argument '%s' (%s)", entry.id, name, doc.file)
      end
    end
    if #list == 0 and #(doc.params or {}) > 0 then entry.arguments = doc.params end
  end
  if #(doc.returns or {}) == 0 and entry.kind ~= "class" and gives(f) then
    complain("%s: it gives something back, and its comment has no @return (%s)", entry.id, doc.file)
  end
  local last = entry.arguments[#entry.arguments]
  if last and option_names[last.name] then
    local first = entry.kind == "method" and 1 or 0
    entry.options = known_options(f, #entry.arguments - 1 + first)
    -- a comment that refers to another's options need not repeat them
    local refers = text:find "@{" or text:find "ptions%s+as%s" or text:find "options%s+of" or text:find "those%s+of"
      or text:find "%sas%s+`"
    for name in pairs(entry.options or {}) do
      if type(name) == "string" and not refers and not text:find("`" .. name .. "%f[^%w_]") then
        complain("%s: its comment does not mention the option `%s` (%s)", entry.id, name, doc.file)
      end
    end
  end
end

-- A class is described by its classmod, its @type, or the comment of its table: `--- … local Corpus = {}`.
local function class_doc(id)
  local short, owner = id:match "[^.]+$", id:match "^(.*)%.[^.]+$"
  if class_docs[id] then return class_docs[id] end
  for _, module in ipairs(modules) do
    for _, item in ipairs(module.items) do
      if item.name:match "[^.]+$" == short and item.kind:find "table" and (not id:find "%." or
        id:find(stripped(module.name):match "^[^.]+", 1, true)) then return item end
    end
  end
  local section = class_docs[short]
  -- a section of this name in another module is of another class
  if section and not (owner and section.module and section.module:match "^[^.]+" ~= owner:match "^[^.]+") then return section end
end

for _, entry in ipairs(names) do
  local doc
  if entry.kind == "module" then
    doc = module_docs[entry.id]
  elseif entry.kind == "class" then
    doc = class_doc(entry.id)
    local f = callable(entry)
    local made = f and (place_of(f) or by_name[entry.id .. ".new"] or by_name[entry.id .. ":new"])
    if made then entry.made = made end
    if f and made then check_call(entry, f, made) end
  else
    doc = comment_of(entry)
    if not doc and entry.kind == "method" then
      doc = inherited(classes[entry.class], entry.id:match ":(.-)$")
      if doc then
        entry.hidden = true -- the parent's page has it
      end
    end
    if doc and entry.kind ~= "value" and not entry.hidden then check_call(entry, entry.value, doc) end
  end
  if not doc or (doc.summary == "" and not entry.made) then
    local f = callable(entry)
    local info = f and debug.getinfo(f, "S")
    complain("%s: this public %s has no comment%s", entry.id, entry.kind, info and info.what ~= "C"
      and (" (%s:%d)"):format(info.short_src, info.linedefined) or "")
  end
  entry.doc = doc
end

-- What a class expects of those that are made from it has a comment without a function: @function draw.
local there = {}
for _, entry in ipairs(names) do there[entry.id] = true end
for _, module in ipairs(modules) do
  for _, item in ipairs(module.items) do
    local class, method = item.name:match "^(.*):(.-)$"
    if class and classes[class] and not there[item.name] and not method:find "^_" and method ~= "new" then
      names[#names + 1] = { id = item.name, kind = "method", class = class, doc = item, arguments = item.params }
    end
  end
end
table.sort(names, function(a, b) return byteorder(a.id, b.id) end)

local annotations
if #complaints == 0 then
  annotations, complaints = types(names)
  if #complaints > 0 then complaints[#complaints + 1] = "(say it by @tparam or @treturn, or in tools/reference/names.lua)" end
end

if #complaints > 0 then
  io.stderr:write("The reference is not complete:\n  ", table.concat(complaints, "\n  "), "\n")
  os.exit(1)
end

assert(fs.make_folder(page_folder))
for _, name in ipairs(assert(fs.list(page_folder))) do assert(fs.remove(page_folder .. "/" .. name)) end
for name, text in pairs(pages(names, module_docs)) do assert(fs.write(page_folder .. "/" .. name .. ".md", text)) end
assert(fs.make_folder(types_file:match "^(.*)/"))
assert(fs.write(types_file, annotations))
local counts = {}
for _, entry in ipairs(names) do counts[entry.kind] = (counts[entry.kind] or 0) + 1 end
print(("reference: %d names, all with a comment: %d functions, %d classes with %d methods, %d modules, %d values"):format(
  #names, counts["function"] or 0, counts.class or 0, counts.method or 0, counts.module or 0, counts.value or 0))
