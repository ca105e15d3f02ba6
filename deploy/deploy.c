/* deploy.c - the program that makes the functions run a given combination. */

#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "common/data/json.h"
#include "common/time/clock.h"
#include "deploy/rollout.h"

#include <stdio.h>
#include <stdlib.h>

/* What the command line said; what it did not say comes from the deployment. */
struct choice {
    const char *config;
    int post_storage;
    int notification_storage;
    int consistency;
    int64_t delay_ms;
    int64_t post_bytes;
    bool as_published;
    const char *visibility;
    int64_t timeout_ns;
    bool json;
    struct {
        bool post_storage;
        bool notification_storage;
        bool consistency;
        bool delay_ms;
        bool post_bytes;
        bool as_published;
    } given;
};

static struct choice choice = {.timeout_ns = 60 * XCY_NS_PER_S};

static const struct xcy_option options[] = {
    {.type = XCY_OPTION_STRING,
     .letter = 'c',
     .name = "config",
     .arg = "FILE",
     .help = "The deployment. Without it $XCY_CONFIG, then ./xcybench.yml, then the built-in "
             "local one.",
     .to = &choice.config},
    {.type = XCY_OPTION_GROUP, .help = "Combination (what is not given is the deployment's)"},
    {.type = XCY_OPTION_CHOICE,
     .name = "post-storage",
     .arg = "STORE",
     .help = "Where the writer puts the post.",
     .to = &choice.post_storage,
     .choices = xcy_post_storage_names,
     .no_default = true,
     .given = &choice.given.post_storage},
    {.type = XCY_OPTION_CHOICE,
     .name = "notification-storage",
     .arg = "SERVICE",
     .help = "How the reader hears of it.",
     .to = &choice.notification_storage,
     .choices = xcy_notification_storage_names,
     .no_default = true,
     .given = &choice.given.notification_storage},
    {.type = XCY_OPTION_CHOICE,
     .name = "consistency",
     .arg = "PROTOCOL",
     .help = "What keeps the reader from reading too early.",
     .to = &choice.consistency,
     .choices = xcy_consistency_names,
     .no_default = true,
     .given = &choice.given.consistency},
    {.type = XCY_OPTION_INT,
     .name = "delay-ms",
     .arg = "MS",
     .help = "Slept by the writer between the write and the notification.",
     .to = &choice.delay_ms,
     .max = 900000,
     .no_default = true,
     .given = &choice.given.delay_ms},
    {.type = XCY_OPTION_INT,
     .name = "post-bytes",
     .arg = "BYTES",
     .help = "Size of a post's body.",
     .to = &choice.post_bytes,
     .min = 1,
     .max = 64.0 * 1024 * 1024,
     .no_default = true,
     .given = &choice.given.post_bytes},
    {.type = XCY_OPTION_BOOL,
     .name = "as-published",
     .help = "Posts as large as in the published evaluation, by post storage: dynamo 350000 bytes, "
             "s3 and mysql 1000000, cache 2900000. Not with --post-bytes.",
     .to = &choice.as_published,
     .no_default = true,
     .given = &choice.given.as_published},
    {.type = XCY_OPTION_STRING,
     .name = "visibility",
     .arg = "HOW",
     .help = "Whether the reader polls after a miss until the post is visible: off, inline, or "
             "sample:P for a share P of the misses.",
     .to = &choice.visibility},
    {.type = XCY_OPTION_GROUP, .help = "Running"},
    {.type = XCY_OPTION_DURATION,
     .name = "timeout",
     .arg = "DURATION",
     .help = "How long to wait until both functions run it.",
     .to = &choice.timeout_ns,
     .min = 1,
     .max = 3600},
    {.type = XCY_OPTION_BOOL,
     .name = "json",
     .help = "Print the result as JSON.",
     .to = &choice.json},
};

static const struct xcy_program program = {
    .name = "deploy",
    .summary = "makes the functions run a given combination",
    .arguments = "",
    .description =
        "Sets the environment of the writer and the reader function through Lambda's "
        "UpdateFunctionConfiguration, in AWS and in the sandbox alike, waits until both say "
        "that it is in force, reads it back, and prints the combination that is now active.\n\n"
        "Variables of the functions that xcybench does not know stay as they are. Functions "
        "that already run the combination are left alone.",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .examples = "deploy --post-storage cache --consistency antipode\tRedis, with the barrier\n"
                "deploy --post-storage dynamo --as-published\tposts of 350000 bytes, as published\n"
                "deploy --delay-ms 200\tthe deployment's combination, 200 ms apart",
    .exit_codes = "0\tboth functions run the combination\n"
                  "1\tfailed\n"
                  "2\tthe command line or the deployment is wrong\n"
                  "130\tinterrupted\n",
    .see_also = "sandbox(1), loadgen(1), clean(1)",
};

/* The command line comes before the deployment. */
static enum xcy_status choose_size(const struct xcy_deployment *d, struct xcy_combination *c,
                                   struct xcy_error *err)
{
    bool as_published = choice.given.as_published ? choice.as_published
                                                  : d->as_published && !choice.given.post_bytes;
    if (as_published && choice.given.post_bytes) {
        return xcy_fail(err, XCY_EUSAGE, "--as-published and --post-bytes exclude each other");
    }
    if (as_published) {
        c->post_bytes = xcy_post_published_bytes(c->post_storage);
    } else if (choice.given.post_bytes) {
        c->post_bytes = choice.post_bytes;
    } else if (d->as_published) {
        c->post_bytes =
            XCY_POST_BYTES_DEFAULT; /* --no-as-published: the deployment says no other */
    }
    return XCY_OK;
}

static enum xcy_status combine(const struct xcy_deployment *d, struct xcy_combination *to,
                               struct xcy_error *err)
{
    struct xcy_combination c = d->combination;
    if (choice.given.post_storage) {
        c.post_storage = (enum xcy_post_storage)choice.post_storage;
    }
    if (choice.given.notification_storage &&
        (int)c.notification_storage != choice.notification_storage) {
        c.notification_storage = (enum xcy_notification_storage)choice.notification_storage;
        xcy_visibility_set_default(&c); /* the deployment's was meant for another service */
    }
    if (choice.given.consistency) {
        c.consistency = (enum xcy_consistency)choice.consistency;
    }
    if (choice.given.delay_ms) {
        c.delay_ms = choice.delay_ms;
    }
    enum xcy_status status = choose_size(d, &c, err);
    if (status != XCY_OK) {
        return status;
    }
    if (choice.visibility && xcy_visibility_parse(choice.visibility, &c, err) != XCY_OK) {
        err->status = XCY_EUSAGE;
        return xcy_error_context(err, "--visibility");
    }
    status = xcy_deployment_check(d, &c, err);
    if (status == XCY_OK) {
        *to = c;
    }
    return status;
}

static void put_function(struct xcy_json *object, const char *role,
                         const struct xcy_function_place *place,
                         const struct xcy_rollout_function *function)
{
    struct xcy_json *o = xcy_json_put_object(object, role);
    xcy_json_put_string(o, "function", place->function);
    xcy_json_put_string(o, "region", place->region);
    xcy_json_put_string(o, "arn", function->arn);
    xcy_json_put_bool(o, "changed", function->changed);
}

static void print_json(const struct xcy_deployment *d, const struct xcy_rollout *rollout)
{
    struct xcy_json *object = xcy_json_new_object();
    xcy_json_put(object, "combination", xcy_combination_to_json(&rollout->active));
    put_function(object, "writer", &d->writer, &rollout->writer);
    put_function(object, "reader", &d->reader, &rollout->reader);
    xcy_json_put_string(object, "deployment", d->source);
    char *text = xcy_json_text(object);
    printf("%s\n", text);
    free(text);
    xcy_json_free(object);
}

static void print_text(const struct xcy_rollout *rollout)
{
    char combination[160];
    char visibility[XCY_VISIBILITY_BYTES];
    xcy_combination_describe(&rollout->active, combination);
    xcy_visibility_format(&rollout->active, visibility);
    bool changed = rollout->writer.changed || rollout->reader.changed;
    printf("active: %s, posts of %lld bytes, visibility %s%s\n", combination,
           (long long)rollout->active.post_bytes, visibility, changed ? "" : " (it was already)");
}

static enum xcy_status deploy(const struct xcy_deployment *d, struct xcy_error *err)
{
    struct xcy_combination combination;
    enum xcy_status status = combine(d, &combination, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_key_source *keys = NULL;
    status = xcy_key_source_open(d->endpoint, &keys, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_rollout_options order = {
        .deployment = d,
        .combination = &combination,
        .keys = keys,
        .timeout_ns = choice.timeout_ns,
    };
    struct xcy_rollout rollout;
    status = xcy_rollout_run(&order, &rollout, err);
    xcy_key_source_close(keys);
    if (status == XCY_OK && choice.json) {
        print_json(d, &rollout);
    } else if (status == XCY_OK) {
        print_text(&rollout);
    }
    return status;
}

int main(int argc, char *argv[])
{
    xcy_stop_watch();
    xcy_log_init("deploy", XCY_LOG_INFO);
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    free(line.arguments);
    if (!line.run) {
        return line.exit_code;
    }
    struct xcy_error err;
    struct xcy_deployment *deployment = NULL;
    enum xcy_status status = xcy_deployment_load(choice.config, &deployment, &err);
    if (status == XCY_OK) {
        status = deploy(deployment, &err);
    }
    xcy_deployment_free(deployment);
    return status == XCY_OK ? 0 : xcy_log_exit(&err);
}
