#include "sandbox/faults/faults.h"

#include "common/base/mem.h"
#include "common/time/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE_BYTES = 64, MAX_WORDS_BYTES = 16384 };

/* One fault on a cache line of its own: threads that ask about different ones do not meet. */
struct state {
    _Alignas(CACHE_LINE_BYTES) _Atomic double setting;
    atomic_uint_fast64_t asked;
    atomic_uint_fast64_t injected;
};

struct xcy_faults {
    struct state of[XCY_N_FAULTS];
    uint64_t seed;
    pthread_mutex_t changing;
    xcy_faults_changed_fn *changed;
    void *changed_ctx;
};

struct xcy_faults *xcy_faults_new(uint64_t seed, const struct xcy_fault_settings *settings)
{
    void *room = NULL;
    int failed = posix_memalign(&room, CACHE_LINE_BYTES, sizeof(struct xcy_faults));
    xcy_assert(!failed);
    struct xcy_faults *faults = room;
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        atomic_init(&faults->of[i].setting, settings->of[i]);
        atomic_init(&faults->of[i].asked, 0);
        atomic_init(&faults->of[i].injected, 0);
    }
    faults->seed = seed;
    faults->changed = NULL;
    pthread_mutex_init(&faults->changing, NULL);
    return faults;
}

void xcy_faults_free(struct xcy_faults *faults)
{
    if (faults) {
        pthread_mutex_destroy(&faults->changing);
        free(faults);
    }
}

/* The finalizer of splitmix64: each bit of the result depends on each of x. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* In [0, 1), by seed, fault and number of the question. */
static double uniform(uint64_t seed, enum xcy_fault fault, uint64_t n)
{
    static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t stream = mix(mix(seed + golden) + ((uint64_t)fault + 1) * golden);
    return (double)(mix(stream + (n + 1) * golden) >> 11) * 0x1p-53;
}

static uint64_t next_question(struct state *state)
{
    return atomic_fetch_add_explicit(&state->asked, 1, memory_order_relaxed);
}

static void count_injected(struct state *state)
{
    atomic_fetch_add_explicit(&state->injected, 1, memory_order_release);
}

bool xcy_faults_strike(struct xcy_faults *faults, enum xcy_fault fault)
{
    double share = xcy_faults_setting(faults, fault);
    if (share <= 0) {
        return false;
    }
    struct state *state = &faults->of[fault];
    bool strikes = uniform(faults->seed, fault, next_question(state)) < share;
    if (strikes) {
        count_injected(state);
    }
    return strikes;
}

double xcy_faults_draw(struct xcy_faults *faults, enum xcy_fault fault)
{
    double bound = xcy_faults_setting(faults, fault);
    if (bound == 0) {
        return 0;
    }
    struct state *state = &faults->of[fault];
    double drawn = (2 * uniform(faults->seed, fault, next_question(state)) - 1) * bound;
    count_injected(state);
    return drawn;
}

double xcy_faults_setting(const struct xcy_faults *faults, enum xcy_fault fault)
{
    return faults ? atomic_load_explicit(&faults->of[fault].setting, memory_order_relaxed) : 0;
}

void xcy_faults_note(struct xcy_faults *faults, enum xcy_fault fault)
{
    next_question(&faults->of[fault]);
    count_injected(&faults->of[fault]);
}

struct xcy_json *xcy_fault_line(enum xcy_fault fault)
{
    char name[XCY_FAULT_NAME_BYTES];
    struct xcy_json *line = xcy_json_new_object();
    xcy_fault_name(fault, name);
    xcy_json_put_string(line, "op", "fault");
    xcy_json_put_string(line, "fault", name);
    xcy_json_put_int64(line, "at_us", xcy_wall_us(xcy_wall_now()));
    return line;
}

/* Injected is read first: whoever reads never sees more of them than were asked. */
struct xcy_fault_count xcy_faults_count(const struct xcy_faults *faults, enum xcy_fault fault)
{
    const struct state *state = &faults->of[fault];
    struct xcy_fault_count count;
    count.injected = atomic_load_explicit(&state->injected, memory_order_acquire);
    count.asked = atomic_load_explicit(&state->asked, memory_order_relaxed);
    return count;
}

void xcy_faults_watch(struct xcy_faults *faults, xcy_faults_changed_fn *changed, void *ctx)
{
    pthread_mutex_lock(&faults->changing);
    faults->changed = changed;
    faults->changed_ctx = ctx;
    pthread_mutex_unlock(&faults->changing);
}

enum xcy_status xcy_faults_change(struct xcy_faults *faults, const struct xcy_json *change,
                                  struct xcy_error *err)
{
    struct xcy_fault_settings settings;
    pthread_mutex_lock(&faults->changing);
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        settings.of[i] = xcy_faults_setting(faults, (enum xcy_fault)i);
    }
    enum xcy_status status = xcy_fault_settings_merge(&settings, change, err);
    for (size_t i = 0; i < XCY_N_FAULTS && status == XCY_OK; i++) {
        atomic_store_explicit(&faults->of[i].setting, settings.of[i], memory_order_relaxed);
    }
    if (status == XCY_OK && faults->changed) {
        faults->changed(faults->changed_ctx);
    }
    pthread_mutex_unlock(&faults->changing);
    return status;
}

char *xcy_faults_describe(const struct xcy_faults *faults)
{
    struct xcy_buf words;
    xcy_buf_init(&words, MAX_WORDS_BYTES);
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        char name[XCY_FAULT_NAME_BYTES];
        char text[XCY_FAULT_TEXT_BYTES];
        double setting = xcy_faults_setting(faults, (enum xcy_fault)i);
        if (setting != xcy_fault_rows[i].preset) {
            xcy_fault_name((enum xcy_fault)i, name);
            xcy_fault_format((enum xcy_fault)i, setting, text);
            xcy_buf_addf(&words, "%s%s=%s", words.len > 0 ? " " : "", name, text);
        }
    }
    char *described = words.len > 0 ? xcy_buf_take(&words) : xcy_strdup("none");
    xcy_buf_clear(&words);
    return described;
}

struct xcy_json *xcy_faults_to_json(const struct xcy_faults *faults, bool only_used)
{
    struct xcy_json *all = xcy_json_new_object();
    struct xcy_json *scope = NULL;
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        enum xcy_fault fault = (enum xcy_fault)i;
        const struct xcy_fault_row *row = &xcy_fault_rows[i];
        double setting = xcy_faults_setting(faults, fault);
        struct xcy_fault_count count = xcy_faults_count(faults, fault);
        if (only_used && setting == row->preset && count.asked == 0) {
            continue;
        }
        if (!scope || strcmp(xcy_json_name(scope), row->scope) != 0) {
            scope = xcy_json_put_object(all, row->scope);
        }
        struct xcy_json *one = xcy_json_put_object(scope, row->name);
        xcy_fault_put(one, "setting", fault, setting);
        xcy_json_put_int64(one, "asked", (int64_t)count.asked);
        xcy_json_put_int64(one, "injected", (int64_t)count.injected);
    }
    return all;
}
