#include "campaign/commands.h"

struct xcy_words xcy_deploy_words(const char *deployment, const struct xcy_cell *cell)
{
    struct xcy_words words = {0};
    xcy_words_add(&words, "deploy");
    xcy_words_option(&words, "--config", deployment);
    xcy_words_option(&words, "--post-storage", xcy_post_storage_names[cell->post_storage]);
    xcy_words_option(&words, "--notification-storage",
                     xcy_notification_storage_names[cell->notification_storage]);
    xcy_words_option(&words, "--consistency", xcy_consistency_names[cell->consistency]);
    xcy_words_add(&words, "--delay-ms");
    xcy_words_add(&words, "%lld", (long long)cell->delay_ms);
    xcy_words_option(&words, "--visibility", cell->visibility);
    if (cell->post_bytes > 0) {
        xcy_words_add(&words, "--post-bytes");
        xcy_words_add(&words, "%lld", (long long)cell->post_bytes);
    }
    if (cell->as_published) {
        xcy_words_add(&words, "--as-published");
    }
    xcy_words_add(&words, "--json");
    return words;
}

struct xcy_words xcy_clean_words(const char *deployment)
{
    struct xcy_words words = {0};
    xcy_words_add(&words, "clean");
    xcy_words_option(&words, "--config", deployment);
    xcy_words_add(&words, "--json");
    return words;
}

struct xcy_words xcy_loadgen_words(const char *deployment, const struct xcy_cell *cell,
                                   const char *root, int64_t seed)
{
    struct xcy_words words = {0};
    xcy_words_add(&words, "loadgen");
    xcy_words_option(&words, "--config", deployment);
    xcy_words_option(&words, "--output", root);
    xcy_words_add(&words, "--requests");
    xcy_words_add(&words, "%lld", (long long)cell->requests);
    if (cell->rate_per_s > 0) {
        xcy_words_add(&words, "--rate");
        xcy_words_add(&words, "%.17g", cell->rate_per_s);
    }
    if (cell->warmup_s > 0) {
        xcy_words_add(&words, "--warmup");
        xcy_words_add(&words, "%.17g", cell->warmup_s);
    }
    if (cell->is_async) {
        xcy_words_add(&words, "--async");
    }
    /* The queue was cleaned; what still comes late of a run before is told apart by its run id. */
    xcy_words_add(&words, "--leftovers-ok");
    xcy_words_add(&words, "--seed");
    xcy_words_add(&words, "%lld", (long long)seed);
    xcy_words_add(&words, "--json");
    for (size_t i = 0; i < cell->n_loadgen; i++) {
        xcy_words_add(&words, "%s", cell->loadgen[i]);
    }
    return words;
}

struct xcy_words xcy_gather_words(const char *root, const char *run)
{
    struct xcy_words words = {0};
    xcy_words_add(&words, "gather");
    xcy_words_option(&words, "--root", root);
    xcy_words_add(&words, "--json");
    xcy_words_add(&words, "%s", run);
    return words;
}

struct xcy_words xcy_analyze_words(const char *run)
{
    struct xcy_words words = {0};
    xcy_words_add(&words, "analyze");
    xcy_words_add(&words, "--json");
    xcy_words_add(&words, "%s", run);
    return words;
}
