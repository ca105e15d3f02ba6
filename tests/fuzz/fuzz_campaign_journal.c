/* fuzz_campaign_journal.c - a campaign's journal is refused, or is a state that has results, a table
 * and plots. */

#include "campaign/left.h"
#include "campaign/plots.h"
#include "campaign/results.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct xcy_campaign_state *state)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 64 << 20);
    struct xcy_campaign_results results = xcy_campaign_results_of(state);
    xcy_campaign_results_text(&results, &text);
    xcy_assert(text.len > 0);
    xcy_json_free(xcy_campaign_results_json(&results));
    xcy_campaign_plots(state, "/base", &text);
    (void)xcy_campaign_left_s(state, 0, true);
    xcy_campaign_results_clear(&results);
    xcy_buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_campaign_state state = {0};
    size_t whole_bytes = 0;
    enum xcy_status status = xcy_campaign_journal_parse(
        "journal", xcy_bytes((const char *)data, size), &state, &whole_bytes, &err);
    if (status == XCY_OK) {
        xcy_assert(whole_bytes <= size);
        check(&state);
        xcy_campaign_state_clear(&state);
    } else {
        xcy_assert(status == XCY_EPARSE || status == XCY_ENOTFOUND);
    }
    return 0;
}
