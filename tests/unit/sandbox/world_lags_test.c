#include "tests/support/unit.h"

#include "sandbox/world_parts.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static char source[] = "plan.yml";

/* A world of which only the lags are looked at: all legs take no time. */
struct fixture {
    struct xcy_deployment deployment;
    struct xcy_world world;
};

static void open_fixture(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->deployment.source = source;
    f->deployment.sandbox.time_scale = 1;
    f->world.deployment = &f->deployment;
    f->world.seed = 7;
}

static void a_gate_is_only_for_replication(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        const char *name;
    } legs[] = {
        {offsetof(struct xcy_deployment, dynamo.writer_leg), "backends.dynamo.writer_leg"},
        {offsetof(struct xcy_deployment, dynamo.settle), "backends.dynamo.settle"},
        {offsetof(struct xcy_deployment, dynamo.reader_leg), "backends.dynamo.reader_leg"},
        {offsetof(struct xcy_deployment, cache.link), "backends.cache.link"},
        {offsetof(struct xcy_deployment, sns.delivery), "backends.sns.delivery"},
    };
    for (size_t i = 0; i < sizeof legs / sizeof *legs; i++) {
        struct fixture f;
        struct xcy_error err;
        char expected[200];
        open_fixture(&f);
        ((struct xcy_delay *)(void *)((char *)&f.deployment + legs[i].offset))->model =
            XCY_DELAY_GATE;
        snprintf(expected, sizeof expected,
                 "plan.yml: %s: the model gate is only for replication of dynamo and s3",
                 legs[i].name);
        assert_int_equal(xcy_world_make_lags(&f.world, &err), XCY_EUSAGE);
        assert_string_equal(err.text, expected);
        xcy_world_free_lags(&f.world);
    }
}

static void replication_may_be_a_gate(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_error err;
    open_fixture(&f);
    f.deployment.dynamo.replication.model = XCY_DELAY_GATE;
    assert_ok(xcy_world_make_lags(&f.world, &err), &err);
    assert_true(xcy_lag_is_gate(f.world.lags[XCY_LAG_DYNAMO_REPLICATION]));
    xcy_world_free_lags(&f.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_is_only_for_replication),
        cmocka_unit_test(replication_may_be_a_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
