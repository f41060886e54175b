--- The C core. OpenBLAS picks its kernels while it is loaded with the core, so `tenor.cpu`, which names the right ones, comes
-- first, whichever module of tenor is required first: other kernels round otherwise.
require "tenor.cpu"

local path, why = package.searchpath("tenor.core", package.cpath)
if not path then error("module 'tenor.core' not found:" .. why, 0) end
local open, reason = package.loadlib(path, "luaopen_tenor_core")
if not open then error(reason, 0) end
return open("tenor.core", path)
