--- Commands and folders of theirs, for tests of whole programs.
-- Where a sanitizer's library is preloaded, it is for the interpreter alone: other
-- programs leak at their end, and fail for it.
local preload = os.getenv "LD_PRELOAD"
local interpreter = os.getenv "LUA" or "lua5.4"

local shell = {
  --- How a command starts the interpreter.
  lua = interpreter,
}
if preload then
  shell.lua = ("env LD_PRELOAD='%s' %s"):format(preload, interpreter)
end

local folders = {}

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- Runs a command. @return whether its status was 0; all that it wrote, to either stream
function shell.run(command)
  -- exec: nothing that is preloaded comes to its end
  local pipe = assert(io.popen(("exec env -u LD_PRELOAD sh -c %s 2>&1"):format(quoted(command))))
  local text = pipe:read "a"
  return pipe:close() == true, text
end

--- The lines that a command writes; it must succeed.
function shell.lines(command)
  local ok, text = shell.run(command)
  assert(ok, text)
  local list = {}
  for line in text:gmatch "[^\n]+" do list[#list + 1] = line end
  return list
end

--- A new empty folder, which `clean` removes.
-- @param[opt] in_memory true where much will be synced that need not be on a disk
function shell.folder(in_memory)
  local name = shell.lines(in_memory and "mktemp -d -p /dev/shm 2>/dev/null || mktemp -d" or "mktemp -d")[1]
  folders[#folders + 1] = name
  return name
end

--- What to put before a command that starts `program`, which then comes without the sanitizer's library: some hang with it.
function shell.bare(program)
  if not preload then return "" end
  local folder = shell.folder()
  local path = ("%s/%s"):format(folder, program)
  local file = assert(io.open(path, "w"))
  assert(file:write(('#!/bin/sh\nPATH="${PATH#*:}" exec env -u LD_PRELOAD %s "$@"\n'):format(program)))
  assert(file:close())
  shell.lines("chmod +x " .. quoted(path))
  return ("PATH='%s':\"$PATH\" "):format(folder)
end

function shell.clean()
  for _, name in ipairs(folders) do shell.run("rm -rf " .. quoted(name)) end
  folders = {}
end

return shell
