#include "sandbox/hosts/activemq_server.h"

#include "common/base/buf.h"
#include "common/base/file.h"

#include <stdlib.h>
#include <unistd.h>

enum { MAX_CLASS_PATH_BYTES = 4096, MAX_CONFIGURATION_BYTES = 16 * 1024 };

#define JARS         "/usr/share/java/"
#define BEANS        "http://www.springframework.org/schema/beans"
#define BROKER       "http://activemq.apache.org/schema/core"
#define QUIET_SPRING "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog"

/* What a broker with our configuration loads; the package depends on all of them. */
static const char *const jars[] = {JARS "activemq-console.jar",
                                   JARS "activemq-run.jar",
                                   JARS "activemq-broker.jar",
                                   JARS "activemq-client.jar",
                                   JARS "activemq-openwire-legacy.jar",
                                   JARS "activemq-stomp.jar",
                                   JARS "activemq-spring.jar",
                                   JARS "activemq-kahadb-store.jar",
                                   JARS "activemq-jaas.jar",
                                   JARS "activemq-protobuf.jar",
                                   JARS "hawtbuf.jar",
                                   JARS "geronimo-jms_1.1_spec.jar",
                                   JARS "geronimo-j2ee-management-1.1-spec.jar",
                                   JARS "slf4j-api.jar",
                                   JARS "slf4j-simple.jar",
                                   JARS "commons-logging.jar",
                                   JARS "spring3-core.jar",
                                   JARS "spring3-beans.jar",
                                   JARS "spring3-context.jar",
                                   JARS "spring3-expression.jar",
                                   JARS "spring3-aop.jar",
                                   JARS "xbean-spring.jar"};

enum { N_JARS = sizeof jars / sizeof *jars };

static enum xcy_status fail_missing(const char *what, struct xcy_error *err)
{
    return xcy_fail(err, XCY_EFAIL,
                    "%s is not installed: install Debian's default-jre-headless and "
                    "libactivemq-java, or take `mq` out of the deployment's backends",
                    what);
}

static enum xcy_status make_class_path(struct xcy_buf *path, struct xcy_error *err)
{
    for (size_t i = 0; i < N_JARS; i++) {
        if (access(jars[i], R_OK) != 0) {
            return fail_missing(jars[i], err);
        }
        xcy_buf_addf(path, "%s%s", i > 0 ? ":" : "", jars[i]);
    }
    return xcy_buf_check(path, "the class path", err);
}

/* KahaDB, as a broker of Amazon MQ keeps its messages: a publish is acknowledged once the message is
 * on the disk. Names and passwords are ours, and need no escapes. */
static void add_broker(struct xcy_buf *out, const struct xcy_server_process *server,
                       const struct xcy_activemq_broker *broker)
{
    xcy_buf_addf(out,
                 "<beans xmlns=\"" BEANS "\"\n"
                 " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
                 " xsi:schemaLocation=\"" BEANS " " BEANS "/spring-beans.xsd " BROKER " " BROKER
                 "/activemq-core.xsd\">\n"
                 "<broker xmlns=\"" BROKER "\" brokerName=\"%s\"\n"
                 " dataDirectory=\"data\" useJmx=\"false\" schedulerSupport=\"false\">\n"
                 "<persistenceAdapter><kahaDB directory=\"data/kahadb\"/></persistenceAdapter>\n"
                 "<systemUsage><systemUsage>"
                 "<memoryUsage><memoryUsage limit=\"128 mb\"/></memoryUsage>"
                 "<storeUsage><storeUsage limit=\"1 gb\"/></storeUsage>"
                 "<tempUsage><tempUsage limit=\"256 mb\"/></tempUsage>"
                 "</systemUsage></systemUsage>\n"
                 "<plugins><simpleAuthenticationPlugin><users>\n"
                 "<authenticationUser username=\"%s\" password=\"%s\" groups=\"all\"/>\n"
                 "</users></simpleAuthenticationPlugin></plugins>\n",
                 broker->name, broker->user, broker->password);
    xcy_buf_addf(out,
                 "<transportConnectors>\n"
                 "<transportConnector name=\"stomp\" uri=\"stomp+nio://127.0.0.1:%u\"/>\n",
                 xcy_server_process_port(server));
    if (broker->listen_port != 0) {
        xcy_buf_addf(out, "<transportConnector name=\"network\" uri=\"tcp://127.0.0.1:%u\"/>\n",
                     broker->listen_port);
    }
    xcy_buf_add_text(out, "</transportConnectors>\n");
}

/* Every queue's messages go to the peer, whether or not somebody consumes there yet: else those of
 * the time in which word of a new consumer is under way would be late by as much. */
static void add_network(struct xcy_buf *out, const struct xcy_activemq_broker *broker)
{
    xcy_buf_addf(out,
                 "<networkConnectors><networkConnector name=\"link\" networkTTL=\"1\"\n"
                 " uri=\"static:(tcp://127.0.0.1:%u)?initialReconnectDelay=50&amp;"
                 "maxReconnectDelay=200&amp;useExponentialBackOff=false\"\n"
                 " userName=\"%s\" password=\"%s\" staticBridge=\"true\" "
                 "bridgeTempDestinations=\"false\">\n"
                 "<staticallyIncludedDestinations><queue physicalName=\"&gt;\"/>"
                 "</staticallyIncludedDestinations>\n"
                 "</networkConnector></networkConnectors>\n",
                 broker->forward_port, broker->user, broker->password);
}

static enum xcy_status write_configuration(const struct xcy_server_process *server,
                                           const struct xcy_activemq_broker *broker,
                                           struct xcy_error *err)
{
    struct xcy_buf text;
    struct xcy_buf path;
    xcy_buf_init(&text, MAX_CONFIGURATION_BYTES);
    xcy_buf_init(&path, MAX_CLASS_PATH_BYTES);
    xcy_buf_addf(&path, "%s/activemq.xml", xcy_server_process_folder(server));
    add_broker(&text, server, broker);
    if (broker->forward_port != 0) {
        add_network(&text, broker);
    }
    xcy_buf_add_text(&text, "</broker>\n</beans>\n");
    enum xcy_status status = xcy_buf_check(&text, "activemq.xml", err);
    if (status == XCY_OK) {
        status = xcy_file_replace(path.ptr, xcy_buf_bytes(&text), 0600, err);
    }
    xcy_buf_clear(&text);
    xcy_buf_clear(&path);
    return status;
}

/* A small heap and the simple collector and compiler: two brokers beside the measured application
 * shall cost little. Nothing is written outside of the folder. Without stack traces, so that the last
 * lines of a broker that dies have the reason. */
static void start_java(struct xcy_server_process *server, const char *java, const char *class_path)
{
    static const char *const environment[] = {"LC_ALL=C", NULL};
    const char *const arguments[] = {"java",
                                     "-cp",
                                     class_path,
                                     "-Xmx256M",
                                     "-XX:+UseSerialGC",
                                     "-XX:TieredStopAtLevel=1",
                                     "-XX:-UsePerfData",
                                     "-XX:-StackTraceInThrowable",
                                     "-Djava.io.tmpdir=.",
                                     "-Djava.net.preferIPv4Stack=true",
                                     "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                     QUIET_SPRING,
                                     "-Dactivemq.home=.",
                                     "-Dactivemq.base=.",
                                     "-Dactivemq.conf=.",
                                     "-Dactivemq.data=data",
                                     "org.apache.activemq.console.Main",
                                     "start",
                                     "xbean:file:activemq.xml",
                                     NULL};
    xcy_server_process_start(server, java, arguments, environment);
}

enum xcy_status xcy_activemq_server_start(struct xcy_server_process *server,
                                          const struct xcy_activemq_broker *broker,
                                          struct xcy_error *err)
{
    char *java = xcy_program_find("java");
    if (!java) {
        return fail_missing("java", err);
    }
    struct xcy_buf class_path;
    xcy_buf_init(&class_path, MAX_CLASS_PATH_BYTES);
    enum xcy_status status = make_class_path(&class_path, err);
    if (status == XCY_OK) {
        status = write_configuration(server, broker, err);
    }
    if (status == XCY_OK) {
        start_java(server, java, class_path.ptr);
    }
    xcy_buf_clear(&class_path);
    free(java);
    return status;
}
