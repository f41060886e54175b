--- Watches a program and compares what the public functions take and give with their annotations (types/tenor.lua):
-- `lua5.4 -l spec.support.typed PROGRAM`, or `typed.report()` where the program itself tells. A call that raises took what it
-- should not, and counts for nothing.
local annotations = require "spec.support.annotations"
local public = require "tenor.public"

local typed = {}

local file = assert(io.open((debug.getinfo(1, "S").source:match "^@(.*)spec/support/typed%.lua$" or "") .. "types/tenor.lua"))
local known = annotations.read(file:read "a")
file:close()
known.stand_in = require "tenor.nn.init".blank -- for the generator of layers that are read

local found, seen, called = {}, {}, {}

-- Every public function → its annotation and name.
local watched = {}
local function watch_all()
  for _, entry in ipairs(public.names()) do
    local f = entry.kind == "class" and (entry.make or rawget(entry.value, "new")) or entry.value
    local note = known.functions["tenor." .. entry.id] or known.functions["tenor." .. entry.id:gsub(":", ".")]
    if type(f) == "function" and note and not watched[f] then
      watched[f] = { note = note, id = entry.id, constructor = entry.kind == "class" and not entry.make }
    end
  end
end

local function tell(text)
  if not seen[text] then
    seen[text] = true
    found[#found + 1] = text
  end
end

local function shown(v)
  local name = public.class_of(v)
  if name then return name end
  if type(v) ~= "table" then return type(v) == "string" and ("'%s'"):format(v:sub(1, 40)) or math.type(v) or type(v) end
  if v[1] ~= nil then return "a list of " .. (public.class_of(v[1]) or type(v[1])) end
  local keys = {}
  for key in pairs(v) do keys[#keys + 1] = tostring(key) end
  table.sort(keys)
  return ("table { %s }"):format(table.concat(keys, ", "):sub(1, 100))
end

-- What does not suit, of the arguments of the function at a level.
local function arguments(level, w)
  local list, given = {}, debug.getinfo(level + 1, "r").ntransfer
  local shift = w.note.self and 1 or 0
  for i, p in ipairs(w.note.params) do
    if p.name == "..." then break end
    local value
    if i + shift <= given then value = select(2, debug.getlocal(level + 1, i + shift)) end
    if not (value == nil and p.optional) and not annotations.matches(known, p.type, value) then
      list[#list + 1] = ("%s: argument '%s' got %s%s"):format(w.id, p.name, shown(value),
        type(value) == "table" and known.misfit and (", whose '%s' is %s"):format(known.misfit, shown(value[known.misfit])) or "")
      known.misfit = nil
    end
  end
  if #list > 0 and w.note.each then -- called in the other way?
    for i = 1 + shift, given do
      if not annotations.matches(known, w.note.each, select(2, debug.getlocal(level + 1, i))) then return list end
    end
    return {}
  end
  return list
end

local function results(level, w)
  local transfer = debug.getinfo(level + 1, "r")
  for i, r in ipairs(w.note.returns) do
    local value
    if i <= transfer.ntransfer then value = select(2, debug.getlocal(level + 1, transfer.ftransfer + i - 1)) end
    if not annotations.matches(known, r.type, value) then tell(("%s: returned %s as its %d."):format(w.id, shown(value), i)) end
  end
  if transfer.ntransfer > #w.note.returns then
    local _, value = debug.getlocal(level + 1, transfer.ftransfer + transfer.ntransfer - 1)
    if value ~= nil then tell(("%s: returned %d values, %d are annotated"):format(w.id, transfer.ntransfer, #w.note.returns)) end
  end
end

local stack = {}
local function hook(event)
  local info = debug.getinfo(2, "f")
  local w = info and watched[info.func]
  if not w then return end
  if event == "call" or event == "tail call" then
    local list = arguments(2, w)
    called[w.id] = true
    stack[#stack + 1] = { func = info.func, list = list }
  elseif event == "return" then
    while #stack > 0 do
      local top = table.remove(stack)
      if top.func == info.func then
        for _, text in ipairs(top.list) do tell(text) end
        break
      end
    end
    results(2, w)
  end
end

--- What did not suit so far, a line each; and how many functions were called.
function typed.report()
  local count = 0
  for _ in pairs(called) do count = count + 1 end
  return found, count
end

function typed.start()
  public.load_all()
  watch_all()
  debug.sethook(hook, "cr")
end

function typed.called() return called end

typed.start()
return typed
