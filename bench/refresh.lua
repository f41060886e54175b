--- Puts fresh tables into docs/performance.md: runs the programs and replaces what
-- lies between `<!-- NAME -->` and `<!-- /NAME -->`.
--
--     lua5.4 bench/refresh.lua [results] [profile] [growth]
--
-- A text that exists already is taken instead of a run: `results=FILE`.
local root = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/?.lua;" .. package.path
local interpreter = require "bench.support.results".interpreter(arg)

local blocks = { "results", "profile", "growth" }
local programs = { results = "run.lua --markdown", profile = "profile.lua", growth = "growth.lua" }

local function output(name, file)
  local pipe
  if file then
    pipe = assert(io.open(file))
  else
    pipe = assert(io.popen(("%s '%s/bench/'%s"):format(interpreter, root, programs[name])))
  end
  local text = pipe:read "a"
  assert(pipe:close(), name .. " failed")
  return (text:gsub("%s+$", ""))
end

local function replace(text, name, new)
  local open, close = "<!-- " .. name .. " -->\n", "<!-- /" .. name .. " -->"
  local _, first = text:find(open, 1, true)
  local last = first and text:find(close, first, true)
  assert(last, ("docs/performance.md has no place for %s"):format(name))
  return text:sub(1, first) .. new .. "\n" .. text:sub(last)
end

local page = root .. "/docs/performance.md"
local chosen = #arg > 0 and arg or blocks
for _, word in ipairs(chosen) do
  local name, path = word:match "^(%w+)=(.+)$"
  name = name or word
  assert(programs[name], "no such table: " .. name)
  local new = output(name, path)
  local file = assert(io.open(page))
  local text = file:read "a"
  file:close()
  file = assert(io.open(page, "w"))
  file:write(replace(text, name, new))
  file:close()
end
