--- Where things are: the project's folder, and the folder for what a run makes.
local place = {}

local here = debug.getinfo(1, "S").source:match "^@(.*)$"
place.root = here:match "^(.*)/bench/support/[^/]*$" or "."
place.made = place.root .. "/build/bench"

--- A path in the folder of made things, which is created at first use.
function place.file(name)
  if not place.exists then
    os.execute(("mkdir -p '%s'"):format(place.made))
    place.exists = true
  end
  return place.made .. "/" .. name
end

function place.bench(name) return place.root .. "/bench/" .. name end

function place.is_file(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

--- The first line that a command prints, or nil.
function place.first_line(command)
  local pipe = io.popen(command .. " 2>/dev/null")
  local line = pipe:read "l"
  pipe:close()
  return line
end

return place
