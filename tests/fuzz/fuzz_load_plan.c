/* fuzz_load_plan.c - a load plan is refused in one line of usage, or is a schedule whose instants
 * are in order, within it and of the number said. */

#include "common/base/file.h"
#include "common/base/mem.h"
#include "loadgen/schedule/cursor.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Random arrivals are drawn to their end: a fuzzer would do nothing else. */
enum { MOST_REQUESTS = 20000 };

static void check_whole(const struct xcy_schedule *s)
{
    int64_t n = xcy_schedule_slots(s);
    int64_t length_ns = xcy_schedule_length_ns(s);
    xcy_assert(length_ns >= 0 && length_ns <= XCY_SCHEDULE_MAX_NS);
    xcy_assert(xcy_schedule_warmup_slots(s) <= n);
    xcy_assert(xcy_schedule_warmup_length_ns(s) <= length_ns);
    if (xcy_schedule_closed_in_flight(s) > 0) {
        return;
    }
    xcy_assert(xcy_schedule_mean_rate(s) > 0 && xcy_schedule_peak_rate(s) > 0);
    struct xcy_cursor *cursor = xcy_cursor_new(s, 0, 1);
    int64_t before_ns = 0;
    int64_t slot = 0;
    int64_t due_ns = 0;
    int64_t n_seen = 0;
    for (; xcy_cursor_look(cursor, &slot, &due_ns) && n_seen < MOST_REQUESTS; n_seen++) {
        xcy_assert(slot == n_seen && due_ns >= before_ns && due_ns < length_ns);
        before_ns = due_ns;
        xcy_cursor_advance(cursor);
    }
    xcy_assert(n_seen == n || n_seen == MOST_REQUESTS);
    xcy_cursor_free(cursor);
}

static bool has(struct xcy_bytes text, const char *word)
{
    return text.len > 0 && memmem(text.ptr, text.len, word, strlen(word));
}

/* Paths of replays are the fuzzer's to choose: it shall not wait on a terminal or a pipe. Random
 * warm-up is not bounded by the requests: it would draw for minutes. */
static bool is_fit(struct xcy_bytes text)
{
    return (!has(text, "replay") || has(text, "/dev/null")) &&
           (!has(text, "poisson") || !has(text, "warmup"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_schedule *schedule = NULL;
    struct xcy_bytes text = xcy_bytes((const char *)data, size);
    if (!is_fit(text)) {
        return 0;
    }
    int fd = memfd_create("load-plan", MFD_CLOEXEC);
    xcy_assert(fd >= 0);
    enum xcy_status status = xcy_write_all(fd, text, "memory", &err);
    xcy_assert(status == XCY_OK);
    char *path = xcy_format("/proc/self/fd/%d", fd);
    struct xcy_schedule_options options = {.load_plan = path, .requests = MOST_REQUESTS, .seed = 1};
    status = xcy_schedule_build(&options, &schedule, &err);
    if (status == XCY_OK) {
        check_whole(schedule);
    } else {
        xcy_assert(status == XCY_EUSAGE && !schedule && !strchr(err.text, '\n'));
    }
    xcy_schedule_free(schedule);
    free(path);
    close(fd);
    return 0;
}
