#include "scratch.h"

#include "common/run/sent.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int64_t file_bytes(const char *folder)
{
    struct stat info;
    char *path = xcy_run_file(folder, "sent.bin");
    assert_int_equal(stat(path, &info), 0);
    free(path);
    return info.st_size;
}

static void what_a_killed_process_sent_is_known(void **state)
{
    struct xcy_error err;
    pid_t pid = fork();
    if (pid == 0) {
        struct xcy_sent *sent = NULL;
        if (xcy_sent_create(*state, 1000, &sent, &err) != XCY_OK) {
            _exit(1);
        }
        xcy_sent_set(sent, 0, 1795100010245589);
        xcy_sent_set(sent, 999, 7);
        kill(getpid(), SIGKILL);
    }
    int code = 0;
    assert_int_equal(waitpid(pid, &code, 0), pid);
    assert_true(WIFSIGNALED(code));
    struct xcy_sent *sent = NULL;
    assert_ok(xcy_sent_open(*state, &sent, &err), &err);
    assert_int_equal(xcy_sent_slots(sent), 1000);
    assert_int_equal(xcy_sent_get(sent, 0), 1795100010245589);
    assert_int_equal(xcy_sent_get(sent, 1), 0);
    assert_int_equal(xcy_sent_get(sent, 999), 7);
    assert_false(xcy_sent_is_live(*state));
    xcy_sent_close(sent);
}

static void a_run_is_live_while_its_generator_holds_the_lock(void **state)
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    assert_false(xcy_sent_is_live(*state));
    assert_ok(xcy_sent_create(*state, 0, &sent, &err), &err);
    assert_true(xcy_sent_is_live(*state));
    xcy_sent_close(sent);
    assert_false(xcy_sent_is_live(*state));
}

static void others_see_what_is_set_and_zeros_elsewhere(void **state)
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_sent *seen = NULL;
    int64_t slots[5] = {-1, -1, -1, -1, -1};
    assert_ok(xcy_sent_create(*state, 4, &sent, &err), &err);
    assert_ok(xcy_sent_open(*state, &seen, &err), &err);
    assert_int_equal(xcy_sent_count(seen), 0);
    assert_int_equal(xcy_sent_used(seen), 0);
    xcy_sent_set(sent, 1, 11);
    xcy_sent_set(sent, 2, 12);
    assert_int_equal(xcy_sent_get(seen, 1), 11);
    assert_int_equal(xcy_sent_get(sent, 2), 12);
    assert_int_equal(xcy_sent_get(seen, 4), 0); /* the file does not have it */
    assert_int_equal(xcy_sent_copy(seen, 1, 5, slots), 3);
    assert_int_equal(slots[0], 11);
    assert_int_equal(slots[1], 12);
    assert_int_equal(slots[2] + slots[3] + slots[4], 0);
    assert_int_equal(xcy_sent_count(seen), 2);
    assert_int_equal(xcy_sent_used(seen), 3);
    xcy_sent_close(seen);
    xcy_sent_close(sent);
}

static void a_file_grows_far_ahead_of_what_is_asked_and_ends_with_what_there_was(void **state)
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_sent *seen = NULL;
    assert_ok(xcy_sent_create(*state, 0, &sent, &err), &err);
    assert_ok(xcy_sent_open(*state, &seen, &err), &err);
    assert_int_equal(xcy_sent_slots(seen), 0);
    assert_ok(xcy_sent_reserve(sent, 1, &err), &err);
    int64_t step = xcy_sent_slots(sent);
    assert_true(step >= 100000);
    assert_int_equal(xcy_sent_slots(seen), step);
    xcy_sent_set(sent, step - 1, 5);
    assert_ok(xcy_sent_reserve(sent, step, &err), &err); /* there is room */
    assert_int_equal(xcy_sent_slots(sent), step);
    assert_ok(xcy_sent_reserve(sent, step + 1, &err), &err);
    assert_true(xcy_sent_slots(sent) > step);
    xcy_sent_set(sent, step, 6);
    xcy_sent_set(sent, step + 1, 7);
    assert_int_equal(xcy_sent_get(seen, step - 1), 5);
    assert_int_equal(xcy_sent_get(seen, step), 6);
    assert_int_equal(xcy_sent_used(seen), step + 2);
    assert_ok(xcy_sent_trim(sent, step + 1, &err), &err);
    assert_int_equal(file_bytes(*state), (step + 1) * 8);
    assert_int_equal(xcy_sent_slots(seen), step + 1);
    assert_int_equal(xcy_sent_get(seen, step), 6);
    assert_int_equal(xcy_sent_get(seen, step + 1), 0);
    xcy_sent_close(seen);
    xcy_sent_close(sent);
}

/* A closed loop that is stopped has skipped more than there was ever room for. */
static void slots_that_were_never_begun_stand_in_the_file_too(void **state)
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    assert_ok(xcy_sent_create(*state, 0, &sent, &err), &err);
    assert_ok(xcy_sent_reserve(sent, 1, &err), &err);
    int64_t n_slots = 3 * xcy_sent_slots(sent);
    xcy_sent_set(sent, 0, 5);
    assert_ok(xcy_sent_trim(sent, n_slots, &err), &err);
    assert_int_equal(file_bytes(*state), n_slots * 8);
    assert_int_equal(xcy_sent_get(sent, 0), 5);
    assert_int_equal(xcy_sent_get(sent, n_slots - 1), 0);
    assert_int_equal(xcy_sent_count(sent), 1);
    xcy_sent_close(sent);
}

static void nothing_begun_leaves_an_empty_file(void **state)
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    assert_ok(xcy_sent_create(*state, 0, &sent, &err), &err);
    assert_ok(xcy_sent_trim(sent, 0, &err), &err);
    assert_int_equal(file_bytes(*state), 0);
    assert_int_equal(xcy_sent_slots(sent), 0);
    xcy_sent_close(sent);
}

/* What a full disk does, made by the limit on a file's size. In a process of its own: the limit could
 * not be lifted again by everyone. */
static void a_file_that_cannot_grow_says_so_and_stays_as_it_was(void **state)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct xcy_error err;
        struct xcy_sent *sent = NULL;
        struct rlimit limit;
        signal(SIGXFSZ, SIG_IGN);
        bool ok = xcy_sent_create(*state, 0, &sent, &err) == XCY_OK &&
                  xcy_sent_reserve(sent, 1, &err) == XCY_OK;
        int64_t step = ok ? xcy_sent_slots(sent) : 0;
        limit = (struct rlimit){.rlim_cur = (rlim_t)step * 8, .rlim_max = (rlim_t)step * 8};
        ok = ok && setrlimit(RLIMIT_FSIZE, &limit) == 0;
        ok = ok && xcy_sent_reserve(sent, step + 1, &err) != XCY_OK && strstr(err.text, "no room");
        ok = ok && xcy_sent_slots(sent) == step;
        xcy_sent_set(sent, step - 1, 9);
        ok = ok && xcy_sent_get(sent, step - 1) == 9;
        xcy_sent_close(sent);
        _exit(ok ? 0 : 1);
    }
    int code = 0;
    assert_int_equal(waitpid(pid, &code, 0), pid);
    assert_true(WIFEXITED(code) && WEXITSTATUS(code) == 0);
    assert_int_equal(file_bytes(*state) % (1 << 20), 0);
}

/* What two threads share: the next slot that nobody has begun, as in a closed loop. */
struct crowd {
    struct xcy_sent *sent;
    atomic_llong next;
    int64_t n_slots;
    bool has_failed;
};

static void *set_slots(void *ctx)
{
    struct crowd *c = ctx;
    struct xcy_error err;
    int64_t slot;
    while ((slot = atomic_fetch_add(&c->next, 1)) < c->n_slots) {
        if (xcy_sent_reserve(c->sent, slot + 1, &err) != XCY_OK) {
            c->has_failed = true;
            break;
        }
        xcy_sent_set(c->sent, slot, slot + 1);
    }
    return NULL;
}

static void two_threads_set_slots_while_the_file_grows_below_them(void **state)
{
    struct xcy_error err;
    struct crowd c = {.n_slots = 2500000};
    struct xcy_sent *seen = NULL;
    pthread_t other;
    assert_ok(xcy_sent_create(*state, 0, &c.sent, &err), &err);
    assert_int_equal(pthread_create(&other, NULL, set_slots, &c), 0);
    set_slots(&c);
    pthread_join(other, NULL);
    assert_false(c.has_failed);
    assert_ok(xcy_sent_trim(c.sent, c.n_slots, &err), &err);
    assert_ok(xcy_sent_open(*state, &seen, &err), &err);
    assert_int_equal(xcy_sent_count(seen), c.n_slots);
    for (int64_t first = 0; first < c.n_slots; first += 10000) {
        int64_t slots[10000];
        assert_int_equal(xcy_sent_copy(seen, first, 10000, slots), 10000);
        for (int64_t s = 0; s < 10000; s++) {
            assert_true(slots[s] == first + s + 1);
        }
    }
    xcy_sent_close(seen);
    xcy_sent_close(c.sent);
}

/* Of files that are mapped in, in kilobytes. */
static int64_t mapped_memory_kb(void)
{
    char line[256];
    long long file_kb = 0;
    long long shared_kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (strncmp(line, "RssFile:", 8) == 0) {
            file_kb = strtoll(line + 8, NULL, 10);
        } else if (strncmp(line, "RssShmem:", 9) == 0) {
            shared_kb = strtoll(line + 9, NULL, 10);
        }
    }
    fclose(f);
    return file_kb + shared_kb;
}

static void a_long_run_stays_small_in_memory(void **state)
{
    enum { SLOTS = 4 << 20, SLOTS_KB = SLOTS * 8 / 1024, ALLOWED_KB = SLOTS_KB / 8 };
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    assert_ok(xcy_sent_create(*state, SLOTS, &sent, &err), &err);
    int64_t before_kb = mapped_memory_kb();
    for (int64_t slot = 0; slot < SLOTS; slot++) {
        xcy_sent_set(sent, slot, slot + 1);
    }
    assert_true(mapped_memory_kb() - before_kb < ALLOWED_KB);
    assert_int_equal(xcy_sent_get(sent, 7), 8); /* what was let go is in the file */
    assert_int_equal(xcy_sent_count(sent), SLOTS);
    xcy_sent_close(sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(what_a_killed_process_sent_is_known),
        WITH_FOLDER(a_run_is_live_while_its_generator_holds_the_lock),
        WITH_FOLDER(others_see_what_is_set_and_zeros_elsewhere),
        WITH_FOLDER(a_file_grows_far_ahead_of_what_is_asked_and_ends_with_what_there_was),
        WITH_FOLDER(slots_that_were_never_begun_stand_in_the_file_too),
        WITH_FOLDER(nothing_begun_leaves_an_empty_file),
        WITH_FOLDER(a_file_that_cannot_grow_says_so_and_stays_as_it_was),
        WITH_FOLDER(two_threads_set_slots_while_the_file_grows_below_them),
        WITH_FOLDER(a_long_run_stays_small_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
