#include "common/base/file.h"
#include "sandbox/regions/truth.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4, LINES = 250 };

static struct xcy_json *line_of(int64_t number)
{
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", "read");
    xcy_json_put_int64(line, "at_us", number);
    return line;
}

static void make_path(char path[64])
{
    snprintf(path, 64, "/tmp/xcy-truth-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
}

static void *write_lines(void *truth)
{
    for (int64_t i = 0; i < LINES; i++) {
        xcy_truth_add(truth, line_of(i));
    }
    return NULL;
}

static void lines_of_many_threads_are_whole(void **state)
{
    (void)state;
    char path[64];
    struct xcy_error err;
    struct xcy_truth *truth;
    pthread_t threads[THREADS];
    make_path(path);
    assert_ok(xcy_truth_open(path, &truth, &err), &err);
    assert_true(xcy_truth_is_on(truth));
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, truth), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(xcy_truth_count(truth), THREADS * LINES);
    xcy_truth_close(truth);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    assert_ok(xcy_file_read(path, &text, &err), &err);
    int n = 0;
    for (const char *at = text.ptr; *at; n++) {
        size_t len = strcspn(at, "\n");
        struct xcy_json *line;
        assert_ok(xcy_json_parse(xcy_bytes(at, len), &line, &err), &err);
        xcy_json_free(line);
        at += len + 1;
    }
    assert_int_equal(n, THREADS * LINES);
    xcy_buf_clear(&text);
    unlink(path);
}

static void without_a_path_nothing_is_written(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_truth *truth;
    assert_ok(xcy_truth_open(NULL, &truth, &err), &err);
    assert_false(xcy_truth_is_on(truth));
    xcy_truth_add(truth, line_of(1));
    xcy_truth_close(truth);
}

static void a_path_that_cannot_be_opened_is_named(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_truth *truth = NULL;
    assert_status(xcy_truth_open("/nonexistent/truth.jsonl", &truth, &err), XCY_EIO, &err);
    assert_non_null(strstr(err.text, "/nonexistent/truth.jsonl"));
    assert_null(truth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_many_threads_are_whole),
        cmocka_unit_test(without_a_path_nothing_is_written),
        cmocka_unit_test(a_path_that_cannot_be_opened_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
