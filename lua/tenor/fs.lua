--- Files and folders, by luv. All functions return nil and a message with the file's name where the system refuses.
local byteorder = require "tenor.byteorder"
local core = require("tenor.core").file

local found, uv = pcall(require, "luv")
if not found then
  error("tenor needs luv for folders and processes: install lua-luv (Debian) or `luarocks install luv`", 0)
end

local fs = {}

-- luv's messages are "ENOENT: no such file or directory: name"
local function fail(path, message)
  return nil, ("%s: %s"):format(path, tostring(message):match("^%u+: ([^:]*)") or tostring(message))
end

--- What a name stands for: `{ type = "file" | "directory" | ..., size =, mtime = seconds }`, or nil and a message.
function fs.stat(path)
  local stat, why = uv.fs_stat(path)
  if not stat then return fail(path, why) end
  return { type = stat.type, size = stat.size, mtime = stat.mtime.sec + stat.mtime.nsec * 1e-9 }
end

function fs.is_file(path) return (fs.stat(path) or {}).type == "file" end
function fs.is_folder(path) return (fs.stat(path) or {}).type == "directory" end

local TRIES <const> = 100 -- names left behind by killed processes with our id

-- A new file beside the place that it is to take when it is whole, named as the core names its own (csrc/io/output.c).
-- @return descriptor and name, or nil and luv's message
local function open_beside(path)
  for i = 0, TRIES - 1 do
    local temporary = ("%s.%d-%d.tmp"):format(path, uv.os_getpid(), i)
    local descriptor, why, code = uv.fs_open(temporary, "wx", 420)
    if descriptor then return descriptor, temporary end
    if code ~= "EEXIST" or i == TRIES - 1 then return nil, why end
  end
end

--- Whether a file can be written, asked before the work whose result it is to hold. What would be written is tried beside its
-- place, which alone tells of names that are too long and of file systems that take none; what is there stays as it is.
-- @return true, or nil and a message
function fs.may_write(path)
  if fs.is_folder(path) then return nil, path .. ": is a folder" end
  local stat, why = fs.stat(path:match "^(.*/)[^/]*$" or ".") -- names the folder where that is what is wrong
  if stat then
    local descriptor, temporary = open_beside(path)
    if descriptor then
      uv.fs_close(descriptor)
      uv.fs_unlink(temporary)
      return true
    end
    why = temporary:match "^%u%w*: ([^:]*)" or temporary
  end
  return nil, ("%s: cannot be written, %s"):format(path, why)
end

--- The names in a folder in the order of their bytes, hidden ones too.
function fs.list(path)
  -- not uv.fs_scandir, which in luv 1.44 keeps half a kilobyte of each folder for good
  local folder, why = uv.fs_opendir(path, nil, 256)
  if not folder then return fail(path, why) end
  local names = {}
  local entries
  repeat
    entries, why = uv.fs_readdir(folder)
    for _, entry in ipairs(entries or {}) do names[#names + 1] = entry.name end
  until not entries
  uv.fs_closedir(folder)
  if why then return fail(path, why) end
  table.sort(names, byteorder)
  return names
end

--- Makes a folder, and those above it where they are missing.
-- @string path
-- @return true, or nil and a message
function fs.make_folder(path)
  local function make()
    local ok, why, code = uv.fs_mkdir(path, 511)
    if ok or code == "EEXIST" and fs.is_folder(path) then return true end
    return nil, why, code
  end
  local ok, why, code = make()
  if ok then return true end
  local above = path:gsub("/+$", ""):match("^(.*[^/])/+[^/]+$")
  if code ~= "ENOENT" or not above then return fail(path, why) end
  local made, reason = fs.make_folder(above)
  if not made then return nil, reason end
  ok, why = make() -- once: /proc has its folders and makes none
  if ok then return true end
  return fail(path, why)
end

--- The whole of a file as a string. What is no file, such as a named pipe or a device, would have no end.
-- @function fs.read
-- @string path
-- @return its bytes, or nil and a message
fs.read = core.read -- not luv, whose stat is not freed where memory fails, and not io.open, which waits for a pipe's writer

local function write_all(descriptor, bytes)
  local at = 0
  while at < #bytes do
    local n, why = uv.fs_write(descriptor, at == 0 and bytes or bytes:sub(at + 1), -1)
    if not n then return nil, why end
    at = at + n
  end
  return uv.fs_fsync(descriptor)
end

local constants <const> = uv.constants
local ADD <const> = constants.O_WRONLY | constants.O_APPEND

-- A file to add to: a new one, or one that is there under this name alone. A link may lead to any file, and to add to a
-- pipe is to wait for its reader.
local function open_to_add(path)
  local descriptor, why, code = uv.fs_open(path, ADD | constants.O_CREAT | constants.O_EXCL, 438)
  if descriptor or code ~= "EEXIST" then return descriptor, why end
  local there, gone = uv.fs_lstat(path)
  if not there then return nil, gone end
  if there.type ~= "file" or there.nlink ~= 1 then return nil, "ENOTSUP: is a link, or no file" end
  descriptor, why = uv.fs_open(path, ADD | constants.O_NONBLOCK, 0)
  if not descriptor then return nil, why end
  local opened = uv.fs_fstat(descriptor)
  if opened and opened.dev == there.dev and opened.ino == there.ino then return descriptor end
  uv.fs_close(descriptor) -- another one has come in its place meanwhile
  return nil, "ENOTSUP: is a link, or no file"
end

--- Adds to the end of a file, which is made where it is missing. It is not looked for along a link; one that has other
-- names, as after a backup by hard links, is written anew, and they keep what they had.
-- @return true, or nil and a message
function fs.append(path, bytes)
  local there = uv.fs_lstat(path)
  if there and there.type == "file" and there.nlink > 1 then
    local kept, why = fs.read(path)
    if not kept then return nil, why end
    return fs.write(path, kept .. bytes)
  end
  local descriptor, why = open_to_add(path)
  if not descriptor then return fail(path, why) end
  local n, reason = uv.fs_write(descriptor, bytes, -1)
  uv.fs_close(descriptor)
  if n ~= #bytes then return fail(path, reason or "no space left on device") end
  return true
end

--- Writes a file that appears whole or not at all: beside its place, synced, renamed.
-- @return true, or nil and a message
function fs.write(path, bytes)
  local descriptor, temporary = open_beside(path)
  if not descriptor then return fail(path, temporary) end
  local ok, reason = write_all(descriptor, bytes)
  local closed, late = uv.fs_close(descriptor)
  if ok and closed then ok, reason = uv.fs_rename(temporary, path) end
  if not (ok and closed) then
    uv.fs_unlink(temporary)
    return fail(path, reason or late)
  end
  return true
end

--- Gives a file another name, over one that has it. The new name outlives a power cut where the system can do that.
function fs.rename(from, to)
  local ok, why = uv.fs_rename(from, to)
  if not ok then return fail(to, why) end
  local folder = uv.fs_open(to:match "^(.*/)" or ".", "r", 0)
  if folder then
    uv.fs_fsync(folder)
    uv.fs_close(folder)
  end
  return true
end

--- Removes a file.
function fs.remove(path)
  local ok, why = uv.fs_unlink(path)
  if not ok then return fail(path, why) end
  return true
end

--- Removes a folder with all that is in it; links are removed, not followed.
function fs.remove_tree(path)
  local names, why = fs.list(path)
  if not names then return nil, why end
  for _, name in ipairs(names) do
    local inside = path .. "/" .. name
    local stat = uv.fs_lstat(inside)
    local ok, reason
    if stat and stat.type == "directory" then ok, reason = fs.remove_tree(inside) else ok, reason = fs.remove(inside) end
    if not ok then return nil, reason end
  end
  local ok, reason = uv.fs_rmdir(path)
  if not ok then return fail(path, reason) end
  return true
end

return fs
