"""A container registry that speaks Docker's protocol, version 2, over the images of OCI layouts: read only, without accounts."""
import json
import pathlib
import re

NAME = r"/v2/(?P<name>[a-z0-9./_-]+)/(?P<what>manifests|blobs)/(?P<reference>[A-Za-z0-9._:-]+)"


class Registry:
    def __init__(self, *layouts):
        self.blobs, self.kinds, self.tags = {}, {}, {}
        for layout in map(pathlib.Path, layouts):
            for blob in (layout / "blobs/sha256").iterdir():
                self.blobs["sha256:" + blob.name] = blob
            for manifest in json.loads((layout / "index.json").read_text())["manifests"]:
                name, _, tag = manifest["annotations"]["org.opencontainers.image.ref.name"].rpartition(":")
                self.tags.setdefault(name, {})[tag] = manifest["digest"]
                self.kinds[manifest["digest"]] = manifest["mediaType"]

    def answer(self, path, headers):
        """Status, headers and body of GET; for HEAD the body is left out by who sends it. Names may have any path before them."""
        if path in ("/v2", "/v2/"):
            return self.json(200, {})
        match = re.fullmatch(NAME, path)
        if not match:
            return self.json(404, {"errors": [{"code": "UNSUPPORTED", "message": "not here"}]})
        tags = next((t for n, t in self.tags.items() if match["name"] == n or match["name"].endswith("/" + n)), None)
        if tags is None:
            return self.missing("NAME_UNKNOWN", "repository name not known to registry", {"name": match["name"]})
        digest = match["reference"]
        if match["what"] == "manifests":
            digest = tags.get(digest, digest)
            if digest not in self.kinds:
                return self.missing("MANIFEST_UNKNOWN", "manifest unknown", {"Tag": match["reference"]})
            return 200, {"Content-Type": self.kinds[digest], "Docker-Content-Digest": digest}, self.blobs[digest].read_bytes()
        if digest not in self.blobs:
            return self.missing("BLOB_UNKNOWN", "blob unknown to registry", {"digest": digest})
        return self.part(digest, headers.get("Range", ""))

    def part(self, digest, wanted):
        """A blob, or what a download that broke off still lacks of it."""
        data = self.blobs[digest].read_bytes()
        said = {"Content-Type": "application/octet-stream", "Docker-Content-Digest": digest, "Accept-Ranges": "bytes"}
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted)
        if not match:
            return 200, said, data
        first, last = int(match[1]), min(int(match[2] or len(data) - 1), len(data) - 1)
        if first > last:
            return 416, {"Content-Range": f"bytes */{len(data)}"}, b""
        return 206, {**said, "Content-Range": f"bytes {first}-{last}/{len(data)}"}, data[first:last + 1]

    @classmethod
    def missing(cls, code, message, detail):
        return cls.json(404, {"errors": [{"code": code, "message": message, "detail": detail}]})

    @staticmethod
    def json(status, body):
        return status, {"Content-Type": "application/json"}, json.dumps(body).encode()
