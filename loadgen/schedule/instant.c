#include "loadgen/schedule/instant.h"

#include "common/data/number.h"

#include <math.h>
#include <string.h>

enum { N_DECIMALS = 9, HOURS_A_DAY = 24, SECONDS_A_MINUTE = 60, SECONDS_A_DAY = 86400 };

/* The last second whose nanoseconds since 1970 all fit into 63 bits. */
#define MAX_S INT64_C(9223372035)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(struct xcy_bytes text)
{
    size_t n = 0;
    while (n < text.len && is_digit(text.ptr[n])) {
        n++;
    }
    return n;
}

static struct xcy_bytes skip(struct xcy_bytes text, size_t n)
{
    return xcy_bytes(text.ptr + n, text.len - n);
}

/* Takes ".25" from the head of *text: 250000000. Without a point nothing, and that is 0. */
static bool take_fraction(struct xcy_bytes *text, int64_t *ns)
{
    *ns = 0;
    if (text->len == 0 || text->ptr[0] != '.') {
        return true;
    }
    struct xcy_bytes digits = skip(*text, 1);
    size_t n = count_digits(digits);
    for (size_t i = 0; i < N_DECIMALS; i++) {
        *ns = *ns * 10 + (i < n ? digits.ptr[i] - '0' : 0);
    }
    if (n > N_DECIMALS && digits.ptr[N_DECIMALS] >= '5') {
        *ns += 1;
    }
    *text = skip(digits, n);
    return n > 0;
}

/* 1795255200.123456789 has more digits than a double: they are read as they stand. */
static bool parse_seconds(struct xcy_bytes text, int64_t *ns)
{
    size_t n = count_digits(text);
    int64_t whole_s = 0;
    if (n == 0 || !xcy_int64_parse(xcy_bytes(text.ptr, n), &whole_s) || whole_s > MAX_S) {
        return false;
    }
    struct xcy_bytes rest = skip(text, n);
    int64_t part_ns = 0;
    if (!take_fraction(&rest, &part_ns) || rest.len > 0) {
        return false;
    }
    *ns = whole_s * XCY_NS_PER_S + part_ns;
    return true;
}

/* "1e-05", "1.7952552e9", ".5": as programs print a number. */
static bool parse_number(struct xcy_bytes text, int64_t *ns)
{
    double seconds = 0;
    if (!xcy_double_parse(text, &seconds) || !(seconds >= 0) || seconds > (double)MAX_S) {
        return false;
    }
    *ns = (int64_t)llroundl((long double)seconds * XCY_NS_PER_S);
    return true;
}

/* Takes n digits from the head of *text, and the character behind them ('\0': none). */
static bool take_part(struct xcy_bytes *text, size_t n, char behind, int64_t *value)
{
    size_t wanted = n + (behind ? 1 : 0);
    if (text->len < wanted || count_digits(*text) < n || (behind && text->ptr[n] != behind) ||
        !xcy_int64_parse(xcy_bytes(text->ptr, n), value)) {
        return false;
    }
    *text = skip(*text, wanted);
    return true;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t days_of(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static bool take_date(struct xcy_bytes *text, int64_t *days)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (!take_part(text, 4, '-', &year) || !take_part(text, 2, '-', &month) ||
        !take_part(text, 2, 'T', &day) || year < 1970 || year > 2261 || month < 1 || month > 12 ||
        day < 1 || day > days_of(year, month)) {
        return false;
    }
    *days = day - 1;
    for (int64_t y = 1970; y < year; y++) {
        *days += is_leap(y) ? 366 : 365;
    }
    for (int64_t m = 1; m < month; m++) {
        *days += days_of(year, m);
    }
    return true;
}

static bool is_utc(struct xcy_bytes text)
{
    return xcy_bytes_equal(text, xcy_bytes_of("Z")) ||
           xcy_bytes_equal(text, xcy_bytes_of("+00:00"));
}

static bool parse_iso(struct xcy_bytes text, int64_t *ns)
{
    int64_t days = 0;
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    int64_t part_ns = 0;
    if (!take_date(&text, &days) || !take_part(&text, 2, ':', &hour) ||
        !take_part(&text, 2, ':', &minute) || !take_part(&text, 2, '\0', &second) ||
        !take_fraction(&text, &part_ns) || !is_utc(text) || hour >= HOURS_A_DAY ||
        minute >= SECONDS_A_MINUTE || second >= SECONDS_A_MINUTE) {
        return false;
    }
    int64_t minutes = hour * 60 + minute;
    *ns = (days * SECONDS_A_DAY + minutes * SECONDS_A_MINUTE + second) * XCY_NS_PER_S + part_ns;
    return true;
}

bool xcy_instant_parse(struct xcy_bytes text, struct xcy_wall *instant)
{
    return parse_seconds(text, &instant->ns) || parse_iso(text, &instant->ns) ||
           parse_number(text, &instant->ns);
}
