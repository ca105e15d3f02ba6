#ifndef XCY_NET_CRYPTO_H
#define XCY_NET_CRYPTO_H

/*
 * crypto.h - digests and encodings, over OpenSSL.
 *
 * Memory:   fixed-size results into the caller's arrays.
 * Threads:  safe.
 */

#include "common/base/buf.h"

enum { XCY_SHA256_BYTES = 32, XCY_SHA256_HEX = 65, XCY_MD5_HEX = 33 };

void xcy_sha256(struct xcy_bytes data, unsigned char digest[XCY_SHA256_BYTES]);
void xcy_sha256_hex(struct xcy_bytes data, char hex[XCY_SHA256_HEX]); /* lower case, terminated */
void xcy_hmac_sha256(struct xcy_bytes key, struct xcy_bytes data,
                     unsigned char digest[XCY_SHA256_BYTES]);
void xcy_md5_hex(struct xcy_bytes data, char hex[XCY_MD5_HEX]);
void xcy_hex(const unsigned char *bytes, size_t n, char *hex); /* 2n + 1 bytes */
void xcy_base64_add(struct xcy_buf *out, struct xcy_bytes data);
bool xcy_base64_decode(struct xcy_bytes text, struct xcy_buf *out); /* false: not base64 */
/* Compares in time independent of the content; for signatures. */
bool xcy_equal_secret(struct xcy_bytes a, struct xcy_bytes b);

#endif
