#include "functions/function.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "functions/slot.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct server {
    const struct xcy_function *function;
    const char *api;
    atomic_bool has_failed;
    struct xcy_error failure; /* of the slot that failed first */
};

struct worker {
    struct server *server;
    struct xcy_slot slot;
    pthread_t thread;
    const struct xcy_setup *setup;
    enum xcy_status status; /* of opening */
    struct xcy_error err;
};

/* A slot whose Runtime API is gone takes the others, who wait for the same one, along. */
static void fail_server(struct server *server, const struct xcy_error *err)
{
    if (!atomic_exchange(&server->has_failed, true)) {
        server->failure = *err;
        if (!xcy_stop_asked()) {
            xcy_stop_ask();
        }
    }
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct server *server = worker->server;
    struct xcy_error err;
    xcy_clock_sharpen();
    if (xcy_runtime_serve(server->api, &worker->setup->clock, server->function->handle,
                          &worker->slot, &err) != XCY_OK) {
        fail_server(server, &err);
    }
    return NULL;
}

static void run_workers(struct server *server, struct worker *workers, size_t n)
{
    size_t n_started = 0;
    for (; n_started < n; n_started++) {
        int failure = pthread_create(&workers[n_started].thread, NULL, work, &workers[n_started]);
        if (failure != 0) {
            struct xcy_error err;
            (void)xcy_fail_errno(&err, failure, "starting thread %zu of %zu", n_started + 1, n);
            fail_server(server, &err);
            break;
        }
    }
    for (size_t i = 0; i < n_started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
}

static void *open_worker(void *arg)
{
    struct worker *worker = arg;
    worker->status = xcy_slot_open(worker->setup, &worker->slot, &worker->err);
    return NULL;
}

/* Side by side: a slot's connections may be round trips to a far store. *n_open: those begun. */
static enum xcy_status open_workers(const struct xcy_setup *setup, struct server *server,
                                    struct worker *workers, size_t n, size_t *n_open,
                                    struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (*n_open = 0; *n_open < n && status == XCY_OK; (*n_open)++) {
        struct worker *worker = &workers[*n_open];
        worker->server = server;
        worker->setup = setup;
        int failure = pthread_create(&worker->thread, NULL, open_worker, worker);
        if (failure != 0) {
            status = xcy_fail_errno(err, failure, "starting thread %zu of %zu", *n_open + 1, n);
            break;
        }
    }
    for (size_t i = 0; i < *n_open; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].status != XCY_OK && status == XCY_OK) {
            status = workers[i].status;
            *err = workers[i].err;
        }
    }
    return status;
}

/* Failures before the first `next` are the function's failure to start, and are told as such. */
static void tell_init_failed(const char *api, const struct xcy_error *why)
{
    struct xcy_error err;
    if (xcy_runtime_init_failed(api, why, &err) != XCY_OK) {
        xcy_log(XCY_LOG_WARNING, "%s", err.text);
    }
}

static enum xcy_status serve(const struct xcy_function *function, const char *api,
                             struct xcy_error *err)
{
    struct xcy_setup setup = {.side = function->side};
    enum xcy_status status = xcy_setup_open(function->side, getenv, &setup, err);
    if (status != XCY_OK) {
        tell_init_failed(api, err);
        return status;
    }
    struct server server = {.function = function, .api = api};
    size_t n = (size_t)setup.n_slots;
    size_t n_open = 0;
    struct worker *workers = xcy_alloc_array(n, sizeof *workers);
    status = open_workers(&setup, &server, workers, n, &n_open, err);
    if (status == XCY_OK) {
        run_workers(&server, workers, n);
    } else {
        tell_init_failed(api, err);
    }
    if (atomic_load(&server.has_failed)) {
        *err = server.failure;
        status = server.failure.status;
    }
    for (size_t i = 0; i < n_open; i++) {
        xcy_slot_close(&workers[i].slot);
    }
    free(workers);
    xcy_setup_close(&setup);
    return status;
}

static struct xcy_command_line parse(const struct xcy_function *function, int argc,
                                     char *const argv[])
{
    const struct xcy_program program = {
        .name = function->name,
        .summary = function->summary,
        .arguments = "",
        .description =
            "A custom runtime for AWS Lambda (deployed under the name bootstrap) that the sandbox "
            "runs just the same. It is not started by hand: its host tells it the Runtime API's "
            "address in AWS_LAMBDA_RUNTIME_API, the combination in POST_STORAGE, "
            "NOTIFICATION_STORAGE, WRITER_REGION, READER_REGION, ANTIPODE, DELAY_MS and XCY_…, "
            "which deploy sets, and in XCY_SLOTS how many invocations it serves at a time "
            "(default 1).",
        .exit_codes = "0\tended by a signal, its invocations answered\n"
                      "1\tthe Runtime API or a backend failed\n"
                      "2\tthe environment is wrong\n",
        .see_also = "deploy(1), sandbox(1)",
    };
    return xcy_program_parse(&program, argc, argv);
}

int xcy_function_main(const struct xcy_function *function, int argc, char *const argv[])
{
    xcy_stop_watch();
    xcy_log_init(function->name, XCY_LOG_INFO);
    struct xcy_command_line line = parse(function, argc, argv);
    free(line.arguments);
    if (!line.run) {
        return line.exit_code;
    }
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API"); // NOLINT(concurrency-mt-unsafe)
    struct xcy_error err;
    enum xcy_status status = XCY_OK;
    if (!api || api[0] == '\0') {
        status = xcy_fail(&err, XCY_EUSAGE,
                          "AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS "
                          "Lambda or by the sandbox");
    } else {
        status = serve(function, api, &err);
    }
    return status == XCY_OK ? 0 : xcy_log_exit(&err);
}
