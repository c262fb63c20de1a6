"""A registry as Ollama's: GET /v2/<namespace>/<model>/manifests/<tag>, and blobs with byte ranges. Models are noise."""
import hashlib
import json
import os
import random
import re
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
        self.made = {}

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
        if (name, seed) not in self.made:
            config = self.blob(json.dumps({"model_format": "gguf", "model_family": "llama", "model_type": "7.2B", "seed": seed}).encode())
            layers = [("model", noise(seed, self.state["model_bytes"])), ("template", b"{{ .Prompt }}"), ("params", b'{"stop":["[INST]"]}')]
            self.made[name, seed] = json.dumps({
                "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "config": {"mediaType": "application/vnd.docker.container.image.v1+json", **config},
                "layers": [{"mediaType": "application/vnd.ollama.image." + kind, **self.blob(data)} for kind, data in layers]}).encode()
        return self.made[name, seed]

    def digest(self, name):
        """As /api/tags names it."""
        return hashlib.sha256(self.manifest(name)).hexdigest()

    def handle(self, request):
        at = ROUTE.fullmatch(request.path)
        if not at or request.method not in ("GET", "HEAD"):
            return as_json({"errors": [{"code": "NAME_UNKNOWN", "message": "not found"}]}, 404)
        if at["kind"] == "manifests":
            found = self.manifest(f"{at['name']}:{at['what']}")
            if found is None:
                return as_json({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}, 404)
            return Answer(200, found, {"Content-Type": "application/vnd.docker.distribution.manifest.v2+json"})
        path = os.path.join(self.folder, at["what"].replace(":", "-"))
        if not re.fullmatch(r"sha256:[0-9a-f]{64}", at["what"]) or not os.path.exists(path):
            return as_json({"errors": [{"code": "BLOB_UNKNOWN", "message": "blob unknown"}]}, 404)
        return Answer(200, path, {"Content-Type": "application/octet-stream"})
