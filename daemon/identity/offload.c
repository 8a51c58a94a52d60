#include "daemon/identity/offload.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/base/arena.h"

enum { THREADS_MAX = 16 };

struct job {
    offload_work_fn *work, *done;
    void *state;
};

/* Two rings of the same size: what waits, and what is finished. A job is in exactly one place. */
struct offload {
    struct arena *arena;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t threads[THREADS_MAX];
    unsigned threads_n, size;
    struct job *waiting, *finished;
    unsigned waiting_at, waiting_n, finished_at, finished_n, running_n;
    bool is_ending;
    int fd;
    struct event *event;
};

static void *run_thread(void *context)
{
    struct offload *o = context;
    pthread_mutex_lock(&o->lock);
    for (;;) {
        while (!o->waiting_n && !o->is_ending)
            pthread_cond_wait(&o->wake, &o->lock);
        if (o->is_ending)
            break;
        struct job job = o->waiting[o->waiting_at];
        o->waiting_at = (o->waiting_at + 1) % o->size;
        o->waiting_n--;
        o->running_n++;
        pthread_mutex_unlock(&o->lock);
        job.work(job.state);
        pthread_mutex_lock(&o->lock);
        o->running_n--;
        o->finished[(o->finished_at + o->finished_n++) % o->size] = job;
        uint64_t one = 1;
        if (write(o->fd, &one, sizeof one) < 0)
            continue; /* the counter is already non-zero: the loop will wake all the same */
    }
    pthread_mutex_unlock(&o->lock);
    return NULL;
}

static void on_finished(evutil_socket_t fd, short what, void *context)
{
    struct offload *o = context;
    uint64_t count;
    (void)what;
    if (read(fd, &count, sizeof count) < 0)
        return;
    pthread_mutex_lock(&o->lock);
    while (o->finished_n) {
        struct job job = o->finished[o->finished_at];
        o->finished_at = (o->finished_at + 1) % o->size;
        o->finished_n--;
        pthread_mutex_unlock(&o->lock);
        job.done(job.state);
        pthread_mutex_lock(&o->lock);
    }
    pthread_mutex_unlock(&o->lock);
}

struct offload *offload_create(struct event_base *loop, unsigned threads, unsigned queue, struct err *e)
{
    struct arena *arena = arena_create(0);
    struct offload *o = arena_alloc(arena, sizeof *o);
    o->arena = arena;
    o->size = queue;
    o->waiting = arena_array(arena, queue, sizeof *o->waiting);
    o->finished = arena_array(arena, queue, sizeof *o->finished);
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->wake, NULL);
    o->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    o->event = o->fd < 0 ? NULL : event_new(loop, o->fd, EV_READ | EV_PERSIST, on_finished, o);
    if (!o->event || event_add(o->event, NULL) != 0) {
        err_set(e, "cannot watch the helper threads: %s", strerror(errno));
        offload_destroy(&o);
        return NULL;
    }
    /* Signals belong to the loop's thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (o->threads_n < threads && o->threads_n < THREADS_MAX &&
           pthread_create(&o->threads[o->threads_n], NULL, run_thread, o) == 0)
        o->threads_n++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!o->threads_n) {
        err_set(e, "cannot start helper threads");
        offload_destroy(&o);
    }
    return o;
}

bool offload_submit(struct offload *o, offload_work_fn *work, offload_work_fn *done, void *state)
{
    pthread_mutex_lock(&o->lock);
    bool has_room = o->waiting_n + o->running_n + o->finished_n < o->size;
    if (has_room) {
        o->waiting[(o->waiting_at + o->waiting_n++) % o->size] = (struct job){work, done, state};
        pthread_cond_signal(&o->wake);
    }
    pthread_mutex_unlock(&o->lock);
    return has_room;
}

void offload_destroy(struct offload **o)
{
    if (!o || !*o)
        return;
    pthread_mutex_lock(&(*o)->lock);
    (*o)->is_ending = true;
    pthread_cond_broadcast(&(*o)->wake);
    pthread_mutex_unlock(&(*o)->lock);
    for (unsigned i = 0; i < (*o)->threads_n; i++)
        pthread_join((*o)->threads[i], NULL);
    if ((*o)->event)
        event_free((*o)->event);
    if ((*o)->fd >= 0)
        close((*o)->fd);
    pthread_cond_destroy(&(*o)->wake);
    pthread_mutex_destroy(&(*o)->lock);
    struct arena *arena = (*o)->arena;
    *o = NULL;
    arena_destroy(&arena);
}
