#include "common/base/stop.h"

#include "common/base/error.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static atomic_int times_asked;
static int event_fd = -1;

void xcy_stop_ask(void)
{
    int kept = errno;
    if (atomic_fetch_add(&times_asked, 1) > 0) {
        _exit(130);
    }
    uint64_t one = 1;
    ssize_t ignored = write(event_fd, &one, sizeof one);
    (void)ignored;
    errno = kept;
}

static void on_signal(int number)
{
    (void)number;
    xcy_stop_ask();
}

void xcy_stop_watch(void)
{
    event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(event_fd >= 0);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action,
              NULL); /* a file's size limit is an error of write, as a full disk */
}

bool xcy_stop_asked(void)
{
    return atomic_load(&times_asked) > 0;
}

int xcy_stop_fd(void)
{
    return event_fd;
}
