/* scan_test.c - records read on several threads, against the same read one after the other. */

#include "scratch.h"

#include "common/base/mem.h"
#include "common/run/records.h"
#include "common/stats/stream.h"

#include <stdio.h>

enum { MANY = 20000, THREADS = 3 };

/* What one thread was given. */
struct seen {
    struct xcy_record *records; /* by their number; shared: each is given once */
    int *times;
};

static void note(void *context, const struct xcy_record *record)
{
    const struct seen *seen = context;
    assert_in_range(record->i, 0, MANY - 1);
    seen->records[record->i] = *record;
    seen->times[record->i]++;
}

static struct xcy_record drawn(struct xcy_stream *stream, int64_t i)
{
    static const char *const reasons[] = {"", "reader: a, b", "a \"word\"", "two\nlines", "429"};
    static const size_t n_reasons = sizeof reasons / sizeof *reasons;
    struct xcy_record r = {.i = i, .attempts = 1, .http_status = 200};
    r.klass = (enum xcy_class)(xcy_stream_uniform(stream) * XCY_N_CLASSES);
    r.outcome = (enum xcy_outcome)(xcy_stream_uniform(stream) * XCY_N_OUTCOMES);
    r.flags = (unsigned)(xcy_stream_uniform(stream) * (XCY_FLAG_DISORDERED << 1));
    for (size_t p = 0; p < XCY_N_POINTS; p++) { /* at any time, or close together as in a run */
        bool has = xcy_stream_uniform(stream) < 0.8;
        double us = xcy_stream_uniform(stream) * (i % 3 == 0 ? 9e15 : 3e8);
        r.points.us[p] = has ? (int64_t)us + (i % 3 == 0 ? 0 : INT64_C(1795329000000000)) : 0;
    }
    r.context_bytes = -(int64_t)(xcy_stream_uniform(stream) * 100);
    snprintf(r.key, sizeof r.key, "%lld", (long long)i);
    snprintf(r.reader_instance, sizeof r.reader_instance, "instance-%lld", (long long)i % 7);
    /* Long stretches without anything quoted, so that there are blocks of both kinds. */
    size_t reason = i % MANY < MANY / 2 ? (size_t)i % n_reasons : 0;
    snprintf(r.class_reason, sizeof r.class_reason, "%s", reasons[reason]);
    return r;
}

static void add_all(struct xcy_buf *text)
{
    struct xcy_stream *stream = xcy_stream_new(3, "records");
    xcy_records_header(text);
    for (int64_t i = 0; i < MANY; i++) {
        struct xcy_record r = drawn(stream, i);
        xcy_record_format(&r, text);
    }
    xcy_stream_free(stream);
}

static void every_record_is_given_once_and_as_it_was_written(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 64 << 20);
    add_all(&text);
    put_file(*state, "records.csv", &text);
    struct seen seen = {xcy_alloc_array(MANY, sizeof *seen.records),
                        xcy_alloc_array(MANY, sizeof *seen.times)};
    void *const contexts[THREADS] = {&seen, &seen, &seen};
    assert_ok(xcy_records_scan(*state, XCY_USE_ALL, note, contexts, THREADS, &err), &err);
    struct xcy_stream *stream = xcy_stream_new(3, "records");
    for (int64_t i = 0; i < MANY; i++) {
        struct xcy_record expected = drawn(stream, i);
        assert_int_equal(seen.times[i], 1);
        assert_memory_equal(&seen.records[i], &expected, sizeof expected);
    }
    xcy_stream_free(stream);
    free(seen.records);
    free(seen.times);
    xcy_buf_clear(&text);
}

static void pass(void *context, const struct xcy_record *record)
{
    (void)context;
    (void)record;
}

/* Thousands of small files: without the care of put_file. */
static void put_quickly(const char *folder, const struct xcy_buf *text)
{
    char *path = xcy_run_file(folder, "records.csv");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text->ptr, 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
    free(path);
}

/* Whatever is wrong: a byte of a small file changed, or its end cut off. */
static void what_is_wrong_is_told_as_by_who_reads_in_order(void **state)
{
    static const char bytes[] = "0x,\"\n\r";
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_records_header(&text);
    struct xcy_stream *stream = xcy_stream_new(4, "records");
    for (int64_t i = 0; i < 2; i++) {
        struct xcy_record r = drawn(stream, i);
        xcy_record_format(&r, &text);
    }
    xcy_stream_free(stream);
    size_t n_wrong = 0;
    for (size_t at = 0; at < text.len * sizeof bytes; at++) {
        struct xcy_buf changed;
        xcy_buf_init(&changed, 1 << 20);
        bool is_cut = at % sizeof bytes == sizeof bytes - 1;
        xcy_buf_add(&changed, xcy_bytes(text.ptr, is_cut ? at / sizeof bytes : text.len));
        changed.ptr[at / sizeof bytes] = bytes[at % sizeof bytes]; /* NUL where it is cut */
        put_quickly(*state, &changed);
        struct xcy_error in_order = {.text = ""};
        struct xcy_error scanned = {.text = ""};
        struct xcy_record *records = NULL;
        size_t n = 0;
        void *const contexts[1] = {NULL};
        enum xcy_status expected = xcy_records_read(*state, &records, &n, &in_order);
        assert_int_equal(xcy_records_scan(*state, XCY_USE_ALL, pass, contexts, 1, &scanned),
                         expected);
        assert_string_equal(scanned.text, in_order.text);
        n_wrong += expected != XCY_OK ? 1 : 0;
        free(records);
        xcy_buf_clear(&changed);
    }
    assert_true(n_wrong > text.len);
    xcy_buf_clear(&text);
}

static void expect_next(void *context, const struct xcy_record *record)
{
    int64_t *next = context;
    assert_int_equal(record->i, *next);
    (*next)++;
}

static void one_thread_gets_them_in_the_order_of_the_file(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    int64_t next = 0;
    void *const contexts[1] = {&next};
    xcy_buf_init(&text, 64 << 20);
    add_all(&text);
    put_file(*state, "records.csv", &text);
    assert_ok(xcy_records_scan(*state, XCY_USE_ALL, expect_next, contexts, 1, &err), &err);
    assert_int_equal(next, MANY);
    xcy_buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(every_record_is_given_once_and_as_it_was_written),
        WITH_FOLDER(one_thread_gets_them_in_the_order_of_the_file),
        WITH_FOLDER(what_is_wrong_is_told_as_by_who_reads_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
