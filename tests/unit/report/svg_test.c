#include "tests/support/unit.h"

#include "report/svg.h"

#include <math.h>
#include <string.h>

enum { X, Y, LOW, HIGH, N_COLUMNS };
static const struct xcy_grid_column columns[N_COLUMNS] = {
    {.name = "x"}, {.name = "y"}, {.name = "low"}, {.name = "high"}};
static const struct xcy_series step = {XCY_SERIES_STEP, "a step",       1, Y,
                                       XCY_SERIES_NONE, XCY_SERIES_NONE};
static const struct xcy_series band = {XCY_SERIES_BAND, "a band", 0, XCY_SERIES_NONE, LOW, HIGH};
static const struct xcy_series points = {XCY_SERIES_POINTS, "points", 2, Y, LOW, HIGH};

struct picture {
    struct xcy_grid grid;
    struct xcy_drawing drawing;
    struct xcy_buf out;
};

/* Values 0..100 over 0..4: one unit upwards is 1.92 of the picture, one along 88. */
static void draw(struct picture *p, const struct xcy_series *series, size_t n_rows,
                 const double rows[][N_COLUMNS])
{
    const struct xcy_branch nowhere = {.path = ""};
    *p = (struct picture){.grid = {.columns = columns, .n_columns = N_COLUMNS}};
    for (size_t i = 0; i < n_rows; i++) {
        memcpy(xcy_grid_add(&p->grid, "a <row>", &nowhere)->values, rows[i], sizeof rows[i]);
    }
    p->drawing = (struct xcy_drawing){.title = "a \"title\"",
                                      .grid = &p->grid,
                                      .series = series,
                                      .n_series = 1,
                                      .value = {.title = "share (%)", .factor = 1},
                                      .along = {.title = "delay (ms)", .factor = 1},
                                      .x = X,
                                      .x_end = XCY_SERIES_NONE};
    xcy_buf_init(&p->out, 1 << 16);
}

static void clear(struct picture *p)
{
    xcy_grid_clear(&p->grid);
    xcy_buf_clear(&p->out);
}

static void assert_has(const struct picture *p, const char *text)
{
    if (!strstr(p->out.ptr, text)) {
        fail_msg("no %s in\n%s", text, p->out.ptr);
    }
}

static size_t count(const struct picture *p, const char *text)
{
    size_t n = 0;
    for (const char *at = p->out.ptr; (at = strstr(at, text)); at++) {
        n++;
    }
    return n;
}

static void a_step_goes_on_to_where_the_next_begins(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 100, 0, 0}, {2, 50, 0, 0}, {4, 0, 0, 0}};
    struct picture p;
    draw(&p, &step, 3, rows);
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "<path class=\"stroke s1\" d=\"M46.0 26.0H222.0L222.0 122.0H398.0L398.0 "
                   "218.0H398.0\"/>");
    clear(&p);
}

static void a_missing_value_is_a_gap(void **state)
{
    (void)state;
    const double rows[][N_COLUMNS] = {{0, 0, 0, 0}, {1, 100, 0, 0}, {2, NAN, 0, 0}, {4, 50, 0, 0}};
    struct picture p;
    draw(&p, &step, 4, rows);
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "d=\"M46.0 218.0H134.0L134.0 26.0H222.0M398.0 122.0H398.0\"/>");
    assert_int_equal(count(&p, "nan"), 0);
    clear(&p);
}

static void a_band_goes_forth_along_its_upper_edge_and_back_along_its_lower_one(void **state)
{
    (void)state;
    const double rows[][N_COLUMNS] = {
        {0, 0, 0, 100}, {2, 0, 50, 100}, {3, 0, NAN, 70}, {4, 0, 50, 50}};
    struct picture p;
    draw(&p, &band, 4, rows);
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "<path class=\"fill band s0\" d=\"M46.0 26.0H222.0L222.0 26.0H310.0"
                   "L310.0 122.0H222.0L222.0 218.0H46.0z"
                   "M398.0 122.0H398.0L398.0 122.0H398.0z\"/>");
    clear(&p);
}

static void between_rows_a_band_is_as_wide_as_the_outermost_of_both(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 0, 50, 100}, {4, 0, 0, 50}};
    struct picture p;
    draw(&p, &band, 2, rows);
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p,
               "d=\"M46.0 26.0H398.0L398.0 122.0H398.0L398.0 218.0H398.0L398.0 218.0H46.0z\"/>");
    clear(&p);
}

static void a_band_over_spans_is_each_span_s_own(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 50, 50, 100}, {50, 100, 0, 50}};
    struct picture p;
    draw(&p, &band, 2, rows);
    p.drawing.x_end = Y; /* from 0 to 50, and to 100 */
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p,
               "d=\"M46.0 26.0H222.0L222.0 122.0H398.0L398.0 218.0H222.0L222.0 122.0H46.0z\"/>");
    clear(&p);
}

static void a_line_goes_straight_and_breaks_at_a_gap(void **state)
{
    (void)state;
    static const struct xcy_series line = {XCY_SERIES_LINE, "a line",       3, Y,
                                           XCY_SERIES_NONE, XCY_SERIES_NONE};
    const double rows[][N_COLUMNS] = {{0, 0, 0, 0}, {1, 100, 0, 0}, {2, NAN, 0, 0}, {4, 50, 0, 0}};
    struct picture p;
    draw(&p, &line, 4, rows);
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "<path class=\"stroke s3\" d=\"M46.0 218.0L134.0 26.0M398.0 122.0\"/>");
    clear(&p);
}

static void a_point_has_its_bar_and_stands_in_the_middle_of_a_span(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 50, 0, 100}};
    struct picture p;
    draw(&p, &points, 1, rows);
    p.drawing.x_end = HIGH; /* to 100 */
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "<path class=\"bar s2\" d=\"M222.0 218.0L222.0 26.0\"/>");
    assert_has(&p, "<path class=\"fill marker s2\" d=\"M222.0 122.0");
    clear(&p);
}

static void axes_have_numbers_units_and_escaped_words(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 100, 0, 0}, {4, 0, 0, 0}};
    struct picture p;
    draw(&p, &step, 2, rows);
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "aria-label=\"a &quot;title&quot;\"");
    assert_has(&p, ">share (%)</text>");
    assert_has(&p, ">delay (ms)</text>");
    assert_has(&p, "<text class=\"tick end\" x=\"39.0\" y=\"30.0\">100</text>");
    assert_has(&p, "<text class=\"tick middle\" x=\"398.0\" y=\"235.0\">4</text>");
    clear(&p);
}

static void a_factor_makes_percent_of_fractions(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 1, 0, 0}, {4, 0, 0, 0}};
    struct picture p;
    draw(&p, &step, 2, rows);
    p.drawing.value.factor = 100;
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "y=\"30.0\">100</text>");
    assert_has(&p, "d=\"M46.0 26.0H398.0L398.0 218.0H398.0\"/>");
    clear(&p);
}

static void a_logarithmic_axis_is_used_only_where_all_values_are_above_zero(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 0.1, 0, 100}, {1, 100, 50, 1000}};
    static const double with_zero[][N_COLUMNS] = {{0, 0, 0, 100}, {1, 100, 50, 1000}};
    struct picture p;
    draw(&p, &points, 2, rows);
    p.drawing.value.wants_log = true;
    xcy_svg_add_rows(&p.out, &p.drawing);
    assert_has(&p, ">0.1</text>");
    /* The bar reaches down to 0: to where the axis begins. */
    assert_has(&p, "<path class=\"bar s2\" d=\"M20.0 26.5L");
    clear(&p);
    draw(&p, &points, 2, with_zero);
    p.drawing.value.wants_log = true;
    xcy_svg_add_rows(&p.out, &p.drawing);
    assert_has(&p, ">0</text>");
    assert_int_equal(count(&p, ">0.1</text>"), 0);
    clear(&p);
}

/* A delay of 0 has its place beside 1, 10 and 100 ms: the edge. */
static void an_x_of_zero_stands_at_the_edge_of_a_logarithmic_axis(void **state)
{
    (void)state;
    static const double rows[][N_COLUMNS] = {{0, 100}, {10, 50}, {100, 0}, {1000, 0}};
    static const double negative[][N_COLUMNS] = {{-1, 100}, {10, 50}};
    struct picture p;
    draw(&p, &step, 4, rows);
    p.drawing.along.wants_log = true;
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, "d=\"M46.0 ");
    assert_has(&p, ">10</text>");
    assert_has(&p, ">1000</text>");
    assert_int_equal(count(&p, "nan"), 0);
    clear(&p);
    draw(&p, &step, 2, negative);
    p.drawing.along.wants_log = true;
    xcy_svg_add_curves(&p.out, &p.drawing);
    assert_has(&p, ">5</text>");
    clear(&p);
}

static void each_row_has_its_label_and_its_point(void **state)
{
    (void)state;
    const double rows[][N_COLUMNS] = {{0, 0, 0, 50}, {0, NAN, NAN, NAN}, {0, 100, 50, 100}};
    struct picture p;
    draw(&p, &points, 3, rows);
    xcy_svg_add_rows(&p.out, &p.drawing);
    assert_int_equal(count(&p, ">a &lt;row&gt;</text>"), 3);
    assert_int_equal(count(&p, "fill marker"), 2);
    assert_has(&p, "<path class=\"fill marker s2\" d=\"M20.0 26.5");
    assert_has(&p, "<path class=\"fill marker s2\" d=\"M400.0 96.5");
    assert_has(&p, "<path class=\"bar s2\" d=\"M210.0 96.5L400.0 96.5\"/>");
    clear(&p);
}

static void without_a_number_there_is_nothing_to_draw(void **state)
{
    (void)state;
    const double rows[][N_COLUMNS] = {{0, NAN, NAN, INFINITY}};
    struct picture p;
    draw(&p, &points, 1, rows);
    assert_false(xcy_svg_has_values(&p.drawing));
    p.grid.rows[0].values[Y] = 1;
    assert_true(xcy_svg_has_values(&p.drawing));
    p.grid.rows[0].values[X] = NAN;
    assert_false(xcy_svg_has_values(&p.drawing));
    clear(&p);
}

static void series_look_different_without_their_colours(void **state)
{
    (void)state;
    struct picture p;
    static const double rows[][N_COLUMNS] = {{0, 1, 1, 1}};
    draw(&p, &points, 1, rows);
    char shapes[XCY_SVG_STYLES][128];
    for (int style = 0; style < XCY_SVG_STYLES; style++) {
        struct xcy_series series = points;
        series.style = style;
        xcy_buf_reset(&p.out);
        xcy_svg_add_sample(&p.out, &series);
        const char *shape = strstr(p.out.ptr, " d=\"");
        assert_non_null(shape);
        strncpy(shapes[style], shape, sizeof shapes[style] - 1);
        shapes[style][sizeof shapes[style] - 1] = '\0';
        for (int other = 0; other < style; other++) {
            assert_string_not_equal(shapes[other], shapes[style]);
        }
    }
    clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_goes_on_to_where_the_next_begins),
        cmocka_unit_test(a_missing_value_is_a_gap),
        cmocka_unit_test(a_band_goes_forth_along_its_upper_edge_and_back_along_its_lower_one),
        cmocka_unit_test(between_rows_a_band_is_as_wide_as_the_outermost_of_both),
        cmocka_unit_test(a_band_over_spans_is_each_span_s_own),
        cmocka_unit_test(a_line_goes_straight_and_breaks_at_a_gap),
        cmocka_unit_test(a_point_has_its_bar_and_stands_in_the_middle_of_a_span),
        cmocka_unit_test(axes_have_numbers_units_and_escaped_words),
        cmocka_unit_test(a_factor_makes_percent_of_fractions),
        cmocka_unit_test(a_logarithmic_axis_is_used_only_where_all_values_are_above_zero),
        cmocka_unit_test(an_x_of_zero_stands_at_the_edge_of_a_logarithmic_axis),
        cmocka_unit_test(each_row_has_its_label_and_its_point),
        cmocka_unit_test(without_a_number_there_is_nothing_to_draw),
        cmocka_unit_test(series_look_different_without_their_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
