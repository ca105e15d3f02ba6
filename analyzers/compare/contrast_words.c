#include "analyzers/compare/contrast_cells.h"

#include <math.h>
#include <string.h>

/* The text of a column, as the table has it. */
struct cell {
    char text[XCY_CONTRAST_CELL_BYTES];
};

static struct cell cell_of(const struct xcy_contrast *c, enum xcy_contrast_column column)
{
    struct cell cell;
    xcy_contrast_cell(c, column, cell.text);
    return cell;
}

/* "57.1 ms (+56.4%)", without the sign that a comparative stands for. */
static void add_size(const struct xcy_contrast *c, struct xcy_buf *out)
{
    struct cell shift = cell_of(c, XCY_CONTRAST_SHIFT);
    struct cell change = cell_of(c, XCY_CONTRAST_CHANGE);
    bool is_one = !strstr(shift.text, "..");
    xcy_buf_add_text(out, is_one ? shift.text + strspn(shift.text, "+-") : shift.text);
    if (strcmp(change.text, "-") != 0) {
        xcy_buf_addf(out, " (%s)", change.text);
    }
}

static void add_test(const struct xcy_contrast *c, struct xcy_buf *out)
{
    struct cell ci = cell_of(c, XCY_CONTRAST_CI);
    struct cell p = cell_of(c, XCY_CONTRAST_P);
    xcy_buf_addf(out, ", 95%% CI %s, p %s%s", strcmp(ci.text, "-") == 0 ? "none" : ci.text,
                 p.text[0] == '<' ? "" : "= ", p.text);
}

static void add_clock(const struct xcy_contrast *c, struct xcy_buf *out)
{
    struct cell clock = cell_of(c, XCY_CONTRAST_CLOCK);
    if (strcmp(clock.text, "-") != 0) {
        xcy_buf_addf(out, ", clocks %s", clock.text);
    }
}

/* "B is 57.1 ms (+56.4%) longer"; where most values are equal, the shift of ranks is 0. */
static void add_difference(const struct xcy_contrast *c, struct xcy_buf *out)
{
    bool is_hidden = c->shift.estimate.low == 0 && c->shift.estimate.high == 0;
    xcy_buf_add_text(out, is_hidden ? "B tends to be " : "B is ");
    if (!is_hidden) {
        add_size(c, out);
        xcy_buf_add_char(out, ' ');
    }
    xcy_buf_addf(out, "%s%s", xcy_contrast_comparative(c),
                 is_hidden ? ", many values being equal: shift 0" : "");
    add_test(c, out);
    add_clock(c, out);
}

static void add_none(const struct xcy_contrast *c, struct xcy_buf *out)
{
    xcy_buf_addf(out, "no difference found: shift %s", cell_of(c, XCY_CONTRAST_SHIFT).text);
    add_test(c, out);
    add_clock(c, out);
}

static void add_within_clocks(const struct xcy_contrast *c, struct xcy_buf *out)
{
    xcy_buf_addf(out, "B differs by %s, which chance and the clocks can make (%s)",
                 cell_of(c, XCY_CONTRAST_SHIFT).text, cell_of(c, XCY_CONTRAST_CLOCK).text);
    add_test(c, out);
}

static void add_too_few(const struct xcy_contrast *c, struct xcy_buf *out)
{
    xcy_buf_addf(out,
                 "too few rounds (%lld and %lld; each side needs %d): the means differ by %s; that "
                 "is no finding",
                 (long long)c->n[0], (long long)c->n[1], XCY_LEAST_ROUNDS,
                 cell_of(c, XCY_CONTRAST_SHIFT).text);
}

static void add_unbounded(const struct xcy_contrast *c, struct xcy_buf *out)
{
    (void)c;
    xcy_buf_add_text(out, "no test: a round's value is censored, so that its mean has no bound");
}

static void add_no_values(const struct xcy_contrast *c, struct xcy_buf *out)
{
    xcy_buf_addf(out, "only %s has values", c->n[0] > 0 ? "A" : "B");
}

/* "within 2%", of shares "within 2 points". */
static void add_equivalence(const struct xcy_contrast *c, double margin, struct xcy_buf *out)
{
    static const char *const words[] = {
        [XCY_TOST_UNDECIDED] = "not shown to be within",
        [XCY_TOST_EQUIVALENT] = "equivalent within",
        [XCY_TOST_DIFFERENT] = "differs by more than",
    };
    xcy_buf_addf(out, "; %s %g%s", words[c->equivalence], 100 * margin,
                 xcy_contrast_traits[c->kind].has_ratio ? "%" : " points");
    bool is_undecided = c->equivalence == XCY_TOST_UNDECIDED;
    if (is_undecided && c->may_be_negative) {
        xcy_buf_add_text(out, ": values may be negative, and so a ratio cannot be told");
    } else if (is_undecided && c->needs_rounds > 0) {
        xcy_buf_addf(out, ": if rounds vary as these do, that needs %lld a side",
                     (long long)c->needs_rounds);
    }
}

void xcy_contrast_unit(bool of_rounds, double quantile, struct xcy_buf *out)
{
    if (of_rounds) {
        xcy_buf_addf(out,
                     "  unit: the round, and of durations the p%g of each round; intervals and p "
                     "are of the rounds' values\n",
                     100 * quantile);
    } else {
        xcy_buf_add_text(out, "  unit: the request; differences between these two runs: another "
                              "day's run was not asked\n");
    }
}

void xcy_contrast_words(const struct xcy_contrast *c, double margin, struct xcy_buf *out)
{
    static void (*const words[XCY_N_FOUND])(const struct xcy_contrast *, struct xcy_buf *) = {
        [XCY_FOUND_NO_VALUES] = add_no_values,         [XCY_FOUND_TOO_FEW] = add_too_few,
        [XCY_FOUND_UNBOUNDED] = add_unbounded,         [XCY_FOUND_LARGER] = add_difference,
        [XCY_FOUND_SMALLER] = add_difference,          [XCY_FOUND_NO_DIFFERENCE] = add_none,
        [XCY_FOUND_WITHIN_CLOCKS] = add_within_clocks,
    };
    words[c->found](c, out);
    if (margin > 0 && c->found != XCY_FOUND_NO_VALUES) {
        add_equivalence(c, margin, out);
    }
}
