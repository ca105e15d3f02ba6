#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/stores/stomp.h"
#include "common/time/clock.h"
#include "sandbox/hosts/activemq_pair.h"

#include <dirent.h>
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAG_MS = 40, N_MESSAGES = 50, MAX_CONFIGURATION_BYTES = 1 << 20 };

static const char queue[] = "/queue/some.notifications";

struct fixture {
    char folder[64];
    struct xcy_supervisor *supervisor;
    void *pair;
    sem_t died;
    char what[600];
    struct xcy_error err;
};

static int64_t fixed_lag(void *ctx)
{
    (void)ctx;
    return LAG_MS * XCY_NS_PER_MS;
}

static void on_died(void *ctx, const char *what)
{
    struct fixture *f = ctx;
    snprintf(f->what, sizeof f->what, "%s", what);
    sem_post(&f->died);
}

static void open_folder(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/xcy-activemq-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    sem_init(&f->died, 0, 0);
    f->supervisor = xcy_supervisor_start();
}

static enum xcy_status start_pair(struct fixture *f)
{
    struct xcy_pair_options options = {.supervisor = f->supervisor,
                                       .folder = f->folder,
                                       .lag = fixed_lag,
                                       .died = on_died,
                                       .died_ctx = f};
    return xcy_activemq_pairs.start(&options, &f->pair, &f->err);
}

static void close_fixture(struct fixture *f)
{
    xcy_activemq_pairs.stop(f->pair);
    xcy_supervisor_stop(f->supervisor, 0);
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
}

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

static enum xcy_status connect_with(struct fixture *f, const char *address, const char *password,
                                    struct xcy_stomp **stomp)
{
    struct xcy_pair_ends ends = xcy_activemq_pairs.ends(f->pair);
    struct xcy_stomp_options options = {
        .address = address, .user = ends.user, .password = password, .beat_ms = 5000};
    return xcy_stomp_open(&options, in_a_minute(), stomp, &f->err);
}

static struct xcy_stomp *connect_to(struct fixture *f, const char *address)
{
    struct xcy_stomp *stomp = NULL;
    const char *password = xcy_activemq_pairs.ends(f->pair).password;
    assert_ok(connect_with(f, address, password, &stomp), &f->err);
    return stomp;
}

static void messages_cross_in_order_a_lag_later(struct fixture *f)
{
    struct xcy_pair_ends ends = xcy_activemq_pairs.ends(f->pair);
    struct xcy_stomp *publisher = connect_to(f, ends.writer);
    struct xcy_stomp *consumer = connect_to(f, ends.reader);
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
    struct xcy_relay_counts counts = xcy_activemq_pairs.link_counts(f->pair);
    assert_true(counts.bytes_to_client > UINT64_C(20) * N_MESSAGES);
    assert_true(counts.bytes_to_client > counts.bytes_to_target);
    assert_ok(xcy_stomp_disconnect(consumer, in_a_minute(), &f->err), &f->err);
    assert_ok(xcy_stomp_disconnect(publisher, in_a_minute(), &f->err), &f->err);
    xcy_stomp_close(publisher);
    xcy_stomp_close(consumer);
}

static void nobody_gets_in_without_the_password(struct fixture *f)
{
    struct xcy_pair_ends ends = xcy_activemq_pairs.ends(f->pair);
    const char *const addresses[] = {ends.writer, ends.reader};
    for (size_t i = 0; i < 2; i++) {
        struct xcy_stomp *stomp = NULL;
        assert_status(connect_with(f, addresses[i], "guessed", &stomp), XCY_EREMOTE, &f->err);
        assert_non_null(strstr(f->err.text, "password is invalid"));
        assert_status(connect_with(f, addresses[i], NULL, &stomp), XCY_EREMOTE, &f->err);
    }
}

static void the_configuration_is_for_nobody_else(struct fixture *f)
{
    static const char *const names[] = {"writer", "reader"};
    for (size_t i = 0; i < 2; i++) {
        struct stat status;
        char *path = xcy_format("%s/activemq-%s/activemq.xml", f->folder, names[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        free(path);
    }
}

static void two_real_brokers_carry_messages(void **state)
{
    (void)state;
    struct fixture f;
    if (!has_activemq()) {
        skip();
    }
    open_folder(&f);
    assert_ok(start_pair(&f), &f.err);
    messages_cross_in_order_a_lag_later(&f);
    nobody_gets_in_without_the_password(&f);
    the_configuration_is_for_nobody_else(&f);
    close_fixture(&f);
}

/* The process whose working folder it is. */
static pid_t pid_in(const char *folder)
{
    DIR *processes = opendir("/proc");
    assert_non_null(processes);
    pid_t found = 0;
    const struct dirent *entry;
    while ((entry = readdir(processes))) { /* NOLINT(concurrency-mt-unsafe): a stream of our own */
        char to[256];
        char *path = xcy_format("/proc/%s/cwd", entry->d_name);
        ssize_t n = readlink(path, to, sizeof to - 1);
        free(path);
        to[n > 0 ? n : 0] = '\0';
        if (strcmp(to, folder) == 0) {
            found = (pid_t)strtol(entry->d_name, NULL, 10);
        }
    }
    closedir(processes);
    return found;
}

static void a_broker_that_dies_is_reported(void **state)
{
    (void)state;
    struct fixture f;
    if (!has_activemq()) {
        skip();
    }
    open_folder(&f);
    assert_ok(start_pair(&f), &f.err);
    char *folder = xcy_format("%s/activemq-reader", f.folder);
    pid_t pid = pid_in(folder);
    assert_true(pid > 1);
    kill(pid, SIGKILL);
    while (sem_wait(&f.died) != 0 && errno == EINTR) {
    }
    assert_non_null(strstr(f.what, "activemq reader ended (signal: Killed)"));
    assert_null(strchr(f.what, '\n'));
    free(folder);
    close_fixture(&f);
}

static char *get_path(void)
{
    return xcy_strdup(getenv("PATH")); /* NOLINT(concurrency-mt-unsafe): nobody else sets it */
}

static void set_path(const char *path)
{
    setenv("PATH", path, 1); /* NOLINT(concurrency-mt-unsafe): nothing is being started */
}

static void without_java_the_packages_are_named(void **state)
{
    (void)state;
    struct fixture f;
    char *kept = get_path();
    open_folder(&f);
    set_path(f.folder);
    assert_status(start_pair(&f), XCY_EFAIL, &f.err);
    assert_non_null(strstr(f.err.text, "java is not installed"));
    assert_non_null(strstr(f.err.text, "default-jre-headless and libactivemq-java"));
    set_path(kept);
    close_fixture(&f);
    free(kept);
}

static void a_broker_that_cannot_start_is_reported_with_its_words(void **state)
{
    (void)state;
    struct fixture f;
    if (!has_activemq()) {
        skip();
    }
    char *kept = get_path();
    open_folder(&f);
    char *program = xcy_format("%s/java", f.folder);
    assert_ok(xcy_file_replace(program, xcy_bytes_of("#!/bin/sh\necho no memory today\nexit 1\n"),
                               0755, &f.err),
              &f.err);
    set_path(f.folder);
    assert_status(start_pair(&f), XCY_EFAIL, &f.err);
    assert_non_null(strstr(f.err.text, "ended (exit status 1): no memory today"));
    set_path(kept);
    close_fixture(&f);
    free(program);
    free(kept);
}

static void a_port_taken_meanwhile_is_replaced_by_another(void **state)
{
    (void)state;
    struct fixture f;
    if (!has_activemq()) {
        skip();
    }
    char *kept = get_path();
    open_folder(&f);
    char *java = xcy_program_find("java");
    char *program = xcy_format("%s/java", f.folder);
    char *script = xcy_format("#!/bin/sh\n"
                              "if /bin/mkdir %s/tried 2>/dev/null; then\n"
                              "    echo 'Caused by: java.net.BindException: Address already in "
                              "use'\n    exit 1\nfi\nexec %s \"$@\"\n",
                              f.folder, java);
    assert_ok(xcy_file_replace(program, xcy_bytes_of(script), 0755, &f.err), &f.err);
    set_path(f.folder);
    assert_ok(start_pair(&f), &f.err);
    set_path(kept);
    close_fixture(&f);
    free(program);
    free(script);
    free(java);
    free(kept);
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
