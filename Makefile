# kmodaudit. `make help` lists the targets. Variables: V=1 shows commands, SAN=1 builds with sanitizers, CC, CFLAGS, PREFIX,
# DESTDIR, BUILD (the folder for what is built), NAME (one test), SETUP (what installs missing packages; `true`: nothing).

VERSION := 0.1.0
PREFIX ?= /usr/local
BUILD ?= build$(if $(SAN),-asan)
CC ?= cc
SETUP ?= scripts/setup
Q := $(if $(V),,@)

PACKAGES := libarchive libcurl libelf yaml-0.1 libsquashfs1 libcrypto liblzma zlib libdeflate libzstd liblz4 lzo2 ext2fs com_err jansson libxml-2.0
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wformat=2 \
	-Wundef -Wvla -Wswitch-enum -Wwrite-strings -fno-common $(if $(CI),-Werror)
CFLAGS ?= -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
comma := ,
# addresses of library functions are resolved at the start and cannot be changed afterwards
HARDENED := -Wl,-z,relro,-z,now
# every page of a large stack frame is touched; indirect jumps lead only to marked places, where the processor checks that
GUARDED := -fstack-clash-protection $(if $(filter x86_64 i686 i386,$(shell uname -m)),-fcf-protection=full)
SANITIZE := $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DKMODAUDIT_VERSION='"$(VERSION)"' -Iauditor $(INCLUDES) -fPIE -pthread -MMD -MP $(WARN) $(if $(SAN),,$(GUARDED)) $(CFLAGS) \
	$(filter-out -D_FORTIFY_SOURCE%,$(SANITIZE)) $(if $(SAN),-U_FORTIFY_SOURCE)
# asked when the first command needs it, and not before: pkg-config itself may yet have to be installed
LIBS = $(eval LIBS := $(shell pkg-config --libs $(PACKAGES)) -lbz2 -lfdt)$(LIBS)
INCLUDES = $(eval INCLUDES := $(shell pkg-config --cflags-only-I libxml-2.0))$(INCLUDES)
# all cores, unless make was called with -j
ALL_CORES = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

SOURCES := $(sort $(wildcard auditor/*/*.c auditor/*/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/rules.o $(BUILD)/page.o $(BUILD)/rule_ids.o $(BUILD)/abi_packed.o $(BUILD)/source_id.o
RULES := $(sort $(wildcard rules/*.yaml rules/*/*.yaml rules/kernel/kconfig/*.txt))
ABIS := $(sort $(wildcard rules/abi/*.sets rules/abi/*.parts))
PAGE := page.css page.js
TEXTS := kmodaudit.1 completion/kmodaudit completion/_kmodaudit
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZ_MAIN ?= tests/fuzz/replay.c
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

all: $(BUILD)/kmodaudit ## builds the program

setup: ## installs the Debian packages that building and testing need
	$(Q)scripts/setup build test

# what scripts/setup installs for these parts, as in build+test
$(BUILD)/setup/%: scripts/setup scripts/debian/control
	$(Q)$(SETUP) $(subst +, ,$*)
	$(Q)mkdir -p $(@D) && touch $@

lib: $(BUILD)/libkmodaudit.a

# tables: the program without the texts that scripts/help-texts makes from its tables of options
$(BUILD)/tables: $(BUILD)/auditor/main.o $(BUILD)/libkmodaudit.a
$(BUILD)/kmodaudit: $(BUILD)/auditor/main.o $(BUILD)/texts.o $(BUILD)/libkmodaudit.a
$(BUILD)/tables $(BUILD)/kmodaudit:
	@echo "  LINK  $@"
	$(Q)$(CC) $(SANITIZE) -pthread -pie $(HARDENED) -o $@ $^ $(LIBS) $(LDFLAGS)

$(BUILD)/libkmodaudit.a: $(OBJECTS)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c | $(BUILD)/setup/build
	$(Q)mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -Wcast-qual -c -o $@ $<

$(BUILD)/rules.c: $(RULES) scripts/embed | $(BUILD)/setup/build
	$(Q)mkdir -p $(@D)
	$(Q)scripts/embed --packed embedded_rules $(RULES) > $@.tmp && mv $@.tmp $@

$(BUILD)/page.c: $(PAGE:%=auditor/report/html/%) scripts/embed
	$(Q)mkdir -p $(@D)
	$(Q)cd auditor/report/html && "$(CURDIR)/scripts/embed" embedded_page $(PAGE) > "$(abspath $@).tmp"
	$(Q)mv $@.tmp $@

$(BUILD)/texts.c: $(TEXTS:%=$(BUILD)/%) scripts/embed
	$(Q)cd $(BUILD) && "$(CURDIR)/scripts/embed" embedded_texts $(TEXTS) > texts.c.tmp && mv texts.c.tmp texts.c

$(BUILD)/rule_ids.c: rules/checks.yaml scripts/rule-ids
	$(Q)mkdir -p $(@D)
	$(Q)scripts/rule-ids $< > $@.tmp && mv $@.tmp $@

# facts that another version kept are not used (facts/stored)
FACT_SOURCES := $(sort $(wildcard auditor/base/*.[ch] auditor/unpack/*.[ch] auditor/unpack/*/*.[ch] auditor/facts/*/*.[ch]))
$(BUILD)/source_id.c: $(FACT_SOURCES) | $(BUILD)/setup/build
	$(Q)mkdir -p $(@D)
	$(Q)echo "extern const char source_id[]; const char source_id[] = \"$$(cat $(FACT_SOURCES) | sha256sum | cut -c-64)\";" > $@

$(BUILD)/abi_packed.c: $(ABIS) scripts/abi-pack | $(BUILD)/setup/build
	$(Q)mkdir -p $(@D)
	@echo "  PACK  $@"
	$(Q)scripts/abi-pack $(ABIS) > $@.tmp && mv $@.tmp $@

$(BUILD)/rules.o $(BUILD)/page.o $(BUILD)/texts.o $(BUILD)/rule_ids.o $(BUILD)/abi_packed.o $(BUILD)/source_id.o: %.o: %.c | $(BUILD)/setup/build
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libkmodaudit.a | $(BUILD)/setup/build+test
	$(Q)mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MF $@.d -o $@ $< $(BUILD)/libkmodaudit.a $(LIBS) -lcmocka $(WRAPPED) $(LDFLAGS)

# counts calls
$(BUILD)/tests/test_growth: WRAPPED := -Wl,--wrap=state_put,--wrap=indexes_sort,--wrap=circle_reach

$(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZ_MAIN) $(BUILD)/libkmodaudit.a
	$(Q)mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MF $@.d -o $@ $< $(FUZZ_MAIN) $(BUILD)/libkmodaudit.a $(LIBS) $(LDFLAGS)

# what tests put in front of the C library's functions
$(BUILD)/preload.so $(BUILD)/failing.so: $(BUILD)/%.so: tests/%.c | $(BUILD)/setup/build+test
	$(Q)mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) -std=gnu11 $(WARN) -O1 -shared -fPIC -o $@ $<

MAKER := $(sort $(wildcard fixtures/*.c))
$(BUILD)/make_world: $(MAKER:%.c=$(BUILD)/%.o) $(filter $(BUILD)/auditor/base/%,$(OBJECTS))
	@echo "  LINK  $@"
	$(Q)$(CC) $(SANITIZE) -pthread -pie $(HARDENED) -o $@ $^ $(LIBS) $(LDFLAGS)

units: $(UNITS)
fuzzers: $(FUZZERS)

demo: ## installs what is missing, builds, tells three short stories with their verdicts
	$(Q)$(MAKE) --no-print-directory $(ALL_CORES) $(BUILD)/kmodaudit $(BUILD)/make_world
	$(Q)BUILD=$(BUILD) scripts/demo

check: $(BUILD)/setup/build+test ## installs what is missing, builds, runs all tests (NAME=... for one)
	$(Q)$(MAKE) --no-print-directory $(ALL_CORES) $(BUILD)/kmodaudit $(BUILD)/make_world $(BUILD)/preload.so $(BUILD)/failing.so units fuzzers
	$(Q)BUILD=$(BUILD) tests/run $(NAME)

failures: $(BUILD)/setup/build+test ## fails each call of the C library once, in audit, gate and merge (hours)
	$(Q)$(MAKE) --no-print-directory $(ALL_CORES) $(BUILD)/kmodaudit $(BUILD)/make_world $(BUILD)/failing.so
	$(Q)LOTS=1000000 BUILD=$(BUILD) tests/run sweep/failures

check-asan: ## the same with address and undefined-behaviour sanitizers
	$(Q)$(MAKE) --no-print-directory SAN=1 check

# the same sources with what libFuzzer needs; a fuzz target has its main() from libFuzzer and not from tests/fuzz/replay.c
FUZZ := $(BUILD)-fuzz
FUZZ_FLAGS := -O1 -g -w -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
fuzz: $(BUILD)/setup/build+test+fuzz ## fuzzes each format for TIME=60 seconds, JOBS=... at once, prints a table (NAME=... for some)
	$(Q)$(MAKE) --no-print-directory $(ALL_CORES) $(BUILD)/kmodaudit $(BUILD)/make_world
	$(Q)$(MAKE) --no-print-directory $(ALL_CORES) BUILD=$(FUZZ) CC='$(FUZZ_CC)' CFLAGS='$(FUZZ_FLAGS)' FUZZ_MAIN= LDFLAGS=-fsanitize=fuzzer fuzzers
	$(Q)scripts/fuzz $(BUILD) $(FUZZ) $(TIME) $(NAME)
TIME ?= 60
FUZZ_CC ?= clang

COVER := $(BUILD)-coverage
coverage: $(BUILD)/setup/build+test ## all tests with a build for gcov: error sentences that no test reaches, lines that ran (NAME=... for one)
	-$(Q)$(MAKE) --no-print-directory BUILD=$(COVER) CFLAGS='-O0 -g --coverage -DKMODAUDIT_UNCONFINED' LDFLAGS=--coverage check
	$(Q)scripts/coverage $(COVER)

lint: $(BUILD)/setup/lint ## formatting, floors, budgets, shell scripts, spelling
	$(Q)scripts/lint

format: ## formats the C sources in place
	$(Q)clang-format -i $(wildcard auditor/*.c auditor/*/*.[ch] auditor/*/*/*.[ch] tests/*/*.[ch] fixtures/*.[ch])

bench: $(BUILD)/kmodaudit $(BUILD)/make_world $(BUILD)/setup/bench ## timings as ratios against named peers, in one run
	$(Q)BUILD=$(BUILD) scripts/bench

oracle: $(BUILD)/kmodaudit $(BUILD)/setup/oracle ## builds kernels, loads their modules in QEMU, compares with the verdicts (half an hour)
	$(Q)BUILD=$(BUILD) scripts/oracle

corpus: ## fetches Debian kernels for the corpus tests (apt, about 400 MB)
	$(Q)scripts/corpus

manual: $(BUILD)/kmodaudit.1 ## the manual page, from the same tables as --help: man build/kmodaudit.1
completion: $(BUILD)/completion/kmodaudit $(BUILD)/completion/_kmodaudit

$(BUILD)/tables.txt: $(BUILD)/tables
	$(Q)$< help --tables > $@

$(BUILD)/kmodaudit.1: docs/kmodaudit.1.in $(BUILD)/tables.txt scripts/help-texts
	$(Q)scripts/help-texts manual $< < $(BUILD)/tables.txt > $@

$(BUILD)/completion/kmodaudit: auditor/commands/help/completion.bash $(BUILD)/tables.txt scripts/help-texts
	$(Q)mkdir -p $(@D)
	$(Q)scripts/help-texts bash $< < $(BUILD)/tables.txt > $@

$(BUILD)/completion/_kmodaudit: auditor/commands/help/completion.zsh $(BUILD)/tables.txt scripts/help-texts
	$(Q)mkdir -p $(@D)
	$(Q)scripts/help-texts zsh $< < $(BUILD)/tables.txt > $@

SHARE := $(DESTDIR)$(PREFIX)/share
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions

readers: ## fetches schemas and readers for the tests of outputs (npm, about 60 MB)
	$(Q)scripts/readers

install: $(BUILD)/kmodaudit manual completion ## program, rules, scripts for job engines, manual page, completion, documents below PREFIX
	install -D -m 755 $(BUILD)/kmodaudit $(DESTDIR)$(PREFIX)/bin/kmodaudit
	install -D -m 644 $(BUILD)/kmodaudit.1 $(SHARE)/man/man1/kmodaudit.1
	install -D -m 644 $(BUILD)/completion/kmodaudit $(DESTDIR)$(BASHDIR)/kmodaudit
	install -D -m 644 $(BUILD)/completion/_kmodaudit $(DESTDIR)$(ZSHDIR)/_kmodaudit
	# rules/abi is only in the program: --rules reads YAML, and --abi adds other sets
	cd rules && find . -name '*.yaml' -exec install -D -m 644 {} $(SHARE)/kmodaudit/rules/{} \;
	install -D -m 755 scripts/scale $(SHARE)/kmodaudit/scale
	install -D -m 755 -t $(SHARE)/kmodaudit/scale.d scripts/scale.d/shard scripts/scale.d/merge
	install -D -m 644 -t $(SHARE)/doc/kmodaudit README.md NEWS.md COPYING CONTRIBUTING.md
	install -D -m 644 -t $(SHARE)/doc/kmodaudit/fixtures fixtures/README.md
	install -D -m 644 -t $(SHARE)/doc/kmodaudit/tests tests/README.md tests/template.case
	find docs -type f ! -name '*.in' -exec install -D -m 644 {} $(SHARE)/doc/kmodaudit/{} \;

uninstall: ## removes what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/kmodaudit $(SHARE)/man/man1/kmodaudit.1 $(DESTDIR)$(BASHDIR)/kmodaudit \
		$(DESTDIR)$(ZSHDIR)/_kmodaudit
	rm -rf $(SHARE)/kmodaudit $(SHARE)/doc/kmodaudit

deb: $(BUILD)/setup/deb ## a Debian package in build/, of what is committed
	$(Q)BUILD=$(BUILD) scripts/debian/build

fresh: $(BUILD)/setup/fresh ## demo, check, deb and the package's installation in new Debian 12 roots, from HEAD (REV=...), as root
	$(Q)scripts/fresh $(REV)

dist: ## a tarball of the committed tree
	git archive --prefix=kmodaudit-$(VERSION)/ -o kmodaudit-$(VERSION).tar.gz HEAD

clean: ## removes everything built
	rm -rf build build-asan kmodaudit-*.tar.gz

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: all setup lib units fuzzers demo check failures fuzz coverage check-asan lint format bench oracle corpus readers manual completion install uninstall deb fresh dist clean help
.DELETE_ON_ERROR:
-include $(OBJECTS:.o=.d) $(MAKER:%.c=$(BUILD)/%.d) $(BUILD)/auditor/main.d $(wildcard $(BUILD)/tests/*.d $(BUILD)/fuzz/*.d $(BUILD)/*.d)
