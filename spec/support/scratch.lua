--- Files that a test makes and that go when it ends.
local scratch = {}

local made = {}

--- The name of a new file with this ending; it and its content, if any, are removed by `clean`.
function scratch.path(ending)
  local bare = os.tmpname()
  made[#made + 1] = bare
  local path = bare .. (ending or "")
  made[#made + 1] = path
  return path
end

--- Says that a file of this name will be made, so that `clean` removes it.
function scratch.made(path) made[#made + 1] = path end

--- Writes bytes to a new file and returns its name.
function scratch.file(ending, bytes)
  local path = scratch.path(ending)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  file:close()
  return path
end

function scratch.read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read("a")
  file:close()
  return bytes
end

function scratch.clean()
  for _, path in ipairs(made) do os.remove(path) end
  made = {}
end

local python
--- A Python that has NumPy, or nil.
function scratch.numpy()
  if python == nil then
    python = false
    for _, name in ipairs { "python3", "/usr/bin/python3" } do
      if not python and os.execute(name .. " -c 'import numpy' >/dev/null 2>&1") then python = name end
    end
  end
  return python or nil
end

--- Runs a Python script and returns what it prints.
function scratch.python(script)
  local pipe = assert(io.popen(scratch.numpy() .. " " .. scratch.file(".py", script) .. " 2>&1"))
  local out = pipe:read("a")
  local ok = pipe:close()
  assert(ok, out)
  return out
end

return scratch
