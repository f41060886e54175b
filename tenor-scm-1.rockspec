rockspec_format = "3.0"
package = "tenor"
version = "scm-1"
-- `luarocks make` builds the tree it is called in and never looks here
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
dependencies = { "lua >= 5.4, < 5.5" }
-- OpenBLAS is named by its library alone: distributions keep its cblas.h in
-- folders where luarocks does not look and pkg-config does.
external_dependencies = {
  OPENBLAS = { library = "openblas" },
  SNDFILE = { header = "sndfile.h", library = "sndfile" },
  FFTW3 = { header = "fftw3.h", library = "fftw3" },
  ZIP = { header = "zip.h", library = "zip" },
  ZLIB = { header = "zlib.h", library = "z" },
  JANSSON = { header = "jansson.h", library = "jansson" },
  UTF8PROC = { header = "utf8proc.h", library = "utf8proc" },
  XXHASH = { header = "xxhash.h" },
  EDIT = { header = "histedit.h", library = "edit" },
}
test_dependencies = { "busted >= 2.0" }
test = { type = "command", command = "make test-float" }
build = {
  type = "make",
  build_target = "rock",
  install_target = "rock-install",
  build_variables = {
    CFLAGS = "$(CFLAGS) -O3",
    LIBFLAG = "$(LIBFLAG)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    CPPFLAGS = "-I$(OPENBLAS_INCDIR) -I$(SNDFILE_INCDIR) -I$(FFTW3_INCDIR) -I$(ZIP_INCDIR) -I$(ZLIB_INCDIR) -I$(JANSSON_INCDIR) -I$(UTF8PROC_INCDIR) -I$(XXHASH_INCDIR) -I$(EDIT_INCDIR)",
    LDFLAGS = "-L$(OPENBLAS_LIBDIR) -L$(SNDFILE_LIBDIR) -L$(FFTW3_LIBDIR) -L$(ZIP_LIBDIR) -L$(ZLIB_LIBDIR) -L$(JANSSON_LIBDIR) -L$(UTF8PROC_LIBDIR) -L$(EDIT_LIBDIR)",
    -- other compilers than ours may warn of other things
    WERROR = "",
    BUILD = "build/rock",
  },
  install_variables = {
    LUADIR = "$(LUADIR)",
    LIBDIR = "$(LIBDIR)",
    BINDIR = "$(BINDIR)",
    BUILD = "build/rock",
  },
}
