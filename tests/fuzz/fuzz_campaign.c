/* fuzz_campaign.c - a campaign's config is refused in one line of usage, or is cells that have a plan
 * and come back from JSON as they were. */

#include "campaign/config.h"
#include "campaign/plan.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check(const struct xcy_campaign_config *config)
{
    struct xcy_error err;
    xcy_assert(config->name[0] != '\0' && config->name[0] != '.' && !strchr(config->name, '/'));
    xcy_assert(config->n_cells > 0);
    for (size_t i = 0; i < config->n_cells; i++) {
        struct xcy_cell cell;
        struct xcy_json *json = xcy_cell_to_json(&config->cells[i]);
        enum xcy_status status = xcy_cell_from_json(json, &cell, &err);
        xcy_assert(status == XCY_OK && xcy_cell_is_same(&cell, &config->cells[i]));
        xcy_cell_clear(&cell);
        xcy_json_free(json);
    }
    struct xcy_campaign_plan plan;
    if (xcy_campaign_plan_make(config->cells, config->n_cells, 1, &plan, &err) == XCY_OK) {
        xcy_assert(plan.n_runs >= plan.n_cells);
        xcy_campaign_plan_clear(&plan);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_campaign_config config = {0};
    enum xcy_status status = xcy_campaign_config_parse(
        "campaign.yml", xcy_bytes((const char *)data, size), &config, &err);
    if (status == XCY_OK) {
        check(&config);
        xcy_campaign_config_clear(&config);
    } else {
        xcy_assert(status == XCY_EUSAGE && !strchr(err.text, '\n'));
    }
    return 0;
}
