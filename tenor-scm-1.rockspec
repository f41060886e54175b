rockspec_format = "3.0"
package = "tenor"
version = "scm-1"
-- `luarocks make` builds the tree it is called in and never looks here; the rockspec that `make dist` writes says where
-- a release's tarball is
source = { url = "git+file://." }
description = {
  summary = "Dimensional speech emotion recognition",
  detailed = [[
Predicts valence, arousal and dominance of an utterance from its audio and its
transcript: acoustic features, recurrent networks trained by the concordance
correlation coefficient, and the tensors, files and training loop they need.]],
  license = "MIT",
  labels = { "speech", "emotion", "audio", "neural-network" },
}
supported_platforms = { "unix" }
-- luv and argparse may come from luarocks or from the system, so installing a tree only tells which are missing; a
-- release's rockspec names them here (tools/dist)
dependencies = { "lua >= 5.4, < 5.5" }
-- Named so that luarocks takes SNDFILE_DIR=, SNDFILE_INCDIR= and the like. What is missing `make rock` finds out, by
-- compiling and linking: it knows pkg-config and the names of the packages, and lists all at once (tools/deps).
external_dependencies = {
  OPENBLAS = {}, SNDFILE = {}, FFTW3 = {}, ZIP = {}, ZLIB = {}, JANSSON = {}, UTF8PROC = {}, XXHASH = {}, EDIT = {},
}
-- the spec says itself what it needs, busted among it, and on Debian installs it
test = { type = "command", command = [[sh -c 'exec make test-float ${1:+SPEC="-- $*"}' make]] }
build = {
  type = "make",
  build_target = "rock",
  install_target = "rock-install",
  build_variables = {
    CFLAGS = "$(CFLAGS) -O3",
    LIBFLAG = "$(LIBFLAG)",
    LUA = "$(LUA)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    INCDIRS = "$(OPENBLAS_INCDIR) $(SNDFILE_INCDIR) $(FFTW3_INCDIR) $(ZIP_INCDIR) $(ZLIB_INCDIR) $(JANSSON_INCDIR) $(UTF8PROC_INCDIR) $(XXHASH_INCDIR) $(EDIT_INCDIR)",
    LIBDIRS = "$(OPENBLAS_LIBDIR) $(SNDFILE_LIBDIR) $(FFTW3_LIBDIR) $(ZIP_LIBDIR) $(ZLIB_LIBDIR) $(JANSSON_LIBDIR) $(UTF8PROC_LIBDIR) $(EDIT_LIBDIR)",
    -- other compilers than ours may warn of other things
    WERROR = "",
    BUILD = "build/rock",
  },
  install_variables = {
    LUA = "$(LUA)",
    LUADIR = "$(LUADIR)",
    LIBDIR = "$(LIBDIR)",
    BINDIR = "$(BINDIR)",
    BUILD = "build/rock",
  },
}
