#include "loadgen/options.h"

#include "common/base/mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* An option, where in the session's options it is stored, and who takes it. */
struct row {
    struct xcy_option option;
    size_t offset;
    int commands;
};

enum {
    LOAD = XCY_COMMAND_LOAD,
    BOTH = XCY_COMMAND_LOAD | XCY_COMMAND_FIND_MAX,
};

#define TO(member) offsetof(struct xcy_session_options, member)

static const struct row rows[] = {
    {{.type = XCY_OPTION_GROUP, .help = "Load"}, 0, BOTH},
    {{.type = XCY_OPTION_INT,
      .letter = 'r',
      .name = "requests",
      .arg = "N",
      .help = "How many requests, warm-up not counted. With --duration: whichever ends first "
              "(default: 1000, where neither is given and the arrivals have no end of their own).",
      .min = 1,
      .max = 1e9,
      .no_default = true},
     TO(plan.requests),
     LOAD},
    {{.type = XCY_OPTION_DOUBLE,
      .name = "rate",
      .arg = "PER_S",
      .help = "Requests a second, of all threads together, whatever becomes of the ones before.",
      .min = 0.01,
      .max = 1e6},
     TO(plan.rate_per_s),
     LOAD},
    {{.type = XCY_OPTION_DURATION,
      .name = "duration",
      .arg = "TIME",
      .help = "Load for this long (30, 500ms, 2m, 1h), warm-up not counted.",
      .min = 0.001,
      .max = 366 * 86400.0,
      .no_default = true},
     TO(plan.duration_ns),
     LOAD},
    {{.type = XCY_OPTION_STRING,
      .name = "arrivals",
      .arg = "HOW",
      .help = "constant; poisson; ramp:FROM..TO; steps:A,B,C[,every=TIME]; "
              "sine[:amplitude=SHARE][,period=TIME]; burst:SIZE; replay:FILE[,speed=FACTOR], one "
              "time stamp a line; or closed:N, N in flight and the next when one ends, which is "
              "how most tools measure (default: constant).",
      .no_default = true},
     TO(plan.arrivals),
     LOAD},
    {{.type = XCY_OPTION_STRING,
      .name = "load-plan",
      .arg = "FILE",
      .help = "Arrivals as stages in a YAML file, as samples/load-plan.yml.",
      .no_default = true},
     TO(plan.load_plan),
     LOAD},
    {{.type = XCY_OPTION_DURATION,
      .name = "warmup",
      .arg = "TIME",
      .help =
          "Load for this long before, at the rate the load begins with: recorded, but left out of "
          "every figure.",
      .min = 0,
      .max = 86400},
     TO(plan.warmup_ns),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "start-at",
      .arg = "INSTANT",
      .help = "When slot 0 is due, for several machines at once: 2026-11-21T10:00:00Z, or seconds "
              "since 1970 (default: at once).",
      .no_default = true},
     TO(plan.start_at),
     LOAD},
    {{.type = XCY_OPTION_STRING,
      .name = "shard",
      .arg = "I/N",
      .help = "Send the I-th of every N slots of the schedule; the other machines send the rest. "
              "With --start-at, and the same --seed on all.",
      .no_default = true},
     TO(plan.shard),
     LOAD},
    {{.type = XCY_OPTION_CHOICE,
      .name = "late",
      .arg = "WHAT",
      .help = "A slot that could not be sent within --late-after is sent all the same, or skipped "
              "and counted.",
      .choices = xcy_late_names},
     TO(plan.late),
     LOAD},
    {{.type = XCY_OPTION_DURATION,
      .name = "late-after",
      .arg = "TIME",
      .help = "How late a slot may be before --late skip skips it.",
      .min = 0.001,
      .max = 3600},
     TO(plan.late_after_ns),
     LOAD},
    {{.type = XCY_OPTION_INT,
      .name = "retries",
      .arg = "N",
      .help = "Attempts beyond the first, after a failure that a later one may mend (no "
              "connection, timeout, reset, 429, 5xx). Every attempt has its line in requests.csv; "
              "the response lasts from when the request was due to the last reply.",
      .min = 0,
      .max = 20},
     TO(plan.retries),
     BOTH},
    {{.type = XCY_OPTION_DURATION,
      .name = "retry-delay",
      .arg = "TIME",
      .help = "Before the first retry, doubled each time; a random part of it is waited.",
      .min = 0,
      .max = 3600},
     TO(plan.retry_delay_ns),
     BOTH},
    {{.type = XCY_OPTION_INT,
      .name = "threads",
      .arg = "N",
      .help = "Worker threads (default: as many as there are cpus, at most 2).",
      .min = 1,
      .max = 256,
      .no_default = true},
     TO(plan.threads),
     BOTH},
    {{.type = XCY_OPTION_INT,
      .name = "max-in-flight",
      .arg = "N",
      .help = "Requests waiting for their reply at a time (default: 4096, or what the open files "
              "allow). Slots beyond are skipped and counted.",
      .min = 1,
      .max = 65536,
      .no_default = true},
     TO(plan.max_in_flight),
     BOTH},
    {{.type = XCY_OPTION_INT,
      .name = "seed",
      .arg = "N",
      .help = "Of random arrivals, of the posts' keys and of the retries' delays (default: a new "
              "one, written to run.yml).",
      .min = 1,
      .max = 9007199254740991.0,
      .no_default = true},
     TO(plan.seed),
     BOTH},

    {{.type = XCY_OPTION_GROUP, .help = "Target"}, 0, BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "engine",
      .arg = "NAME",
      .help = "lambda: invokes the writer function; http: any URL; null: answers at once without "
              "sending anything, and sleep:MS after so long, which measure the generator itself "
              "(default: http with --url, else lambda).",
      .no_default = true},
     TO(engine),
     BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "async",
      .help = "Invoke with InvocationType Event: ok means accepted, not run.",
      .no_default = true},
     TO(plan.is_async),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "url",
      .arg = "URL",
      .help = "http:// or https://, for the http engine; any 2xx is ok.",
      .no_default = true},
     TO(web.url),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "method",
      .arg = "METHOD",
      .help =
          "Method of the http engine's requests, any but CONNECT (default: GET, with a body POST).",
      .no_default = true},
     TO(web.method),
     BOTH},
    {{.type = XCY_OPTION_LIST,
      .name = "header",
      .arg = "NAME:VALUE",
      .help = "Headers of the http engine's requests, as 'X-Name: value'; 16 at most.",
      .no_default = true},
     TO(web.headers),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "body",
      .arg = "TEXT",
      .help =
          "Body of the http engine's requests; application/json unless --header says otherwise.",
      .no_default = true},
     TO(web.body),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "body-file",
      .arg = "FILE",
      .help = "The body from a file, 6 MiB at most.",
      .no_default = true},
     TO(web.body_file),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "sign",
      .arg = "SERVICE[:REGION]",
      .help =
          "Sign the http engine's requests (AWS Signature Version 4) with the usual credentials, "
          "for "
          "this machine only with the sandbox's. REGION: that of an AWS address, else $AWS_REGION, "
          "$AWS_DEFAULT_REGION, the profile's, us-east-1.",
      .no_default = true},
     TO(web.sign),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "cacert",
      .arg = "FILE",
      .help = "Trust the certificates in FILE instead of the system's.",
      .no_default = true},
     TO(ca_file),
     BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "insecure",
      .help = "Do not verify the server's certificate: anyone may answer; a warning says so.",
      .no_default = true},
     TO(is_insecure),
     BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "http2",
      .help = "HTTP/2 over TLS where the server has it; --no-http2 keeps to HTTP/1.1."},
     TO(wants_http2),
     BOTH},

    {{.type = XCY_OPTION_GROUP, .help = "Places"}, 0, BOTH},
    {{.type = XCY_OPTION_STRING,
      .letter = 'c',
      .name = "config",
      .arg = "FILE",
      .help = "Deployment (default: $XCY_CONFIG, ./xcybench.yml, or a sandbox on this machine).",
      .no_default = true},
     TO(deployment_path),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .letter = 'o',
      .name = "output",
      .arg = "DIR",
      .help = "Where run directories are made."},
     TO(root),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "tag",
      .arg = "TAG",
      .help = "First part of the run directory's name (default: regions, requests and delay, as "
              "eu-us__1000__delay-0ms; where no function is invoked, requests alone).",
      .no_default = true},
     TO(tag),
     BOTH},

    {{.type = XCY_OPTION_GROUP, .help = "Limits"}, 0, BOTH},
    {{.type = XCY_OPTION_INT,
      .name = "connect-timeout-ms",
      .arg = "MS",
      .help = "For a new connection: name, TCP and TLS.",
      .min = 1,
      .max = 3.6e6},
     TO(plan.connect_timeout_ms),
     BOTH},
    {{.type = XCY_OPTION_INT,
      .name = "first-byte-timeout-ms",
      .arg = "MS",
      .help = "From sending to the first byte of the reply (default: only the total counts).",
      .min = 1,
      .max = 3.6e6,
      .no_default = true},
     TO(plan.first_byte_timeout_ms),
     BOTH},
    {{.type = XCY_OPTION_INT,
      .name = "total-timeout-ms",
      .arg = "MS",
      .help = "For a whole attempt (default: the writer's own timeout and 3000 ms).",
      .min = 1,
      .max = 3.6e6,
      .no_default = true},
     TO(plan.total_timeout_ms),
     BOTH},
    {{.type = XCY_OPTION_DURATION,
      .name = "grace",
      .arg = "TIME",
      .help = "How long requests in flight are waited for after the last slot, or after Ctrl-C.",
      .min = 0,
      .max = 3600},
     TO(plan.grace_ns),
     BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "realtime",
      .help = "Ask for real-time priority for the worker threads, up to 2000 requests a second for "
              "each. Without the right to it the run goes on without."},
     TO(plan.wants_realtime),
     BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "force",
      .help =
          "Lambda engine: run although the readers could need more than their concurrency limit.",
      .no_default = true},
     TO(is_forced),
     LOAD},
    {{.type = XCY_OPTION_BOOL,
      .name = "check",
      .help = "Lambda engine: ask both functions what they run before the first request. With "
              "--no-check the "
              "deployment is believed; replies that tell of another combination still fail."},
     TO(is_checked),
     BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "leftovers-ok",
      .help = "Lambda engine: run although the evaluation queue still holds what an earlier run "
              "left there. Without it such a run is refused, unless --no-check.",
      .no_default = true},
     TO(takes_leftovers),
     LOAD},

    {{.type = XCY_OPTION_GROUP, .help = "Judgement"}, 0, BOTH},
    {{.type = XCY_OPTION_LIST,
      .name = "expect",
      .arg = "OBJECTIVE",
      .help =
          "As 'response.p99<50ms' or 'failed<0.1%': exit code 4 when it is not met. Of response, "
          "service, lag (.min .mean .max .pXX), start_lag, failed, ok, skipped, late, retries, an "
          "outcome, rate, throughput.",
      .no_default = true},
     TO(expect),
     LOAD},
    {{.type = XCY_OPTION_LIST,
      .name = "abort-on",
      .arg = "OBJECTIVE",
      .help = "As 'failed>20%': stops early, with a full report and exit code 4, once it is so "
              "(looked at every second, from 10 requests on).",
      .no_default = true},
     TO(abort_on),
     LOAD},
    {{.type = XCY_OPTION_INT,
      .name = "lag-bound-ms",
      .arg = "MS",
      .help = "A run whose requests start later than this after they are due (99th percentile) is "
              "GENERATOR_LIMITED.",
      .min = 1,
      .max = 60000},
     TO(plan.lag_bound_ms),
     BOTH},
    {{.type = XCY_OPTION_DOUBLE,
      .name = "skip-bound",
      .arg = "PERCENT",
      .help = "A run of which more than this was skipped for lateness is GENERATOR_LIMITED.",
      .min = 0,
      .max = 100},
     TO(plan.skip_bound_percent),
     LOAD},

    {{.type = XCY_OPTION_GROUP, .help = "Output"}, 0, BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "dry-run",
      .help = "Print the schedule, a line a slot, and send nothing.",
      .no_default = true},
     TO(is_dry_run),
     LOAD},
    {{.type = XCY_OPTION_BOOL,
      .name = "json",
      .help = "Print the result as one JSON object.",
      .no_default = true},
     TO(is_json),
     BOTH},
    {{.type = XCY_OPTION_BOOL,
      .name = "progress",
      .help = "Show progress also when stderr is not a terminal, a line a second.",
      .no_default = true},
     TO(shows_progress),
     BOTH},
    {{.type = XCY_OPTION_STRING,
      .name = "metrics",
      .arg = "ADDRESS:PORT",
      .help = "Serve Prometheus metrics at http://ADDRESS:PORT/metrics while it runs, as "
              "127.0.0.1:9464; a dashboard for Grafana is in samples/.",
      .no_default = true},
     TO(metrics),
     BOTH},
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

void xcy_session_options_init(struct xcy_session_options *options)
{
    *options = (struct xcy_session_options){.plan = {.rate_per_s = 100,
                                                     .connect_timeout_ms = 5000,
                                                     .grace_ns = 10 * XCY_NS_PER_S,
                                                     .late_after_ns = 100 * XCY_NS_PER_MS,
                                                     .retry_delay_ns = 100 * XCY_NS_PER_MS,
                                                     .lag_bound_ms = 10,
                                                     .skip_bound_percent = 1,
                                                     .wants_realtime = true},
                                            .wants_http2 = true,
                                            .root = "./runs",
                                            .is_checked = true};
}

void xcy_session_options_clear(struct xcy_session_options *options)
{
    free(options->web.headers.items);
    free(options->expect.items);
    free(options->abort_on.items);
    *options = (struct xcy_session_options){0};
}

struct xcy_option *xcy_session_option_table(struct xcy_session_options *to, int command,
                                            const struct xcy_option *own, size_t n_own, size_t *n)
{
    struct xcy_option *table = xcy_alloc_array(n_own + N_ROWS, sizeof *table);
    if (n_own > 0) {
        memcpy(table, own, n_own * sizeof *table);
    }
    *n = n_own;
    for (size_t i = 0; i < N_ROWS; i++) {
        if (rows[i].commands & command) {
            table[*n] = rows[i].option;
            table[*n].to =
                rows[i].option.type == XCY_OPTION_GROUP ? NULL : (char *)to + rows[i].offset;
            table[*n].given = table[*n].to == &to->plan.rate_per_s ? &to->plan.is_rate_given : NULL;
            (*n)++;
        }
    }
    return table;
}
