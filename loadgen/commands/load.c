#include "common/base/file.h"
#include "common/base/log.h"
#include "common/cli/program.h"
#include "loadgen/commands/commands.h"
#include "loadgen/options.h"
#include "loadgen/schedule/print.h"
#include "loadgen/session.h"

#include <stdlib.h>
#include <unistd.h>

enum { MAX_REPORT_BYTES = 1 << 20 };

static const char description[] =
    "Sends each request when the schedule wants it, whether or not earlier ones were answered "
    "(open loop): a slow answer never slows the load, and is measured from the instant the "
    "request was due, so that no omission is coordinated with the target. A request that is sent "
    "more than 1 ms late is counted; nothing is retried unless --retries says so, and nothing is "
    "resent in secret.\n\n"
    "With the lambda engine both functions are asked first which combination they run; it is "
    "written to run.yml. A run goes to a directory of its own under DIR, with a line for each "
    "attempt in requests.csv and the instant each request was sent in sent.bin, so that even "
    "after kill -9 it is known what was sent; series.csv has a line a second, latency.json and "
    "*.hgrm the histograms. DIR/latest points to the newest. Ctrl-C stops sending, waits for what "
    "is in flight and saves everything.\n\n"
    "Three latencies are kept apart for each outcome: response (due to acked), service (sent to "
    "acked) and lag (due to sent, the generator's own). The result counts every planned request "
    "once: planned = warm-up + ok + failed + skipped. The verdict is VALID, GENERATOR_LIMITED "
    "(this program could not keep the schedule, or had no cpu time to spare) or TARGET_LIMITED "
    "(requests were throttled, timed out, or too many were in flight).\n\n"
    "`loadgen find-max` searches for the highest rate at which an objective holds; `loadgen "
    "merge` adds the shards of one load up.\n\n"
    "With --json the result is one object. Which run: run, path, tag, state, verdict, "
    "verdict_reason, engine, combination (null where no function is invoked), endpoint, version, "
    "host, "
    "started_us, ended_us. What was asked: seed, is_async, arrivals, rate_per_s, peak_rate_per_s, "
    "shard_index (from 0), shard_count, retries_allowed, threads, planned, warmup_slots. What "
    "became of it: sent, ok, failed, skipped (= skipped_late + skipped_in_flight + "
    "skipped_stopped), outcomes and warmup_outcomes (a count for each), late, retries, "
    "rows_missing, achieved_rate_per_s, throughput_per_s, realtime_threads, busiest_cpu_share. "
    "Durations in microseconds: start_lag_us, and in latency for each outcome that occurred "
    "response_us, service_us and lag_us; each has count, min, mean, p50, p90, p99, p99.9 and max, "
    "null where there are too few values to tell. expectations has text, state and found for "
    "each; aborted_by is the --abort-on that ended it, or null; next is the command to type next.";

static const char examples[] =
    "loadgen -r 1000\tone thousand invocations at 100 a second\n"
    "loadgen --rate 200 --duration 30s --async\tthirty seconds of asynchronous ones\n"
    "loadgen --arrivals poisson --rate 50 --warmup 10s --expect 'response.p99<800ms'\ta random "
    "load, and what it must keep\n"
    "loadgen --arrivals ramp:10..200 --duration 1m --abort-on 'failed>20%'\tmore and more, until "
    "it breaks\n"
    "loadgen --url http://127.0.0.1:8080/ --arrivals closed:64 --duration 10s\tany server, as wrk "
    "would\n"
    "loadgen --engine null --rate 10000 --duration 5s\thow exact the generator is here\n"
    "loadgen find-max --slo 'response.p99<800ms,failed<1%'\thow much the functions take\n";

struct sink {
    enum xcy_status status;
    struct xcy_error err;
};

static bool print(void *ctx, struct xcy_bytes text)
{
    struct sink *sink = ctx;
    sink->status = xcy_write_all(STDOUT_FILENO, text, "cannot write to stdout", &sink->err);
    return sink->status == XCY_OK;
}

static int dry_run(const struct xcy_session_options *options)
{
    struct xcy_preparation p;
    struct sink sink = {.status = XCY_OK};
    sink.status = xcy_preparation_resolve(options, &p, &sink.err);
    if (sink.status == XCY_OK) {
        (void)!xcy_schedule_print(p.plan.schedule, p.plan.seed, print, &sink);
    }
    xcy_preparation_clear(&p);
    return sink.status == XCY_OK ? 0 : xcy_log_exit(&sink.err);
}

static int run(const struct xcy_session_options *options)
{
    struct xcy_session *session = NULL;
    struct xcy_buf report;
    struct xcy_error err;
    xcy_buf_init(&report, MAX_REPORT_BYTES);
    enum xcy_status status = xcy_session_run(options, &session, &err);
    if (session) {
        xcy_session_report(session, options->is_json, &report);
    }
    xcy_session_free(session);
    return xcy_command_end(&report, status, &err);
}

int xcy_command_load(int argc, char *argv[])
{
    struct xcy_session_options options;
    size_t n_options = 0;
    xcy_session_options_init(&options);
    struct xcy_option *table =
        xcy_session_option_table(&options, XCY_COMMAND_LOAD, NULL, 0, &n_options);
    const struct xcy_program program = {
        .name = "loadgen",
        .summary = "sends requests on a schedule and records what became of each",
        .arguments = "",
        .description = description,
        .options = table,
        .n_options = n_options,
        .examples = examples,
        .see_also = "loadgen-find-max(1), loadgen-merge(1), sandbox(1), deploy(1), gather(1), "
                    "analyze(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.exit_code;
    if (line.run) {
        code = options.is_dry_run ? dry_run(&options) : run(&options);
    }
    free(line.arguments);
    free(table);
    xcy_session_options_clear(&options);
    return code;
}
