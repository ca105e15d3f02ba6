#ifndef XCY_ANALYZERS_COMMANDS_RUNS_H
#define XCY_ANALYZERS_COMMANDS_RUNS_H

/*
 * runs.h - the runs that a command line names, read and summarised; and the options that say how.
 *
 * Memory:   xcy_runs_clear.
 * Threads:  one owner.
 */

#include "analyzers/summary.h"
#include "common/cli/program.h"

struct xcy_runs_options {
    const char *root;   /* where runs are */
    const char *config; /* the user's metrics, or NULL */
    double drift_ppm;
};

#define XCY_RUNS_OPTIONS_DEFAULT ((struct xcy_runs_options){"runs", NULL, XCY_DEFAULT_DRIFT_PPM})

/* Their rows in an option table; for an initialiser, with a comma behind. */
#define XCY_RUNS_OPTION_ROWS(options) XCY_RUNS_OPTION_ROWS_BY(options, 'o')

/* The same with another letter for where runs are; 0: none, where `o` is the output's. */
#define XCY_RUNS_OPTION_ROWS_BY(options, root_letter)                                              \
    {.type = XCY_OPTION_STRING,                                                                    \
     .letter = 'c',                                                                                \
     .name = "config",                                                                             \
     .arg = "FILE",                                                                                \
     .help = "Metrics of your own, as rows under the key metrics (docs/metrics.md).",              \
     .to = &(options).config,                                                                      \
     .no_default = true},                                                                          \
        {.type = XCY_OPTION_STRING,                                                                \
         .letter = (root_letter),                                                                  \
         .name = "root",                                                                           \
         .arg = "DIR",                                                                             \
         .help = "Where run directories are.",                                                     \
         .to = &(options).root},                                                                   \
    {                                                                                              \
        .type = XCY_OPTION_DOUBLE, .name = "drift-ppm", .arg = "PPM",                              \
        .help = "How fast two machines' clocks may run apart, in parts per million.",              \
        .to = &(options).drift_ppm, .min = 0, .max = 1e5                                           \
    }

/* The folders of the runs that a command line names. Memory: xcy_run_paths_clear; zeroes are none. */
struct xcy_run_paths {
    char **items;
    size_t n;
};

/* Of these names; without one the newest. A run that is named twice, by a link or as a copy of itself,
 * would count twice and is XCY_EUSAGE: runs are told apart by their ids. */
enum xcy_status xcy_run_paths_find(const struct xcy_runs_options *options, const char *const *names,
                                   size_t n_names, struct xcy_run_paths *paths,
                                   struct xcy_error *err) XCY_MUST_USE;
void xcy_run_paths_clear(struct xcy_run_paths *paths);

struct xcy_runs {
    struct xcy_metric_set metrics;
    struct xcy_summary *items;
    size_t n;
};

/* Those that xcy_run_paths_find finds. Zeroes are none. */
enum xcy_status xcy_runs_read(const struct xcy_runs_options *options, const char *const *names,
                              size_t n_names, struct xcy_runs *runs,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_runs_clear(struct xcy_runs *runs);

/* XCY_EINVALID names the first run that is not valid. */
enum xcy_status xcy_runs_judge(const struct xcy_runs *runs, struct xcy_error *err) XCY_MUST_USE;

/* What a command makes of the runs: words or JSON in `out`. */
typedef enum xcy_status xcy_runs_report_fn(const void *settings, const struct xcy_runs *runs,
                                           struct xcy_buf *out, struct xcy_error *err);

/* Reads the runs that the command line names, reports them, judges them and ends the command; gives its
 * exit code. */
int xcy_runs_report(const struct xcy_runs_options *options, const struct xcy_command_line *line,
                    xcy_runs_report_fn *report, const void *settings);

#endif
