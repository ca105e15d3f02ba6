"""Debian's boto3 as a user of the sandbox, and TAP: what the conformance tests have in common.

sys.argv is ENDPOINT KEY SECRET, and what else the test takes.
"""
import sys

import boto3
import botocore.config
import botocore.exceptions

endpoint, key, secret = sys.argv[1:4]
config = botocore.config.Config(retries={"max_attempts": 1, "mode": "standard"}, parameter_validation=False)
count = failed = 0


def client(service, region="us-east-1", key=key, secret=secret, **more):
    return boto3.client(service, region_name=region, endpoint_url=endpoint, aws_access_key_id=key,
                        aws_secret_access_key=secret, config=config.merge(botocore.config.Config(**more)))


def test(function):
    global count, failed
    count += 1
    sentence = function.__name__.replace("_", " ")
    try:
        function()
        print(f"ok {count} - {sentence}", flush=True)
    except Exception as e:  # a failing test is a line, whatever it failed with
        failed += 1
        print(f"not ok {count} - {sentence}\n# {type(e).__name__}: {e}", flush=True)


def refused(code, call, status=None, **arguments):
    """Calls it; it must be refused with this code, and this HTTP status. Returns the answer."""
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as e:
        assert e.response["Error"]["Code"] == code, e.response
        assert status is None or e.response["ResponseMetadata"]["HTTPStatusCode"] == status, e.response
        return e.response
    raise AssertionError(f"not refused; expected {code}")


def finish():
    print(f"1..{count}")
    sys.exit(1 if failed else 0)
