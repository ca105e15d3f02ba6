/* main.c - the program loadgen: its command line, and what it prints. */

#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "loadgen/session.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_REPORT_BYTES = 1 << 20 };

static struct xcy_session_options options = {
    .plan = {.rate_per_s = 100,
             .connect_timeout_ms = 5000,
             .grace_ns = INT64_C(10) * 1000000000,
             .lag_bound_ms = 10,
             .wants_realtime = true},
    .root = "./runs",
    .is_checked = true,
};

static const struct xcy_option table[] = {
    {.type = XCY_OPTION_GROUP, .help = "Load"},
    {.type = XCY_OPTION_INT,
     .letter = 'r',
     .name = "requests",
     .arg = "N",
     .help = "How many invocations (default: 1000, unless --duration is given).",
     .to = &options.plan.requests,
     .min = 1,
     .max = 1e9,
     .no_default = true},
    {.type = XCY_OPTION_DOUBLE,
     .name = "rate",
     .arg = "PER_S",
     .help = "Invocations a second, of all threads together, whatever becomes of the ones before.",
     .to = &options.plan.rate_per_s,
     .min = 0.01,
     .max = 1e6},
    {.type = XCY_OPTION_DURATION,
     .name = "duration",
     .arg = "TIME",
     .help = "Instead of --requests: as many as are due in this time (30, 500ms, 2m, 1h).",
     .to = &options.plan.duration_ns,
     .min = 0.001,
     .max = 366 * 86400.0,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "async",
     .help = "Invoke with InvocationType Event: ok means accepted, not run.",
     .to = &options.plan.is_async,
     .no_default = true},
    {.type = XCY_OPTION_INT,
     .name = "threads",
     .arg = "N",
     .help = "Worker threads (default: as many as there are cpus, at most 2).",
     .to = &options.plan.threads,
     .min = 1,
     .max = 256,
     .no_default = true},
    {.type = XCY_OPTION_INT,
     .name = "max-in-flight",
     .arg = "N",
     .help = "Requests waiting for their reply at a time (default: 4096, or what the open files "
             "allow). Slots beyond are skipped and counted.",
     .to = &options.plan.max_in_flight,
     .min = 1,
     .max = 65536,
     .no_default = true},
    {.type = XCY_OPTION_CHOICE,
     .name = "engine",
     .arg = "NAME",
     .help = "lambda: invokes the writer function; null: answers at once without sending anything, "
             "which measures the generator itself.",
     .to = &options.engine,
     .choices = xcy_engine_names},
    {.type = XCY_OPTION_INT,
     .name = "seed",
     .arg = "N",
     .help = "Of the random part of the posts' keys (default: a new one, written to run.yml).",
     .to = &options.plan.seed,
     .min = 1,
     .max = 9007199254740992.0,
     .no_default = true},

    {.type = XCY_OPTION_GROUP, .help = "Places"},
    {.type = XCY_OPTION_STRING,
     .letter = 'c',
     .name = "config",
     .arg = "FILE",
     .help = "Deployment (default: $XCY_CONFIG, ./xcybench.yml, or a sandbox on this machine).",
     .to = &options.deployment_path,
     .no_default = true},
    {.type = XCY_OPTION_STRING,
     .letter = 'o',
     .name = "output",
     .arg = "DIR",
     .help = "Where run directories are made.",
     .to = &options.root},
    {.type = XCY_OPTION_STRING,
     .name = "tag",
     .arg = "TAG",
     .help = "First part of the run directory's name (default: regions, requests and delay, as "
             "eu-us__1000__delay-0ms).",
     .to = &options.tag,
     .no_default = true},

    {.type = XCY_OPTION_GROUP, .help = "Limits"},
    {.type = XCY_OPTION_INT,
     .name = "connect-timeout-ms",
     .arg = "MS",
     .help = "For a new connection.",
     .to = &options.plan.connect_timeout_ms,
     .min = 1,
     .max = 3.6e6},
    {.type = XCY_OPTION_INT,
     .name = "first-byte-timeout-ms",
     .arg = "MS",
     .help = "From sending to the first byte of the reply (default: only the total counts).",
     .to = &options.plan.first_byte_timeout_ms,
     .min = 1,
     .max = 3.6e6,
     .no_default = true},
    {.type = XCY_OPTION_INT,
     .name = "total-timeout-ms",
     .arg = "MS",
     .help = "For a whole request (default: the writer's own timeout and 3000 ms).",
     .to = &options.plan.total_timeout_ms,
     .min = 1,
     .max = 3.6e6,
     .no_default = true},
    {.type = XCY_OPTION_DURATION,
     .name = "grace",
     .arg = "TIME",
     .help = "How long requests in flight are waited for after the last slot, or after Ctrl-C.",
     .to = &options.plan.grace_ns,
     .min = 0,
     .max = 3600},
    {.type = XCY_OPTION_INT,
     .name = "lag-bound-ms",
     .arg = "MS",
     .help = "A run whose requests start later than this after they are due (99th percentile) is "
             "GENERATOR_LIMITED.",
     .to = &options.plan.lag_bound_ms,
     .min = 1,
     .max = 60000},
    {.type = XCY_OPTION_BOOL,
     .name = "realtime",
     .help = "Ask for real-time priority for the worker threads, up to 2000 requests a second for "
             "each. Without the right to it the run goes on without; --no-realtime never asks.",
     .to = &options.plan.wants_realtime,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "force",
     .help = "Run although the readers could need more than their concurrency limit.",
     .to = &options.is_forced,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "check",
     .help = "Ask both functions what they run before the first request. With --no-check the "
             "deployment is believed; replies that tell of another combination still fail.",
     .to = &options.is_checked,
     .no_default = true},

    {.type = XCY_OPTION_GROUP, .help = "Output"},
    {.type = XCY_OPTION_BOOL,
     .name = "progress",
     .help = "Show progress also when stderr is not a terminal, a line a second.",
     .to = &options.shows_progress,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "json",
     .help = "Print the result as one JSON object.",
     .to = &options.is_json,
     .no_default = true},
};

static const struct xcy_program program = {
    .name = "loadgen",
    .summary = "invokes the writer function at a steady rate and records what became of each",
    .arguments = "",
    .description =
        "Sends each request when the schedule wants it, whether or not earlier ones were "
        "answered (open loop): a slow answer never slows the load, and is measured from the "
        "instant the request was due. A request that is sent late is sent at once and counted; "
        "nothing is retried.\n\n"
        "Before the first request both functions are asked which combination they run; it is "
        "written to run.yml. A run goes to a directory of its own under DIR, with a line for each "
        "request in requests.csv and the instant each was sent in sent.bin, so that even after "
        "kill -9 it is known what was sent. DIR/latest points to the newest. Ctrl-C stops sending, "
        "waits for what is in flight and saves everything.\n\n"
        "The result counts every planned request once: planned = ok + failed + skipped. The "
        "verdict is VALID, GENERATOR_LIMITED (this program could not keep the schedule) or "
        "TARGET_LIMITED (requests were throttled or timed out).\n\n"
        "With --json the result is one object: run, path, tag, state, verdict, verdict_reason, "
        "combination, endpoint, seed, is_async, threads, started_us, ended_us, planned, sent, ok, "
        "failed, skipped (= skipped_in_flight + skipped_stopped), outcomes (a count for each), "
        "late, realtime_threads, rows_missing, rate_per_s, achieved_rate_per_s, and for "
        "start_lag_us, send_lag_us, "
        "service_us and response_us an object with count, p50, p90, p99 and max; next is the "
        "command to type next.",
    .options = table,
    .n_options = sizeof table / sizeof table[0],
    .examples =
        "loadgen -r 1000\tone thousand invocations at 100 a second\n"
        "loadgen --rate 200 --duration 30s --async\tthirty seconds of asynchronous ones\n"
        "loadgen --engine null --rate 10000 --duration 5s\thow exact the generator is here\n",
    .see_also = "sandbox(1), deploy(1), gather(1), analyze(1)",
};

int main(int argc, char *argv[])
{
    xcy_log_init("loadgen", XCY_LOG_WARNING);
    xcy_stop_watch();
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    free(line.arguments);
    if (!line.run) {
        return line.exit_code;
    }
    struct xcy_error err;
    struct xcy_buf report;
    xcy_buf_init(&report, MAX_REPORT_BYTES);
    enum xcy_status status = xcy_session_run(&options, &report, &err);
    bool is_printed = fwrite(report.ptr, 1, report.len, stdout) == report.len;
    is_printed = fflush(stdout) == 0 && is_printed;
    xcy_buf_clear(&report);
    if (status != XCY_OK) {
        return xcy_log_exit(&err);
    }
    if (!is_printed) {
        xcy_log(XCY_LOG_ERROR, "the result could not be written to stdout");
        return 1;
    }
    return 0;
}
