#ifndef XCY_PLOTCONF_CHART_H
#define XCY_PLOTCONF_CHART_H

/*
 * chart.h - bars side by side: a group for each category, in it a bar for each series, with whiskers,
 * a second range beside it and labels. What the figures made of bars share.
 *
 * Bars stand side by side, never stacked: on a log axis the length of a stacked part means nothing.
 * What a log axis does not have, 0 and below, is drawn at its foot.
 *
 * Memory:   plain data; titles are borrowed.
 */

#include "common/base/buf.h"

enum { XCY_CHART_MAX_CATEGORIES = 8, XCY_CHART_MAX_SERIES = 3, XCY_CHART_LABEL_BYTES = 64 };

enum xcy_chart_scale {
    XCY_CHART_LOG_MS, /* milliseconds, logarithmic, labelled in words */
    XCY_CHART_MS,
    XCY_CHART_LOG_BYTES,
    XCY_CHART_PERCENT /* values are percents */
};

/* NaN: not there. Infinite ends are drawn to the edge. */
struct xcy_chart_bar {
    double value;
    double low; /* whisker */
    double high;
    double range_low; /* of another quantity, beside the bar */
    double range_high;
    char label[XCY_CHART_LABEL_BYTES]; /* over the bar; of one that is not there "no data" stands */
};

struct xcy_chart_category {
    const char *title;
    char subtitle[XCY_CHART_LABEL_BYTES];   /* under it */
    char note[XCY_CHART_LABEL_BYTES];       /* over the group */
    char range_note[XCY_CHART_LABEL_BYTES]; /* over that, in the colour of the ranges */
    struct xcy_chart_bar bars[XCY_CHART_MAX_SERIES];
};

struct xcy_chart {
    const char *title;
    const char *subtitle;
    char remark[192]; /* a third line */
    const char *axis;
    enum xcy_chart_scale scale;
    const char *series[XCY_CHART_MAX_SERIES];
    size_t n_series;
    const char *range_title; /* what the ranges are; NULL: there are none */
    struct xcy_chart_category categories[XCY_CHART_MAX_CATEGORIES];
    size_t n_categories;
};

/* A new category whose bars are not there. */
struct xcy_chart_category *xcy_chart_add(struct xcy_chart *chart, const char *title);

/* The data file (tab separated, '#' header, '?' for what is not there), and the commands that draw it
 * from the data block $data. */
void xcy_chart_data(const struct xcy_chart *chart, struct xcy_buf *out);
void xcy_chart_script(const struct xcy_chart *chart, struct xcy_buf *out);

#endif
