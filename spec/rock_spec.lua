--- What is installed runs without the tree, what is missing is named, and a release is the same wherever it is made.
--
-- All this is the same in both builds, and with a sanitizer, so the float build alone is looked at.
local shell = require "spec.support.shell"
local scratch = require "spec.support.scratch"
local tenor = require "tenor"

local plain = tenor.real == "float32" and not os.getenv "LD_PRELOAD"
local function there(program) return (shell.run("command -v " .. program)) end

describe("the rock", function()
  local folder, root

  before_each(function() folder, root = shell.folder(), shell.lines "pwd"[1] end)
  after_each(function() shell.clean() end)

  local function here(says, test)
    it(says, function()
      if not plain then return pending "the same in every build" end
      return test()
    end)
  end

  -- Runs a command in a folder, as a shell would that knows nothing of this tree.
  local function outside(where, command)
    local function elsewhere(name)
      local kept = {}
      for entry in (os.getenv(name) or ""):gmatch "[^;]+" do
        if entry:sub(1, #root) ~= root then kept[#kept + 1] = entry end
      end
      return ("%s='%s;;'"):format(name, table.concat(kept, ";"))
    end
    return shell.run(("cd '%s' && exec env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS HOME='%s' %s %s %s"):format(where, folder,
      elsewhere "LUA_PATH", elsewhere "LUA_CPATH", command))
  end

  local function write(name, text)
    local path = folder .. "/" .. name
    local file = assert(io.open(path, "w"))
    assert(file:write(text))
    file:close()
    return path
  end

  -- The command and the module work in an empty folder.
  local function works(command, paths)
    local empty = shell.folder()
    for arguments, expected in pairs {
      ["--version"] = "^tenor " .. tenor._VERSION:gsub("%p", "%%%0") .. "\n$",
      ["help nn.LSTM"] = "tenor%.nn%.LSTM%(inputs, hidden",
      ["repl </dev/null"] = "^$",
    } do
      local ok, text = outside(empty, ("'%s' %s"):format(command, arguments))
      assert(ok, text)
      assert.matches(expected, text)
    end
    local ok, text = outside(empty, ([[%s -e "%s print(require('tenor').nn.LSTM(3, 4))"]]):format(shell.lua, paths))
    assert(ok, text)
    assert.equal("LSTM(3 -> 4), 128 parameters\n", text)
  end

  local function paths(prefix)
    return ("package.path = '%s/share/lua/5.4/?.lua;%s/share/lua/5.4/?/init.lua;' .. package.path "
      .. "package.cpath = '%s/lib/lua/5.4/?.so;' .. package.cpath"):format(prefix, prefix, prefix)
  end

  here("is installed into a prefix that Lua does not know, and runs from there", function()
    local ok, text = outside(root, ("make rock-install BUILD='%s' PREFIX='%s/prefix'"):format(os.getenv "TENOR_BUILD", folder))
    assert(ok, text)
    assert.equal("", text)
    works(folder .. "/prefix/bin/tenor", paths(folder .. "/prefix"))
  end)

  -- A folder that is this tree, with what is built.
  local function same_tree()
    shell.lines(([[for name in * .[a-z]*; do case $name in build | .git) ;; *) ln -s "$PWD/$name" '%s/' ;; esac done
      mkdir '%s/build' && cp -a '%s' '%s/build/rock' && echo done]]):format(folder, folder, os.getenv "TENOR_BUILD", folder))
    return folder
  end

  here("is installed by luarocks into an empty tree, runs from there and is removed", function()
    if not there "luarocks" then return pending "luarocks is not installed" end
    local tree = shell.folder()
    local ok, text = outside(same_tree(), ("luarocks --lua-version 5.4 make --tree '%s'"):format(tree))
    assert(ok, text)
    assert.matches("is now installed", text)
    assert.not_matches("[Ww]arning", text)
    assert.same({ "core.so", "cpu.so", "edit.so" }, shell.lines(("ls '%s/lib/lua/5.4/tenor'"):format(tree)))
    works(tree .. "/bin/tenor", paths(tree))
    -- where luarocks writes no paths into the command, it finds the tree itself
    local at = shell.lines(("find '%s' -path '*/rocks-5.4/*/bin/tenor'"):format(tree))[1]
    ok, text = outside(folder, ("%s '%s' --version"):format(shell.lua, at))
    assert(ok, text)
    ok, text = outside(folder, ("luarocks --lua-version 5.4 --tree '%s' remove tenor"):format(tree))
    assert(ok, text)
    assert.same({}, shell.lines(("find '%s' -name '*tenor*'"):format(tree)))
  end)

  describe("where something is missing", function()
    -- `make rock` where this is the environment: what it says; it must fail, and call no apt-get.
    local function refused(environment)
      write("apt-get", ("#!/bin/sh\ntouch '%s/called'\n"):format(folder))
      shell.lines(("chmod +x '%s/apt-get' && echo done"):format(folder))
      local ok, text = outside(root, ("PATH='%s':\"$PATH\" %s make rock BUILD='%s'"):format(folder, environment,
        os.getenv "TENOR_BUILD"))
      assert.is_false(ok, text)
      assert.is_nil(io.open(folder .. "/called"))
      assert.not_matches("compile ", text)
      return text
    end

    here("names all headers at once, with the packages of three systems", function()
      for _, name in ipairs { "sndfile.h", "histedit.h", "xxhash.h" } do write(name, "#error hidden\n") end
      local text = refused(("CPPFLAGS=-I'%s'"):format(folder))
      assert.matches("apt%-get install libsndfile1%-dev libxxhash%-dev libedit%-dev\n", text)
      assert.matches("dnf install libsndfile%-devel xxhash%-devel libedit%-devel\n", text)
      assert.matches("brew install libsndfile xxhash libedit\n", text)
      assert.matches("SNDFILE_DIR", text)
      assert.not_matches("fftw", text)
    end)

    here("names a library that does not link though its header is there", function()
      local pkg = write("pkg", [[#!/bin/sh
case $* in *--libs*zlib*) echo -lno_such_z ;; *) exec pkg-config "$@" ;; esac
]])
      shell.lines(("chmod +x '%s' && echo done"):format(pkg))
      local text = refused(("PKG='%s'"):format(pkg))
      assert.matches("apt%-get install zlib1g%-dev\n", text)
    end)

    here("names what the README names", function()
      local ok, text = shell.run "CPPFLAGS=-nostdinc TENOR_DEPS=check tools/deps compile"
      assert.is_false(ok)
      local readme, count = scratch.read "README.md", 0
      for package, variable in text:gmatch "\n  (%S+) .-%((%w+)_DIR%)" do
        count = count + 1
        assert.matches(package, readme, 1, true)
        assert(variable == "LUA" or readme:find(variable, 1, true), variable)
      end
      assert.is_true(count >= 10, text)
    end)

    here("refuses headers of another Lua", function()
      write("lua.h", "#define LUA_VERSION_NUM 503\n")
      assert.matches("install liblua5%.4%-dev\n", refused(("CPPFLAGS=-I'%s'"):format(folder)))
    end)

    here("tells which Lua modules it will not run without, once it is installed", function()
      local lua = write("lua", ([[#!/bin/sh
exec %s -e 'package.path, package.cpath = "", ""' "$@"
]]):format(shell.lua))
      shell.lines(("chmod +x '%s' && echo done"):format(lua))
      local ok, text = outside(root, ("make rock-install BUILD='%s' PREFIX='%s/prefix' LUA='%s'"):format(
        os.getenv "TENOR_BUILD", folder, lua))
      assert(ok, text)
      assert.matches("lua%-luv .*lua%-argparse .*luarocks install luv argparse\n", text)
      -- luarocks may have brought them into the tree that it is installing into
      shell.lines(("cd '%s/prefix/share/lua/5.4' && touch luv.lua argparse.lua && echo done"):format(folder))
      local rock = folder .. "/prefix/lib/luarocks/rocks-5.4/tenor/scm-1/lua"
      ok, text = outside(root, ("LUADIR='%s' TENOR_DEPS=check LUA='%s' tools/deps run"):format(rock, lua))
      assert(ok, text)
    end)
  end)

  describe("finds libraries", function()
    local function flags(environment, which)
      local ok, text = shell.run(("%s tools/deps %s"):format(environment, which))
      assert(ok, text)
      return text
    end

    here("in the folders that luarocks was told of, before all others and when it runs", function()
      local told = "INCDIRS='/usr/local/include /x/include' LIBDIRS='/usr/local/lib /x/lib'"
      assert.matches("^ %-I/x/include ", flags(told, "--cflags"))
      assert.matches("^ %-L/x/lib %-Wl,%-rpath,/x/lib .*%-lsndfile", flags(told, "--libs"))
      assert.matches("^ %-L/x/lib %-Wl,%-rpath,/x/lib .*%-ledit", flags(told, "--edit-libs"))
      assert.not_matches("/usr/local", flags(told, "--cflags") .. flags(told, "--libs"))
    end)

    here("in folders of Homebrew's that nobody searches, without pkg-config", function()
      shell.lines(("mkdir -p '%s/opt/openblas/include' '%s/opt/libedit/include' && echo done"):format(folder, folder))
      local homebrew = ("PKG=false HOMEBREW_PREFIX='%s'"):format(folder)
      assert.matches("%-I" .. folder .. "/opt/openblas/include", flags(homebrew, "--cflags"))
      assert.matches("%-L" .. folder .. "/opt/openblas/lib .*%-lopenblas .*%-lsndfile", flags(homebrew, "--libs"))
      assert.matches("%-L" .. folder .. "/opt/libedit/lib .*%-ledit", flags(homebrew, "--edit-libs"))
    end)
  end)

  describe("as a release", function()
    local function history(test)
      return function()
        if not there "git" or not shell.run "git rev-parse -q --verify HEAD" then return pending "no git history here" end
        return test()
      end
    end

    here("is the same bytes wherever and whenever it is made", history(function()
      assert(shell.run(("git clone -q . '%s/clone'"):format(folder)))
      local made = shell.lines(("tools/dist '%s/a' 2>/dev/null"):format(folder))
      shell.lines(("cd '%s/clone' && sleep 2 && TZ=Asia/Tokyo '%s/tools/dist' '%s/b'"):format(folder, root, folder))
      assert.matches("%.tar%.gz$", made[1])
      assert.matches(there "zip" and "%.src%.rock$" or "%.rockspec$", made[#made])
      for _, path in ipairs(made) do
        local name = path:match "[^/]*$"
        local first, second = scratch.read(("%s/a/%s"):format(folder, name)), scratch.read(("%s/b/%s"):format(folder, name))
        -- the loose rockspec says where the tarball lies
        if name:find "rockspec$" then first, second = first:gsub("url = %b\"\"", ""), second:gsub("url = %b\"\"", "") end
        assert.is_true(first == second, name)
      end
    end))

    here("has one version: of its files, its rockspec and its module", history(function()
      local url = "https://example.org/tenor.tar.gz"
      local made = shell.lines(("tools/dist '%s' '%s' 2>/dev/null"):format(folder, url))
      assert(shell.run(("tar -xzf '%s' -C '%s'"):format(made[1], folder)))
      local version = made[1]:match "tenor%-(.*)%.tar%.gz$"
      local init = scratch.read(("%s/tenor-%s/lua/tenor/init.lua"):format(folder, version))
      assert.equal(version, init:match '_VERSION = "(.-)"')
      local rockspec = {}
      assert(load(scratch.read(made[2]), "=rockspec", "t", rockspec))()
      assert.equal(("%s/tenor-%s-1.rockspec"):format(folder, version), made[2])
      assert.equal(version .. "-1", rockspec.version)
      assert.same({ url = url, dir = "tenor-" .. version }, rockspec.source)
      assert.matches("^lua .*luv .*argparse ", table.concat(rockspec.dependencies, ", "))
      local tree = {}
      local path = ("%s/tenor-%s/tenor-scm-1.rockspec"):format(folder, version)
      assert(load(scratch.read(path), "=rockspec", "t", tree))()
      assert.same(tree.build, rockspec.build)
    end))

    here("is a source rock and a rockspec that luarocks packs", history(function()
      if not there "luarocks" or not there "zip" then return pending "luarocks is not installed" end
      local made = shell.lines(("tools/dist '%s/dist' 2>/dev/null"):format(folder))
      local ok, text = outside(folder, ("luarocks --lua-version 5.4 unpack '%s'"):format(made[3]))
      assert(ok, text)
      local name = made[1]:match "(tenor%-[^/]*)%.tar%.gz$"
      assert(io.open(("%s/%s-1/%s/Makefile"):format(folder, name, name)):close())
      ok, text = outside(folder, ("luarocks --lua-version 5.4 pack '%s'"):format(made[2]))
      assert(ok, text)
      assert(io.open(("%s/%s-1.src.rock"):format(folder, name))):close()
    end))
  end)
end)
