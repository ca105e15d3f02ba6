#include "tests/support/hosted_pair.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stores/stomp.h"
#include "common/time/clock.h"
#include "sandbox/hosts/activemq_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAG_MS = 40, N_MESSAGES = 50, REFUSALS = 100 };

static const char queue[] = "/queue/some.notifications";

/* False: there is no ActiveMQ on this machine. */
static bool has_activemq(void)
{
    char *java = xcy_program_find("java");
    bool has = java && access("/usr/share/java/activemq-broker.jar", R_OK) == 0;
    free(java);
    return has;
}

static struct xcy_mono in_a_minute(void)
{
    return xcy_mono_add(xcy_mono_now(), 60 * XCY_NS_PER_S);
}

static enum xcy_status connect_with(struct xcy_test_pair *f, const char *address,
                                    const char *password, struct xcy_stomp **stomp)
{
    struct xcy_stomp_options options = {
        .address = address, .user = f->ends.user, .password = password, .beat_ms = 5000};
    return xcy_stomp_open(&options, in_a_minute(), stomp, &f->err);
}

static struct xcy_stomp *connect_to(struct xcy_test_pair *f, const char *address)
{
    struct xcy_stomp *stomp = NULL;
    assert_ok(connect_with(f, address, f->ends.password, &stomp), &f->err);
    return stomp;
}

static void messages_cross_in_order_a_lag_later(struct xcy_test_pair *f)
{
    struct xcy_stomp *publisher = connect_to(f, f->ends.writer);
    struct xcy_stomp *consumer = connect_to(f, f->ends.reader);
    struct xcy_mono sent[N_MESSAGES];
    assert_ok(xcy_stomp_subscribe(consumer, queue, 1, in_a_minute(), &f->err), &f->err);
    for (size_t i = 0; i < N_MESSAGES; i++) {
        char text[64];
        snprintf(text, sizeof text, "{\"n\": %zu, \"text\": \"\xc3\xa4: \\n\"}", i);
        sent[i] = xcy_mono_now();
        assert_ok(xcy_stomp_send(publisher, queue, text, in_a_minute(), &f->err), &f->err);
    }
    for (size_t i = 0; i < N_MESSAGES; i++) {
        struct xcy_stomp_frame message;
        char text[64];
        snprintf(text, sizeof text, "{\"n\": %zu, \"text\": \"\xc3\xa4: \\n\"}", i);
        assert_ok(xcy_stomp_receive(consumer, &message, in_a_minute(), &f->err), &f->err);
        int64_t lag_ns = xcy_mono_diff_ns(xcy_mono_now(), sent[i]);
        assert_true(lag_ns >= LAG_MS * XCY_NS_PER_MS);
        assert_int_equal(message.body.len, strlen(text));
        assert_memory_equal(message.body.ptr, text, strlen(text));
        assert_string_equal(xcy_stomp_frame_get(&message, "persistent"), "true");
        char *id = xcy_strdup(xcy_stomp_frame_get(&message, "ack"));
        assert_ok(xcy_stomp_ack(consumer, id, in_a_minute(), &f->err), &f->err);
        free(id);
    }
    struct xcy_relay_counts counts = xcy_pair_link_counts(f->pair);
    assert_true(counts.bytes_to_client > UINT64_C(20) * N_MESSAGES);
    assert_true(counts.bytes_to_client > counts.bytes_to_target);
    assert_ok(xcy_stomp_disconnect(consumer, in_a_minute(), &f->err), &f->err);
    assert_ok(xcy_stomp_disconnect(publisher, in_a_minute(), &f->err), &f->err);
    xcy_stomp_close(publisher);
    xcy_stomp_close(consumer);
}

/* Now and then the broker closes before its ERROR frame is out: refused as well, but without words. */
static void assert_refused(struct xcy_test_pair *f, const char *address, const char *password)
{
    struct xcy_stomp *stomp = NULL;
    enum xcy_status status = connect_with(f, address, password, &stomp);
    for (int i = 1; i < REFUSALS && status == XCY_ENET; i++) {
        assert_non_null(strstr(f->err.text, "a wrong user or password may end so"));
        status = connect_with(f, address, password, &stomp);
    }
    assert_status(status, XCY_EREMOTE, &f->err);
    assert_non_null(strstr(f->err.text, "password is invalid"));
}

static void nobody_gets_in_without_the_password(struct xcy_test_pair *f)
{
    const char *const addresses[] = {f->ends.writer, f->ends.reader};
    for (size_t i = 0; i < 2; i++) {
        assert_refused(f, addresses[i], "guessed");
        assert_refused(f, addresses[i], NULL);
    }
}

static void the_configuration_is_for_nobody_else(struct xcy_test_pair *f)
{
    static const char *const names[] = {"writer", "reader"};
    for (size_t i = 0; i < 2; i++) {
        struct stat status;
        char *path = xcy_format("%s/mq/%s/activemq.xml", f->folder, names[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        free(path);
    }
}

static void two_real_brokers_carry_messages(void **state)
{
    (void)state;
    struct xcy_test_pair f;
    if (!has_activemq()) {
        skip();
    }
    xcy_test_pair_open(&f, &xcy_activemq_pairs, LAG_MS);
    assert_ok(xcy_test_pair_start(&f), &f.err);
    messages_cross_in_order_a_lag_later(&f);
    nobody_gets_in_without_the_password(&f);
    the_configuration_is_for_nobody_else(&f);
    xcy_test_pair_close(&f);
}

static void a_broker_that_dies_is_reported(void **state)
{
    (void)state;
    struct xcy_test_pair f;
    if (!has_activemq()) {
        skip();
    }
    xcy_test_pair_open(&f, &xcy_activemq_pairs, LAG_MS);
    assert_ok(xcy_test_pair_start(&f), &f.err);
    xcy_test_pair_kill(&f, "reader");
    assert_non_null(strstr(f.what, "activemq reader ended (signal: Killed)"));
    xcy_test_pair_close(&f);
}

static void without_java_the_packages_are_named(void **state)
{
    (void)state;
    struct xcy_test_pair f;
    xcy_test_pair_open(&f, &xcy_activemq_pairs, LAG_MS);
    assert_status(xcy_test_pair_start_with(&f, "java", NULL), XCY_EFAIL, &f.err);
    assert_non_null(strstr(f.err.text, "java is not installed"));
    assert_non_null(strstr(f.err.text, "default-jre-headless and libactivemq-java"));
    xcy_test_pair_close(&f);
}

static void a_broker_that_cannot_start_is_reported_with_its_words(void **state)
{
    (void)state;
    static const char script[] = "#!/bin/sh\necho no memory today\nexit 1\n";
    struct xcy_test_pair f;
    if (!has_activemq()) {
        skip();
    }
    xcy_test_pair_open(&f, &xcy_activemq_pairs, LAG_MS);
    assert_status(xcy_test_pair_start_with(&f, "java", script), XCY_EFAIL, &f.err);
    assert_non_null(strstr(f.err.text, "ended (exit status 1): no memory today"));
    xcy_test_pair_close(&f);
}

static void a_port_taken_meanwhile_is_replaced_by_another(void **state)
{
    (void)state;
    struct xcy_test_pair f;
    if (!has_activemq()) {
        skip();
    }
    xcy_test_pair_open(&f, &xcy_activemq_pairs, LAG_MS);
    char *java = xcy_program_find("java");
    char *script = xcy_format("#!/bin/sh\n"
                              "if /bin/mkdir %s/tried 2>/dev/null; then\n"
                              "    echo 'Caused by: java.net.BindException: Address already in "
                              "use'\n    exit 1\nfi\nexec %s \"$@\"\n",
                              f.folder, java);
    assert_ok(xcy_test_pair_start_with(&f, "java", script), &f.err);
    xcy_test_pair_close(&f);
    free(script);
    free(java);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_real_brokers_carry_messages),
        cmocka_unit_test(a_broker_that_dies_is_reported),
        cmocka_unit_test(without_java_the_packages_are_named),
        cmocka_unit_test(a_broker_that_cannot_start_is_reported_with_its_words),
        cmocka_unit_test(a_port_taken_meanwhile_is_replaced_by_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
