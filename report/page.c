#include "report/page.h"

#include "common/net/crypto.h"
#include "report/html.h"

/* page.css and page.js, put in by the build. */
extern const char xcy_page_css[];
extern const char xcy_page_js[];

static void add_digest(struct xcy_buf *out, const char *text)
{
    unsigned char digest[XCY_SHA256_BYTES];
    xcy_sha256(xcy_bytes_of(text), digest);
    xcy_buf_add_text(out, "'sha256-");
    xcy_base64_add(out, xcy_bytes((const char *)digest, sizeof digest));
    xcy_buf_add_text(out, "'");
}

static void add_policy(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                          "'none'; base-uri 'none'; form-action 'none'; style-src ");
    add_digest(out, xcy_page_css);
    xcy_buf_add_text(out, "; script-src ");
    add_digest(out, xcy_page_js);
    xcy_buf_add_text(out, "\">\n");
}

void xcy_page_begin(struct xcy_buf *out, const char *title)
{
    xcy_buf_add_text(out,
                     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(out);
    xcy_buf_add_text(out,
                     "<meta name=\"viewport\" content=\"width=device-width, "
                     "initial-scale=1\">\n<meta name=\"generator\" content=\"xcybench " XCY_VERSION
                     "\">\n<title>");
    xcy_markup_add_text(out, title);
    xcy_buf_add_text(out, "</title>\n<style>");
    xcy_buf_add_text(out, xcy_page_css);
    xcy_buf_add_text(out, "</style>\n</head>\n<body>\n<h1>");
    xcy_markup_add_text(out, title);
    xcy_buf_add_text(out, "</h1>\n");
}

void xcy_page_end(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "<script>");
    xcy_buf_add_text(out, xcy_page_js);
    xcy_buf_add_text(out, "</script>\n</body>\n</html>\n");
}
