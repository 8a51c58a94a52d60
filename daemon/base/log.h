/*
 * One line of key=value per event on standard error, event name first: "order.placed order=K7M2-4QXP req=…".
 * Nothing is owned; a line that cannot be written is dropped. Values are escaped, so that input cannot forge a line.
 * Personal data is allowed at LOG_DEBUG only.
 */
#ifndef DAEMON_BASE_LOG_H
#define DAEMON_BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);

/* Written behind the event name of every line of this process, e.g. "worker=2". */
void log_set_process(const char *name);

/* fmt is printf's and yields the key=value pairs; control characters in the result are written as \xNN. */
void log_event(enum log_level level, const char *event, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
