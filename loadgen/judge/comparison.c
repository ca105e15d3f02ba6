#include "loadgen/judge/comparison.h"

#include "common/base/error.h"

const char *const xcy_comparison_signs[XCY_N_COMPARISONS + 1] = {
    [XCY_AT_MOST] = "<=", [XCY_AT_LEAST] = ">=",      [XCY_BELOW] = "<",
    [XCY_ABOVE] = ">",    [XCY_N_COMPARISONS] = NULL,
};

/* Which orders of found and bound each one takes. */
static const struct {
    bool below;
    bool same;
    bool above;
} takes[XCY_N_COMPARISONS] = {
    [XCY_AT_MOST] = {.below = true, .same = true},
    [XCY_AT_LEAST] = {.same = true, .above = true},
    [XCY_BELOW] = {.below = true},
    [XCY_ABOVE] = {.above = true},
};

enum xcy_comparison xcy_comparison_find(const char *text)
{
    enum xcy_comparison c = XCY_AT_MOST;
    while (c < XCY_N_COMPARISONS &&
           strncmp(text, xcy_comparison_signs[c], strlen(xcy_comparison_signs[c])) != 0) {
        c++;
    }
    return c;
}

bool xcy_comparison_holds(enum xcy_comparison comparison, double found, double bound)
{
    xcy_assert(comparison < XCY_N_COMPARISONS);
    if (found == bound) {
        return takes[comparison].same;
    }
    return found < bound ? takes[comparison].below : takes[comparison].above;
}
