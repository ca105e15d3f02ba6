#include "common/base/stop.h"
#include "common/run/folder.h"
#include "common/run/manifest.h"
#include "common/run/requests.h"
#include "loadgen/session.h"
#include "tests/support/environment.h"
#include "tests/support/folder.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* 200 requests in a fifth of a second, to nobody. */
static struct xcy_session_options options_for(const char *root)
{
    return (struct xcy_session_options){.plan = {.requests = 200,
                                                 .rate_per_s = 1000,
                                                 .threads = 2,
                                                 .connect_timeout_ms = 5000,
                                                 .lag_bound_ms = 60000,
                                                 .skip_bound_percent = 1},
                                        .deployment_path = "../../../samples/local.yml",
                                        .root = root,
                                        .engine = "null",
                                        .is_checked = true};
}

static enum xcy_status run(const struct xcy_session_options *options, char **report,
                           struct xcy_error *err)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 1 << 16);
    struct xcy_session *session = NULL;
    enum xcy_status status = xcy_session_run(options, &session, err);
    if (session) {
        xcy_session_report(session, options->is_json, &out);
    }
    xcy_session_free(session);
    *report = xcy_buf_take(&out);
    return status;
}

static char *root_in(void *folder)
{
    return xcy_format("%s/runs", (char *)folder);
}

static void a_run_that_went_well_is_complete_and_valid(void **state)
{
    char *root = root_in(*state);
    struct xcy_session_options options = options_for(root);
    struct xcy_error err;
    struct xcy_manifest m = {0};
    char *report = NULL;
    char *path = NULL;
    options.plan.seed = 42;
    assert_ok(run(&options, &report, &err), &err);
    assert_non_null(strstr(report, "planned   200 = 200 ok + 0 failed + 0 skipped"));
    assert_ok(xcy_run_find(root, NULL, &path, &err), &err);
    assert_ok(xcy_manifest_read(path, &m, &err), &err);
    assert_int_equal(m.state, XCY_RUN_COMPLETE);
    assert_int_equal(m.verdict, XCY_VERDICT_VALID);
    assert_int_equal(m.planned, 200);
    assert_int_equal(m.outcomes[XCY_OUTCOME_OK], 200);
    assert_int_equal(m.seed, 42);
    assert_true(m.ended_us > m.started_us);
    int64_t own_ns = xcy_wall_now().ns - xcy_mono_now().ns;
    assert_true(llabs(m.wall_minus_mono_ns - own_ns) < XCY_NS_PER_S);
    assert_string_equal(m.tag, "200");
    assert_string_equal(m.endpoint, "null");
    xcy_manifest_clear(&m);
    free(path);
    free(report);
    free(root);
}

static void the_result_for_machines_is_one_line(void **state)
{
    char *root = root_in(*state);
    struct xcy_session_options options = options_for(root);
    struct xcy_error err;
    char *report = NULL;
    options.is_json = true;
    options.tag = "mine";
    assert_ok(run(&options, &report, &err), &err);
    assert_int_equal(report[0], '{');
    assert_string_equal(strchr(report, '\n'), "\n");
    assert_non_null(strstr(report, "/null/mine-"));
    free(report);
    free(root);
}

/* An endpoint and a key pair to go with it, or none; only this thread runs meanwhile. */
static void set_environment(const char *endpoint)
{
    static const char *const names[] = {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID",
                                        "AWS_SECRET_ACCESS_KEY"};
    const char *const values[] = {endpoint, "XCYSANDBOXKEY", "not a secret"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        put_variable(names[n], endpoint ? values[n] : NULL);
    }
}

static void where_nobody_listens_nothing_is_left_behind(void **state)
{
    char *root = root_in(*state);
    struct xcy_session_options options = options_for(root);
    struct xcy_error err;
    char *report = NULL;
    set_environment("http://127.0.0.1:1");
    options.engine = "lambda";
    enum xcy_status status = run(&options, &report, &err);
    set_environment(NULL);
    assert_status(status, XCY_ENET, &err);
    assert_int_equal(xcy_exit_code(status), 1);
    assert_string_equal(report, "");
    assert_false(xcy_file_exists(root));
    free(report);
    free(root);
}

static void a_wrong_configuration_is_wrong_usage(void **state)
{
    char *root = root_in(*state);
    char *config = xcy_format("%s/wrong.yml", (char *)*state);
    struct xcy_session_options options = options_for(root);
    struct xcy_error err;
    char *report = NULL;
    assert_ok(xcy_file_replace(config, xcy_bytes_of("endpiont: x\n"), 0644, &err), &err);
    options.deployment_path = config;
    assert_int_equal(xcy_exit_code(run(&options, &report, &err)), 2);
    assert_non_null(strstr(err.text, "wrong.yml:1"));
    assert_false(xcy_file_exists(root));
    free(report);
    free(config);
    free(root);
}

/* Room for sent.bin and the room kept, but not for all rows. */
static void a_disk_that_stays_full_fails_and_says_so_in_run_yml(void **state)
{
    char *root = root_in(*state);
    struct xcy_session_options options = options_for(root);
    struct rlimit limit;
    struct xcy_error err;
    struct xcy_manifest m = {0};
    struct xcy_requests *rows = NULL;
    bool torn = true;
    char *report = NULL;
    char *path = NULL;
    options.plan.requests = 400;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 20000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    enum xcy_status status = run(&options, &report, &err);
    limit.rlim_cur = before;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(xcy_exit_code(status), 1);
    assert_non_null(strstr(err.text, "requests.csv"));
    assert_non_null(strstr(report, "400 ok"));
    assert_ok(xcy_run_find(root, NULL, &path, &err), &err);
    assert_ok(xcy_manifest_read(path, &m, &err), &err);
    assert_int_equal(m.state, XCY_RUN_INTERRUPTED);
    assert_int_equal(m.verdict, XCY_VERDICT_NONE);
    assert_ok(xcy_requests_read(path, &rows, &torn, &err), &err);
    assert_false(torn);
    assert_in_range(xcy_requests_count(rows), 1, 399);
    char missing[64];
    snprintf(missing, sizeof missing, "missing   %zu rows", 400 - xcy_requests_count(rows));
    assert_non_null(strstr(report, missing));
    xcy_requests_free(rows);
    xcy_manifest_clear(&m);
    free(path);
    free(report);
    free(root);
}

/* The last: a stop that was asked for stays asked. */
static void ctrl_c_before_the_first_request_leaves_nothing_behind(void **state)
{
    char *root = root_in(*state);
    struct xcy_session_options options = options_for(root);
    struct xcy_error err;
    char *report = NULL;
    xcy_stop_ask();
    assert_int_equal(xcy_exit_code(run(&options, &report, &err)), 130);
    assert_false(xcy_file_exists(root));
    free(report);
    free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_run_that_went_well_is_complete_and_valid),
        WITH_FOLDER(the_result_for_machines_is_one_line),
        WITH_FOLDER(where_nobody_listens_nothing_is_left_behind),
        WITH_FOLDER(a_wrong_configuration_is_wrong_usage),
        WITH_FOLDER(a_disk_that_stays_full_fails_and_says_so_in_run_yml),
        WITH_FOLDER(ctrl_c_before_the_first_request_leaves_nothing_behind),
    };
    xcy_stop_watch();
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
