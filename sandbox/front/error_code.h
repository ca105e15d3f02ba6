#ifndef XCY_SANDBOX_FRONT_ERROR_CODE_H
#define XCY_SANDBOX_FRONT_ERROR_CODE_H

/*
 * error_code.h - AWS's error codes have one name in the JSON protocol and another in the
 * Query protocol. Services use the first.
 *
 * Threads:  safe.
 */

/* What stands in <Code> and in x-amzn-query-error. A code without another name is its own. */
const char *xcy_error_code_query(const char *code);

/* What stands before '#' in "__type", for an error of this service. */
const char *xcy_error_code_namespace(const char *service, const char *code);

#endif
