#include "tests/support/unit.h"

#include "campaign/config.h"

#include <string.h>

#define PAIR "{post_storage: dynamo, notification_storage: sns}"

static struct xcy_campaign_config parse(const char *text)
{
    struct xcy_error err;
    struct xcy_campaign_config config;
    assert_ok(xcy_campaign_config_parse("dir/my.yml", xcy_bytes_of(text), &config, &err), &err);
    return config;
}

static void a_simple_file_is_one_cell_with_the_defaults(void **state)
{
    (void)state;
    struct xcy_campaign_config config = parse("combinations: [" PAIR "]\n");
    assert_string_equal(config.name, "my");
    assert_null(config.deployment);
    assert_int_equal(config.seed, 0);
    assert_int_equal(config.n_cells, 1);
    const struct xcy_cell *cell = &config.cells[0];
    assert_int_equal(cell->consistency, XCY_CONSISTENCY_NONE);
    assert_int_equal(cell->delay_ms, 0);
    assert_int_equal(cell->rounds, 1);
    assert_int_equal(cell->requests, 1000);
    assert_true(cell->rate_per_s == 0 && cell->warmup_s == 0 && cell->post_bytes == 0);
    assert_false(cell->is_async || cell->as_published);
    assert_null(cell->visibility);
    xcy_campaign_config_clear(&config);
}

static void all_is_each_post_with_each_notification_storage(void **state)
{
    (void)state;
    struct xcy_campaign_config config = parse("combinations: all\nconsistency: [none, antipode]\n");
    assert_int_equal(config.n_cells, 24);
    bool seen[4][3][2] = {false};
    for (size_t i = 0; i < config.n_cells; i++) {
        const struct xcy_cell *c = &config.cells[i];
        assert_false(seen[c->post_storage][c->notification_storage][c->consistency]);
        seen[c->post_storage][c->notification_storage][c->consistency] = true;
    }
    xcy_campaign_config_clear(&config);
}

static void delays_are_of_consistency_none_alone(void **state)
{
    (void)state;
    struct xcy_campaign_config config =
        parse("delays_ms: [0, 100]\nconsistency: [antipode, none]\ncombinations:\n- " PAIR
              "\n- {post_storage: s3, notification_storage: mq, delays_ms: [5, 7, 9]}\n");
    assert_int_equal(config.n_cells, 3 + 4);
    static const int64_t delays[] = {0, 100, 0, 5, 7, 9, 0};
    for (size_t i = 0; i < config.n_cells; i++) {
        assert_int_equal(config.cells[i].delay_ms, delays[i]);
        assert_int_equal(config.cells[i].consistency,
                         i == 2 || i == 6 ? XCY_CONSISTENCY_ANTIPODE : XCY_CONSISTENCY_NONE);
    }
    xcy_campaign_config_clear(&config);
}

static void parts_say_only_what_differs(void **state)
{
    (void)state;
    struct xcy_campaign_config config = parse(
        "name: two\ndeployment: local.yml\nseed: 9\nrequests: 50\nrate_per_s: 20\nvisibility: off\n"
        "combinations: [" PAIR "]\nloadgen: [--grace, 5s]\nparts:\n"
        "- {rounds: 2}\n"
        "- {requests: 70, async: true, as_published: true, post_bytes: 10, warmup_s: 1.5,\n"
        "   visibility: inline, consistency: antipode, loadgen: [--retries, 1, --late, skip],\n"
        "   combinations: [{post_storage: cache, notification_storage: dynamo}]}\n");
    assert_string_equal(config.name, "two");
    assert_string_equal(config.deployment, "dir/local.yml");
    assert_int_equal(config.seed, 9);
    assert_int_equal(config.n_cells, 2);
    const struct xcy_cell *a = &config.cells[0];
    const struct xcy_cell *b = &config.cells[1];
    assert_true(a->requests == 50 && a->rate_per_s == 20 && a->rounds == 2 && a->n_loadgen == 2);
    assert_string_equal(a->visibility, "off");
    assert_true(b->requests == 70 && b->rate_per_s == 20 && b->rounds == 1 && b->n_loadgen == 4);
    assert_true(b->is_async && b->as_published && b->post_bytes == 10 && b->warmup_s == 1.5);
    assert_string_equal(b->visibility, "inline");
    assert_string_equal(b->loadgen[3], "skip");
    assert_int_equal(b->post_storage, XCY_POST_CACHE);
    assert_int_equal(b->notification_storage, XCY_NOTIFICATION_DYNAMO);
    xcy_campaign_config_clear(&config);
}

static void a_cell_named_twice_is_measured_once(void **state)
{
    (void)state;
    struct xcy_campaign_config config =
        parse("combinations: [" PAIR "]\nparts:\n- {rounds: 2}\n- {delays_ms: [0, 10], rounds: 5}\n"
              "- {requests: 7}\n");
    assert_int_equal(config.n_cells, 3);
    assert_int_equal(config.cells[0].rounds, 5);
    assert_int_equal(config.cells[1].delay_ms, 10);
    assert_int_equal(config.cells[2].requests, 7);
    xcy_campaign_config_clear(&config);
}

static void what_is_wrong_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"", "key 'combinations' is missing"},
        {"rounds: 3\n", "dir/my.yml:1: key 'combinations' is missing"},
        {"rounds: 3\nrequsts: 4\n",
         "dir/my.yml:2: unknown key 'requsts'; did you mean 'requests'?"},
        {"combinations: some\n", "dir/my.yml:1: combinations must be 'all' or a list"},
        {"rounds: 1\ncombinations: []\n",
         "dir/my.yml:2: combinations is empty; it must be 'all' or a list of {post_storage: "},
        {"combinations:\n- {post_storage: dynmo, notification_storage: sns}\n",
         "dir/my.yml:2: post_storage must be one of"},
        {"combinations:\n- {post_storage: dynamo}\n", "key 'notification_storage' is missing"},
        {"combinations:\n- dynamo\n", "dir/my.yml:2: a combination is"},
        {"combinations: all\nconsistency: [antipod]\n", "did you mean 'antipode'?"},
        {"combinations: all\nconsistency: {}\n", "consistency must be a list"},
        {"combinations: all\nconsistency: []\n",
         "dir/my.yml:2: consistency is empty; it must be a list, as [none, antipode]"},
        {"combinations: all\ndelays_ms: [0, -1]\n", "a delay must be whole milliseconds"},
        {"combinations: all\ndelays_ms: 5\n", "delays_ms must be a list"},
        {"combinations: all\ndelays_ms: []\n",
         "dir/my.yml:2: delays_ms is empty; it must be a list"},
        {"combinations: all\nconsistency: [antipode]\ndelays_ms: [100]\n",
         "dir/my.yml:3: delays_ms: no cell takes these delays: they are of consistency none"},
        {"consistency: antipode\ncombinations:\n"
         "- {post_storage: s3, notification_storage: mq, delays_ms: [5]}\n",
         "dir/my.yml:3: delays_ms: no cell takes"},
        {"delays_ms: [3]\ncombinations:\n"
         "- {post_storage: s3, notification_storage: mq, delays_ms: [5]}\n",
         "dir/my.yml:1: delays_ms: no cell takes"},
        {"combinations: all\nparts:\n- {delays_ms: [5]}\n"
         "- {consistency: antipode, delays_ms: [5]}\n",
         "dir/my.yml:4: delays_ms: no cell takes"},
        {"combinations: all\ndelays_ms: [5]\nparts:\n- {consistency: antipode}\n",
         "dir/my.yml:2: delays_ms: no cell takes"},
        {"combinations: all\nrounds: 0\n", "rounds must be 1..1000, got 0"},
        {"combinations: all\nrate_per_s: fast\n", "rate_per_s must be a number"},
        {"combinations: all\nname: a/b\n", "name must be letters"},
        {"combinations: all\nname: ..\n", "name must be letters"},
        {"combinations: all\nparts: 2\n", "parts must be a list"},
        {"combinations: all\nparts: []\n",
         "dir/my.yml:2: parts is empty; it must be a list of parts, as [{rounds: 2}], or left out"},
        {"combinations: all\nparts:\n- {consistency: []}\n", "dir/my.yml:3: consistency is empty"},
        {"parts:\n- {rounds: 1}\n", "dir/my.yml:2: key 'combinations' is missing"},
        {"combinations: all\nparts:\n- {seed: 1}\n", "unknown key 'seed'"},
        {"combinations: all\nloadgen: [--rate, 5]\n", "'--rate' is not for this list"},
        {"combinations: all\nloadgen: [--rat=5]\n", "'--rat=5' is not for this list"},
        {"combinations: all\nloadgen: [-o, x]\n", "'-o' is not for this list"},
        {"combinations: all\nloadgen: x\n", "loadgen must be a list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        struct xcy_campaign_config config = {.name = NULL};
        assert_status(
            xcy_campaign_config_parse("dir/my.yml", xcy_bytes_of(cases[i].text), &config, &err),
            XCY_EUSAGE, &err);
        if (!strstr(err.text, cases[i].words)) {
            fail_msg("'%s' has no '%s'", err.text, cases[i].words);
        }
        assert_null(config.name);
    }
}

static void delays_at_the_top_are_of_the_parts_that_have_consistency_none(void **state)
{
    (void)state;
    struct xcy_campaign_config config =
        parse("delays_ms: [3]\ncombinations:\n- " PAIR
              "\n- {post_storage: s3, notification_storage: mq, delays_ms: [5]}\n"
              "parts:\n- {consistency: antipode}\n- {rounds: 2}\n");
    assert_int_equal(config.n_cells, 4);
    assert_int_equal(config.cells[2].delay_ms, 3);
    assert_int_equal(config.cells[3].delay_ms, 5);
    xcy_campaign_config_clear(&config);
}

static void a_list_that_is_too_long_is_told_with_how_long_it_may_be(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_campaign_config config;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_buf_add_text(&text, "combinations: all\ndelays_ms: [0");
    for (int i = 1; i <= 1000; i++) {
        xcy_buf_addf(&text, ", %d", i);
    }
    xcy_buf_add_text(&text, "]\n");
    assert_status(xcy_campaign_config_parse("my.yml", xcy_buf_bytes(&text), &config, &err),
                  XCY_EUSAGE, &err);
    assert_string_equal(err.text, "my.yml:2: delays_ms has 1001 items; 1000 are the most");
    xcy_buf_clear(&text);
}

/* Twelve combinations, a hundred delays, a thousand rounds. */
static void more_runs_than_can_be_made_are_told_with_the_file(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_campaign_config config = {.name = NULL};
    struct xcy_buf text;
    xcy_buf_init(&text, 4096);
    xcy_buf_add_text(&text, "combinations: all\nrounds: 1000\ndelays_ms: [0");
    for (int delay = 1; delay < 100; delay++) {
        xcy_buf_addf(&text, ", %d", delay);
    }
    xcy_buf_add_text(&text, "]\n");
    assert_status(xcy_campaign_config_parse("dir/my.yml", xcy_buf_bytes(&text), &config, &err),
                  XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "dir/my.yml:1: 1200000 runs are planned; 1000000 are"));
    xcy_buf_clear(&text);
}

static void cells_come_back_from_json_as_they_were(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_campaign_config config =
        parse("combinations: all\nconsistency: [none, antipode]\ndelays_ms: [3]\nrounds: 4\n"
              "warmup_s: 0.5\nvisibility: sample:0.1\nloadgen: [--grace, 5s]\n");
    for (size_t i = 0; i < config.n_cells; i++) {
        struct xcy_json *json = xcy_cell_to_json(&config.cells[i]);
        struct xcy_cell cell;
        assert_ok(xcy_cell_from_json(json, &cell, &err), &err);
        assert_true(xcy_cell_is_same(&cell, &config.cells[i]));
        assert_int_equal(cell.rounds, 4);
        xcy_cell_clear(&cell);
        xcy_json_free(json);
    }
    xcy_campaign_config_clear(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_simple_file_is_one_cell_with_the_defaults),
        cmocka_unit_test(all_is_each_post_with_each_notification_storage),
        cmocka_unit_test(delays_are_of_consistency_none_alone),
        cmocka_unit_test(parts_say_only_what_differs),
        cmocka_unit_test(a_cell_named_twice_is_measured_once),
        cmocka_unit_test(what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(delays_at_the_top_are_of_the_parts_that_have_consistency_none),
        cmocka_unit_test(a_list_that_is_too_long_is_told_with_how_long_it_may_be),
        cmocka_unit_test(more_runs_than_can_be_made_are_told_with_the_file),
        cmocka_unit_test(cells_come_back_from_json_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
