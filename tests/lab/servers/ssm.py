"""SSM's GetParameter. Unlike moto it refuses what is not signed well, and a clock that is minutes off, as AWS does."""
import datetime
import json

from .sigv4 import is_signed
from .web import as_json


class Ssm:
    """secrets, of type SecureString: {"/name": [version 1, version 2, ...]}; parameters, of type String: {"/name": value}"""

    def __init__(self, state):
        self.state = state

    def handle(self, request):
        s = self.state

        def error(word, text, status=400):
            return as_json({"__type": word, "message": text}, status, **{"x-amzn-RequestId": "lab"})

        if request.method != "POST" or request.headers.get("X-Amz-Target") != "AmazonSSM.GetParameter":
            return error("UnknownOperationException", "")
        if request.headers.get("Content-Type") != "application/x-amz-json-1.1":
            return error("SerializationException", "")
        try:
            sent = datetime.datetime.strptime(request.headers.get("X-Amz-Date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        except ValueError:
            return error("IncompleteSignatureException", "X-Amz-Date")
        if abs((sent - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) > 300:
            return error("InvalidSignatureException", f"Signature expired: {sent:%Y%m%dT%H%M%SZ} is now earlier than the clock")
        if request.headers.get("X-Amz-Security-Token") != s["credentials"]["token"]:
            return error("UnrecognizedClientException", "The security token included in the request is invalid.")
        if not is_signed(request, s["credentials"], s["region"], "ssm"):
            return error("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.")
        # The last one that was accepted: for whoever compares it with what others sign.
        s["signed"] = {"headers": {k.lower(): v for k, v in request.headers.items()}, "body": request.body.decode()}
        asked = json.loads(request.body)
        name = asked["Name"]
        if name in s["denied"]:
            return error("AccessDeniedException", f"User is not authorized to perform: ssm:GetParameter on resource: {name}")
        if name in s["parameters"]:
            return self.found(name, "String", s["parameters"][name], 1)
        versions = s["secrets"].get(name)
        if not versions:
            return error("ParameterNotFound", "")
        value = versions[-1] if asked.get("WithDecryption") else "AQICAHh-still-encrypted"
        return self.found(name, "SecureString", value, len(versions))

    def found(self, name, kind, value, version):
        return as_json({"Parameter": {"ARN": f"arn:aws:ssm:{self.state['region']}:123456789012:parameter{name}", "DataType": "text", "LastModifiedDate": 1.7e9,
                                      "Name": name, "Type": kind, "Value": value, "Version": version}})
