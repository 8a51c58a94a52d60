# The simulated bank: build/VARIANT/tests/fakebank, with its measurements of reader and matcher.
FAKEBANK_SRCS := $(wildcard tests/fakebank/*.c)
FAKEBANK_SEEDS ?= 1 2 3

$(B)/tests/fakebank: $(FAKEBANK_SRCS) $(wildcard tests/fakebank/*.h) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(VCC) $(filter-out -MMD -MP,$(VCFLAGS)) $(VLDFLAGS) -o $@ $(FAKEBANK_SRCS) $(LIB) $(PKG_LIBS)

.PHONY: fakebank fakebank-noise bench-bank bench-statements
fakebank: $(B)/tests/fakebank ## measure the matcher: 100,000 entries, 50,000 items, several seeds
	@set -e; for seed in $(FAKEBANK_SEEDS); do $< score $$seed 100000; done

fakebank-noise: $(B)/tests/fakebank ## the same with each kind of noise TIMES=4 as often as usual, in turn
	@set -e; for seed in $(FAKEBANK_SEEDS); do $< noise $$seed $(or $(ENTRIES),5000) $(or $(TIMES),4); done

bench-bank: $(B)/marketcross $(B)/tests/fakebank ## time of reading against xmllint, and of matching
	@tests/bench/bank.sh $(B)

bench-statements: $(B)/marketcross ## bank lines read, matched and posted by the jobs process (LINES=10000 FILES=1)
	@tests/bench/statements.sh $(B)

# The statements of ../shared/conformance, and a small world for the ordinary tests.
UNIT += $(B)/tests/test_bank_conformance
$(B)/tests/test_bank_conformance: tests/conformance/test_bank_conformance.c $(LIB)
	@mkdir -p $(@D)
	$(Q)$(VCC) $(VCFLAGS) $(VLDFLAGS) -o $@ $< $(LIB) -lcmocka $(PKG_LIBS)
