/* clean - empties the post store and the evaluation queue, and verifies it. */

#include "collectors/cleaning.h"

#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "common/data/json.h"
#include "common/time/clock.h"

#include <stdio.h>
#include <stdlib.h>

static struct {
    const char *config;
    bool wait;
    int64_t deadline_ns;
    bool json;
} options = {.wait = true, .deadline_ns = 60 * XCY_NS_PER_S};

static const struct xcy_option option_table[] = {
    {XCY_OPTION_STRING, 'c', "config", "FILE",
     "Deployment. Default: $XCY_CONFIG, ./xcybench.yml, else a sandbox on 127.0.0.1:4566.",
     &options.config, 0, 0, NULL, true, NULL},
    {XCY_OPTION_BOOL, 0, "wait", NULL,
     "Wait for the minute that SQS wants between two purges; with --no-wait fail and say so.",
     &options.wait, 0, 0, NULL, false, NULL},
    {XCY_OPTION_DURATION, 0, "deadline", "TIME",
     "How long the store on each side, and then the queue, may take to be seen empty.",
     &options.deadline_ns, 0, 3600, NULL, false, NULL},
    {XCY_OPTION_BOOL, 0, "json", NULL, "Print the result as one line of JSON.", &options.json, 0, 0,
     NULL, true, NULL},
};

static const struct xcy_program program = {
    .name = "clean",
    .summary = "empties the post storage and the evaluation queue, and verifies it",
    .arguments = "",
    .description =
        "Has the writer empty the post storage and the notification storage of the combination "
        "that "
        "is deployed, and both functions look until the post storage is empty on their side; "
        "purges the evaluation queue if it holds anything, and looks until "
        "it is empty. It says that all is clean only when it has seen so. Stop the load first.\n\n"
        "Runs that were not gathered lose their evaluations.",
    .options = option_table,
    .n_options = sizeof option_table / sizeof *option_table,
    .examples = "clean\tthe sandbox on this machine\n"
                "clean -c samples/local.yml --no-wait\tfail rather than wait for a purge\n",
    .see_also = "gather(1), deploy(1), sandbox(1)",
};

static void print_result(const struct xcy_cleaned *cleaned, const char *queue)
{
    if (!options.json) {
        printf("clean: post storage %s has 0 posts, queue %s has 0 messages\n",
               cleaned->post_storage, queue);
        return;
    }
    struct xcy_json *object = xcy_json_new_object();
    xcy_json_put_int64(object, "v", 1);
    xcy_json_put_bool(object, "clean", true);
    xcy_json_put_string(object, "post_storage", cleaned->post_storage);
    xcy_json_put_string(object, "queue", queue);
    xcy_json_put_int64(object, "purged", cleaned->purged);
    char *text = xcy_json_text(object);
    printf("%s\n", text);
    free(text);
    xcy_json_free(object);
}

static enum xcy_status clean(struct xcy_error *err)
{
    struct xcy_deployment *deployment = NULL;
    struct xcy_cleaned cleaned;
    struct xcy_cleaning_options cleaning = {.wait = options.wait,
                                            .deadline_ns = options.deadline_ns};
    enum xcy_status status = xcy_deployment_load(options.config, &deployment, err);
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_cleaning_run(deployment, &cleaning, &cleaned, err);
    if (status == XCY_OK) {
        print_result(&cleaned, deployment->queue_name);
    }
    xcy_deployment_free(deployment);
    if (status == XCY_OK && fflush(stdout) != 0) {
        status = xcy_fail(err, XCY_EIO, "cannot write the result");
    }
    return status;
}

int main(int argc, char *argv[])
{
    xcy_log_init(program.name, XCY_LOG_INFO);
    xcy_stop_watch();
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    free(line.arguments);
    if (!line.run) {
        return line.exit_code;
    }
    struct xcy_error err;
    enum xcy_status status = clean(&err);
    return status == XCY_OK ? 0 : xcy_log_exit(&err);
}
