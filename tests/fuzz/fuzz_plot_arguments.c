/* fuzz_plot_arguments.c - a plot's arguments, in either form, are refused in one line of usage, or are
 * whole; and no directory's name is taken apart wrongly. */

#include "plotconf/sweep.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_form(const struct xcy_yaml *root, enum xcy_arguments_form form)
{
    struct xcy_error err;
    struct xcy_arguments a = {0};
    enum xcy_status status = xcy_arguments_read(root, form, &a, &err);
    if (status != XCY_OK) {
        xcy_assert(status == XCY_EUSAGE && !strchr(err.text, '\n'));
        return;
    }
    xcy_assert(form == XCY_ARGUMENTS_SWEEP || a.gather_paths);
    xcy_assert(form == XCY_ARGUMENTS_RUNS || (a.n_pairs > 0 && a.num_requests > 0));
    if (form == XCY_ARGUMENTS_SWEEP) {
        int64_t n = -1;
        int64_t delay_ms = -1;
        /* The region's own text stands for a path: whatever it holds. */
        bool ok = xcy_sweep_parse_name(a.writer_region, "eu", "us", &n, &delay_ms);
        xcy_assert(!ok || (n >= 0 && delay_ms >= 0));
    }
    xcy_arguments_clear(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_bytes text = xcy_bytes((const char *)data, size);
    if (xcy_yaml_parse("plots.yml", text, &doc, &err) == XCY_OK && xcy_yaml_root(doc)) {
        check_form(xcy_yaml_root(doc), XCY_ARGUMENTS_RUNS);
        check_form(xcy_yaml_root(doc), XCY_ARGUMENTS_SWEEP);
    }
    xcy_yaml_free(doc);
    return 0;
}
