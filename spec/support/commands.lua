--- A folder for the front of PATH, with the commands that pages tell people to type.
--
-- `tenor` and `lua5.4` are those of the tree under test, their training cut short (spec/support/short.lua). What cannot run
-- inside the suite has a stand-in here, and nowhere else, which looks at what can be looked at. A new command of that kind
-- is a new line of `exceptions`.
local shell = require "spec.support.shell"

local root = shell.lines "pwd"[1]

-- The stand-ins: name, why it is not run, and what is done instead; ROOT is the tree, and PATH no longer has the stand-ins.
local exceptions = {
  { "make", "builds, tests and measures for minutes: that there is such a target is what `make -n` tells; `make env` is run",
    [[
unset MAKEFLAGS MFLAGS MAKELEVEL
case " $* " in
  *" env "*) exec make -C ROOT "$@" BUILD="${TENOR_BUILD:-build/float}" ;;
  *) exec make -n -C ROOT "$@" >/dev/null ;;
esac]] },
  { "luarocks", "installs on the machine: that the tree has the one rockspec which `luarocks make` takes is looked at",
    [[
for word; do last=$word; done
set -- ROOT/*.rockspec
[ "$last" = make ] && [ $# -eq 1 ] && [ -f "$1" ]
]] },
}

-- Speech is not among what tests need. Where espeak-ng is not installed, all sentences sound like 00.wav.
local mute = [[
while [ $# -gt 0 ]; do
  [ "$1" != -w ] || target=$2
  shift
done
cat >/dev/null
cp 00.wav "$target"
]]

local function executable(folder, name, text)
  local path = folder .. "/" .. name
  local file = assert(io.open(path, "w"))
  assert(file:write("#!/bin/sh\n", text, "\n"))
  assert(file:close())
  shell.lines(("chmod +x '%s'"):format(path))
end

--- @treturn string the folder, which `shell.clean` removes
return function()
  local folder = shell.folder()
  local before, name = shell.lua:match "^(.-)(%S+)$"
  local lua = ("%s%s -l spec.support.short"):format(before, shell.lines("command -v " .. name)[1])
  executable(folder, "lua5.4", ('exec %s "$@"'):format(lua))
  executable(folder, "tenor", ("exec %s '%s/bin/tenor' \"$@\""):format(lua, root))
  for _, exception in ipairs(exceptions) do
    executable(folder, exception[1], 'PATH="${PATH#*:}"\n' .. exception[3]:gsub("ROOT", "'" .. root .. "'"))
  end
  if not shell.run "command -v espeak-ng" then executable(folder, "espeak-ng", mute) end
  if os.getenv "LD_PRELOAD" then -- a sanitizer's library is for the interpreter alone
    for _, program in ipairs { "gnuplot", "espeak-ng" } do
      if shell.run("command -v " .. program) then
        executable(folder, program, ('PATH="${PATH#*:}" exec env -u LD_PRELOAD %s "$@"'):format(program))
      end
    end
  end
  return folder
end
