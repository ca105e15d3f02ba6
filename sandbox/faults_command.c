#include "sandbox/faults_command.h"

#include "common/aws/request.h"
#include "common/base/mem.h"
#include "common/cli/table.h"
#include "sandbox/running.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_S = 10, MAX_TEXT_BYTES = 1 << 20 };

static void put_change(struct xcy_json *change, enum xcy_fault fault, double setting)
{
    const struct xcy_fault_row *row = &xcy_fault_rows[fault];
    const struct xcy_json *old = xcy_json_get(change, row->scope);
    struct xcy_json *scope = old ? xcy_json_copy(old) : xcy_json_new_object();
    xcy_fault_put(scope, row->name, fault, setting);
    xcy_json_put(change, row->scope, scope);
}

/* "sqs.duplicated=0.02" */
static enum xcy_status read_change(const char *word, struct xcy_json *change, struct xcy_error *err)
{
    const char *equals = strchr(word, '=');
    if (!equals) {
        return xcy_fail(err, XCY_EUSAGE, "'%.100s' is not of the form SCOPE.FAULT=SETTING", word);
    }
    enum xcy_fault fault;
    double setting;
    char *name = xcy_strndup(word, (size_t)(equals - word));
    enum xcy_status status = xcy_fault_find(name, &fault, err);
    if (status == XCY_OK) {
        status = xcy_fault_read(fault, equals + 1, &setting, err);
    }
    if (status == XCY_OK) {
        put_change(change, fault, setting);
    }
    free(name);
    return status;
}

static enum xcy_status read_changes(const struct xcy_faults_request *request,
                                    struct xcy_json *change, struct xcy_error *err)
{
    for (size_t i = 0; request->is_off && i < XCY_N_FAULTS; i++) {
        put_change(change, (enum xcy_fault)i, xcy_fault_rows[i].preset);
    }
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < request->n_changes && status == XCY_OK; i++) {
        status = read_change(request->changes[i], change, err);
    }
    return status;
}

/* GET, or POST of the change if there is one. *faults is owned by the caller. */
static enum xcy_status ask(const struct xcy_aws *aws, const struct xcy_json *change,
                           struct xcy_json **faults, struct xcy_error *err)
{
    static const char *const path[] = {"faults", NULL};
    bool is_change = xcy_json_size(change) > 0;
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    xcy_aws_request_init(&r, aws, "sandbox", is_change ? "POST" : "GET", path);
    if (is_change) {
        char *text = xcy_json_text(change);
        xcy_aws_request_set_body(&r, "application/json", xcy_bytes_of(text));
        free(text);
    }
    enum xcy_status status = xcy_aws_request_finish(&r, err);
    if (status == XCY_OK) {
        status = xcy_aws_call(aws, &r, "sandbox faults", &reply, err);
    }
    if (status == XCY_OK) {
        status = xcy_json_parse(xcy_buf_bytes(&reply.body), faults, err);
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    return status;
}

static void print_text(struct xcy_buf *text)
{
    struct xcy_bytes bytes = xcy_buf_bytes(text);
    fwrite(bytes.ptr, 1, bytes.len, stdout);
    xcy_buf_clear(text);
}

static void add_row(struct xcy_table *table, enum xcy_fault fault, const struct xcy_json *one)
{
    char name[XCY_FAULT_NAME_BYTES];
    char *setting = xcy_json_text(xcy_json_get(one, "setting"));
    xcy_fault_name(fault, name);
    xcy_table_add_cell(table, "%s", name);
    xcy_table_add_cell(table, "%s", setting);
    xcy_table_add_cell(table, "%" PRId64, xcy_json_get_int64(one, "asked", 0));
    xcy_table_add_cell(table, "%" PRId64, xcy_json_get_int64(one, "injected", 0));
    free(setting);
}

/* Whether the sandbox does anything for it, or did. */
static bool is_used(enum xcy_fault fault, const struct xcy_json *one)
{
    char *setting = xcy_json_text(xcy_json_get(one, "setting"));
    char preset[XCY_FAULT_TEXT_BYTES];
    xcy_fault_format(fault, xcy_fault_rows[fault].preset, preset);
    bool is_used = strcmp(setting, preset) != 0 || xcy_json_get_int64(one, "asked", 0) > 0;
    free(setting);
    return is_used;
}

static void print_table(const struct xcy_json *faults, bool show_all)
{
    static const char *const heads[] = {"fault", "setting", "asked", "injected"};
    struct xcy_table *table = xcy_table_new("lrrr");
    size_t n = 0;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        xcy_table_add_cell(table, "%s", heads[i]);
    }
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        const struct xcy_fault_row *row = &xcy_fault_rows[i];
        const struct xcy_json *one = xcy_json_get(xcy_json_get(faults, row->scope), row->name);
        if (show_all || is_used((enum xcy_fault)i, one)) {
            add_row(table, (enum xcy_fault)i, one);
            n++;
        }
    }
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_TEXT_BYTES);
    xcy_table_format(table, &text);
    xcy_table_free(table);
    if (n == 0) {
        xcy_buf_clear(&text);
        printf("no fault is on, none was injected (--all lists them)\n");
        return;
    }
    print_text(&text);
}

static void print_faults(const struct xcy_json *faults, const struct xcy_faults_request *request)
{
    if (!request->as_json) {
        print_table(faults, request->show_all);
        return;
    }
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_TEXT_BYTES);
    xcy_json_format(faults, true, &text);
    xcy_buf_add_char(&text, '\n');
    print_text(&text);
}

static enum xcy_status ask_running(const struct xcy_deployment *d, const struct xcy_json *change,
                                   struct xcy_json **faults, struct xcy_error *err)
{
    struct xcy_running running;
    enum xcy_status status = xcy_running_find((uint16_t)d->sandbox.port, &running, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_aws aws = {.http = xcy_http_open(NULL),
                          .endpoint = running.endpoint,
                          .region = d->writer.region,
                          .credentials = &running.credentials,
                          .total_timeout_ns = TIMEOUT_S * XCY_NS_PER_S,
                          .stoppable = true};
    status = ask(&aws, change, faults, err);
    xcy_http_close(aws.http);
    xcy_running_clear(&running);
    return status;
}

enum xcy_status xcy_faults_command(const struct xcy_deployment *deployment,
                                   const struct xcy_faults_request *request, struct xcy_error *err)
{
    struct xcy_json *change = xcy_json_new_object();
    struct xcy_json *faults = NULL;
    enum xcy_status status = read_changes(request, change, err);
    if (status == XCY_OK) {
        status = ask_running(deployment, change, &faults, err);
    }
    if (status == XCY_OK) {
        print_faults(faults, request);
    }
    xcy_json_free(faults);
    xcy_json_free(change);
    return status;
}
