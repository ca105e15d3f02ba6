#!/usr/bin/python3
"""Plays ECS's container endpoint and EC2's instance metadata (version 2) with a sandbox's STS behind it.

Usage: metadata_server.py READY LOG ENDPOINT KEY SECRET SECONDS

READY gets the address. Keys last SECONDS, those of /container/N last N. /container needs the Authorization "hush-container-token"; the metadata
needs a token from PUT. A file LOG.broken makes both answer 500. LOG gets a line for each request: method, path, status; LOG.secrets the secret key of each pair.
"""
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import botocore.config

ready, log, endpoint, key, secret, seconds = sys.argv[1:7]
TOKEN = "hush-metadata-token"
ROLE = "/latest/meta-data/iam/security-credentials/"
sts = boto3.client("sts", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id=key,
                   aws_secret_access_key=secret, config=botocore.config.Config(parameter_validation=False))


def mint(seconds=seconds):
    got = sts.assume_role(RoleArn="arn:aws:iam::000000000000:role/machine", RoleSessionName="machine",
                          DurationSeconds=int(seconds))["Credentials"]
    with open(log + ".secrets", "a", encoding="utf-8") as file:
        file.write(got["SecretAccessKey"] + "\n")
    return {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": got["AccessKeyId"],
            "SecretAccessKey": got["SecretAccessKey"], "Token": got["SessionToken"],
            "Expiration": got["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text):
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{self.command} {self.path} {status}\n")
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        asked = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
        self.answer(*((200, TOKEN) if self.path == "/latest/api/token" and asked else (400, "no")))

    def do_GET(self):
        if os.path.exists(log + ".broken"):
            self.answer(500, "out of order")
        elif self.path.startswith("/container"):
            known = self.headers.get("Authorization") == "hush-container-token"
            lasts = self.path.removeprefix("/container").lstrip("/") or seconds
            self.answer(*((200, json.dumps(mint(lasts))) if known else (401, "who are you?")))
        elif self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            self.answer(401, "")
        elif self.path == ROLE:
            self.answer(200, "machine\n")
        elif self.path == ROLE + "machine":
            self.answer(200, json.dumps(mint()))
        else:
            self.answer(404, "")

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(ready + ".new", "w", encoding="utf-8") as file:
    file.write(f"http://127.0.0.1:{server.server_port}")
os.rename(ready + ".new", ready)
server.serve_forever()
