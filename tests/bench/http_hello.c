/*
 * The server's edge alone: answers every request with the same page, for comparison with a web server that serves a file of that size.
 *   http_hello [--processes N] [--bytes N] [--port N] [--tls CERT KEY]
 * Prints the port it listens on and serves until it is ended by a signal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"

struct hello {
    struct str page;
};

static void answer(struct http_request *r, void *context)
{
    const struct hello *hello = context;
    http_reply(r, 200, "text/html; charset=utf-8", hello->page);
}

static struct str make_page(struct arena *a, size_t n)
{
    static const char words[] = "<p>A morning at the community garden, with tea.</p>\n";
    char *p = arena_alloc(a, n);
    for (size_t i = 0; i < n; i++)
        p[i] = words[i % (sizeof words - 1)];
    return (struct str){p, n};
}

static int serve(int fd, struct http_config *config)
{
    struct event_base *loop = event_base_new();
    struct err e;
    struct http_server *server = http_server_create(loop, fd, config, &e);
    if (!server) {
        fprintf(stderr, "http_hello: %s\n", e.text);
        return EX_CONFIG;
    }
    event_base_dispatch(loop);
    http_server_destroy(&server);
    event_base_free(loop);
    return 0;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_create(0);
    struct str hosts[] = {STR("127.0.0.1"), STR("localhost")};
    struct hello hello;
    struct http_config config = {.hosts = hosts, .hosts_n = 2, .max_connections = 20000, .max_per_address = 20000, .head_seconds = 10,
                                 .body_seconds = 60, .idle_seconds = 60, .write_seconds = 30, .answer_seconds = 30, .spool_dir = "/tmp",
                                 .handler = answer, .context = &hello};
    int processes = 1, bytes = 19400, port = 0;
    struct err e;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--processes") == 0)
            processes = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--bytes") == 0)
            bytes = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--port") == 0)
            port = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--tls") == 0 && i + 2 < argc)
            config.tls_cert = argv[i + 1], config.tls_key = argv[i++ + 2];
    }
    hello.page = make_page(a, (size_t)bytes);
    int fd = http_listen("127.0.0.1", (uint16_t)port, &e);
    if (fd < 0) {
        fprintf(stderr, "http_hello: %s\n", e.text);
        return EX_OSERR;
    }
    printf("%u\n", http_listen_port(fd));
    fflush(stdout);
    for (int i = 1; i < processes; i++)
        if (fork() == 0)
            break;
    int status = serve(fd, &config);
    arena_destroy(&a);
    return status;
}
