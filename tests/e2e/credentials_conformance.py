#!/usr/bin/python3
"""Debian's boto3 against the sandbox's STS, and with the keys that it gives out.

Usage: credentials_conformance.py ENDPOINT KEY SECRET WEB_TOKEN_FILE      prints TAP
"""
import sys
import time

import boto3
import botocore
import botocore.config

from aws_user import client, config, endpoint, finish, refused, test

ROLE = "arn:aws:iam::000000000000:role/path/tester"
sts = client("sts")


def with_keys(service, credentials):
    return boto3.client(service, region_name="us-east-1", endpoint_url=endpoint, config=config,
                        aws_access_key_id=credentials["AccessKeyId"],
                        aws_secret_access_key=credentials["SecretAccessKey"],
                        aws_session_token=credentials["SessionToken"])


def assume(seconds=900, **more):
    return sts.assume_role(RoleArn=ROLE, RoleSessionName="boto", DurationSeconds=seconds, **more)


@test
def a_role_is_assumed_and_its_keys_sign():
    got = assume()
    assert got["AssumedRoleUser"]["Arn"] == "arn:aws:sts::000000000000:assumed-role/tester/boto", got
    keys = got["Credentials"]
    assert keys["AccessKeyId"].startswith("XCYSANDBOXTEMP"), got
    assert 890 < keys["Expiration"].timestamp() - time.time() <= 900, got
    for service, call in (("sqs", "list_queues"), ("dynamodb", "list_tables"), ("s3", "list_buckets"), ("sns", "list_topics")):
        getattr(with_keys(service, keys), call)()


@test
def whoever_asks_is_told_who_it_is():
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::000000000000:user/sandbox"
    me = with_keys("sts", assume()["Credentials"]).get_caller_identity()
    assert me["Arn"] == "arn:aws:sts::000000000000:assumed-role/tester/boto", me
    assert me["Account"] == "000000000000", me


@test
def the_keys_of_a_role_assume_another_one():
    second = with_keys("sts", assume()["Credentials"]).assume_role(RoleArn=ROLE, RoleSessionName="second")
    assert with_keys("sts", second["Credentials"]).get_caller_identity()["Arn"].endswith("/tester/second")


@test
def a_web_identity_assumes_a_role_without_a_signature():
    unsigned = boto3.client("sts", region_name="us-east-1", endpoint_url=endpoint,
                            config=config.merge(botocore.config.Config(signature_version=botocore.UNSIGNED)))
    token = open(sys.argv[4], encoding="utf-8").read()
    got = unsigned.assume_role_with_web_identity(RoleArn=ROLE, RoleSessionName="web", WebIdentityToken=token)
    assert with_keys("sts", got["Credentials"]).get_caller_identity()["Arn"].endswith("/tester/web")
    refused("InvalidIdentityToken", lambda: unsigned.assume_role_with_web_identity(
        RoleArn=ROLE, RoleSessionName="web", WebIdentityToken=token[:-1] + "x"), 400)
    refused("MissingAuthenticationToken", lambda: unsigned.assume_role(RoleArn=ROLE, RoleSessionName="web"), 403)


@test
def what_is_not_a_role_is_refused():
    for role in ("arn:aws:iam::1:role/x", "arn:aws:iam::000000000000:user/x", "arn:aws:iam::000000000000:role/"):
        refused("ValidationError", lambda r=role: sts.assume_role(RoleArn=r, RoleSessionName="boto"), 400)
    refused("ValidationError", lambda: sts.assume_role(RoleArn=ROLE, RoleSessionName="a b"), 400)
    refused("ValidationError", lambda: assume(43201), 400)
    refused("InvalidAction", lambda: sts.get_session_token(), 400)


@test
def a_changed_token_or_key_or_none_is_refused():
    keys = assume()["Credentials"]
    token = keys["SessionToken"]
    other = assume()["Credentials"]
    for wrong in ({"SessionToken": token[:-1] + ("0" if token[-1] != "0" else "1")},
                  {"SessionToken": token.replace(".", ".A", 1)}, {"SessionToken": None},
                  {"SessionToken": other["SessionToken"]}, {"AccessKeyId": other["AccessKeyId"]}):
        refused("InvalidClientTokenId", lambda w=wrong: with_keys("sqs", {**keys, **w}).list_queues(), 403)
    refused("SignatureDoesNotMatch", lambda: with_keys("sqs", {**keys, "SecretAccessKey": other["SecretAccessKey"]}).list_queues(), 403)


@test
def keys_that_are_over_are_refused_as_each_service_says_it():
    keys = assume(1)["Credentials"]
    sqs = with_keys("sqs", keys)
    while True:  # they hold for a second, and then they do not
        try:
            sqs.list_queues()
        except botocore.exceptions.ClientError as e:
            assert e.response["Error"]["Code"] == "ExpiredToken", e.response
            assert e.response["ResponseMetadata"]["HTTPStatusCode"] == 403, e.response
            break
    refused("ExpiredTokenException", lambda: with_keys("dynamodb", keys).list_tables(), 400)
    refused("ExpiredTokenException", lambda: with_keys("lambda", keys).get_function(FunctionName="writer"), 403)
    refused("ExpiredToken", lambda: with_keys("s3", keys).list_buckets(), 400)
    refused("ExpiredToken", lambda: with_keys("sts", keys).get_caller_identity(), 403)


finish()
