#include "common/aws/key_reply.h"

#include "common/aws/timestamp.h"
#include "common/aws/xml.h"
#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/data/json.h"

#include <stdio.h>

enum { MAX_TEXT_BYTES = 64 * 1024 };

/* What the forms in JSON differ in. */
struct form {
    const char *token;
    bool has_version;
    bool has_code;
    bool must_expire; /* such keys always do */
};

static const struct form forms[] = {
    [XCY_KEYS_OF_PROCESS] = {"SessionToken", true, false, false},
    [XCY_KEYS_OF_CONTAINER] = {"Token", false, false, false},
    [XCY_KEYS_OF_INSTANCE] = {"Token", false, true, true},
    [XCY_KEYS_OF_STS] = {"SessionToken", false, false, true},
};

/* The four texts, borrowed; NULL: not there. */
struct texts {
    const char *access_key;
    const char *secret_key;
    const char *token;
    const char *expiration;
};

static bool is_given(const char *text)
{
    return text && *text;
}

static enum xcy_status take(const struct form *form, const struct texts *t,
                            struct xcy_credentials *credentials, struct xcy_error *err)
{
    struct xcy_wall expires = {0};
    if (!is_given(t->access_key) || !is_given(t->secret_key)) {
        return xcy_fail(err, XCY_EPARSE, "there is no %s in what came",
                        is_given(t->access_key) ? "SecretAccessKey" : "AccessKeyId");
    }
    if (form->must_expire && (!is_given(t->token) || !is_given(t->expiration))) {
        return xcy_fail(err, XCY_EPARSE, "there is no %s in what came",
                        is_given(t->token) ? "Expiration" : form->token);
    }
    if (is_given(t->expiration) && !xcy_timestamp_parse_iso(t->expiration, &expires)) {
        return xcy_fail(err, XCY_EPARSE,
                        "the Expiration in what came is not of the form 2026-01-31T23:59:59Z");
    }
    *credentials =
        (struct xcy_credentials){.access_key = xcy_strdup(t->access_key),
                                 .secret_key = xcy_strdup(t->secret_key),
                                 .session_token = is_given(t->token) ? xcy_strdup(t->token) : NULL,
                                 .expires = expires};
    return XCY_OK;
}

/* What a service says of itself ends in a message on one line. */
static void copy_line(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%.*s", (int)(size - 1), text);
    for (char *p = to; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f) {
            *p = ' ';
        }
    }
}

static enum xcy_status check_json(const struct form *form, const struct xcy_json *root,
                                  struct xcy_error *err)
{
    char code[100];
    char message[200];
    copy_line(code, sizeof code, xcy_json_get_string(root, "Code", "Success"));
    copy_line(message, sizeof message, xcy_json_get_string(root, "Message", ""));
    int64_t version = xcy_json_get_int64(root, "Version", 0);
    if (xcy_json_kind(root) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EPARSE, "what came is not a JSON object");
    }
    if (form->has_code && strcmp(code, "Success") != 0) {
        return xcy_fail(err, XCY_EPARSE, "it says %s%s%s", code, message[0] ? ": " : "", message);
    }
    if (form->has_version && version != 1) {
        return xcy_fail(err, XCY_EPARSE, "what came has %s, not \"Version\": 1",
                        version ? "another version" : "no version");
    }
    return XCY_OK;
}

/* One that is no text does not mean that the keys never end. */
static const char *expiration_of(const struct xcy_json *root)
{
    const struct xcy_json *expiration = xcy_json_get(root, "Expiration");
    bool is_none = xcy_json_kind(expiration) == XCY_JSON_NULL;
    return is_none ? NULL : xcy_json_get_string(root, "Expiration", "no text");
}

static enum xcy_status parse_json(const struct form *form, struct xcy_bytes text,
                                  struct xcy_credentials *credentials, struct xcy_error *err)
{
    struct xcy_json *root = NULL;
    struct xcy_error unsaid; /* may quote */
    if (xcy_json_parse(text, &root, &unsaid) != XCY_OK) {
        return xcy_fail(err, XCY_EPARSE, "what came is not JSON (%zu bytes)", text.len);
    }
    enum xcy_status status = check_json(form, root, err);
    if (status == XCY_OK) {
        struct texts t = {.access_key = xcy_json_get_string(root, "AccessKeyId", NULL),
                          .secret_key = xcy_json_get_string(root, "SecretAccessKey", NULL),
                          .token = xcy_json_get_string(root, form->token, NULL),
                          .expiration = expiration_of(root)};
        status = take(form, &t, credentials, err);
    }
    xcy_json_free_secret(root);
    return status;
}

/* NULL when there is no such element. */
static const char *value_of(struct xcy_bytes xml, const char *name, struct xcy_buf *to)
{
    xcy_buf_init(to, MAX_TEXT_BYTES);
    bool is_there = xcy_xml_value(xml, name, to) && !to->overflowed && !strchr(to->ptr, '\n');
    return is_there ? to->ptr : NULL;
}

static enum xcy_status parse_xml(struct xcy_bytes text, struct xcy_credentials *credentials,
                                 struct xcy_error *err)
{
    struct xcy_bytes inner = xcy_bytes(NULL, 0);
    struct xcy_buf values[4];
    if (!xcy_xml_next(&text, "Credentials", &inner)) {
        return xcy_fail(err, XCY_EPARSE, "there are no <Credentials> in what came");
    }
    struct texts t = {.access_key = value_of(inner, "AccessKeyId", &values[0]),
                      .secret_key = value_of(inner, "SecretAccessKey", &values[1]),
                      .token = value_of(inner, "SessionToken", &values[2]),
                      .expiration = value_of(inner, "Expiration", &values[3])};
    enum xcy_status status = take(&forms[XCY_KEYS_OF_STS], &t, credentials, err);
    for (size_t i = 0; i < 4; i++) {
        xcy_buf_clear_secret(&values[i]);
    }
    return status;
}

enum xcy_status xcy_key_reply_parse(enum xcy_key_form form, struct xcy_bytes text,
                                    struct xcy_credentials *credentials, struct xcy_error *err)
{
    return form == XCY_KEYS_OF_STS ? parse_xml(text, credentials, err)
                                   : parse_json(&forms[form], text, credentials, err);
}
