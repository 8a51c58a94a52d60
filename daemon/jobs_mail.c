#include "daemon/jobs_mail.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/jobs_unit.h"
#include "sql/jobs.h"

enum { ANCHOR_SECONDS = 3600, SMTP_SECONDS = 30 };

struct upload {
    struct str text;
    size_t sent;
};

static size_t give_bytes(char *to, size_t size, size_t n, void *context)
{
    struct upload *u = context;
    size_t most = size * n, left = u->text.n - u->sent;
    if (left < most)
        most = left;
    memcpy(to, u->text.p + u->sent, most);
    u->sent += most;
    return most;
}

/* RFC 2047: a header with anything but printable ASCII travels as UTF-8 in Base64, in words of at most 45 bytes. */
static void add_header_text(struct buf *b, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bool is_plain = true;
    for (const char *p = text; *p; p++)
        is_plain = is_plain && *p >= ' ' && *p <= '~';
    if (is_plain) {
        buf_adds(b, text);
        return;
    }
    size_t n = strlen(text);
    for (size_t from = 0; from < n;) {
        size_t take = n - from < 45 ? n - from : 45;
        while (from + take < n && take > 1 && ((unsigned char)text[from + take] & 0xC0) == 0x80)
            take--;
        buf_adds(b, from ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
        for (size_t i = 0; i < take; i += 3) {
            unsigned v = (unsigned char)text[from + i] << 16;
            v |= i + 1 < take ? (unsigned)(unsigned char)text[from + i + 1] << 8 : 0;
            v |= i + 2 < take ? (unsigned char)text[from + i + 2] : 0;
            char quad[4] = {digits[v >> 18 & 63], digits[v >> 12 & 63], i + 1 < take ? digits[v >> 6 & 63] : '=',
                            i + 2 < take ? digits[v & 63] : '='};
            buf_add(b, quad, sizeof quad);
        }
        buf_adds(b, "?=");
        from += take;
    }
}

static void write_message(struct buf *b, const struct conf *conf, const struct sql_mail_unsent_row *m)
{
    char date[64];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &utc);
    buf_addf(b, "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nMessage-ID: <%lld.%lld@marketcross>\r\nSubject: ", date, conf->mail_from, m->to_email,
             (long long)m->id, (long long)now);
    add_header_text(b, m->subject);
    buf_adds(b, "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    for (const char *p = m->body; *p; p++) {
        if (*p == '\n')
            buf_addc(b, '\r');
        buf_addc(b, *p);
    }
    buf_adds(b, "\r\n");
}

/* *ret_answer: what the relay said last (RFC 5321, 4.2), 0 when nothing. */
static bool send_one(CURL *curl, const struct conf *conf, const struct sql_mail_unsent_row *m, long *ret_answer, struct err *e)
{
    struct buf text = {0};
    write_message(&text, conf, m);
    struct upload upload = {.text = buf_str(&text)};
    struct curl_slist *to = curl_slist_append(NULL, m->to_email);
    curl_easy_setopt(curl, CURLOPT_URL, conf->smtp_url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SMTP_SECONDS);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, conf->mail_from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    CURLcode code = curl_easy_perform(curl);
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    curl_slist_free_all(to);
    buf_finish(&text);
    *ret_answer = answer;
    return code == CURLE_OK || err_set(e, "the mail relay: %s, answer %ld", curl_easy_strerror(code), answer);
}

/* Notes what became of one. False when the relay is away, or the database: then the others have to wait as well. What the relay refused was about this one alone. */
static bool send_and_note(struct db_session *s, struct arena *a, CURL *curl, const struct conf *conf, const struct sql_mail_unsent_row *m, struct err *e)
{
    enum { SMTP_REFUSED = 400 };
    struct err why = {""};
    long answer;
    struct db_unit *u = db_unit_create(a);
    bool is_taken = send_one(curl, conf, m, &answer, &why);
    if (is_taken) {
        sql_mail_sent_add(u, &(struct sql_mail_sent_params){.id = m->id});
    } else {
        sql_mail_not_taken_add(u, &(struct sql_mail_not_taken_params){.id = m->id, .error = why.text});
        log_event(LOG_WARN, "jobs.mail_not_taken", "mail=%lld reason=\"%s\"", (long long)m->id, why.text);
    }
    if (db_session_run(s, u) != DB_DONE)
        return err_set(e, "what became of an e-mail could not be noted");
    return is_taken || answer >= SMTP_REFUSED || err_set(e, "%s", why.text);
}

bool jobs_mail_send(struct db_session *s, const struct conf *conf, struct err *e)
{
    if (text_is_empty(conf->smtp_url))
        return true;
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    const struct sql_mail_unsent_row *mails;
    sql_mail_unsent_add(u, NULL);
    bool ok = db_session_run(s, u) == DB_DONE || err_set(e, "the mail queue could not be read");
    size_t n = ok ? sql_mail_unsent_rows(u, 0, &mails) : 0;
    CURL *curl = n ? curl_easy_init() : NULL;
    for (size_t i = 0; i < n && ok && curl; i++)
        ok = send_and_note(s, a, curl, conf, &mails[i], e);
    if (curl)
        curl_easy_cleanup(curl);
    arena_destroy(&a);
    return ok;
}

bool jobs_anchor(struct db_session *s, const struct conf *conf, struct err *e)
{
    static time_t last;
    if (text_is_empty(conf->anchor_file) || time(NULL) - last < ANCHOR_SECONDS)
        return true;
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    const struct sql_councils_row *councils;
    sql_councils_add(u, NULL);
    FILE *f = fopen(conf->anchor_file, "ae");
    bool ok = (f && db_session_run(s, u) == DB_DONE) || err_set(e, "the anchor file %s cannot be written", conf->anchor_file);
    size_t n = ok ? sql_councils_rows(u, 0, &councils) : 0;
    for (size_t i = 0; i < n; i++) {
        struct db_unit *head = jobs_unit(a, councils[i].id);
        struct sql_seal_heads_row row;
        int step = sql_seal_heads_add(head, NULL);
        if (db_session_run(s, head) == DB_DONE && sql_seal_heads_one(head, step, &row))
            fprintf(f, "%s council=%d block=%lld sha256=%s\n", row.sealed_at, councils[i].id, (long long)row.block, row.sha256);
    }
    if (f && fclose(f) != 0)
        ok = err_set(e, "the anchor file %s cannot be written", conf->anchor_file);
    if (ok)
        last = time(NULL);
    arena_destroy(&a);
    return ok;
}
