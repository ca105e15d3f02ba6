#include "analyzers/compare/pairing.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LABEL_BYTES = 1 << 16 };

static const char *text_of(const struct xcy_paired_run *run, size_t fact)
{
    return run->facts.text[fact];
}

static bool is_constant(const struct xcy_paired_run *runs, size_t n, size_t fact)
{
    for (size_t i = 1; i < n; i++) {
        if (strcmp(text_of(&runs[i], fact), text_of(&runs[0], fact)) != 0) {
            return false;
        }
    }
    return true;
}

/* The facts by which cells are told apart. */
struct asked {
    bool is[XCY_N_FACTS];
};

static struct asked asked_of(const struct xcy_pairing *p)
{
    struct asked asked = {.is = {false}};
    for (size_t fact = 0; fact < XCY_N_FACTS; fact++) {
        asked.is[fact] = xcy_facts[fact].makes_cells && !(is_constant(p->runs[0], p->n[0], fact) &&
                                                          is_constant(p->runs[1], p->n[1], fact));
    }
    return asked;
}

static bool is_same_cell(const struct asked *asked, const struct xcy_paired_run *a,
                         const struct xcy_paired_run *b)
{
    for (size_t fact = 0; fact < XCY_N_FACTS; fact++) {
        if (asked->is[fact] && strcmp(text_of(a, fact), text_of(b, fact)) != 0) {
            return false;
        }
    }
    return true;
}

/* "dynamo sns", "s3 sns, delay_ms 200": stores are known by their name alone. */
static char *label_of(const struct asked *asked, const struct xcy_paired_run *run)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_LABEL_BYTES);
    for (size_t fact = 0; fact < XCY_N_FACTS; fact++) {
        if (asked->is[fact]) {
            bool is_known = fact <= XCY_FACT_CONSISTENCY;
            xcy_buf_add_text(&text, text.len == 0 ? "" : is_known ? " " : ", ");
            xcy_buf_addf(&text, "%s%s%s", is_known ? "" : xcy_facts[fact].name, is_known ? "" : " ",
                         text_of(run, fact));
        }
    }
    return xcy_buf_take(&text);
}

static const struct xcy_paired_run *first_of(const struct xcy_cell_pair *pair)
{
    return pair->n[0] > 0 ? pair->runs[0][0] : pair->runs[1][0];
}

static struct xcy_cell_pair *cell_of(struct xcy_pairing *p, const struct asked *asked,
                                     const struct xcy_paired_run *run)
{
    for (size_t i = 0; i < p->n_pairs; i++) {
        if (is_same_cell(asked, first_of(&p->pairs[i]), run)) {
            return &p->pairs[i];
        }
    }
    p->pairs = xcy_realloc_array(p->pairs, p->n_pairs + 1, sizeof *p->pairs);
    struct xcy_cell_pair *pair = &p->pairs[p->n_pairs++];
    *pair = (struct xcy_cell_pair){.label = label_of(asked, run)};
    return pair;
}

static void put(struct xcy_pairing *p, const struct asked *asked, size_t side)
{
    for (size_t i = 0; i < p->n[side]; i++) {
        struct xcy_cell_pair *pair = cell_of(p, asked, &p->runs[side][i]);
        size_t n = pair->n[side]++;
        pair->runs[side] = xcy_realloc_array((void *)pair->runs[side], n + 1, sizeof(void *));
        pair->runs[side][n] = &p->runs[side][i];
    }
}

struct xcy_pairing xcy_pairing_of(struct xcy_paired_run *a, size_t n_a, struct xcy_paired_run *b,
                                  size_t n_b)
{
    struct xcy_pairing p = {.runs = {a, b}, .n = {n_a, n_b}};
    struct asked asked = asked_of(&p);
    put(&p, &asked, 0);
    put(&p, &asked, 1);
    return p;
}

/* Also where some were not read. */
static void clear_runs(struct xcy_paired_run *runs, size_t n)
{
    for (size_t i = 0; runs && i < n; i++) {
        xcy_run_facts_clear(&runs[i].facts);
    }
    free(runs);
}

static enum xcy_status read_runs(const struct xcy_run_set *list, struct xcy_paired_run **runs,
                                 struct xcy_error *err)
{
    *runs = xcy_alloc_array(list->n, sizeof **runs);
    for (size_t i = 0; i < list->n; i++) {
        struct xcy_manifest manifest;
        enum xcy_status status = xcy_manifest_read(list->runs[i].path, &manifest, err);
        if (status != XCY_OK) {
            return status;
        }
        (*runs)[i] = (struct xcy_paired_run){list->runs[i].path, xcy_run_facts_of(&manifest)};
        xcy_manifest_clear(&manifest);
    }
    return XCY_OK;
}

enum xcy_status xcy_pairing_make(const struct xcy_run_set *a, const struct xcy_run_set *b,
                                 struct xcy_pairing *pairing, struct xcy_error *err)
{
    struct xcy_paired_run *runs[2] = {NULL, NULL};
    enum xcy_status status = read_runs(a, &runs[0], err);
    if (status == XCY_OK) {
        status = read_runs(b, &runs[1], err);
    }
    if (status != XCY_OK) {
        clear_runs(runs[0], a->n);
        clear_runs(runs[1], b->n);
        return status;
    }
    *pairing = xcy_pairing_of(runs[0], a->n, runs[1], b->n);
    return XCY_OK;
}

void xcy_pairing_clear(struct xcy_pairing *p)
{
    for (size_t i = 0; i < p->n_pairs; i++) {
        free((void *)p->pairs[i].runs[0]);
        free((void *)p->pairs[i].runs[1]);
        free(p->pairs[i].label);
    }
    free(p->pairs);
    clear_runs(p->runs[0], p->n[0]);
    clear_runs(p->runs[1], p->n[1]);
    *p = (struct xcy_pairing){.n_pairs = 0};
}

/* "100", or of rounds that differ "100 (not all rounds)". */
static char *describe(const struct xcy_cell_pair *pair, size_t side, size_t fact, bool *is_one)
{
    const char *first = text_of(pair->runs[side][0], fact);
    *is_one = true;
    for (size_t i = 1; i < pair->n[side]; i++) {
        *is_one = *is_one && strcmp(text_of(pair->runs[side][i], fact), first) == 0;
    }
    return xcy_format("%s%s", first, *is_one ? "" : " (not all rounds)");
}

size_t xcy_cell_pair_unlike(const struct xcy_cell_pair *pair, struct xcy_unlike *unlike)
{
    size_t n = 0;
    for (size_t fact = 0; fact < XCY_N_FACTS && pair->n[0] > 0 && pair->n[1] > 0; fact++) {
        bool is_one[2];
        struct xcy_unlike u = {
            .fact = (enum xcy_fact)fact,
            .text = {describe(pair, 0, fact, &is_one[0]), describe(pair, 1, fact, &is_one[1])},
            .is_subject = xcy_facts[fact].is_subject,
        };
        if (!is_one[0] || !is_one[1] || strcmp(u.text[0], u.text[1]) != 0) {
            unlike[n++] = u;
        } else {
            xcy_unlike_clear(&u);
        }
    }
    return n;
}

void xcy_unlike_clear(struct xcy_unlike *u)
{
    free(u->text[0]);
    free(u->text[1]);
    *u = (struct xcy_unlike){.text = {NULL, NULL}};
}
