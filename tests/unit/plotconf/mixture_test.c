#include "tests/unit/plotconf/scratch.h"

#include "plotconf/mixture.h"

#include <math.h>
#include <stdio.h>

static struct xcy_gathered run_of(enum xcy_post_storage storage, double delay_ms,
                                  const char *reader_region)
{
    struct xcy_gathered g = {
        .post_storage = storage, .delay_ms = delay_ms, .writer_region = "eu-central-1"};
    snprintf(g.reader_region, sizeof g.reader_region, "%s", reader_region);
    return g;
}

/* What is noted of the runs, as one text; the mixture is cleared. */
static char *noted(struct xcy_mixture *mixture)
{
    struct xcy_notes notes;
    xcy_notes_init(&notes);
    xcy_mixture_note(mixture, &notes);
    struct xcy_json *list = xcy_notes_take(&notes);
    char *text = xcy_json_text(list);
    xcy_json_free(list);
    xcy_mixture_clear(mixture);
    return text;
}

static void runs_that_differ_in_nothing_are_no_mixture(void **state)
{
    (void)state;
    struct xcy_mixture mixture = {0};
    const struct xcy_gathered runs[] = {run_of(XCY_POST_S3, 0, "us-east-1"),
                                        run_of(XCY_POST_S3, 0, "us-east-1"),
                                        run_of(XCY_POST_CACHE, 50, "ap-southeast-1")};
    for (size_t i = 0; i < 3; i++) {
        xcy_mixture_add(&mixture, &runs[i], NULL);
    }
    char *text = noted(&mixture);
    assert_string_equal(text, "[]");
    free(text);
}

static void what_is_not_told_is_no_difference(void **state)
{
    (void)state;
    struct xcy_mixture mixture = {0};
    const struct xcy_gathered runs[] = {run_of(XCY_POST_S3, 0, "us-east-1"),
                                        run_of(XCY_POST_S3, NAN, "")};
    const struct xcy_combination ours = {
        .post_bytes = 1000, .writer_region = "eu-central-1", .reader_region = "us-east-1"};
    xcy_mixture_add(&mixture, &runs[0], NULL);
    xcy_mixture_add(&mixture, &runs[1], NULL);
    xcy_mixture_add(&mixture, &runs[1], &ours);
    char *text = noted(&mixture);
    assert_string_equal(text, "[]");
    free(text);
}

static void each_difference_is_named_with_its_values(void **state)
{
    (void)state;
    struct xcy_mixture mixture = {0};
    const struct xcy_gathered runs[] = {run_of(XCY_POST_DYNAMO, 20, "us-east-1"),
                                        run_of(XCY_POST_DYNAMO, 80, "us-east-1"),
                                        run_of(XCY_POST_DYNAMO, 20, "ap-southeast-1")};
    for (size_t i = 0; i < 3; i++) {
        xcy_mixture_add(&mixture, &runs[i], NULL);
    }
    for (int64_t bytes = 1000; bytes < 3000; bytes += 1000) {
        const struct xcy_combination ours = {.delay_ms = 20,
                                             .post_bytes = bytes,
                                             .writer_region = "eu-west-1",
                                             .reader_region = "us-east-1"};
        xcy_mixture_add(&mixture, &runs[0], &ours);
    }
    char *text = noted(&mixture);
    assert_has(text, "\"kind\":\"mixed_settings\"");
    assert_has(text, "DynamoDB: runs of different delays are taken together, as in the reference: "
                     "20 ms, 80 ms\"");
    assert_has(text, "writer regions are taken together, as in the reference: eu-central-1, "
                     "eu-west-1\"");
    assert_has(text, "reader regions are taken together, as in the reference: us-east-1, "
                     "ap-southeast-1\"");
    assert_has(text, "sizes of posts are taken together, as in the reference: 1000 bytes, "
                     "2000 bytes\"");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_that_differ_in_nothing_are_no_mixture),
        cmocka_unit_test(what_is_not_told_is_no_difference),
        cmocka_unit_test(each_difference_is_named_with_its_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
