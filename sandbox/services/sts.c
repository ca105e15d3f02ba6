#include "sandbox/services/sts.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "sandbox/front/form.h"
#include "sandbox/front/temporary_keys.h"
#include "sandbox/front/xml.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_XML_BYTES = 64 * 1024, DEFAULT_S = 3600, MAX_S = 43200, MAX_SESSION_BYTES = 64 };

static const char xml_namespace[] = "https://sts.amazonaws.com/doc/2011-06-15/";
static const char role_begin[] = "arn:aws:iam::";
static const char name_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=,.@-";
static const char arn_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=,.@-+:/";

struct xcy_sts_service {
    const struct xcy_credentials *root;
    struct xcy_truth *truth;
    char account[13];
};

/* What a role is asked for with. */
struct wish {
    const char *account; /* 12 digits in the ARN */
    const char *role;    /* its name, after the last '/' */
    const char *session;
    int64_t duration_s;
};

struct request {
    struct xcy_sts_service *service;
    struct xcy_call *call;
    const struct xcy_form *form;
    struct xcy_buf out;
};

struct xcy_sts_service *xcy_sts_service_new(const struct xcy_sts_service_options *options)
{
    struct xcy_sts_service *s = xcy_alloc(sizeof *s);
    s->root = options->credentials;
    s->truth = options->truth;
    snprintf(s->account, sizeof s->account, "%s", options->account);
    return s;
}

void xcy_sts_service_free(struct xcy_sts_service *s)
{
    free(s);
}

static bool refuse(struct request *r, const char *code, const char *words)
{
    xcy_call_fail(r->call, 400, code, "%s", words);
    return false;
}

static bool is_role(const char *arn)
{
    size_t begin = sizeof role_begin - 1;
    return strncmp(arn, role_begin, begin) == 0 && strspn(arn + begin, "0123456789") == 12 &&
           strncmp(arn + begin + 12, ":role/", 6) == 0 && arn[begin + 18] &&
           strlen(arn) <= XCY_TEMPORARY_ARN_BYTES / 2 && strspn(arn, arn_letters) == strlen(arn) &&
           arn[strlen(arn) - 1] != '/';
}

static bool read_wish(struct request *r, struct wish *wish)
{
    const char *arn = xcy_form_get(r->form, "RoleArn");
    const char *duration = xcy_form_get(r->form, "DurationSeconds");
    *wish =
        (struct wish){.session = xcy_form_get(r->form, "RoleSessionName"), .duration_s = DEFAULT_S};
    if (!arn || !is_role(arn)) {
        return refuse(r, "ValidationException",
                      "RoleArn is not of the form "
                      "arn:aws:iam::123456789012:role/name.");
    }
    if (!wish->session || strlen(wish->session) < 2 || strlen(wish->session) > MAX_SESSION_BYTES ||
        strspn(wish->session, name_letters) != strlen(wish->session)) {
        return refuse(r, "ValidationException",
                      "RoleSessionName must have 2 to 64 letters, digits or _=,.@-");
    }
    if (duration && (!xcy_int64_parse(xcy_bytes_of(duration), &wish->duration_s) ||
                     wish->duration_s < 1 || wish->duration_s > MAX_S)) {
        return refuse(r, "ValidationException", "DurationSeconds must be 1 to 43200.");
    }
    wish->account = arn + sizeof role_begin - 1;
    wish->role = strrchr(arn, '/') + 1;
    return true;
}

static void note(const struct xcy_sts_service *s, const struct xcy_temporary *made)
{
    if (!xcy_truth_is_on(s->truth)) {
        return;
    }
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", "assume");
    xcy_json_put_string(line, "service", "sts");
    xcy_json_put_int64(line, "at_us", xcy_wall_us(xcy_wall_now()));
    xcy_json_put_int64(line, "until_us", xcy_wall_us(made->credentials.expires));
    xcy_json_put_string(line, "arn", made->arn);
    xcy_truth_add(s->truth, line);
}

/* AWS tells whole seconds: the end that is told is never after the real one. */
static void add_keys(struct request *r, const struct wish *wish)
{
    struct xcy_temporary made;
    char arn[XCY_TEMPORARY_ARN_BYTES];
    char end[21];
    snprintf(arn, sizeof arn, "arn:aws:sts::%.12s:assumed-role/%.80s/%s", wish->account, wish->role,
             wish->session);
    struct xcy_wall expires = {xcy_wall_now().ns + wish->duration_s * XCY_NS_PER_S};
    xcy_temporary_make(r->service->root, arn, expires, &made);
    xcy_wall_format_iso(expires, end);
    xcy_buf_add_text(&r->out, "<Credentials>");
    xcy_xml_add_element(&r->out, "AccessKeyId", made.credentials.access_key);
    xcy_xml_add_element(&r->out, "SecretAccessKey", made.credentials.secret_key);
    xcy_xml_add_element(&r->out, "SessionToken", made.credentials.session_token);
    xcy_xml_add_element(&r->out, "Expiration", end);
    xcy_buf_add_text(&r->out, "</Credentials><AssumedRoleUser>");
    xcy_xml_add_element(&r->out, "Arn", arn);
    xcy_buf_addf(&r->out, "<AssumedRoleId>AROASANDBOX:%s</AssumedRoleId></AssumedRoleUser>",
                 wish->session);
    note(r->service, &made);
    xcy_temporary_clear(&made);
}

static bool assume_role(struct request *r)
{
    struct wish wish;
    if (!read_wish(r, &wish)) {
        return false;
    }
    add_keys(r, &wish);
    return true;
}

static bool assume_with_web_identity(struct request *r)
{
    struct wish wish;
    const char *token = xcy_form_get(r->form, "WebIdentityToken");
    if (!read_wish(r, &wish)) {
        return false;
    }
    if (!token || !xcy_web_identity_is_right(r->service->root, token)) {
        return refuse(r, "InvalidIdentityToken", "The web identity token is not this sandbox's.");
    }
    add_keys(r, &wish);
    xcy_xml_add_element(&r->out, "SubjectFromWebIdentityToken", "sandbox");
    xcy_xml_add_element(&r->out, "Provider", "sandbox");
    return true;
}

static bool get_caller_identity(struct request *r)
{
    const struct xcy_exchange *x = r->call->exchange;
    const char *token = xcy_exchange_header(x, "X-Amz-Security-Token");
    const char *authorization = xcy_exchange_header(x, "Authorization");
    const char *key = authorization ? strstr(authorization, "Credential=") : NULL;
    char access_key[64] = "";
    char arn[XCY_TEMPORARY_ARN_BYTES];
    struct xcy_temporary caller = {.arn = ""};
    snprintf(arn, sizeof arn, "arn:aws:iam::%s:user/sandbox", r->service->account);
    if (key) {
        key += strlen("Credential=");
        snprintf(access_key, sizeof access_key, "%.*s", (int)strcspn(key, "/"), key);
    }
    if (token && xcy_temporary_open(r->service->root, access_key, token, &caller)) {
        snprintf(arn, sizeof arn, "%s", caller.arn);
    }
    xcy_temporary_clear(&caller);
    xcy_xml_add_element(&r->out, "Arn", arn);
    xcy_xml_add_element(&r->out, "UserId", access_key);
    xcy_xml_add_element(&r->out, "Account", r->service->account);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct request *r); /* false: it was answered */
} operations[] = {
    {"AssumeRole", assume_role},
    {"AssumeRoleWithWebIdentity", assume_with_web_identity},
    {"GetCallerIdentity", get_caller_identity},
};

static void run(struct request *r, bool (*operation)(struct request *r))
{
    struct xcy_form form;
    if (!xcy_form_read(r->call, &form)) {
        xcy_call_fail(r->call, 400, "SerializationException", "The request's form cannot be read.");
        return;
    }
    r->form = &form;
    xcy_buf_init(&r->out, MAX_XML_BYTES);
    if (operation(r)) {
        xcy_call_reply_xml(r->call, r->out.ptr, xml_namespace);
    }
    xcy_buf_clear_secret(&r->out);
    xcy_form_clear(&form);
}

void xcy_sts_service_handle(void *service, struct xcy_call *call)
{
    struct request r = {.service = service, .call = call};
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (call->protocol == XCY_PROTOCOL_QUERY &&
            strcmp(operations[i].name, call->operation) == 0) {
            run(&r, operations[i].run);
            return;
        }
    }
    xcy_call_fail_operation(call);
}
