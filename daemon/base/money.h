/*
 * Money is a signed count of pence (int64_t); rates and their rounding live in SQL numeric, never here.
 * Nothing is owned. Arithmetic that would overflow fails instead of wrapping.
 */
#ifndef DAEMON_BASE_MONEY_H
#define DAEMON_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/text.h"

struct arena;

/* Largest amount a person may type: one hundred million pounds. */
#define MONEY_MAX_TYPED INT64_C(10000000000)

bool money_add(int64_t a, int64_t b, int64_t *ret_sum);
bool money_sub(int64_t a, int64_t b, int64_t *ret_difference);

/* What a person types: optional pound sign, digits with optional thousands commas, optionally a point and one or
 * two digits ("£1,234.5" is 123450). No sign, no exponent, at most MONEY_MAX_TYPED pence. */
bool money_read(struct str s, int64_t *ret_pence);

/* "£1,234.56", with a leading minus sign for negative amounts. */
char *money_text(struct arena *a, int64_t pence);

/* "1234.56": the form of files and APIs. */
char *money_plain(struct arena *a, int64_t pence);

#endif
