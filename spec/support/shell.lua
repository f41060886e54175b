--- Commands and folders of theirs, for tests of whole programs.
local shell = { lua = os.getenv "LUA" or "lua5.4" }

local folders = {}

--- Runs a command. @return whether its status was 0; all that it wrote, to either stream
function shell.run(command)
  local pipe = assert(io.popen("( " .. command .. " ) 2>&1"))
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
function shell.folder()
  local name = shell.lines "mktemp -d"[1]
  folders[#folders + 1] = name
  return name
end

function shell.clean()
  for _, name in ipairs(folders) do os.execute(("rm -rf '%s'"):format(name)) end
  folders = {}
end

return shell
