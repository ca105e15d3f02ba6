/*
 * main.c - the program sandbox: both regions of a deployment on this machine: AWS's services as far as the
 * application needs them, real stores, real function processes. What it can be asked for is a
 * command each: host_command.c (without a word), env_command.c and faults_command.c.
 */

#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "sandbox/env_command.h"
#include "sandbox/faults_command.h"
#include "sandbox/host_command.h"

#include <stdlib.h>
#include <string.h>

struct settings {
    const char *config;
    const char *truth_log;
    const char *ready_file;
    const char *function_log;
    int64_t port;
    int64_t slots;
    int64_t concurrency;
    int64_t seed;
    double time_scale;
    bool port_given;
    bool slots_given;
    bool concurrency_given;
    bool seed_given;
    bool time_scale_given;
    bool verbose;
    bool faults_off;
    bool faults_all;
    bool json;
};

static struct settings settings = {.port = 4566, .slots = 1, .concurrency = 1000, .time_scale = 1};

static const char description[] =
    "Hosts both regions of a deployment on this machine: Lambda, SQS, SNS, DynamoDB and S3 as "
    "far as the post-notification application needs them, with signatures checked, and for the "
    "backend cache a real Redis primary and replica whose replication link is delayed. Writer and "
    "reader "
    "are real processes, started as the load asks. What each leg takes is drawn from the "
    "deployment's models; no figure of the sandbox says anything about AWS.\n\n"
    "`sandbox env` prints, for a sandbox that runs, what awscli and SDKs need in their "
    "environment, the sandbox's own generated key pair included: eval \"$(sandbox env)\". Debian's "
    "awscli also needs --endpoint-url. Its STS gives out temporary keys: docs/credentials.md.\n\n"
    "`sandbox faults` prints what a running sandbox injects: each fault's setting, how often it "
    "could have struck while it was on, and how often it did. `sandbox faults "
    "sqs.duplicated=0.02` changes it; what is not named stays. docs/faults.md explains each; "
    "`faults:` of the deployment sets them from the start on.\n\n"
    "Ctrl-C or SIGTERM ends everything that was started and removes every file. What a killed "
    "sandbox left is removed by the next start.\n\n"
    "GET /_sandbox/status answers with counters as JSON.";

static const char exit_codes[] =
    "0\tended by Ctrl-C or SIGTERM, with all that was started\n"
    "1\tfailed: a part could not be started, or died\n"
    "2\tthe command line or the deployment is wrong\n"
    "130\tinterrupted while still starting, with all that was started\n";

static const char examples[] =
    "sandbox -c samples/local.yml\thosts the local deployment on 127.0.0.1:4566\n"
    "sandbox --port 0 --ready-file ready.json\ta free port, written to ready.json once ready\n"
    "sandbox --seed 7 --truth-log truth.jsonl\trepeatable lags, and a log of every decision\n"
    "eval \"$(sandbox env)\"\tlets SDKs talk to the running sandbox\n"
    "sandbox faults lambda.throttled=0.05 replication.stalled=true\tchanges what the running "
    "sandbox injects\n"
    "sandbox faults --off\tends all of it\n"
    "aws --endpoint-url \"$AWS_ENDPOINT_URL\" sqs list-queues\tand then awscli, too";

/* Sets what the command line says over what the deployment says. */
static void override(struct xcy_deployment *d, const struct settings *s)
{
    if (s->port_given) {
        d->sandbox.port = s->port;
    }
    if (s->seed_given) {
        d->sandbox.seed = s->seed;
    }
    if (s->time_scale_given) {
        d->sandbox.time_scale = s->time_scale;
    }
    if (s->slots_given) {
        d->writer.slots = s->slots;
        d->reader.slots = s->slots;
    }
    if (s->concurrency_given) {
        d->writer.concurrency_limit = s->concurrency;
        d->reader.concurrency_limit = s->concurrency;
    }
}

static enum xcy_status show_env(const struct xcy_deployment *d, const struct settings *s,
                                const struct xcy_command_line *line, struct xcy_error *err)
{
    (void)s;
    (void)line;
    return xcy_env_command(d, err);
}

static enum xcy_status show_faults(const struct xcy_deployment *d, const struct settings *s,
                                   const struct xcy_command_line *line, struct xcy_error *err)
{
    const struct xcy_faults_request request = {.changes = line->arguments + 1,
                                               .n_changes = line->n_arguments - 1,
                                               .is_off = s->faults_off,
                                               .show_all = s->faults_all,
                                               .as_json = s->json};
    return xcy_faults_command(d, &request, err);
}

static enum xcy_status host(const struct xcy_deployment *d, const struct settings *s,
                            const struct xcy_command_line *line, struct xcy_error *err)
{
    (void)line;
    const struct xcy_world_options options = {.deployment = d,
                                              .truth_log = s->truth_log,
                                              .function_log = s->function_log,
                                              .ready_file = s->ready_file};
    return xcy_host_command(&options, err);
}

struct command {
    const char *name; /* the first argument; NULL: none */
    size_t max_arguments;
    enum xcy_status (*run)(const struct xcy_deployment *d, const struct settings *s,
                           const struct xcy_command_line *line, struct xcy_error *err);
};

static const struct command commands[] = {{"env", 1, show_env},
                                          {"faults", 1 + XCY_N_FAULTS, show_faults}};
static const struct command hosting = {NULL, 0, host};

static bool asks_of_faults(const struct settings *s)
{
    return s->faults_off || s->faults_all || s->json;
}

/* NULL: the first word is none of them. */
static const struct command *find_command(const struct xcy_command_line *line)
{
    for (size_t i = 0; line->n_arguments > 0 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(line->arguments[0], commands[i].name) == 0) {
            return &commands[i];
        }
    }
    return line->n_arguments == 0 ? &hosting : NULL;
}

static enum xcy_status run(const struct settings *s, const struct command *command,
                           const struct xcy_command_line *line, struct xcy_error *err)
{
    struct xcy_deployment *d = NULL;
    enum xcy_status status = xcy_deployment_load(s->config, &d, err);
    if (status == XCY_OK) {
        override(d, s);
        status = command->run(d, s, line, err);
    }
    xcy_deployment_free(d);
    return status;
}

static const struct xcy_option options[] = {
    {.type = XCY_OPTION_STRING,
     .letter = 'c',
     .name = "config",
     .arg = "FILE",
     .help = "Deployment to host; else $XCY_CONFIG, ./xcybench.yml, or the built-in local one.",
     .to = &settings.config},
    {.type = XCY_OPTION_INT,
     .name = "port",
     .arg = "N",
     .help = "Port to listen on, instead of the deployment's; 0: any free one.",
     .to = &settings.port,
     .max = 65535,
     .no_default = true,
     .given = &settings.port_given},
    {.type = XCY_OPTION_STRING,
     .name = "ready-file",
     .arg = "FILE",
     .help = "Written once everything is ready: JSON with endpoint, pid and stores.",
     .to = &settings.ready_file},
    {.type = XCY_OPTION_GROUP, .help = "World"},
    {.type = XCY_OPTION_INT,
     .name = "seed",
     .arg = "N",
     .help =
         "Seed of all drawn delays and faults, instead of the deployment's; 0: a new one, printed.",
     .to = &settings.seed,
     .max = 1e12,
     .no_default = true,
     .given = &settings.seed_given},
    {.type = XCY_OPTION_DOUBLE,
     .name = "time-scale",
     .arg = "X",
     .help = "Factor of every delay of the models, and of the times between retries.",
     .to = &settings.time_scale,
     .min = 0.001,
     .max = 1000,
     .no_default = true,
     .given = &settings.time_scale_given},
    {.type = XCY_OPTION_STRING,
     .name = "truth-log",
     .arg = "FILE",
     .help = "Every write, read decision, delivery and invocation, a JSON line each.",
     .to = &settings.truth_log},
    {.type = XCY_OPTION_GROUP, .help = "sandbox faults"},
    {.type = XCY_OPTION_BOOL,
     .name = "off",
     .help = "Ends every fault, before the changes named beside it.",
     .to = &settings.faults_off},
    {.type = XCY_OPTION_BOOL,
     .name = "all",
     .help = "Lists every fault, also those that are off and never struck.",
     .to = &settings.faults_all},
    {.type = XCY_OPTION_BOOL,
     .name = "json",
     .help = "Prints all of them as JSON: scope, fault, and of each setting, asked and injected.",
     .to = &settings.json},
    {.type = XCY_OPTION_GROUP, .help = "Functions"},
    {.type = XCY_OPTION_INT,
     .name = "slots",
     .arg = "N",
     .help = "Invocations that one process serves at a time, for both functions.",
     .to = &settings.slots,
     .min = 1,
     .max = 1000,
     .no_default = true,
     .given = &settings.slots_given},
    {.type = XCY_OPTION_INT,
     .name = "concurrency",
     .arg = "N",
     .help = "Concurrency limit of each function: more at a time are throttled (429).",
     .to = &settings.concurrency,
     .min = 1,
     .max = 100000,
     .no_default = true,
     .given = &settings.concurrency_given},
    {.type = XCY_OPTION_STRING,
     .name = "function-log",
     .arg = "FILE",
     .help = "Appends what functions print to FILE, instead of showing it here, where many "
             "lines at a time are left out.",
     .to = &settings.function_log},
    {.type = XCY_OPTION_BOOL,
     .letter = 'v',
     .name = "verbose",
     .help = "Says more.",
     .to = &settings.verbose},
};

static const struct xcy_program program = {
    .name = "sandbox",
    .summary = "hosts both regions, stores and functions on this machine",
    .arguments = "[env | faults [SCOPE.FAULT=SETTING...]]",
    .max_arguments = 1 + XCY_N_FAULTS,
    .description = description,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .examples = examples,
    .exit_codes = exit_codes,
    .see_also = "deploy(1), loadgen(1), gather(1)"};

int main(int argc, char *argv[])
{
    xcy_log_init("sandbox", XCY_LOG_INFO);
    xcy_stop_watch();
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int exit_code = line.exit_code;
    if (line.run) {
        struct xcy_error err;
        const struct command *command = find_command(&line);
        if (settings.verbose) {
            xcy_log_set_level(XCY_LOG_DEBUG);
        }
        if (!command) {
            exit_code = xcy_program_usage(&program, "'%s' is not a command: env and faults are",
                                          line.arguments[0]);
        } else if (command->run != show_faults && asks_of_faults(&settings)) {
            exit_code =
                xcy_program_usage(&program, "--off, --all and --json are of `sandbox faults` only");
        } else if (line.n_arguments > command->max_arguments) {
            exit_code = xcy_program_usage(&program, "%s takes no argument '%s'", command->name,
                                          line.arguments[command->max_arguments]);
        } else if (run(&settings, command, &line, &err) != XCY_OK) {
            exit_code = xcy_log_exit(&err);
        }
    }
    free(line.arguments);
    return exit_code;
}
