#!/usr/bin/python3
"""Debian's boto3 against the sandbox: an independent signer, and SQS's older Query protocol.

Usage: conformance.py ENDPOINT KEY SECRET      prints TAP
"""
import json
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timedelta

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from aws_user import client, endpoint, finish, key, refused, secret, test

sqs, sns, dynamodb, lamb = client("sqs"), client("sns", "eu-central-1"), client("dynamodb", "eu-central-1"), client(
    "lambda", "eu-central-1")
away = client("dynamodb", "us-east-1")


@test
def sends_receives_and_deletes_over_the_query_protocol():
    url = sqs.create_queue(QueueName="boto")["QueueUrl"]
    assert sqs.get_queue_url(QueueName="boto")["QueueUrl"] == url
    sqs.send_message(QueueUrl=url, MessageBody="häl lo <&> \"'")
    got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, AttributeNames=["All"])["Messages"]
    assert [m["Body"] for m in got] == ["häl lo <&> \"'"]
    assert got[0]["Attributes"]["ApproximateReceiveCount"] == "1", got
    sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)


@test
def batches_of_ten_and_their_failures():
    url = sqs.create_queue(QueueName="batches")["QueueUrl"]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": f"m{i}"} for i in range(10)])
    assert len(sent["Successful"]) == 10
    handles = []
    while len(handles) < 10:
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)["Messages"]
        handles += [m["ReceiptHandle"] for m in got]
    entries = [{"Id": str(i), "ReceiptHandle": h} for i, h in enumerate(handles[:9])]
    answer = sqs.delete_message_batch(QueueUrl=url, Entries=entries + [{"Id": "bad", "ReceiptHandle": "nonsense"}])
    assert len(answer["Successful"]) == 9 and [f["Id"] for f in answer["Failed"]] == ["bad"], answer
    refused("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", lambda: sqs.send_message_batch(
        QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": "x"} for i in range(11)]), 400)
    refused("AWS.SimpleQueueService.EmptyBatchRequest",
            lambda: sqs.send_message_batch(QueueUrl=url, Entries=[]), 400)


@test
def a_hidden_message_comes_back_and_its_visibility_can_be_changed():
    url = sqs.create_queue(QueueName="hidden", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="m")
    got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"][0]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessagesNotVisible"] == "1", attributes
    assert attributes["ApproximateNumberOfMessages"] == "0", attributes
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=got["ReceiptHandle"], VisibilityTimeout=0)
    again = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2, AttributeNames=["All"])["Messages"][0]
    assert again["MessageId"] == got["MessageId"]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    answer = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
        {"Id": "a", "ReceiptHandle": again["ReceiptHandle"], "VisibilityTimeout": 1}])
    assert len(answer["Successful"]) == 1
    third = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]
    assert third["MessageId"] == got["MessageId"]


@test
def a_long_poll_wakes_when_a_message_comes():
    import threading
    url = sqs.create_queue(QueueName="poll")["QueueUrl"]
    found = []
    thread = threading.Thread(target=lambda: found.extend(
        client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", [])))
    thread.start()
    sqs.send_message(QueueUrl=url, MessageBody="late")
    thread.join(60)
    assert [m["Body"] for m in found] == ["late"]


@test
def a_purge_empties_and_a_second_one_within_60_s_is_refused():
    url = sqs.create_queue(QueueName="purged")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="m")
    sqs.purge_queue(QueueUrl=url)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    refused("AWS.SimpleQueueService.PurgeQueueInProgress", lambda: sqs.purge_queue(QueueUrl=url), 403)


@test
def an_unknown_queue_is_refused_in_words():
    refused("AWS.SimpleQueueService.NonExistentQueue", lambda: sqs.get_queue_url(QueueName="nowhere"), 400)


@test
def items_are_put_got_scanned_and_deleted():
    dynamodb.put_item(TableName="posts", Item={"key": {"S": "k1"}, "body": {"S": "text"}})
    item = dynamodb.get_item(TableName="posts", Key={"key": {"S": "k1"}}, ConsistentRead=True)["Item"]
    assert item == {"key": {"S": "k1"}, "body": {"S": "text"}}, item
    assert "k1" in [i["key"]["S"] for i in dynamodb.scan(TableName="posts", ConsistentRead=True)["Items"]]
    assert dynamodb.describe_table(TableName="posts")["Table"]["TableStatus"] == "ACTIVE"
    dynamodb.delete_item(TableName="posts", Key={"key": {"S": "k1"}})
    assert "Item" not in dynamodb.get_item(TableName="posts", Key={"key": {"S": "k1"}}, ConsistentRead=True)


@test
def an_item_written_in_one_region_comes_to_the_other():
    dynamodb.put_item(TableName="posts", Item={"key": {"S": "travels"}, "body": {"S": "x"}})
    for _ in range(1200):
        if "Item" in away.get_item(TableName="posts", Key={"key": {"S": "travels"}}):
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


@test
def an_item_beyond_400_KB_and_an_unknown_table_are_refused():
    refused("ValidationException", lambda: dynamodb.put_item(
        TableName="posts", Item={"key": {"S": "big"}, "body": {"S": "x" * 410000}}), 400)
    refused("ResourceNotFoundException", lambda: dynamodb.get_item(TableName="none", Key={"key": {"S": "k"}}), 400)


@test
def sns_publishes_and_lists_its_topics():
    topics = [t["TopicArn"] for t in sns.list_topics()["Topics"]]
    assert any(t.endswith(":notifications") for t in topics), topics
    arn = sns.create_topic(Name="boto")["TopicArn"]
    assert sns.publish(TopicArn=arn, Message="m & n")["MessageId"]
    refused("NotFound", lambda: sns.publish(TopicArn=arn + "x", Message="m"), 404)


@test
def lambda_invokes_in_all_three_ways():
    payload = json.dumps({"i": 1, "key": "1" + uuid.uuid4().hex[:9].upper(), "client_sent_at": time.time()})
    answer = lamb.invoke(FunctionName="writer", Payload=payload)
    assert answer["StatusCode"] == 200 and "FunctionError" not in answer, answer
    body = json.loads(answer["Payload"].read())
    assert body["statusCode"] == 200 and json.loads(body["body"])["i"] == 1, body
    assert lamb.invoke(FunctionName="writer", InvocationType="Event", Payload=payload)["StatusCode"] == 202
    assert lamb.invoke(FunctionName="writer", InvocationType="DryRun", Payload=payload)["StatusCode"] == 204


@test
def lambda_tells_a_function_error_and_an_unknown_function():
    answer = lamb.invoke(FunctionName="writer", Payload=b'{"no": "such payload"}')
    assert answer["StatusCode"] == 200 and answer["FunctionError"] == "Unhandled", answer
    assert "errorMessage" in json.loads(answer["Payload"].read())
    refused("ResourceNotFoundException", lambda: lamb.invoke(FunctionName="nobody", Payload=b"{}"), 404)


@test
def lambda_shows_and_updates_a_configuration():
    before = lamb.get_function(FunctionName="writer")["Configuration"]
    assert before["State"] == "Active" and before["LastUpdateStatus"] == "Successful", before
    variables = dict(before["Environment"]["Variables"], SOMETHING="new")
    lamb.update_function_configuration(FunctionName="writer", Environment={"Variables": variables})
    lamb.get_waiter("function_updated_v2" if "function_updated_v2" in lamb.waiter_names else "function_updated").wait(
        FunctionName="writer", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    after = lamb.get_function(FunctionName="writer")["Configuration"]
    assert after["Environment"]["Variables"] == variables
    assert after["RevisionId"] != before["RevisionId"]


def signed(body, when=None, key=key, secret=secret, service="dynamodb"):
    request = botocore.awsrequest.AWSRequest("POST", endpoint + "/", data=body, headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"})
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key, secret), service, "us-east-1")
    if when:
        class Clock(datetime):
            @classmethod
            def utcnow(cls):
                return when
        import datetime as module
        original = botocore.auth.datetime
        try:
            botocore.auth.datetime = type("m", (), {"datetime": Clock}) if original is module else Clock
            auth.add_auth(request)
        finally:
            botocore.auth.datetime = original
    else:
        auth.add_auth(request)
    return request


def send(request, body):
    headers = {k: v for k, v in request.headers.items()}
    try:
        answer = urllib.request.urlopen(urllib.request.Request(endpoint + "/", data=body, headers=headers, method="POST"))
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


@test
def what_botocore_signs_is_accepted_and_with_one_byte_changed_refused():
    body = b'{"Limit": 10}'
    request = signed(body)
    assert send(request, body)[0] == 200, send(request, body)
    for changed in (b'{"Limit": 11}', b'{"Limit": 10} '):
        status, text = send(request, changed)
        assert status in (400, 403) and "Signature" in text, (status, text)
    request = signed(body)
    request.headers.replace_header("X-Amz-Target", "DynamoDB_20120810.DescribeTable")
    status, text = send(request, body)
    assert status in (400, 403) and "Signature" in text, (status, text)


@test
def an_expired_signature_is_refused_as_such():
    body = b"{}"
    status, text = send(signed(body, datetime.utcnow() - timedelta(hours=1)), body)
    assert status in (400, 403) and "expired" in text, (status, text)


@test
def a_missing_signature_an_unknown_key_and_a_wrong_secret_are_refused_apart():
    request = botocore.awsrequest.AWSRequest("POST", endpoint + "/", data=b"{}", headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"})
    status, text = send(request, b"{}")
    assert status in (400, 403) and "MissingAuthenticationToken" in text, (status, text)
    refused("UnrecognizedClientException", lambda: client("dynamodb", key="AKIAIOSFODNN7EXAMPLE").list_tables())
    refused("InvalidClientTokenId", lambda: client("sns", key="AKIAIOSFODNN7EXAMPLE").list_topics(), 403)
    refused("InvalidSignatureException", lambda: client("dynamodb", secret="wrong").list_tables())
    refused("SignatureDoesNotMatch", lambda: client("sns", secret="wrong").list_topics(), 403)


finish()
