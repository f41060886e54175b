# tenor: build, test, demonstrate. `make help` lists the targets.
#
# REAL=float (the default) or double chooses the scalar; each has its folder
# under build/. On Debian the targets below install what they lack; set
# TENOR_DEPS=check to be told instead. V=1 shows the commands.
REAL     ?= float
CC       ?= cc
LUA      ?= lua5.4
PKG      ?= pkg-config
BUILD    ?= build/$(REAL)$(if $(SANITIZE),-asan)
DEMO     ?= build/demo
SEEDS    ?= 3
export LUA PKG CC

WERROR   ?= -Werror
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
            -Wwrite-strings $(WERROR)
CFLAGS   ?= -O3 -g
override CFLAGS += -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -ffp-contract=off -fno-math-errno \
                   -fno-trapping-math -pthread $(WARN)
ifdef SANITIZE
override CFLAGS += -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
override LDFLAGS += -fsanitize=$(SANITIZE)
endif
ifeq ($(REAL),double)
override CFLAGS += -DTN_REAL_DOUBLE
endif
# The modules are linked without Lua: the interpreter that loads them has it.
LIBFLAG  ?= $(if $(filter Darwin,$(shell uname)),-bundle -undefined dynamic_lookup,-shared)
# Where the libraries are, asked when something is built and then once.
FIND      = PKG='$(PKG)' LUA_INCDIR='$(LUA_INCDIR)' INCDIRS='$(INCDIRS)' LIBDIRS='$(LIBDIRS)' tools/deps
INCLUDES  = $(eval INCLUDES := $(shell $(FIND) --cflags))$(INCLUDES)
CORE_LIBS = $(eval CORE_LIBS := $(shell $(FIND) --libs) -lm)$(CORE_LIBS)
EDIT_LIBS = $(eval EDIT_LIBS := $(shell $(FIND) --edit-libs))$(EDIT_LIBS)

SOURCES  := $(wildcard csrc/num/*.c csrc/dsp/*.c csrc/io/*.c csrc/bind/*.c)
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o)
CORE     := $(BUILD)/tenor/core.so
# Each file of csrc/preload is a module of its own, without the libraries
# above: it runs before they are loaded.
EDIT     := $(BUILD)/tenor/edit.so
PRELOADS := $(patsubst csrc/preload/%.c,$(BUILD)/tenor/%.so,$(wildcard csrc/preload/*.c))

SAY := $(if $(V),,@)
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.PHONY: all demo env install rock rock-install files dist clean help modules
.PHONY: test test-float test-double test-slurm asan fuzz faults tsan valgrind survival torture stress slow screenshot lint analysis
.PHONY: bench bench-peers bench-growth bench-profile bench-docs bench-programs
.PHONY: reference reference-into
.PHONY: deps-build deps-test deps-lint deps-demo deps-bench deps-fuzz deps-torture deps-reference build-float build-double build-asan

##  all            build the library (REAL=float or double)
all: deps-build
	@$(MAKE) modules

##  demo           speak a corpus, train on it, print the table of results
demo: build-float deps-demo
	@$(RUN) tools/demo/corpus.lua $(DEMO)
	@$(RUN) examples/table2.lua $(DEMO)/manifest.csv --seeds $(SEEDS) --results $(DEMO)/results $(TABLE2)

##  test           the whole spec, in the float and the double build
test: build-float build-double deps-test
	@tools/test build/float build/double $(SPEC)

##  test-float     the spec in one build; SPEC="-- spec/progress_spec.lua" for a part
test-float: build-float deps-test
	@tools/test build/float $(SPEC)
##  test-double    likewise
test-double: build-double deps-test
	@tools/test build/double $(SPEC)

##  asan           the spec in builds with the address and undefined sanitizers
# The interpreter is not instrumented, so the sanitizer's library is preloaded.
# Leaks count: the core stays mapped (csrc/bind/core.c), so that what OpenBLAS
# and FFTW keep for good is still reachable at the end. Where a loaded module's
# thread-local storage lies, as in the pool's threads, GCC 12's checker guesses
# from glibc's insides, wrongly with glibc 2.36, and dies: it must not try.
asan: build-asan deps-test
	@ASAN_OPTIONS=detect_leaks=1:abort_on_error=1:intercept_tls_get_addr=0 UBSAN_OPTIONS=print_stacktrace=1 \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/fuzz/leaks.supp:print_suppressions=0 \
	  PRELOAD="$$(gcc -print-file-name=libasan.so)" tools/test build/float-asan build/double-asan $(SPEC)

##  fuzz           each reader of foreign bytes under libFuzzer; TARGET="npy json" TIME=60 RUNS=100000 limit it
# One program for all: the core with libFuzzer, the sanitizers and Lua.
FUZZER   := build/fuzz/fuzzer
fuzz: build-float deps-fuzz
	@$(MAKE) BUILD=build/fuzz CC=clang CFLAGS='-O1 -g' CPPFLAGS=-DTN_FUZZ \
	  SANITIZE=fuzzer-no-link,address,undefined $(FUZZER)
	@$(ENV) TIME=$(TIME) RUNS=$(RUNS) tools/fuzz $(FUZZER) $(TARGET)

$(FUZZER): $(OBJECTS) $(BUILD)/fuzz/host.o
	@mkdir -p $(@D)
	@echo '  link    $@'
	$(SAY)$(CC) -pthread -fsanitize=fuzzer,address,undefined -o $@ $^ $(CORE_LIBS) $(shell $(PKG) --libs lua5.4 2>/dev/null || echo -llua5.4)

##  faults         calls while memory fails: at the n-th request, for all n
faults: build-float build-asan
	@tools/faults $(CASE)

##  tsan           extraction and training with threads under the thread sanitizer
# Neither the interpreter nor OpenBLAS is instrumented; the pool is. Addresses
# must not be spread wider than gcc 12's sanitizer expects.
TSAN_SPEC := spec/features_many_spec.lua spec/fit_spec.lua spec/lstm_spec.lua spec/layers_spec.lua
tsan: deps-test
	@$(MAKE) BUILD=build/float-tsan SANITIZE=thread CC=gcc CFLAGS='-O1 -g' modules
	@TSAN_OPTIONS=suppressions=spec/support/tsan.supp:halt_on_error=0:exitcode=66 PRELOAD="$$(gcc -print-file-name=libtsan.so)" \
	  setarch -R tools/test build/float-tsan -- $(TSAN_SPEC)

##  valgrind       readers, kernels and bindings under memcheck: numbers that were never set
# Experiments train dozens of networks, which takes memcheck hours; pages, examples and the browser are programs of their
# own; how reading grows is measured without it.
VALGRIND_SPEC := $(filter-out spec/experiment%_spec.lua $(addprefix spec/,docs_spec.lua examples_spec.lua growth_spec.lua screenshot_spec.lua), \
                 $(wildcard spec/*_spec.lua))
valgrind: build-float deps-test deps-torture
	@LUA=tools/valgrind OPENBLAS_NUM_THREADS=1 tools/test build/float -- $(VALGRIND_SPEC)

##  torture        all that is exhaustive: faults, tsan, valgrind, long runs and simulations; an hour
torture:
	@$(MAKE) faults
	@$(MAKE) tsan
	@$(MAKE) valgrind
	@$(MAKE) survival
	@$(MAKE) slow

##  stress         the spec with the garbage collector at full stress
stress: build-float deps-test
	@tools/test build/float -- --run=stress

##  screenshot     the test of the report's page in a browser, which is installed
screenshot: build-float deps-test
	@tools/deps screenshot
	@tools/test build/float -- spec/screenshot_spec.lua

##  slow           simulations that the documentation quotes, large corpora; they take minutes
slow: build-float deps-test
	@tools/test build/float -- --pattern=_slow%.lua spec/slow

##  survival       training killed a hundred times, full disks, every byte of a checkpoint
survival: build-float deps-test
	@TENOR_TORTURE=1 tools/test build/float -- --pattern=_torture%.lua spec/torture
	@TENOR_TORTURE=1 tools/test build/float -- spec/checkpoint_spec.lua

##  test-slurm     an experiment as a job array of a real Slurm, begun in a temporary folder; as root
test-slurm: build-float deps-test
	@tools/deps slurm
	@tools/test build/float -- --pattern=_slurm%.lua spec/slurm

##  reference      the pages of docs/reference and types/tenor.lua anew, from the comments in the sources
reference: build-float deps-reference
	@$(MAKE) REAL=float reference-into PAGES=docs/reference TYPES=types/tenor.lua
reference-into:
	@mkdir -p $(BUILD)
	@REFERENCE_ITEMS=$(CURDIR)/$(BUILD)/reference.lua LUA_PATH="$(CURDIR)/tools/reference/?.lua;;" \
	  $(LUA) "$$(command -v ldoc)" --config tools/reference/config.ld --filter dump.dump . >$(BUILD)/reference.log 2>&1 || \
	  { echo "ldoc: $$(tail -n 1 $(BUILD)/reference.log)" >&2; exit 1; }
	@$(ENV) LUA_PATH="$(CURDIR)/tools/reference/?.lua;$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$${LUA_PATH:-;}" \
	  $(LUA) tools/reference/generate.lua $(BUILD)/reference.lua $(PAGES) $(TYPES)

##  lint           luacheck, shellcheck, layering, no warning from gcc or clang, nothing from their analysers and cppcheck
lint: build-float deps-lint
	@tools/lint

# What tools/lint has looked at leaves a stamp, so that the next time it looks
# at what has changed. gcc 12 takes the number of a vector's lanes for the bits
# of a lane, so of shifts it is not asked. cppcheck takes a text that a callee
# is to write, such as a reason, for one that it reads: it is not asked of those.
# It is shown the project's headers and not the system's, and need not say so.
ANALYSED := $(wildcard csrc/*/*.c fuzz/*.c)
HEADERS  := $(wildcard csrc/*/*.h csrc/*/*.inc tools/analysis/*.h)
VIEW      = -std=c11 -D_GNU_SOURCE -include tools/analysis/lua.h $(CPPFLAGS) $(INCLUDES)
CPPCHECK := cppcheck --quiet --std=c11 --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
            --suppress=missingIncludeSystem --suppress=ctuuninitvar --include=tools/analysis/lua.h -D__GNUC__ -D__x86_64__
SELVES   := $(shell grep -l '^.define TN_SELF' $(wildcard csrc/dsp/*.c))
analysis: $(ANALYSED:%.c=build/lint/%.gcc) $(ANALYSED:%.c=build/lint/%.tidy) build/lint/cppcheck
build/lint/%.gcc: %.c $(HEADERS) Makefile
	@mkdir -p $(@D)
	$(SAY)gcc $(VIEW) -O1 -Wall -Wextra -Werror -fanalyzer -Wno-analyzer-shift-count-overflow -c -o /dev/null $< && touch $@
build/lint/%.tidy: %.c $(HEADERS) .clang-tidy Makefile
	@mkdir -p $(@D)
	$(SAY)clang-tidy --quiet $< -- $(VIEW) 2>$@.log || { cat $@.log >&2; exit 1; }; touch $@
# files that compile themselves once for each width (dsp/widths.h) are shown one of them
build/lint/cppcheck: $(ANALYSED) $(HEADERS) Makefile
	@mkdir -p $(@D)
	$(SAY)$(CPPCHECK) -DTN_WIDTH=2 -DTN_KERNEL= $(SELVES)
	$(SAY)$(CPPCHECK) $(filter-out $(SELVES),$(ANALYSED)) && touch $@

##  bench          the measurements that the documentation quotes; BENCH="step --runs 9" for a part
bench: build-float deps-bench
	@$(MAKE) bench-programs
	@$(RUN) bench/run.lua $(BENCH)

##  bench-peers    install what tenor is measured against
bench-peers: deps-build
	@tools/deps peers

##  bench-growth   how cost grows with words, padding, batch, vocabulary, threads: tables and plots in docs/performance
bench-growth: build-float deps-bench
	@$(RUN) bench/growth.lua $(BENCH)

##  bench-profile  where each millisecond of a training step goes
bench-profile: build-float deps-bench
	@$(MAKE) bench-programs
	@$(RUN) bench/profile.lua $(BENCH)

##  bench-docs     the tables of docs/performance.md anew; REFRESH="results profile growth" for a part
bench-docs: build-float deps-bench
	@$(MAKE) bench-programs
	@$(RUN) bench/refresh.lua $(REFRESH)

# oneDNN's program is built where its headers are.
bench-programs: build/bench/sgemm
	@! printf '#include <dnnl.hpp>\n' | $(CXX) -E -x c++ - >/dev/null 2>&1 || $(MAKE) -s build/bench/onednn_lstm

build/bench/sgemm: bench/peers/sgemm.c
	@mkdir -p $(@D)
	@echo '  compile $@'
	$(SAY)$(CC) -O2 $(WARN) $(shell $(PKG) --cflags openblas 2>/dev/null) -o $@ $< $(shell $(PKG) --libs openblas 2>/dev/null || echo -lopenblas)

build/bench/onednn_lstm: bench/peers/onednn_lstm.cpp
	@mkdir -p $(@D)
	@echo '  compile $@'
	$(SAY)$(CXX) -O2 -std=c++17 -Wall -Wextra -o $@ $< -ldnnl

##  env            shell lines to use the built tree: eval "$(make -s env)"
env:
	@echo 'export LUA_PATH="$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$${LUA_PATH:-;}"'
	@echo 'export LUA_CPATH="$(CURDIR)/$(BUILD)/?.so;$${LUA_CPATH:-;}"'
	@echo 'export PATH="$(CURDIR)/bin:$$PATH"'

##  install        the float build into PREFIX (/usr/local), as Lua finds it there
PREFIX   ?= /usr/local
LUADIR   ?= $(PREFIX)/share/lua/5.4
LIBDIR   ?= $(PREFIX)/lib/lua/5.4
BINDIR   ?= $(PREFIX)/bin
install: build-float
	@$(MAKE) REAL=float files

# What luarocks calls. It installs nothing that tenor needs, so what is missing is listed.
rock:
	@TENOR_DEPS=check tools/deps compile
	@$(MAKE) modules
rock-install: files
	@LUADIR='$(LUADIR)' TENOR_DEPS=tell tools/deps run

files:
	@find lua/tenor -type d | while read -r folder; do \
	  to='$(DESTDIR)$(LUADIR)'/"$${folder#lua/}" && install -d "$$to" && install -m 644 "$$folder"/*.lua "$$to/" || exit; done
	@install -d '$(DESTDIR)$(LUADIR)/tenor/reference' '$(DESTDIR)$(LUADIR)/tenor/types' '$(DESTDIR)$(LIBDIR)/tenor' '$(DESTDIR)$(BINDIR)'
	@install -m 644 docs/reference/*.md '$(DESTDIR)$(LUADIR)/tenor/reference/'
	@install -m 644 types/tenor.lua '$(DESTDIR)$(LUADIR)/tenor/types/'
	@install -m 755 $(CORE) $(EDIT) $(PRELOADS) '$(DESTDIR)$(LIBDIR)/tenor/'
	@sed '1s|lua5\.4|$(LUA)|' bin/tenor >'$(DESTDIR)$(BINDIR)/tenor' && chmod 755 '$(DESTDIR)$(BINDIR)/tenor'

##  dist           HEAD as a release in build/dist: tarball, rockspec, source rock; URL= is where the tarball will be
DIST     ?= build/dist
dist:
	@tools/dist $(DIST) $(URL)

##  clean          remove what was built
clean:
	rm -rf build

##  help           this list
help:
	@sed -n 's/^##  //p' Makefile

ENV = LUA_PATH="$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$${LUA_PATH:-;}" \
      LUA_CPATH="$(CURDIR)/build/float/?.so;$${LUA_CPATH:-;}"
RUN = $(ENV) $(LUA)

# On a fresh machine pkg-config is not there yet when make reads this file.
# So what is built is built by a second make, started once it is.
deps-build:
	@tools/deps compile run
deps-test: deps-build
	@tools/deps test
deps-lint: deps-test
	@tools/deps lint
deps-reference: deps-build
	@tools/deps reference
deps-torture: deps-build
	@tools/deps torture
deps-fuzz: deps-build
	@tools/deps fuzz
deps-demo: deps-build
	@tools/deps demo
deps-bench: deps-build
	@tools/deps bench
build-float: deps-build
	@$(MAKE) REAL=float modules
build-double: deps-build
	@$(MAKE) REAL=double modules
build-asan: deps-build
	@$(MAKE) REAL=float SANITIZE=address,undefined CC=gcc CFLAGS='-O1 -g' modules
	@$(MAKE) REAL=double SANITIZE=address,undefined CC=gcc CFLAGS='-O1 -g' modules

modules: $(CORE) $(EDIT) $(PRELOADS)
	@:

$(CORE): $(OBJECTS)
	@mkdir -p $(@D)
	@echo '  link    $@'
	$(SAY)$(CC) $(LIBFLAG) -pthread $(LDFLAGS) -o $@ $(OBJECTS) $(CORE_LIBS)

# what the interactive interpreter reads lines with
$(EDIT): $(BUILD)/csrc/edit/edit.o
	@mkdir -p $(@D)
	@echo '  link    $@'
	$(SAY)$(CC) $(LIBFLAG) $(LDFLAGS) -o $@ $< $(EDIT_LIBS)

$(PRELOADS): $(BUILD)/tenor/%.so: $(BUILD)/csrc/preload/%.o
	@mkdir -p $(@D)
	@echo '  link    $@'
	$(SAY)$(CC) $(LIBFLAG) $(LDFLAGS) -o $@ $<

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo '  compile $@'
	$(SAY)$(CC) $(CPPFLAGS) $(INCLUDES) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(wildcard $(BUILD)/csrc/*/*.d $(BUILD)/fuzz/*.d)
