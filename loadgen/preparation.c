#include "loadgen/preparation.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "loadgen/plan/descriptors.h"
#include "loadgen/plan/leftovers.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CA_BYTES = 16 * 1024 * 1024 };

static enum xcy_status parse_objectives(const char *option, const struct xcy_string_list *texts,
                                        struct xcy_objectives *list, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < texts->n; i++) {
        status = xcy_objectives_parse(option, texts->items[i], list, err);
    }
    return status;
}

/* An option that the chosen engine would pass over is a mistake, not a wish. */
static enum xcy_status check_web_options(const struct xcy_preparation *p, struct xcy_error *err)
{
    const struct xcy_session_options *o = p->options;
    const struct xcy_web_options *web = &o->web;
    bool is_web = p->engine == &xcy_engine_http;
    const struct {
        const char *name;
        bool is_given;
        bool has_effect;
    } rules[] = {
        {"--url", web->url != NULL, is_web},
        {"--method", web->method != NULL, is_web},
        {"--header", web->headers.n > 0, is_web},
        {"--body", web->body != NULL, is_web},
        {"--body-file", web->body_file != NULL, is_web},
        {"--sign", web->sign != NULL, is_web},
        {"--async", o->plan.is_async, p->engine->is_invoking},
        {"--cacert", o->ca_file != NULL, p->engine->has_target},
        {"--insecure", o->is_insecure, p->engine->has_target},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].is_given && !rules[i].has_effect) {
            const char *other = is_web ? "; say --engine lambda" : "; say --engine http";
            return xcy_fail(err, XCY_EUSAGE, "%s means nothing to --engine %s%s", rules[i].name,
                            p->engine->name, p->engine->has_target ? other : "");
        }
    }
    if (is_web && !web->url) {
        return xcy_fail(err, XCY_EUSAGE, "--engine http needs --url, as http://127.0.0.1:8080/");
    }
    return XCY_OK;
}

/* libcurl would find out with the first connection. */
static enum xcy_status check_ca_file(const char *path, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_CA_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status != XCY_OK) {
        err->status = XCY_EUSAGE;
        status = xcy_error_context(err, "--cacert");
    } else if (text.len == 0 || !strstr(text.ptr, "-----BEGIN ")) {
        status = xcy_fail(err, XCY_EUSAGE, "--cacert: %s has no certificate (PEM)", path);
    }
    xcy_buf_clear(&text);
    return status;
}

static enum xcy_status resolve_engine(struct xcy_preparation *p, struct xcy_error *err)
{
    const struct xcy_session_options *o = p->options;
    const char *text = o->engine ? o->engine : o->web.url ? "http" : "lambda";
    enum xcy_status status = xcy_engine_find(text, &p->engine, &p->sleep_ns, err);
    if (status == XCY_OK) {
        status = check_web_options(p, err);
    }
    if (status == XCY_OK && o->ca_file) {
        status = check_ca_file(o->ca_file, err);
    }
    if (status == XCY_OK && p->engine == &xcy_engine_http) {
        status = xcy_web_resolve(&o->web, &p->web, err);
    }
    return status;
}

enum xcy_status xcy_preparation_resolve(const struct xcy_session_options *options,
                                        struct xcy_preparation *p, struct xcy_error *err)
{
    *p = (struct xcy_preparation){.options = options};
    enum xcy_status status = resolve_engine(p, err);
    if (status == XCY_OK) {
        status = parse_objectives("--expect", &options->expect, &p->expect, err);
    }
    if (status == XCY_OK) {
        status = parse_objectives("--abort-on", &options->abort_on, &p->abort_on, err);
    }
    if (status == XCY_OK) {
        status = xcy_target_load(options->deployment_path, &p->target, err);
    }
    if (status == XCY_OK) {
        status = xcy_plan_resolve(&options->plan, p->target.deployment, xcy_descriptors_raise(),
                                  &p->plan, err);
    }
    return status;
}

static enum xcy_status check_capacity(struct xcy_preparation *p, struct xcy_error *err)
{
    char *waiting = xcy_plan_waiting_line(&p->plan, p->target.deployment, &p->target.combination);
    if (waiting) {
        xcy_log(XCY_LOG_WARNING, "%s", waiting);
    }
    free(waiting);
    enum xcy_status status =
        xcy_plan_check_capacity(&p->plan, p->target.deployment, &p->target.combination, err);
    if (status != XCY_OK && p->options->is_forced) {
        xcy_log(XCY_LOG_WARNING, "forced: %s", err->text);
        p->is_beyond_capacity = true;
        return XCY_OK;
    }
    return status;
}

/* A search gathers nothing: its own steps leave their evaluations behind. */
static bool asks_for_leftovers(const struct xcy_session_options *o)
{
    return o->is_checked && !o->takes_leftovers && !o->asks_capacity;
}

enum xcy_status xcy_preparation_check(struct xcy_preparation *p, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    if (p->engine->is_invoking) {
        status = xcy_target_sign_in(&p->target, err);
        if (status == XCY_OK && p->options->is_checked) {
            status = xcy_target_check(&p->target, &p->plan, err);
        }
        if (status == XCY_OK && !p->options->asks_capacity) {
            status = check_capacity(p, err);
        }
        if (status == XCY_OK && asks_for_leftovers(p->options)) {
            status = xcy_leftovers_check(&p->target, err);
        }
    }
    if (xcy_stop_asked()) {
        status = xcy_fail(err, XCY_ESTOPPED, "interrupted before anything was sent");
    }
    struct xcy_engine_setting setting = xcy_preparation_engine_setting(p);
    if (status == XCY_OK && xcy_engine_is_unverified(p->engine, &setting)) {
        xcy_log(XCY_LOG_WARNING,
                "--insecure: the server's certificate is NOT verified; anyone may answer");
    }
    return status;
}

void xcy_preparation_clear(struct xcy_preparation *p)
{
    xcy_objectives_clear(&p->expect);
    xcy_objectives_clear(&p->abort_on);
    xcy_plan_clear(&p->plan);
    xcy_target_clear(&p->target);
    xcy_web_clear(&p->web);
    *p = (struct xcy_preparation){0};
}

struct xcy_engine_setting xcy_preparation_engine_setting(const struct xcy_preparation *p)
{
    const struct xcy_session_options *o = p->options;
    return (struct xcy_engine_setting){
        .plan = &p->plan,
        .target = &p->target,
        .web = p->engine == &xcy_engine_http ? &p->web : NULL,
        .sleep_ns = p->sleep_ns,
        .http = {.ca_file = o->ca_file,
                 .insecure = o->is_insecure,
                 .version = o->wants_http2 ? XCY_HTTP_AUTO : XCY_HTTP_1_1}};
}
