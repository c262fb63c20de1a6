"""A registry of models: GET /v2/<namespace>/<model>/manifests/<tag>, and blobs with byte ranges. Models are noise, with one part that is empty.

state["params"]: parameters that the models have of their own.

What servers do otherwise than each other, state["registry"] says, each key as long as it is there:
sizes: "wrong": the manifest says one byte too many of its first layer.
blobs: 307 or 302. Blobs come from a storage of their own, as from Ollama's registry and most large ones. Absent: from the registry itself, as from a plain one or a web server.
token: "here" or "elsewhere", where everybody gets a token (distribution's docs/spec/auth/token.md); without it, 401.
token_lasts: after so many requests it is over, as otherwise after a minute.
"""
import hashlib
import json
import os
import random
import re
import secrets
import threading

from .web import Answer, as_json

ROUTE = re.compile(r"/v2/(?P<name>.+)/(?P<kind>manifests|blobs)/(?P<what>[^/]+)")


def noise(seed, size):
    """In pieces: Python makes no more than 256 MB at once."""
    source, piece = random.Random(seed), 64 << 20
    return b"".join(source.randbytes(min(piece, size - at)) for at in range(0, size, piece))


class Models:
    """models: {"library/mistral:instruct": "what makes its content"}; another word, another content and digest."""

    def __init__(self, state, folder):
        self.state, self.folder = state, folder
        os.makedirs(folder, exist_ok=True)
        self.made, self.tokens, self.storage = {}, {}, ""

    def blob(self, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        path = os.path.join(self.folder, digest.replace(":", "-"))
        if not os.path.exists(path):
            new = f"{path}.{os.getpid()}.{threading.get_ident()}"
            with open(new, "wb") as file:
                file.write(data)
            os.replace(new, path)
        return {"digest": digest, "size": len(data)}

    def manifest(self, name):
        seed = self.state["models"].get(name)
        if seed is None:
            return None
        params = json.dumps(self.state["params"]).encode()
        if (name, seed, params) not in self.made:
            config = self.blob(json.dumps({"model_format": "gguf", "model_family": "llama", "model_type": "7.2B", "seed": seed}).encode())
            layers = [("model", noise(seed, self.state["model_bytes"])), ("template", b"{{ .Prompt }}"), ("license", b""), ("params", params)]
            self.made[name, seed, params] = json.dumps({
                "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "config": {"mediaType": "application/vnd.docker.container.image.v1+json", **config},
                "layers": [{"mediaType": "application/vnd.ollama.image." + kind, **self.blob(data)} for kind, data in layers]}).encode()
        return self.made[name, seed, params]

    def digest(self, name):
        """As /api/tags names it."""
        return hashlib.sha256(self.manifest(name)).hexdigest()

    def handle(self, request):
        at = ROUTE.fullmatch(request.path)
        if request.path == "/token":
            return self.token(request)
        if not at or request.method not in ("GET", "HEAD"):
            return as_json({"errors": [{"code": "NAME_UNKNOWN", "message": "not found"}]}, 404)
        if refused := self.unless_signed_in(request, at["name"]):
            return refused
        if at["kind"] == "manifests":
            found = self.manifest(f"{at['name']}:{at['what']}")
            if found is None:
                return as_json({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}, 404)
            if self.state["registry"].get("sizes") == "wrong":
                found = json.loads(found)
                found["layers"][0]["size"] += 1
                found = json.dumps(found).encode()
            return Answer(200, found, {"Content-Type": "application/vnd.docker.distribution.manifest.v2+json"})
        path = os.path.join(self.folder, at["what"].replace(":", "-"))
        if not re.fullmatch(r"sha256:[0-9a-f]{64}", at["what"]) or not os.path.exists(path):
            return as_json({"errors": [{"code": "BLOB_UNKNOWN", "message": "blob unknown"}]}, 404)
        if status := self.state["registry"].get("blobs"):
            # As Ollama's own: the path of distribution's storage driver, signed.
            digest = at["what"][7:]
            return Answer(status, b"", {"Location": f"{self.storage}/docker/registry/v2/blobs/sha256/{digest[:2]}/{digest}/data?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=lab"})
        return Answer(200, path, {"Content-Type": "application/octet-stream"})

    def stored(self, request):
        """The storage that blobs are redirected to. As S3 it takes one kind of proof, never two: the signature in the address, or a header."""
        if request.path == "/token":
            return self.token(request)
        if request.headers.get("Authorization"):
            return Answer(400, b"<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>", {"Content-Type": "application/xml"})
        at = re.fullmatch(r"/docker/registry/v2/blobs/sha256/[0-9a-f]{2}/([0-9a-f]{64})/data", request.path)
        path = at and os.path.join(self.folder, "sha256-" + at[1])
        if not path or not os.path.exists(path) or "X-Amz-Signature" not in request.query:
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>", {"Content-Type": "application/xml"})
        return Answer(200, path, {"Content-Type": "application/octet-stream"})

    def unless_signed_in(self, request, name):
        """registry/auth/token/accesscontroller.go of distribution 2.8: the header, and the body of its 401."""
        where = self.state["registry"].get("token")
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not where or self.tokens.get(given, 0) > 0:
            self.tokens[given] = self.tokens.get(given, 0) - 1
            return None
        realm = (self.storage if where == "elsewhere" else "https://" + request.headers["Host"]) + "/token"
        return as_json({"errors": [{"code": "UNAUTHORIZED", "message": "authentication required", "detail": None}]}, 401,
                       **{"WWW-Authenticate": f'Bearer realm="{realm}",service="lab",scope="repository:{name}:pull"'})

    def token(self, request):
        if request.query.get("service") != "lab" or not request.query.get("scope", "").endswith(":pull"):
            return as_json({"details": "invalid scope"}, 400)
        token = secrets.token_urlsafe(40)
        self.tokens[token] = self.state["registry"].get("token_lasts", 1000)
        return as_json({"token": token, "expires_in": 60})
