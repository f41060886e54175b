--- The Python that has PyTorch, if there is one: the system's own comes second, as in bench/support/engine.lua.
local python

return function()
  if python == nil then
    python = false
    for _, name in ipairs { "python3", "/usr/bin/python3" } do
      if not python and os.execute(name .. " -c 'import torch, numpy' >/dev/null 2>&1") then python = name end
    end
  end
  return python or nil
end
