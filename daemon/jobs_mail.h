/*
 * Mail that waits for the relay, and the anchor file with the heads of the sealed logs.
 * Without a relay (smtp_url empty) mail stays in jobs.mail, where demonstration mode shows it.
 */
#ifndef DAEMON_JOBS_MAIL_H
#define DAEMON_JOBS_MAIL_H

#include "daemon/base/conf.h"
#include "daemon/base/err.h"
#include "daemon/db/db.h"

/* Sends up to 20 e-mails whose time has come through libcurl. One that the relay refuses is tried again later and holds up no other; false with a reason when the
 * relay is away. */
bool jobs_mail_send(struct db_session *s, const struct conf *conf, struct err *e);

/* Appends each council's head to the anchor file, once an hour; nothing when no file is configured. */
bool jobs_anchor(struct db_session *s, const struct conf *conf, struct err *e);

#endif
