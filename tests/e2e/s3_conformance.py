#!/usr/bin/python3
"""Debian's boto3 against the sandbox's S3: posts-writer in eu-central-1 is replicated to posts-reader in
us-east-1 behind a gate, which opens for a key once a read of it there has missed.

Usage: s3_conformance.py ENDPOINT KEY SECRET      prints TAP
"""
import base64
import hashlib

import botocore

from aws_user import client, finish, refused, test

odd_keys = ["a b", "ä/ö", "x~y", "p+q", "q&r=s", "<tag>\"'", "a//b", "%41", "tail/", "new\nline", "*!()", "日本"]
here, away = client("s3", "eu-central-1"), client("s3", "us-east-1")
W, R = {"Bucket": "posts-writer"}, {"Bucket": "posts-reader"}


def bucket_of_its_own(name):
    here.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return {"Bucket": name}


@test
def puts_heads_and_gets_with_metadata():
    put = here.put_object(**W, Key="k", Body=b"body", Metadata={"cid": "c1", "other": "v"}, ContentType="text/x-post")
    assert put["ETag"] == '"' + hashlib.md5(b"body").hexdigest() + '"', put
    assert len(put["VersionId"]) == 32, put
    for got in (here.head_object(**W, Key="k"), here.get_object(**W, Key="k", VersionId=put["VersionId"])):
        assert got["Metadata"] == {"cid": "c1", "other": "v"}, got
        assert got["ContentLength"] == 4 and got["ETag"] == put["ETag"], got
        assert got["VersionId"] == put["VersionId"] and got["ContentType"] == "text/x-post", got
    assert got["Body"].read() == b"body"


@test
def bodies_of_0_and_of_1_to_5_megabytes_come_back_whole():
    for size in (0, 1, 1 << 20, 5 << 20):
        body = bytes(i * i % 251 for i in range(1024)) * (size // 1024 + 1)
        here.put_object(**W, Key="large", Body=body[:size])
        got = here.get_object(**W, Key="large")
        assert got["ContentLength"] == size and got["Body"].read() == body[:size], size


@test
def what_is_larger_than_64_mib_is_refused():
    refused("413", here.put_object, 413, **W, Key="huge", Body=bytes((64 << 20) + 1))


@test
def ranges_are_cut_out():
    here.put_object(**W, Key="range", Body=b"0123456789")
    for text, expected in (("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-3", b"789"), ("bytes=5-99", b"56789"),
                           ("bytes=-99", b"0123456789")):
        got = here.get_object(**W, Key="range", Range=text)
        assert got["Body"].read() == expected, text
        assert got["ResponseMetadata"]["HTTPStatusCode"] == 206, got
    assert got["ContentRange"] == "bytes 0-9/10", got
    refused("InvalidRange", here.get_object, 416, **W, Key="range", Range="bytes=10-")


@test
def versions_stay_and_are_read_by_their_ids():
    ids = [here.put_object(**W, Key="v", Body=text)["VersionId"] for text in (b"one", b"two")]
    assert here.get_object(**W, Key="v")["Body"].read() == b"two"
    assert here.get_object(**W, Key="v", VersionId=ids[0])["Body"].read() == b"one"
    listed = here.list_object_versions(**W, Prefix="v")["Versions"]
    assert [(v["VersionId"], v["IsLatest"]) for v in listed] == [(ids[1], True), (ids[0], False)], listed
    refused("NoSuchVersion", here.get_object, 404, **W, Key="v", VersionId="x" * 32)


@test
def a_delete_is_a_marker_and_its_removal_brings_the_object_back():
    version = here.put_object(**W, Key="d", Body=b"text")["VersionId"]
    gone = here.delete_object(**W, Key="d")
    assert gone["DeleteMarker"] is True, gone
    refused("NoSuchKey", here.get_object, 404, **W, Key="d")
    refused("404", here.head_object, 404, **W, Key="d")
    refused("MethodNotAllowed", here.get_object, 405, **W, Key="d", VersionId=gone["VersionId"])
    assert here.get_object(**W, Key="d", VersionId=version)["Body"].read() == b"text"
    assert [m["VersionId"] for m in here.list_object_versions(**W, Prefix="d")["DeleteMarkers"]] == [gone["VersionId"]]
    again = here.delete_object(**W, Key="d", VersionId=gone["VersionId"])
    assert again["DeleteMarker"] is True and again["VersionId"] == gone["VersionId"], again
    assert here.get_object(**W, Key="d")["Body"].read() == b"text"
    here.delete_object(**W, Key="d", VersionId=version)
    assert "Versions" not in here.list_object_versions(**W, Prefix="d")


@test
def odd_keys_are_put_got_listed_and_deleted():
    bucket = bucket_of_its_own("odd-keys")
    for k in odd_keys:
        here.put_object(**bucket, Key=k, Body=k.encode())
    for k in odd_keys:
        assert here.get_object(**bucket, Key=k)["Body"].read() == k.encode(), k
    expected = sorted(odd_keys, key=str.encode)
    assert [o["Key"] for o in here.list_objects_v2(**bucket)["Contents"]] == expected
    assert [o["Key"] for o in here.list_objects(**bucket)["Contents"]] == expected
    versions = here.list_object_versions(**bucket)["Versions"]
    assert [o["Key"] for o in versions] == expected
    objects = [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in versions]
    deleted = here.delete_objects(**bucket, Delete={"Objects": objects})["Deleted"]
    assert sorted(d["Key"] for d in deleted) == sorted(odd_keys), deleted
    assert "Versions" not in here.list_object_versions(**bucket)


@test
def lists_come_in_pages():
    bucket = bucket_of_its_own("pages")
    keys = [f"p{i:03}" for i in range(25)]
    for k in keys:
        here.put_object(**bucket, Key=k, Body=b"x")
        here.put_object(**bucket, Key=k, Body=b"xy")
    for operation, member, expected in (("list_objects_v2", "Contents", keys), ("list_objects", "Contents", keys),
                                        ("list_object_versions", "Versions", sorted(keys * 2))):
        pages = list(here.get_paginator(operation).paginate(**bucket, PaginationConfig={"PageSize": 7}))
        assert [len(p[member]) for p in pages[:-1]] == [7] * (len(pages) - 1), operation
        assert [o["Key"] for p in pages for o in p[member]] == expected, operation
    assert [o["Key"] for o in here.list_objects_v2(**bucket, StartAfter="p022")["Contents"]] == ["p023", "p024"]
    assert {o["Size"] for o in here.list_objects_v2(**bucket)["Contents"]} == {2}


@test
def prefixes_and_delimiters_make_groups():
    bucket = bucket_of_its_own("groups")
    for k in ("a/1", "a/2", "b", "c/1/x", "c/2", "d/"):
        here.put_object(**bucket, Key=k, Body=b"")
    for size in (1000, 1, 2):
        pages = list(here.get_paginator("list_objects_v2").paginate(**bucket, Delimiter="/",
                                                                    PaginationConfig={"PageSize": size}))
        assert [o["Key"] for p in pages for o in p.get("Contents", [])] == ["b"], pages
        groups = [g["Prefix"] for p in pages for g in p.get("CommonPrefixes", [])]
        assert groups == ["a/", "c/", "d/"], groups
    got = here.list_objects_v2(**bucket, Prefix="c/", Delimiter="/")
    assert [o["Key"] for o in got["Contents"]] == ["c/2"] and got["CommonPrefixes"] == [{"Prefix": "c/1/"}], got
    assert here.list_objects_v2(**bucket, Prefix="zzz")["KeyCount"] == 0


@test
def a_version_is_pending_and_then_at_both_ends_the_same():
    put = here.put_object(**W, Key="r", Body=b"replicated", Metadata={"cid": "c9"})
    assert here.head_object(**W, Key="r")["ReplicationStatus"] == "PENDING"
    assert "Contents" not in away.list_objects_v2(**R, Prefix="r")
    refused("404", away.head_object, 404, **R, Key="r", VersionId=put["VersionId"])  # this opens the gate
    there = away.get_object(**R, Key="r")
    assert there["VersionId"] == put["VersionId"] and there["ETag"] == put["ETag"], there
    assert there["ReplicationStatus"] == "REPLICA" and there["Metadata"] == {"cid": "c9"}, there
    assert there["Body"].read() == b"replicated"
    source = here.head_object(**W, Key="r")
    assert source["ReplicationStatus"] == "COMPLETED", source
    assert source["LastModified"] == there["LastModified"]


@test
def deletes_and_markers_are_not_replicated():
    put = here.put_object(**W, Key="s", Body=b"x")
    refused("NoSuchKey", away.get_object, 404, **R, Key="s")
    here.delete_object(**W, Key="s")
    assert away.get_object(**R, Key="s")["VersionId"] == put["VersionId"]
    here.delete_object(**W, Key="s", VersionId=put["VersionId"])
    assert away.get_object(**R, Key="s")["Body"].read() == b"x"
    away.delete_object(**R, Key="s", VersionId=put["VersionId"])
    refused("NoSuchKey", away.get_object, 404, **R, Key="s")


@test
def what_is_deleted_at_its_source_before_it_arrived_never_arrives():
    put = here.put_object(**W, Key="never", Body=b"x")
    here.delete_object(**W, Key="never", VersionId=put["VersionId"])
    for _ in range(3):
        refused("NoSuchKey", away.get_object, 404, **R, Key="never")


@test
def content_md5_is_checked():
    right = base64.b64encode(hashlib.md5(b"text").digest()).decode()
    here.put_object(**W, Key="m", Body=b"text", ContentMD5=right)
    refused("BadDigest", here.put_object, 400, **W, Key="m", Body=b"other", ContentMD5=right)
    refused("InvalidDigest", here.put_object, 400, **W, Key="m", Body=b"text", ContentMD5="nonsense")
    assert here.get_object(**W, Key="m")["Body"].read() == b"text"


@test
def signatures_are_checked():
    refused("SignatureDoesNotMatch", client("s3", "eu-central-1", secret="wrong").list_objects_v2, 403, **W)
    refused("InvalidAccessKeyId", client("s3", "eu-central-1", key="AKIDUNKNOWN").list_objects_v2, 403, **W)
    unsigned = client("s3", "eu-central-1", signature_version=botocore.UNSIGNED)
    refused("AccessDenied", unsigned.get_object, 403, **W, Key="k")

    def spoil(request, **_):
        request.data = b"changed"
        request.body = b"changed"

    spoiled = client("s3", "eu-central-1")
    spoiled.meta.events.register("before-send.s3.PutObject", spoil)
    refused("XAmzContentSHA256Mismatch", spoiled.put_object, 400, **W, Key="k", Body=b"signed!")


@test
def another_region_is_told_where_the_bucket_is():
    assert away.get_bucket_location(**R).get("LocationConstraint") is None
    assert here.get_bucket_location(**W)["LocationConstraint"] == "eu-central-1"
    told = refused("AuthorizationHeaderMalformed", away.get_object, 400, **W, Key="k")
    assert "expecting 'eu-central-1'" in told["Error"]["Message"], told


@test
def buckets_are_made_found_and_versioned():
    bucket = bucket_of_its_own("made-here")
    here.head_bucket(**bucket)
    assert here.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    here.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"})
    assert "made-here" in [b["Name"] for b in here.list_buckets()["Buckets"]]
    refused("404", here.head_bucket, 404, Bucket="not-made")
    refused("NoSuchBucket", here.get_object, 404, Bucket="not-made", Key="k")
    refused("BucketAlreadyOwnedByYou", here.create_bucket, 409, **bucket,
            CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    refused("InvalidBucketName", here.create_bucket, 400, Bucket="Not_A_Name")


@test
def what_is_not_known_is_refused_in_words():
    refused("NotImplemented", here.put_bucket_versioning, 501, **W, VersioningConfiguration={"Status": "Suspended"})
    refused("NotImplemented", here.create_multipart_upload, 501, **W, Key="m")
    refused("NotImplemented", here.get_object, 501, **W, Key="k", IfNoneMatch="x")
    refused("NotImplemented", here.copy_object, 501, **W, Key="c", CopySource="posts-writer/k")
    refused("MethodNotAllowed", here.delete_bucket, 405, **W)
    refused("MetadataTooLarge", here.put_object, 400, **W, Key="m", Body=b"", Metadata={"long": "x" * 2100})
    refused("KeyTooLongError", here.put_object, 400, **W, Key="k" * 1025, Body=b"")


@test
def deletes_of_many_take_a_thousand():
    bucket = bucket_of_its_own("many")
    many = [{"Key": f"k{i}"} for i in range(1000)]
    assert len(here.delete_objects(**bucket, Delete={"Objects": many, "Quiet": False})["Deleted"]) == 1000
    assert len(here.list_object_versions(**bucket)["DeleteMarkers"]) == 1000
    refused("MalformedXML", here.delete_objects, 400, **bucket, Delete={"Objects": many + [{"Key": "one more"}]})


finish()
