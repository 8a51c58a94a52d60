/*
 * Measures reader and matcher on an invented world and prints a table by class of noise.
 * Nothing is kept. False with a reason when a bar is missed: precision, wrong party, recall, formats that disagree,
 * dependence on the order. One noise can be made louder: `times` as often as usual, 0 or 1 for none.
 */
#ifndef TESTS_FAKEBANK_FB_SCORE_H
#define TESTS_FAKEBANK_FB_SCORE_H

#include "tests/fakebank/fakebank.h"

bool fb_score(uint64_t seed, size_t entries, enum fb_class loud, unsigned times, struct err *e);
/* Every noise in turn `times` as often as usual; tables only of what fails. */
bool fb_score_noises(uint64_t seed, size_t entries, unsigned times, struct err *e);

#endif
