/*
 * The tables against which account numbers are checked, as the operator keeps them: Pay.UK publishes them several times a year (valacdos.txt, scsubtab.txt).
 * Read once, before the workers are made, which share it; owned by the arena. Fails with the key, the file and the line that cannot be read.
 */
#ifndef DAEMON_MODULUS_FILES_H
#define DAEMON_MODULUS_FILES_H

#include "daemon/base/conf.h"
#include "daemon/base/err.h"
#include "payments/bank/modulus.h"

/* *ret_table is NULL where no modulus_weights are configured: then no account number is checked. */
bool modulus_files_load(struct arena *a, const struct conf *c, const struct modulus_table **ret_table, struct err *e);

#endif
