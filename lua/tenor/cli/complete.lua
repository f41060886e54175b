--- What a shell may complete a command line with. The scripts of `tenor completion` ask for it by `tenor __complete WORD ...`,
-- of which the last is the word at the cursor; so all three shells know the same, and it is that of the options themselves.
local byteorder = require "tenor.byteorder"
local cli = require "tenor.cli"
local options = require "tenor.cli.options"

local kinds = { "iemocap:", "manifest:", "msp_podcast:", "npz:" }

-- What may be said where the option names no choices.
local suggested = {
  corpus = kinds,
  labels = { "valence", "arousal", "dominance" },
  split = { "auto", "own", "paper", "tail", "session:", "speaker:" },
  tasks = { "STL", "MTL" },
}

-- bash cuts words at "=" and ":": they are put together again. The last one, and how much of it stands before bash's last piece.
local function joined(words)
  local list, cut = {}, 0
  local i = 1
  while i <= #words do
    local word = words[i]
    if (word == "=" or word == ":") and #list > 0 then
      list[#list] = list[#list] .. word
      cut = #list[#list]
      if i < #words then
        i = i + 1
        list[#list] = list[#list] .. words[i]
      end
    else
      list[#list + 1], cut = word, 0
    end
    i = i + 1
  end
  return list, cut
end

-- The option whose value the next word is, and how many it has already; or how many arguments came before.
local function place(words, list)
  local by_flag = {}
  for _, o in ipairs(list) do
    by_flag[options.flag(o)] = o
    if o.short then by_flag[o.short] = o end
  end
  local open, taken, arguments = nil, 0, 0
  for i = 2, #words - 1 do
    local word = words[i]
    local o = by_flag[word]
    if o then
      open, taken = o.kind ~= "boolean" and o or nil, 0
    elseif open and not word:find "^%-%-" then
      taken = taken + 1
      if open.args ~= "+" and taken >= (open.args or 1) then open = nil end
    elseif not word:find "^%-" then
      arguments, open = arguments + 1, nil
    end
  end
  return open, arguments, by_flag
end

local function sentence(text) return (text:match "^(.-)[.;:] " or text) end

-- Adds those that begin as the word does.
local function add(found, word, candidates, text)
  for _, candidate in ipairs(candidates) do
    if candidate:sub(1, #word) == word then found[#found + 1] = { candidate, text or "" } end
  end
end

-- What an option's value may be; `before` is what precedes it in the word, as "--corpus=".
local function values(found, o, word, before)
  local prefixed = {}
  for i, value in ipairs(o.choices or suggested[o.name] or {}) do prefixed[i] = before .. value end
  add(found, before .. word, prefixed)
  if o.metavar == "<folder>" then return "folders " .. before end
  if o.metavar == "<file>" then return "files " .. before end
  if o.metavar == "<corpus>" then
    for _, kind in ipairs(kinds) do
      if word:sub(1, #kind) == kind then before = before .. kind end
    end
    return "files " .. before
  end
  return "none"
end

local function of_command(found, words, module)
  local word, list = words[#words], cli.options(module)
  local open, arguments, by_flag = place(words, list)
  local flag, value = word:match "^(%-%-[^=]+)=(.*)$"
  if flag and by_flag[flag] then return values(found, by_flag[flag], value, flag .. "=") end
  if word:find "^%-" then
    for _, o in ipairs(list) do
      if o.kind ~= "table" then add(found, word, { options.flag(o) }, sentence(o.text)) end
    end
    add(found, word, { "--help" }, "show this help and exit")
    return "none"
  end
  if open then return values(found, open, word, "") end
  local argument = module.arguments and module.arguments[arguments + 1]
  local last = module.arguments and module.arguments[#module.arguments]
  if not argument and last and last.args == "+" then argument = last end
  if not argument then return "none" end
  local candidates = argument.choices or argument.values and argument.values()
  if candidates then
    add(found, word, candidates)
    return "none"
  end
  return (argument.name == "folder" and "folders " or "files ")
end

local function of_tenor(found, word)
  for _, name in ipairs(cli.commands) do add(found, word, { name }, require("tenor.cli." .. name).summary) end
  if word:find "^%-" then
    add(found, word, { "--help" }, "show this help and exit")
    add(found, word, { "--version" }, "say the version")
  end
end

--- What may stand in place of the last word.
-- @tparam table given words of the command line after `tenor`
-- @return list of `{ word, text }` in order; and what names may stand there too: "none", "files PREFIX" or "folders PREFIX",
-- PREFIX being what stands before the name in the word
return function(given)
  local words, cut = joined(given)
  local found, names = {}, "none"
  if #words == 0 then words = { "" } end
  local known = false
  for _, name in ipairs(cli.commands) do known = known or #words > 1 and name == words[1] end
  if known then
    names = of_command(found, words, require("tenor.cli." .. words[1]))
  elseif #words == 1 then
    of_tenor(found, words[1])
  end
  table.sort(found, function(a, b) return byteorder(a[1], b[1]) end)
  if cut > 0 then
    for _, candidate in ipairs(found) do candidate[1] = candidate[1]:sub(cut + 1) end
  end
  return found, names
end
