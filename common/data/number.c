#include "common/data/number.h"

#include "common/base/error.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_DIGITS = 17, NUMBER_TEXT_MAX = 400, DIGITS_BYTES = 40, ROOM_BYTES = 64 };

/* The C library keeps the "C" locale as a constant: asking for it allocates nothing. */
static locale_t c_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static double read_back(const char *text)
{
    locale_t c = c_locale();
    double value = strtod_l(text, NULL, c);
    freelocale(c);
    return value;
}

static void print_digits(char to[DIGITS_BYTES], int n_digits, double value)
{
    locale_t c = c_locale();
    locale_t kept = uselocale(c);
    snprintf(to, DIGITS_BYTES, "%.*e", n_digits - 1, value);
    uselocale(kept);
    freelocale(c);
}

/* Adds one to the last digit of "d.ddde±xx"; a carry out of the first digit is left undone. */
static void add_one_to_last(char *text)
{
    char *p = strchr(text, 'e');
    while (--p > text && (*p == '9' || *p == '.')) {
        *p = *p == '9' ? '0' : '.';
    }
    *p = (char)(*p + (*p >= '0' && *p < '9'));
}

/* Below a power of two doubles lie twice as close as above it: there the 16 digits next above may
 * read back where the nearest ones do not. */
static bool print_above(char to[DIGITS_BYTES], double value)
{
    int exponent = 0;
    if (fabs(frexp(value, &exponent)) != 0.5) {
        return false;
    }
    print_digits(to, MAX_DIGITS - 1, value);
    add_one_to_last(to);
    return read_back(to) == value;
}

/* The fewest digits that read back, as "d.ddde±xx". Up to 15 digits survive a trip through a normal
 * double unchanged, so that fewer need not be tried: the zeros at the end are cut later. */
static void print_shortest(char to[DIGITS_BYTES], double value)
{
    int n = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    print_digits(to, n, value);
    while (n < MAX_DIGITS && read_back(to) != value) {
        n++;
        if (n == MAX_DIGITS && print_above(to, value)) {
            return;
        }
        print_digits(to, n, value);
    }
}

struct digits {
    char text[DIGITS_BYTES]; /* without the point, and without zeros at the end */
    int n;
    int exponent; /* of the first digit */
};

static struct digits split(const char *text)
{
    struct digits d = {.n = 0};
    const char *p = text;
    for (; *p != 'e'; p++) {
        if (*p >= '0' && *p <= '9') {
            d.text[d.n++] = *p;
        }
    }
    while (d.n > 1 && d.text[d.n - 1] == '0') {
        d.n--;
    }
    d.text[d.n] = '\0';
    d.exponent = (int)strtol(p + 1, NULL, 10);
    return d;
}

static void write_scientific(struct digits d, char to[ROOM_BYTES])
{
    snprintf(to, ROOM_BYTES, "%c%s%.17se%c%02d", d.text[0], d.n > 1 ? "." : "", d.text + 1,
             d.exponent < 0 ? '-' : '+', abs(d.exponent));
}

static void write_plain(struct digits d, char to[ROOM_BYTES])
{
    static const char zeros[] = "0000000000000000";
    int n_whole = d.exponent + 1;
    if (n_whole <= 0) {
        snprintf(to, ROOM_BYTES, "0.%.*s%.17s", -n_whole, zeros, d.text);
    } else if (d.n <= n_whole) {
        snprintf(to, ROOM_BYTES, "%.17s%.*s.0", d.text, n_whole - d.n, zeros);
    } else {
        snprintf(to, ROOM_BYTES, "%.*s.%.17s", n_whole, d.text, d.text + n_whole);
    }
}

static void write_finite(double value, char to[ROOM_BYTES])
{
    char text[DIGITS_BYTES];
    print_shortest(text, value);
    struct digits d = split(text);
    if (d.exponent < -4 || d.exponent >= 16) {
        write_scientific(d, to);
    } else {
        write_plain(d, to);
    }
}

void xcy_double_format(double value, char to[XCY_DOUBLE_TEXT_BYTES])
{
    char room[ROOM_BYTES] = "nan";
    if (isinf(value)) {
        snprintf(room, sizeof room, "inf");
    } else if (!isnan(value)) {
        write_finite(fabs(value), room);
    }
    size_t n_sign = signbit(value) && !isnan(value) ? 1 : 0;
    size_t n = strlen(room) + 1;
    xcy_assert(n_sign + n <= XCY_DOUBLE_TEXT_BYTES);
    to[0] = '-';
    memcpy(to + n_sign, room, n);
}

static size_t skip_digits(struct xcy_bytes text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        at++;
    }
    return at;
}

static bool is_one_of(struct xcy_bytes text, size_t at, char a, char b)
{
    return at < text.len && (text.ptr[at] == a || text.ptr[at] == b);
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before or after the point */
static bool is_decimal(struct xcy_bytes text)
{
    size_t at = is_one_of(text, 0, '+', '-') ? 1 : 0;
    size_t whole = skip_digits(text, at);
    size_t n_digits = whole - at;
    at = whole;
    if (is_one_of(text, at, '.', '.')) {
        size_t part = skip_digits(text, at + 1);
        n_digits += part - (at + 1);
        at = part;
    }
    if (n_digits == 0) {
        return false;
    }
    if (is_one_of(text, at, 'e', 'E')) {
        size_t first = at + (is_one_of(text, at + 1, '+', '-') ? 2 : 1);
        at = skip_digits(text, first);
        if (at == first) {
            return false;
        }
    }
    return at == text.len;
}

static bool is_word(struct xcy_bytes text, const char *word)
{
    return xcy_bytes_equal(text, xcy_bytes_of(word));
}

static bool parse_word(struct xcy_bytes text, double *value)
{
    if (is_word(text, "nan")) {
        *value = NAN;
    } else if (is_word(text, "inf")) {
        *value = INFINITY;
    } else if (is_word(text, "-inf")) {
        *value = -INFINITY;
    } else {
        return false;
    }
    return true;
}

bool xcy_double_parse(struct xcy_bytes text, double *value)
{
    char room[NUMBER_TEXT_MAX + 1];
    if (text.len > NUMBER_TEXT_MAX) {
        return false;
    }
    if (!is_decimal(text)) {
        return parse_word(text, value);
    }
    memcpy(room, text.ptr, text.len);
    room[text.len] = '\0';
    double read = read_back(room);
    if (isinf(read)) {
        return false;
    }
    *value = read;
    return true;
}

bool xcy_int64_parse(struct xcy_bytes text, int64_t *value)
{
    char room[NUMBER_TEXT_MAX + 1];
    size_t first = is_one_of(text, 0, '+', '-') ? 1 : 0;
    if (text.len > NUMBER_TEXT_MAX || text.len == first || skip_digits(text, first) != text.len) {
        return false;
    }
    memcpy(room, text.ptr, text.len);
    room[text.len] = '\0';
    errno = 0;
    intmax_t read = strtoimax(room, NULL, 10);
    if (errno == ERANGE) {
        return false;
    }
    *value = read;
    return true;
}
