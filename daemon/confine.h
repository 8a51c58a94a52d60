/*
 * Confines a worker, once it is set up, to the system calls that serving needs: sockets to PostgreSQL, spool files, memory, clocks, threads it has.
 * Nothing is owned; the filter belongs to the process, holds for all its threads and cannot be taken off.
 * May fail where the kernel has no seccomp: then the worker does not start. Starting a program or a process afterwards ends the worker; any other
 * call that is not needed answers EPERM.
 */
#ifndef DAEMON_CONFINE_H
#define DAEMON_CONFINE_H

#include <stdbool.h>

#include "daemon/base/err.h"

bool confine_worker(struct err *e);

#endif
