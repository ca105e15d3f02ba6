#include "tests/support/hosted_pair.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "sandbox/hosts/pair_kind.h"
#include "tests/support/unit.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void xcy_test_pair_open(struct xcy_test_pair *t, const struct xcy_pair_kind *kind, int64_t lag_ms)
{
    *t = (struct xcy_test_pair){.kind = kind, .lag_ns = lag_ms * XCY_NS_PER_MS};
    snprintf(t->folder, sizeof t->folder, "/tmp/xcy-pair-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    sem_init(&t->died, 0, 0);
    t->supervisor = xcy_supervisor_start();
}

static int64_t lag(void *ctx)
{
    const struct xcy_test_pair *t = ctx;
    return t->lag_ns;
}

static void on_died(void *ctx, const char *what)
{
    struct xcy_test_pair *t = ctx;
    snprintf(t->what, sizeof t->what, "%s", what);
    sem_post(&t->died);
}

enum xcy_status xcy_test_pair_start(struct xcy_test_pair *t)
{
    struct xcy_pair_options options = {.supervisor = t->supervisor,
                                       .folder = t->folder,
                                       .lag = lag,
                                       .lag_ctx = t,
                                       .died = on_died,
                                       .died_ctx = t};
    enum xcy_status status = xcy_pair_start(t->kind, &options, &t->pair, &t->err);
    if (status == XCY_OK) {
        t->ends = xcy_pair_ends(t->pair);
    }
    return status;
}

static void set_path(const char *path)
{
    setenv("PATH", path, 1); /* NOLINT(concurrency-mt-unsafe): nothing is being started */
}

enum xcy_status xcy_test_pair_start_with(struct xcy_test_pair *t, const char *program,
                                         const char *script)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else sets it */
    char *kept = xcy_strdup(getenv("PATH"));
    if (script) {
        char *path = xcy_format("%s/%s", t->folder, program);
        assert_ok(xcy_file_replace(path, xcy_bytes_of(script), 0755, &t->err), &t->err);
        free(path);
    }
    set_path(t->folder);
    enum xcy_status status = xcy_test_pair_start(t);
    set_path(kept);
    free(kept);
    return status;
}

void xcy_test_pair_close(struct xcy_test_pair *t)
{
    xcy_pair_stop(t->pair);
    xcy_supervisor_stop(t->supervisor, 0);
    sem_destroy(&t->died);
    assert_ok(xcy_dir_remove(t->folder, &t->err), &t->err);
}

/* The process whose working folder this is, or is in this. */
static pid_t pid_in(const char *folder)
{
    DIR *processes = opendir("/proc");
    assert_non_null(processes);
    pid_t found = 0;
    const struct dirent *entry;
    while ((entry = readdir(processes))) { /* NOLINT(concurrency-mt-unsafe): a stream of our own */
        char to[256];
        char *path = xcy_format("/proc/%s/cwd", entry->d_name);
        ssize_t n = readlink(path, to, sizeof to - 1);
        free(path);
        to[n > 0 ? n : 0] = '\0';
        size_t len = strlen(folder);
        if (strncmp(to, folder, len) == 0 && (to[len] == '\0' || to[len] == '/')) {
            found = (pid_t)strtol(entry->d_name, NULL, 10);
        }
    }
    closedir(processes);
    return found;
}

void xcy_test_pair_kill(struct xcy_test_pair *t, const char *role)
{
    char *folder = xcy_format("%s/%s/%s", t->folder, t->kind->name, role);
    pid_t pid = pid_in(folder);
    assert_true(pid > 1);
    assert_int_equal(kill(pid, SIGKILL), 0);
    while (sem_wait(&t->died) != 0 && errno == EINTR) {
    }
    assert_null(strchr(t->what, '\n'));
    free(folder);
}
