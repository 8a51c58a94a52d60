/*
 * Measures reader and matcher on an invented world and prints a table by class of noise.
 * Nothing is kept. False with a reason when a bar is missed: precision, wrong party, formats that disagree, dependence on the order.
 */
#ifndef TESTS_FAKEBANK_FB_SCORE_H
#define TESTS_FAKEBANK_FB_SCORE_H

#include "tests/fakebank/fakebank.h"

bool fb_score(uint64_t seed, size_t entries, struct err *e);

#endif
