#include "sandbox/hosts/supervisor.h"

#include "common/base/mem.h"
#include "sandbox/hosts/supervisor_process.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 32, REPORT_LINES = 5 };

struct xcy_supervisor {
    pthread_t thread;
    pthread_mutex_t lock;
    struct xcy_process *processes;
    bool stopping;
    int epoll_fd;
    int wake_fd;
    struct xcy_watch wake_watch;
};

static void wake(struct xcy_supervisor *s)
{
    uint64_t one = 1;
    ssize_t ignored = write(s->wake_fd, &one, sizeof one);
    (void)ignored;
}

static void watch_fd(struct xcy_supervisor *s, int fd, struct xcy_watch *watch)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};
    int code = epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    xcy_assert(code == 0);
}

/* Taken out by hand: a child between fork and exec has copies of our descriptors, and closing ours
 * alone would leave the watch in place. */
static void unwatch_and_close(struct xcy_supervisor *s, int *fd)
{
    if (*fd >= 0) {
        epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, *fd, NULL);
        close(*fd);
        *fd = -1;
    }
}

static void unlink_process(struct xcy_supervisor *s, struct xcy_process *p)
{
    struct xcy_process **at = &s->processes;
    while (*at != p) {
        at = &(*at)->next;
    }
    *at = p->next;
}

/* Tells the owner and forgets the process. */
static void report_end(struct xcy_supervisor *s, struct xcy_process *p, struct xcy_process_end *end)
{
    end->output = xcy_output_last_lines(&p->output, REPORT_LINES);
    pthread_mutex_lock(&s->lock);
    unlink_process(s, p);
    pthread_mutex_unlock(&s->lock);
    p->on_exit(p->ctx, end);
    xcy_process_free(p);
}

static void report_not_started(struct xcy_supervisor *s, struct xcy_process *p, const char *reason)
{
    struct xcy_process_end end = {.was_started = false, .exit_code = -1};
    snprintf(end.reason, sizeof end.reason, "%.190s", reason);
    report_end(s, p, &end);
}

static void start_process(struct xcy_supervisor *s, struct xcy_process *p)
{
    struct xcy_error err;
    pid_t pid = 0;
    if (xcy_process_launch(p, &pid, &err) != XCY_OK) {
        report_not_started(s, p, err.text);
        return;
    }
    p->output_watch = (struct xcy_watch){XCY_WATCH_OUTPUT, p};
    p->end_watch = (struct xcy_watch){XCY_WATCH_END, p};
    watch_fd(s, p->output_fd, &p->output_watch);
    watch_fd(s, p->pid_fd, &p->end_watch);
    pthread_mutex_lock(&s->lock);
    p->pid = pid;
    p->state = XCY_PROCESS_RUNNING;
    if (p->ending) { /* asked while it was being started */
        xcy_process_signal(p, SIGTERM);
    }
    pthread_mutex_unlock(&s->lock);
}

/* The next process to start; one that is to end already is given back through *cancelled. */
static struct xcy_process *next_wanted(struct xcy_supervisor *s, bool *cancelled)
{
    struct xcy_process *found = NULL;
    pthread_mutex_lock(&s->lock);
    for (struct xcy_process *p = s->processes; p && !found; p = p->next) {
        if (p->state == XCY_PROCESS_WANTED) {
            found = p;
            *cancelled = p->ending;
        }
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

static void start_wanted(struct xcy_supervisor *s)
{
    bool cancelled = false;
    struct xcy_process *p;
    while ((p = next_wanted(s, &cancelled))) {
        if (cancelled) {
            report_not_started(s, p, "ended before it was started");
        } else {
            start_process(s, p);
        }
    }
}

static void read_output(struct xcy_supervisor *s, struct xcy_process *p)
{
    if (p->output_fd >= 0 && !xcy_process_read(p)) {
        unwatch_and_close(s, &p->output_fd);
    }
}

static void reap(struct xcy_supervisor *s, struct xcy_process *p)
{
    int wait_status = 0;
    pthread_mutex_lock(&s->lock);
    xcy_process_signal(p, SIGKILL); /* whatever it started itself */
    while (waitpid(p->pid, &wait_status, 0) < 0 && errno == EINTR) {
    }
    p->state = XCY_PROCESS_REAPED;
    pthread_mutex_unlock(&s->lock);
    read_output(s, p);
    unwatch_and_close(s, &p->output_fd);
    unwatch_and_close(s, &p->pid_fd);
    xcy_output_end(&p->output, p->on_line, p->ctx);
    struct xcy_process_end end;
    xcy_process_describe_end(p, wait_status, &end);
    report_end(s, p, &end);
}

/* Kills what outlived its grace. Returns how long epoll may wait, in ms (-1: for ever). */
static int kill_overdue(struct xcy_supervisor *s)
{
    int64_t least_ns = INT64_MAX;
    struct xcy_mono now = xcy_mono_now();
    pthread_mutex_lock(&s->lock);
    for (struct xcy_process *p = s->processes; p; p = p->next) {
        if (p->state != XCY_PROCESS_RUNNING || p->kill_at.ns == 0) {
            continue;
        }
        int64_t left_ns = xcy_mono_diff_ns(p->kill_at, now);
        if (left_ns <= 0) {
            xcy_process_signal(p, SIGKILL);
            p->kill_at.ns = 0;
        } else if (left_ns < least_ns) {
            least_ns = left_ns;
        }
    }
    pthread_mutex_unlock(&s->lock);
    return least_ns == INT64_MAX ? -1 : (int)(least_ns / XCY_NS_PER_MS) + 1;
}

static bool is_done(struct xcy_supervisor *s)
{
    pthread_mutex_lock(&s->lock);
    bool done = s->stopping && !s->processes;
    pthread_mutex_unlock(&s->lock);
    return done;
}

static void drain_wake(struct xcy_supervisor *s)
{
    uint64_t count;
    ssize_t ignored = read(s->wake_fd, &count, sizeof count);
    (void)ignored;
}

/* Ends last: they free what other events of the same batch point into. */
static void handle_events(struct xcy_supervisor *s, const struct epoll_event *events, int n)
{
    struct xcy_process *ended[EVENTS_AT_ONCE];
    int n_ended = 0;
    for (int i = 0; i < n; i++) {
        const struct xcy_watch *watch = events[i].data.ptr;
        if (watch->kind == XCY_WATCH_WAKE) {
            drain_wake(s);
        } else if (watch->kind == XCY_WATCH_OUTPUT) {
            read_output(s, watch->process);
        } else {
            ended[n_ended++] = watch->process;
        }
    }
    for (int i = 0; i < n_ended; i++) {
        reap(s, ended[i]);
    }
}

static void *run(void *arg)
{
    struct xcy_supervisor *s = arg;
    struct epoll_event events[EVENTS_AT_ONCE];
    for (;;) {
        start_wanted(s);
        if (is_done(s)) { /* only now: what was not started any more may have been the last one */
            return NULL;
        }
        int n = epoll_wait(s->epoll_fd, events, EVENTS_AT_ONCE, kill_overdue(s));
        handle_events(s, events, n < 0 ? 0 : n);
    }
}

struct xcy_supervisor *xcy_supervisor_start(void)
{
    struct xcy_supervisor *s = xcy_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(s->epoll_fd >= 0 && s->wake_fd >= 0);
    s->wake_watch = (struct xcy_watch){XCY_WATCH_WAKE, NULL};
    watch_fd(s, s->wake_fd, &s->wake_watch);
    int code = pthread_create(&s->thread, NULL, run, s);
    xcy_assert(code == 0);
    return s;
}

struct xcy_process *xcy_supervisor_spawn(struct xcy_supervisor *supervisor,
                                         const struct xcy_process_spec *spec)
{
    struct xcy_process *p = xcy_process_new(spec);
    pthread_mutex_lock(&supervisor->lock);
    p->ending = supervisor->stopping;
    p->next = supervisor->processes;
    supervisor->processes = p;
    pthread_mutex_unlock(&supervisor->lock);
    wake(supervisor);
    return p;
}

void xcy_supervisor_end(struct xcy_supervisor *supervisor, struct xcy_process *process,
                        int64_t grace_ns)
{
    pthread_mutex_lock(&supervisor->lock);
    xcy_process_end(process, grace_ns);
    pthread_mutex_unlock(&supervisor->lock);
    wake(supervisor);
}

void xcy_supervisor_stop(struct xcy_supervisor *supervisor, int64_t grace_ns)
{
    if (!supervisor) {
        return;
    }
    pthread_mutex_lock(&supervisor->lock);
    supervisor->stopping = true;
    for (struct xcy_process *p = supervisor->processes; p; p = p->next) {
        if (!p->ending || grace_ns == 0) {
            xcy_process_end(p, grace_ns);
        }
    }
    pthread_mutex_unlock(&supervisor->lock);
    wake(supervisor);
    pthread_join(supervisor->thread, NULL);
    close(supervisor->epoll_fd);
    close(supervisor->wake_fd);
    pthread_mutex_destroy(&supervisor->lock);
    free(supervisor);
}
