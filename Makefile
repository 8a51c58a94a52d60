# Market Cross. `make help` lists what there is. One file, not recursive; everything built lies under build/, everything kept under var/.
SHELL := /bin/bash
.DEFAULT_GOAL := build
VARIANT ?= release
# V=1 shows every command.
Q := $(if $(V),,@)
B := build/$(VARIANT)
GEN := build/gen

ROOMS := daemon/base daemon/db daemon/http daemon/jail daemon/identity catalogue payments/invoice payments/bank payments web/html daemon
PKGS := libevent libevent_openssl libpq libxml-2.0 libssl libcrypto libsodium jansson libconfuse libical libcurl libseccomp
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
PKG_LIBS = $(shell pkg-config --libs $(PKGS)) -lcsv -lpthread -lm

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion -Wno-sign-conversion -Wformat=2 -Wvla -Wundef \
        -Wcast-qual -Wpointer-arith -Wimplicit-fallthrough -Werror
HARD := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fno-strict-aliasing -fPIE
BASE_CFLAGS := -std=c17 -D_GNU_SOURCE -I. -I$(GEN) -g $(WARN) $(HARD) -MMD -MP
BASE_LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack

CC_release := gcc
CC_debug := gcc
CC_asan := gcc
CC_fuzz := clang
# clang 14 does not offer zeroed locals, so the fuzz variant goes without.
ZERO := -ftrivial-auto-var-init=zero
FLAGS_release := -O2 -D_FORTIFY_SOURCE=2 $(ZERO)
FLAGS_debug := -Og $(ZERO)
# For valgrind, which does for the program what a confined one may not, and sees what was never set.
CC_valgrind := gcc
FLAGS_valgrind := -Og -DMC_UNCONFINED
FLAGS_asan := -O1 $(ZERO) -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
FLAGS_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -DMC_FUZZ -Wno-unknown-warning-option -Wno-format-nonliteral
LINK_asan := -fsanitize=address,undefined
LINK_fuzz := -fsanitize=address,undefined

VCC := $(CC_$(VARIANT))
VCFLAGS = $(BASE_CFLAGS) $(FLAGS_$(VARIANT)) $(PKG_CFLAGS)
VLDFLAGS = $(BASE_LDFLAGS) $(LINK_$(VARIANT))

SRCS := $(filter-out daemon/main.c,$(foreach r,$(ROOMS),$(wildcard $(r)/*.c)))
SQL_FILES := $(wildcard sql/queries/*/*.sql)
TMPL_FILES := $(wildcard web/templates/*/*.html)
# What the generators write: one pair a room, the statement table, and the assets.
GEN_SQL_ROOMS := $(sort $(notdir $(patsubst %/,%,$(dir $(SQL_FILES)))))
GEN_TMPL_ROOMS := $(sort $(notdir $(patsubst %/,%,$(dir $(TMPL_FILES)))))
GEN_SRCS := $(if $(wildcard sql/gen/sqlgen.c),$(GEN_SQL_ROOMS:%=$(GEN)/sql/%.c) $(GEN)/sql/stmts.c $(GEN)/schema.c) \
            $(if $(wildcard web/gen/tmplgen.c),$(GEN_TMPL_ROOMS:%=$(GEN)/tmpl/%.c)) \
            $(if $(wildcard web/gen/assetgen.c),$(GEN)/assets.c)
OBJS := $(SRCS:%.c=$(B)/%.o) $(GEN_SRCS:$(GEN)/%.c=$(B)/gen/%.o)
LIB := $(B)/libmarketcross.a
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZ := $(patsubst tests/fuzz/%.c,build/fuzz/tests/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: build help deps check test lint fuzz bench clean clean-demo run demo-reset unit-binaries fuzz-binaries gen
.SECONDARY:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: $(B)/marketcross ## build/release/marketcross, the one program (VARIANT=release|debug|asan)

include $(wildcard config/make/*.mk)

gen: $(GEN_SRCS)

$(B)/marketcross: $(B)/daemon/main.o $(LIB)
	$(Q)$(VCC) $(VLDFLAGS) -o $@ $^ $(PKG_LIBS)

$(LIB): $(OBJS)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^

# Generated headers must exist before anything that may include them is compiled.
$(B)/%.o: %.c | gen
	@mkdir -p $(@D)
	$(Q)$(VCC) $(VCFLAGS) -c -o $@ $<

$(B)/gen/%.o: $(GEN)/%.c | gen
	@mkdir -p $(@D)
	$(Q)$(VCC) $(VCFLAGS) -c -o $@ $<

$(B)/tests/test_%: tests/unit/test_%.c $(LIB)
	@mkdir -p $(@D)
	$(Q)$(VCC) $(VCFLAGS) $(VLDFLAGS) -o $@ $< $(LIB) -lcmocka $(PKG_LIBS)

build/fuzz/tests/fuzz_%: tests/fuzz/fuzz_%.c build/fuzz/libmarketcross.a
	@mkdir -p $(@D)
	$(Q)clang $(BASE_CFLAGS) $(FLAGS_fuzz) $(PKG_CFLAGS) -fsanitize=fuzzer $(LINK_fuzz) -pie -o $@ $< build/fuzz/libmarketcross.a $(PKG_LIBS)

ifneq ($(VARIANT),fuzz)
build/fuzz/libmarketcross.a: FORCE
	$(MAKE) VARIANT=fuzz $@
endif
.PHONY: FORCE
FORCE:

unit-binaries: $(UNIT)
fuzz-binaries: $(FUZZ)

clean: ## remove everything built (the demonstration town under var/ stays)
	rm -rf build

-include $(shell test -d $(B) && find $(B) -name '*.d')
