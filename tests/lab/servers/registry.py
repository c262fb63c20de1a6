"""A container registry that speaks Docker's protocol, version 2, over the images of an OCI layout: read only, without accounts."""
import json
import pathlib
import re

from .web import Answer, as_json

ROUTE = re.compile(r"/v2/(?P<name>[a-z0-9./_-]+)/(?P<kind>manifests|blobs)/(?P<what>[A-Za-z0-9._:-]+)")


def missing(code, message):
    return as_json({"errors": [{"code": code, "message": message}]}, 404)


class Registry:
    def __init__(self, layout):
        self.layout = pathlib.Path(layout)
        self.digests, self.kinds = {}, {}
        for manifest in json.loads((self.layout / "index.json").read_text())["manifests"]:
            self.digests[manifest["annotations"]["org.opencontainers.image.ref.name"]] = manifest["digest"]
            self.kinds[manifest["digest"]] = manifest["mediaType"]
        self.names = {image.rpartition(":")[0] for image in self.digests}

    def digest(self, image):
        return self.digests[image]

    def handle(self, request):
        if request.method not in ("GET", "HEAD"):
            return as_json({"errors": [{"code": "UNSUPPORTED", "message": "read only"}]}, 405)
        if request.path in ("/v2", "/v2/"):
            return as_json({}, 200, **{"Docker-Distribution-API-Version": "registry/2.0"})
        at = ROUTE.fullmatch(request.path)
        if not at or at["name"] not in self.names:
            return missing("NAME_UNKNOWN", "repository name not known to registry")
        digest = self.digests.get(f"{at['name']}:{at['what']}", at["what"])
        path = self.layout / "blobs/sha256" / digest.removeprefix("sha256:")
        is_manifest = digest in self.kinds
        if is_manifest != (at["kind"] == "manifests") or not re.fullmatch("sha256:[0-9a-f]{64}", digest) or not path.exists():
            return missing("MANIFEST_UNKNOWN", "manifest unknown") if at["kind"] == "manifests" else missing("BLOB_UNKNOWN", "blob unknown to registry")
        return Answer(200, str(path), {"Content-Type": self.kinds.get(digest, "application/octet-stream"), "Docker-Content-Digest": digest, "ETag": f'"{digest}"'})
