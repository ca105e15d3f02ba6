#include "collectors/gather_options.h"

#include "collectors/pace.h"

struct xcy_gather_options xcy_gather_options = {
    .root = "runs", .receivers = XCY_PACE_MOST, .stats = true};

static const struct xcy_option option_table[] = {
    {.type = XCY_OPTION_GROUP, .help = "Which run"},
    {XCY_OPTION_STRING, 'o', "root", "DIR",
     "Folder of the runs; with --reference-state of what is made, there by default gather.",
     &xcy_gather_options.root, 0, 0, NULL, false, &xcy_gather_options.root_given},
    {XCY_OPTION_DURATION, 0, "wait", "TIME",
     "Wait this long for the run, or without RUN for one that is not gathered yet, to appear: for "
     "a gather that is started before its loadgen.",
     &xcy_gather_options.wait_ns, 0, 86400, NULL, true, NULL},
    {.type = XCY_OPTION_GROUP, .help = "When to stop waiting"},
    {XCY_OPTION_DURATION, 0, "quiet", "TIME",
     "Stop when the load has ended and nothing new came for this long. Default: 10 s, or as long "
     "as a reader of this run may be busy and 5 s.",
     &xcy_gather_options.quiet_ns, 0, 86400, NULL, true, &xcy_gather_options.quiet_given},
    {XCY_OPTION_DURATION, 0, "deadline", "TIME",
     "Stop after this long, whatever is missing. Default: none.", &xcy_gather_options.deadline_ns,
     0, 604800, NULL, true, NULL},
    {.type = XCY_OPTION_GROUP, .help = "How"},
    {XCY_OPTION_BOOL, 0, "rejoin", NULL,
     "Use no queue and no network: only rebuild the files from what was received.",
     &xcy_gather_options.rejoin, 0, 0, NULL, true, NULL},
    {XCY_OPTION_BOOL, 0, "stats", NULL,
     "Ask the writer once for the sizes in its post storage (stats.json).",
     &xcy_gather_options.stats, 0, 0, NULL, false, &xcy_gather_options.stats_given},
    {XCY_OPTION_INT, 0, "receivers", "N",
     "Connections that empty a full queue side by side, at most, and as many that delete. How many "
     "of them are of use is found from the shortest round trip.",
     &xcy_gather_options.receivers, 1, 256, NULL, false, &xcy_gather_options.receivers_given},
    {XCY_OPTION_BOOL, 0, "take-foreign", NULL,
     "Take messages of other runs out of the queue, too, into ROOT/orphans/<run id>.jsonl; the "
     "gather of that run takes them from there.",
     &xcy_gather_options.take_foreign, 0, 0, NULL, true, NULL},
    {XCY_OPTION_LIST, 0, "import", "FILE",
     "Take what another gather wrote down for this run, too: evaluations.jsonl of a copy of RUN, "
     "or a file of orphans. What is here already is not taken twice.",
     &xcy_gather_options.imports, 0, 0, NULL, true, NULL},
    {.type = XCY_OPTION_GROUP, .help = "A run of the reference implementation"},
    {XCY_OPTION_STRING, 0, "reference-state", "FILE",
     "Its state file (.last.yml) in place of a run of ours: its evaluations are gathered, and "
     "ROOT/POST-NOTIFICATION/TAG-STAMP/ has the files that its own gather writes.",
     &xcy_gather_options.reference_state, 0, 0, NULL, true, NULL},
    {XCY_OPTION_STRING, 'c', "config", "FILE",
     "Deployment that names the evaluation queue and the stores. Default: $XCY_CONFIG, "
     "./xcybench.yml, else a sandbox on 127.0.0.1:4566.",
     &xcy_gather_options.config, 0, 0, NULL, true, NULL},
    {XCY_OPTION_STRING, 0, "messages", "FILE",
     "Take the messages from a file instead, one a line in order of arrival: an object whose body "
     "is the message, or the message itself.",
     &xcy_gather_options.messages, 0, 0, NULL, true, NULL},
    {XCY_OPTION_STRING, 't', "tag", "TAG", "Name it so. Default: as the reference does.",
     &xcy_gather_options.tag, 0, 0, NULL, true, NULL},
    {XCY_OPTION_STRING, 0, "post-sizes", "TOTAL:AVERAGE",
     "Bytes of all posts and of one, where mysql or cache cannot be asked for them any more.",
     &xcy_gather_options.post_sizes, 0, 0, NULL, true, NULL},
    {.type = XCY_OPTION_GROUP, .help = "Output"},
    {XCY_OPTION_BOOL, 0, "missing", NULL, "Name every request that has not reported, not only ten.",
     &xcy_gather_options.missing, 0, 0, NULL, true, NULL},
    {XCY_OPTION_BOOL, 0, "json", NULL, "Print the result as one line of JSON.",
     &xcy_gather_options.json, 0, 0, NULL, true, NULL},
    {XCY_OPTION_BOOL, 0, "progress", NULL, "Show progress even if stderr is no terminal.",
     &xcy_gather_options.progress, 0, 0, NULL, true, NULL},
};

const struct xcy_program xcy_gather_program = {
    .name = "gather",
    .summary = "takes a run's evaluations from their queue and joins them with its requests",
    .arguments = "[RUN]",
    .max_arguments = 1,
    .description =
        "Receives the readers' evaluations of RUN (default: the newest, runs/latest), writes each "
        "to RUN/evaluations.jsonl and to the disk before it deletes it from the queue, and ends "
        "when every request that may still report has reported. It can run beside the loadgen, "
        "and again at any time: nothing is lost, nothing is counted twice.\n\n"
        "Then every planned request gets one line and one class in RUN/records.csv, and the "
        "reference implementation's files are written beside it: traces.csv, traces.info, "
        "tags.yml.\n\n"
        "Messages of other runs stay in the queue, unless --take-foreign is given. What is no "
        "evaluation goes to "
        "RUN/quarantine.jsonl. Evaluations of another combination under this run's id are refused "
        "and make the run invalid.\n\n"
        "With --reference-state it is a run of the reference implementation that is gathered, with "
        "the same care for its messages. What comes of it is equal to what the reference writes, "
        "errors included; they are named.\n\n"
        "Calls that fail for a reason that may pass are made again, AWS_MAX_ATTEMPTS times in all "
        "(default 8). A sum that does not hold is exit code 3.",
    .options = option_table,
    .n_options = sizeof option_table / sizeof *option_table,
    .examples =
        "gather\tthe newest run\n"
        "gather --wait 10 --progress\tstarted before, or beside, its loadgen\n"
        "gather --rejoin runs/dynamo-sns/x\trebuild the files, no network\n"
        "gather runs/dynamo-sns/x --import copy/evaluations.jsonl\tbring a copy of the run back "
        "together\n"
        "gather --reference-state last.yml -c aws.yml\ta run of the reference implementation\n",
    .see_also = "loadgen(1), analyze(1), clean(1)",
};

const char *xcy_gather_misplaced(bool has_run)
{
    bool is_reference = xcy_gather_options.reference_state != NULL;
    const struct {
        const char *name;
        bool of_reference;
        bool is_given;
    } kinds[] = {
        {"RUN", false, has_run},
        {"--wait", false, xcy_gather_options.wait_ns > 0},
        {"--rejoin", false, xcy_gather_options.rejoin},
        {"--stats", false, xcy_gather_options.stats_given},
        {"--receivers", false, xcy_gather_options.receivers_given},
        {"--take-foreign", false, xcy_gather_options.take_foreign},
        {"--import", false, xcy_gather_options.imports.n > 0},
        {"--missing", false, xcy_gather_options.missing},
        {"--config", true, xcy_gather_options.config != NULL},
        {"--messages", true, xcy_gather_options.messages != NULL},
        {"--tag", true, xcy_gather_options.tag != NULL},
        {"--post-sizes", true, xcy_gather_options.post_sizes != NULL},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (kinds[k].is_given && kinds[k].of_reference != is_reference) {
            return kinds[k].name;
        }
    }
    return NULL;
}
