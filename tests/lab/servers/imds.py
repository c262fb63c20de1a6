"""EC2's instance metadata, version 2 only: no token, no answer."""
import json
import secrets
import time

from .web import Answer

PLAIN = {"Content-Type": "text/plain"}


class Imds:
    def __init__(self, state):
        self.state = state
        self.tokens = {}

    def handle(self, request):
        path = request.path.rstrip("/")
        if path == "/latest/api/token":
            if request.method != "PUT":
                return Answer(405, b"", {"Allow": "OPTIONS, PUT"})
            ttl = request.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
            # As the original: a forwarded request is refused, and so is one without a lifetime of 1 second to 6 hours.
            if request.headers.get("X-Forwarded-For"):
                return Answer(403)
            if not ttl.isdigit() or not 1 <= int(ttl) <= 21600:
                return Answer(400)
            token = secrets.token_urlsafe(40)
            self.tokens[token] = time.monotonic() + int(ttl)
            return Answer(200, token.encode(), {**PLAIN, "X-Aws-Ec2-Metadata-Token-Ttl-Seconds": ttl})
        if self.tokens.get(request.headers.get("X-aws-ec2-metadata-token", ""), 0) < time.monotonic():
            return Answer(401)
        if request.method != "GET":
            return Answer(405)
        found = self.values().get(path)
        if found is None:
            return Answer(404, b"<title>404 - Not Found</title>", {"Content-Type": "text/html"})
        return Answer(200, found if isinstance(found, bytes) else found.encode(), PLAIN)

    def values(self):
        s = self.state
        meta = "/latest/meta-data/"
        values = {
            meta + "placement/region": s["region"],
            meta + "placement/availability-zone": s["region"] + "a",
            meta + "services/domain": "amazonaws.com",
            meta + "instance-id": s["instance_id"],
            meta + "public-ipv4": s["public_ip"] or None,
            "/latest/user-data": s["user_data"] or None,
        }
        if s["role"]:
            keys = s["credentials"]
            values[meta + "iam/security-credentials"] = s["role"]
            values[meta + "iam/security-credentials/" + s["role"]] = json.dumps({
                "Code": "Success", "LastUpdated": "2026-01-01T00:00:00Z", "Type": "AWS-HMAC", "AccessKeyId": keys["id"],
                "SecretAccessKey": keys["key"], "Token": keys["token"], "Expiration": "2036-01-01T00:00:00Z"})
        return values
