"""The AI Gateway's HTTP side on its port."""
import http.server
import json
import signal
import sys
import urllib.parse

import answers
import callers
import log
import settings

PROMPTS = "/v1/prompts/"
POSTS = {
    "/v2/chat/agent": answers.chat,
    "/v2/code/completions": answers.suggestion,
    "/v2/code/generations": answers.suggestion,
    "/v1/code/user_access_token": answers.user_access_token,
}


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120

    def do_GET(self):
        if self.path == "/monitoring/healthz":
            self.send(200, {})
        elif self.path == "/monitoring/ready":
            # It asks three makers of models, none of which is reached from here.
            self.send(503, {"detail": "Service Unavailable"})
        else:
            self.answer(None)

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def answer(self, body):
        try:
            caller = callers.caller(self.headers)
            self.send(200, self.said(body, caller))
        except callers.NotAuthenticated as problem:
            self.send(401, {"error": str(problem)})
        except callers.NoKeys as problem:
            log.event("CriticalAuthError", error=str(problem))
            self.send(500, b"")
        except answers.Problem as problem:
            self.send(problem.status, {"detail": problem.detail})
        except (ValueError, KeyError, TypeError, AttributeError):
            self.send(422, {"detail": "Unprocessable Entity"})

    def said(self, body, caller):
        # The whole path counts, a coded slash too: model_configuration%2Fcheck.
        path = urllib.parse.unquote(self.path.split("?")[0])
        if body is None or not (path in POSTS or path.startswith(PROMPTS)):
            raise answers.Problem(404, "Not Found")
        if path in POSTS:
            return POSTS[path](json.loads(body), caller, self.headers)
        return answers.prompt(path.removeprefix(PROMPTS), json.loads(body), caller, self.headers)

    def send(self, status, said):
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-ndjson; charset=utf-8" if said is data else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        if not self.path.startswith("/monitoring/"):
            log.event(format % args, client_ip=self.client_address[0])


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = http.server.ThreadingHTTPServer(("0.0.0.0", settings.API_PORT), Gateway)
server.daemon_threads = True
log.event("Application startup complete.", port=settings.API_PORT)
server.serve_forever()
