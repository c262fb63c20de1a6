"""Google's metadata server and Secret Manager."""
import base64
import json

from .web import Answer, as_json

HEADERS = {"Metadata-Flavor": "Google", "Server": "Metadata Server for VM"}
INSTANCE = "/computeMetadata/v1/instance/"


class Gce:
    def __init__(self, state):
        self.state = state

    def handle(self, request):
        # As the original: without the header, or with a forwarded request, nothing is told.
        if request.headers.get("Metadata-Flavor") != "Google" or request.headers.get("X-Forwarded-For"):
            return Answer(403, b"<title>Error 403 (Forbidden)!!1</title>", HEADERS)
        if request.method != "GET":
            return Answer(405, b"", HEADERS)
        s = self.state
        values = {
            INSTANCE + "id": s["instance_id"],
            INSTANCE + "attributes/user-data": s["user_data"],
            INSTANCE + "attributes/user-data-encoding": s["user_data_encoding"],
            INSTANCE + "network-interfaces/0/access-configs/0/external-ip": s["public_ip"],
        }
        if s["role"]:
            values[INSTANCE + "service-accounts/default/token"] = json.dumps(
                {"access_token": s["credentials"]["token"], "expires_in": 3599, "token_type": "Bearer"})
        found = values.get(request.path)
        if not found:
            return Answer(404, b"<title>Error 404 (Not Found)!!1</title>", HEADERS)
        return Answer(200, found if isinstance(found, bytes) else found.encode(), HEADERS)

    def secrets(self, request):
        """projects/P/secrets/N/versions/latest:access; secrets: {"projects/P/secrets/N": [version 1, version 2, ...]}"""
        def error(status, word, text):
            return as_json({"error": {"code": status, "message": text, "status": word}}, status)

        if request.headers.get("Authorization") != "Bearer " + self.state["credentials"]["token"]:
            return error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        name, _, version = request.path.removeprefix("/v1/").partition("/versions/")
        if request.method != "GET" or version != "latest:access":
            return error(404, "NOT_FOUND", "Unknown method")
        if name in self.state["denied"]:
            return error(403, "PERMISSION_DENIED", f"Permission 'secretmanager.versions.access' denied for resource '{name}/versions/latest' (or it may not exist).")
        versions = self.state["secrets"].get(name)
        if not versions:
            return error(404, "NOT_FOUND", f"Secret [{name}] not found or has no versions.")
        return as_json({"name": f"projects/123456789/secrets/{name.rsplit('/', 1)[1]}/versions/{len(versions)}",
                        "payload": {"data": base64.b64encode(versions[-1].encode()).decode(), "dataCrc32c": "0"}})
