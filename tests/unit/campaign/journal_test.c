#include "tests/support/folder.h"

#include "campaign/journal.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A folder with a journal of a plan of two cells and two rounds. */
struct fixture {
    char *folder;
    char *path;
    struct xcy_campaign_state state;
    struct xcy_campaign_journal *journal;
};

static void begin(struct fixture *f)
{
    struct xcy_error err;
    struct xcy_campaign_plan plan;
    const struct xcy_cell cells[] = {{.rounds = 2, .requests = 10},
                                     {.rounds = 2, .requests = 10, .delay_ms = 5}};
    *f = (struct fixture){.folder = folder_new()};
    f->path = xcy_format("%s/journal.jsonl", f->folder);
    assert_ok(xcy_campaign_plan_make(cells, 2, 77, &plan, &err), &err);
    assert_ok(xcy_campaign_journal_create(f->path, "test", &plan, &f->state, &f->journal, &err),
              &err);
    xcy_campaign_plan_clear(&plan);
}

static void end(struct fixture *f)
{
    xcy_campaign_journal_close(f->journal);
    xcy_campaign_state_clear(&f->state);
    folder_free(f->folder);
    free(f->path);
}

static void add(struct fixture *f, const char *text)
{
    struct xcy_error err;
    struct xcy_json *event = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &event, &err), &err);
    assert_ok(xcy_campaign_journal_add(f->journal, event, &err), &err);
}

/* What a later campaign finds there; the caller clears it. */
static struct xcy_campaign_state read_again(const struct fixture *f, size_t *whole_bytes)
{
    struct xcy_error err;
    struct xcy_campaign_state state;
    assert_ok(xcy_campaign_journal_read(f->path, &state, whole_bytes, &err), &err);
    return state;
}

static void put_in_file(const struct fixture *f, const char *mode, const char *text)
{
    FILE *file = fopen(f->path, mode);
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void a_new_journal_has_the_whole_plan(void **state)
{
    (void)state;
    struct fixture f;
    size_t whole_bytes = 0;
    begin(&f);
    struct xcy_campaign_state read = read_again(&f, &whole_bytes);
    assert_string_equal(read.name, "test");
    assert_string_equal(read.digest, f.state.digest);
    assert_int_equal(read.plan.seed, 77);
    assert_int_equal(read.plan.n_runs, 4);
    assert_int_equal(read.plan.n_cells, 2);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(read.plan.runs[i].round, f.state.plan.runs[i].round);
        assert_int_equal(read.plan.runs[i].cell, f.state.plan.runs[i].cell);
    }
    assert_int_equal(read.plan.cells[1].delay_ms, 5);
    assert_int_equal(xcy_campaign_count(&read, XCY_RUN_TO_DO), 4);
    xcy_campaign_state_clear(&read);
    end(&f);
}

static void what_became_of_the_runs_is_read_back(void **state)
{
    (void)state;
    struct fixture f;
    size_t whole_bytes = 0;
    begin(&f);
    add(&f, "{\"event\":\"started\",\"n\":1,\"log\":\"logs/1\"}");
    add(&f, "{\"event\":\"loading\",\"n\":1,\"folder\":\"runs/a\"}");
    add(&f, "{\"event\":\"ended\",\"n\":1,\"ok\":true,\"valid\":true,\"reason\":null,"
            "\"folder\":\"runs/a\",\"took_s\":2.5,\"throughput_per_s\":40,\"summary\":{\"x\":1}}");
    add(&f, "{\"event\":\"started\",\"n\":2}");
    add(&f, "{\"event\":\"ended\",\"n\":2,\"ok\":false,\"reason\":\"deploy: no\"}");
    add(&f, "{\"event\":\"started\",\"n\":3}");
    add(&f, "{\"event\":\"loading\",\"n\":3,\"folder\":\"runs/b\"}");
    struct xcy_campaign_state read = read_again(&f, &whole_bytes);
    assert_int_equal(read.runs[0].progress, XCY_RUN_DONE);
    assert_true(read.runs[0].is_valid && read.runs[0].took_s == 2.5);
    assert_true(read.runs[0].throughput_per_s == 40 && !read.runs[0].reason);
    assert_int_equal(xcy_json_get_int64(read.runs[0].summary, "x", 0), 1);
    assert_string_equal(read.runs[0].log, "logs/1");
    assert_int_equal(read.runs[1].progress, XCY_RUN_FAILED);
    assert_string_equal(read.runs[1].reason, "deploy: no");
    assert_true(isnan(read.runs[1].throughput_per_s));
    assert_int_equal(read.runs[2].progress, XCY_RUN_BEGUN);
    assert_string_equal(read.runs[2].folder, "runs/b");
    assert_int_equal(read.runs[3].progress, XCY_RUN_TO_DO);
    xcy_campaign_state_clear(&read);
    end(&f);
}

static void a_run_that_is_done_again_forgets_what_it_was(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "{\"event\":\"started\",\"n\":4,\"log\":\"l\"}");
    add(&f, "{\"event\":\"loading\",\"n\":4,\"folder\":\"runs/old\"}");
    add(&f, "{\"event\":\"abandoned\",\"n\":4,\"folder\":\"runs/old\"}");
    assert_int_equal(f.state.runs[3].progress, XCY_RUN_TO_DO);
    add(&f, "{\"event\":\"started\",\"n\":4}");
    assert_null(f.state.runs[3].folder);
    assert_null(f.state.runs[3].log);
    assert_int_equal(f.state.runs[3].attempts, 2);
    add(&f, "{\"event\":\"ended\",\"n\":4,\"ok\":true,\"valid\":false,\"reason\":\"late\","
            "\"folder\":\"runs/new\",\"summary\":{}}");
    assert_int_equal(f.state.runs[3].progress, XCY_RUN_DONE);
    assert_false(f.state.runs[3].is_valid);
    assert_string_equal(f.state.runs[3].folder, "runs/new");
    end(&f);
}

static void a_torn_last_line_is_cut_off(void **state)
{
    (void)state;
    static const char *const torn[] = {"{\"event\":\"ended\",\"n\":1,\"ok\":tr", "{",
                                       "{\"event\"\n"};
    for (size_t i = 0; i < sizeof torn / sizeof torn[0]; i++) {
        struct fixture f;
        struct xcy_error err;
        size_t before = 0;
        size_t whole_bytes = 0;
        begin(&f);
        add(&f, "{\"event\":\"started\",\"n\":1}");
        struct xcy_campaign_state read = read_again(&f, &before);
        xcy_campaign_state_clear(&read);
        xcy_campaign_journal_close(f.journal);
        put_in_file(&f, "a", torn[i]);
        read = read_again(&f, &whole_bytes);
        assert_int_equal(whole_bytes, before);
        assert_int_equal(read.runs[0].progress, XCY_RUN_BEGUN);
        xcy_campaign_state_clear(&read);
        assert_ok(xcy_campaign_journal_append(f.path, whole_bytes, &f.state, &f.journal, &err),
                  &err);
        add(&f, "{\"event\":\"abandoned\",\"n\":1,\"folder\":null}");
        read = read_again(&f, &whole_bytes);
        assert_true(whole_bytes > before);
        assert_int_equal(read.runs[0].progress, XCY_RUN_TO_DO);
        xcy_campaign_state_clear(&read);
        end(&f);
    }
}

static void a_damaged_journal_is_refused_by_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *line; /* behind the plan, with a whole one behind it */
        const char *words;
    } cases[] = {
        {"{\"event\":\"sta\n", "journal.jsonl:2: "},
        {"{\"event\":\"started\",\"n\":0}\n", "there is no run 0"},
        {"{\"event\":\"started\",\"n\":5}\n", "there is no run 5"},
        {"{\"event\":\"ended\",\"n\":1,\"ok\":true,\"summary\":{}}\n", "without having started"},
        {"{\"event\":\"exploded\",\"n\":1}\n", "event 'exploded' is not known"},
        {"{\"event\":\"began\",\"v\":1}\n", "a second beginning"},
        {"7\n", "event '' is not known"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        struct xcy_error err;
        struct xcy_campaign_state read;
        size_t whole_bytes = 0;
        begin(&f);
        put_in_file(&f, "a", cases[i].line);
        put_in_file(&f, "a", "{\"event\":\"started\",\"n\":1}\n");
        assert_status(xcy_campaign_journal_read(f.path, &read, &whole_bytes, &err), XCY_EPARSE,
                      &err);
        if (!strstr(err.text, cases[i].words) || !strstr(err.text, "journal.jsonl:2")) {
            fail_msg("'%s' has no '%s'", err.text, cases[i].words);
        }
        end(&f);
    }
}

static void without_a_plan_there_is_no_journal(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{\"event\":\"beg"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct xcy_error err;
        struct xcy_campaign_state read;
        size_t whole_bytes = 0;
        assert_status(
            xcy_campaign_journal_parse("j", xcy_bytes_of(texts[i]), &read, &whole_bytes, &err),
            XCY_ENOTFOUND, &err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_journal_has_the_whole_plan),
        cmocka_unit_test(what_became_of_the_runs_is_read_back),
        cmocka_unit_test(a_run_that_is_done_again_forgets_what_it_was),
        cmocka_unit_test(a_torn_last_line_is_cut_off),
        cmocka_unit_test(a_damaged_journal_is_refused_by_its_line),
        cmocka_unit_test(without_a_plan_there_is_no_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
