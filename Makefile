# tenor: build, test, demonstrate. `make help` lists the targets.
REAL     ?= float
CC       ?= cc
PKG      ?= pkg-config
BUILD    := build/$(REAL)$(if $(SANITIZE),-$(SANITIZE))
MODULES  := openblas sndfile fftw3 libzip
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Werror
CFLAGS   ?= -O3 -g
override CFLAGS += -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread $(WARN)
ifdef LUA_INCDIR
CPPFLAGS += -I$(LUA_INCDIR)
else
CPPFLAGS += $(shell $(PKG) --cflags lua5.4 2>/dev/null)
endif
CPPFLAGS += $(shell $(PKG) --cflags $(MODULES) 2>/dev/null)
LDLIBS   += $(shell $(PKG) --libs $(MODULES) 2>/dev/null || echo -lopenblas -lsndfile -lfftw3 -lzip) -lm
ifeq ($(REAL),double)
CPPFLAGS += -DTN_REAL_DOUBLE
endif

SOURCES := $(wildcard csrc/num/*.c csrc/dsp/*.c csrc/io/*.c csrc/bind/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
CORE    := $(BUILD)/tenor/core.so

.PHONY: all env clean
all: $(CORE)

$(CORE): $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -Wl,-z,nodelete $(LDFLAGS) -o $@ $(OBJECTS) $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)

# eval "$(make -s env)" lets any lua5.4 use the built tree
env:
	@echo 'export LUA_PATH="$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$${LUA_PATH:-;}"'
	@echo 'export LUA_CPATH="$(CURDIR)/$(BUILD)/?.so;$${LUA_CPATH:-;}"'

clean:
	rm -rf build
