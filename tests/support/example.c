#include "tests/support/example.h"

#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char separators[] = " \n";

static void fail_at(const struct example *e, const char *why)
{
    fail_msg("%s:%d: %s", e->page, e->line, why);
}

/* The numbers from *text on, up to a "]" where it is a list; *text moves behind them. */
static struct xcy_values argument_at(struct example *e, char **text, size_t *used)
{
    bool is_list = **text == '[';
    struct xcy_values found = {e->values + *used, 0};
    *text += is_list;
    do {
        char *end = NULL;
        double value = strtod(*text, &end);
        if (end == *text || *used >= EXAMPLE_VALUES) {
            fail_at(e, "a number is missing, or they are too many");
        }
        e->values[(*used)++] = value;
        found.n++;
        *text = end + strspn(end, separators);
    } while (is_list && **text != ']');
    *text += is_list;
    *text += strspn(*text, separators);
    return found;
}

/* "name argument... = result..." */
static void parse(struct example *e)
{
    size_t used = 0;
    size_t length = strcspn(e->text, separators);
    snprintf(e->name, sizeof e->name, "%.*s", (int)length, e->text);
    char *at = e->text + length + strspn(e->text + length, separators);
    for (e->n_arguments = 0; *at != '=' && *at && e->n_arguments < EXAMPLE_ARGUMENTS;) {
        e->arguments[e->n_arguments] = argument_at(e, &at, &used);
        e->n_arguments++;
    }
    if (*at != '=') {
        fail_at(e, "no = behind the arguments");
    }
    char *rest = NULL;
    e->n_results = 0;
    for (char *word = strtok_r(at + 1, separators, &rest); word;
         word = strtok_r(NULL, separators, &rest)) {
        if (e->n_results == EXAMPLE_RESULTS) {
            fail_at(e, "too many results");
        }
        e->results[e->n_results++] = word;
    }
}

bool example_next(struct example *e, FILE *page)
{
    while (fgets(e->text, sizeof e->text, page)) {
        e->line++;
        if (strncmp(e->text, "```", 3) == 0) {
            e->is_inside = strcmp(e->text, "```example\n") == 0;
        } else if (e->is_inside) {
            parse(e);
            return true;
        }
    }
    return false;
}

/* Half a unit of the last digit shown. */
static double tolerance_of(const char *shown)
{
    const char *point = strchr(shown, '.');
    const char *power = strpbrk(shown, "eE");
    size_t digits = point ? strspn(point + 1, "0123456789") : 0;
    double unit = pow(10, -(double)digits) * (power ? pow(10, strtod(power + 1, NULL)) : 1);
    return unit * 0.5 * (1 + 1e-9);
}

static bool is_shown(double value, const char *shown)
{
    double expected = strtod(shown, NULL);
    if (isnan(value) || isnan(expected)) {
        return isnan(value) && isnan(expected);
    }
    return value == expected || fabs(value - expected) <= tolerance_of(shown);
}

void example_assert(const struct example *e, const double *numbers, size_t n, const char *word)
{
    if (e->n_results != n + (word != NULL)) {
        fail_at(e, "another number of results");
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_shown(numbers[i], e->results[i])) {
            fail_msg("%s:%d: %s: result %zu is %.10g, shown as %s", e->page, e->line, e->name,
                     i + 1, numbers[i], e->results[i]);
        }
    }
    if (word) {
        assert_string_equal(e->results[n], word);
    }
}
