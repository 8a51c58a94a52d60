/*
 * The connection of a blocking session, for the other files of this room. It stays the session's. Nothing fails.
 */
#ifndef DAEMON_DB_DB_SESSION_H
#define DAEMON_DB_DB_SESSION_H

#include <libpq-fe.h>

struct db_session;
PGconn *db_session_connection(struct db_session *s);

#endif
