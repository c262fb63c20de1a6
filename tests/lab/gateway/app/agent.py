"""The Agent Platform's service: gRPC on 50052, of which it answers the health check alone.

What it does of HTTP/2 is enough for a client that speaks plainly, and strict with it: see README.md.
"""
import os
import signal
import socketserver
import sys

import hpack
import log
import settings
from trusted_keys import TrustedKeys

PORT = int(os.environ.get("PORT", "50052"))
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING, GOAWAY = 0, 1, 4, 6, 7
END_STREAM = ACK = 1
END_HEADERS = 4
OK, UNIMPLEMENTED = 0, 12
CHECK = "/grpc.health.v1.Health/Check"


def frame(kind, flags, stream, data=b""):
    return len(data).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + data


def answer(stream, headers, message):
    """The frames that answer one call."""
    wrong = {":method": "POST", "content-type": "application/grpc", "te": "trailers"}.items() - headers.items()
    if wrong or ":scheme" not in headers or ":authority" not in headers:
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, hpack.status(400))
    begin = hpack.status(200) + hpack.plain("content-type", "application/grpc")
    if headers.get(":path") != CHECK or message != bytes(5):
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, begin + hpack.plain("grpc-status", str(UNIMPLEMENTED)))
    serving = b"\x08\x01"
    return (frame(HEADERS, END_HEADERS, stream, begin) + frame(DATA, 0, stream, b"\0" + len(serving).to_bytes(4, "big") + serving)
            + frame(HEADERS, END_HEADERS | END_STREAM, stream, hpack.plain("grpc-status", str(OK))))


class Call(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        if self.rfile.read(len(PREFACE)) != PREFACE:
            return
        self.wfile.write(frame(SETTINGS, 0, 0))
        headers, message = {}, b""
        while len(head := self.rfile.read(9)) == 9:
            data = self.rfile.read(int.from_bytes(head[:3], "big"))
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
            if kind == SETTINGS and not flags & ACK:
                # As the original's library does: it wants to know how far away a client is, in the middle of a call.
                self.wfile.write(frame(SETTINGS, ACK, 0) + frame(PING, 0, 0, b"distance"))
            elif kind == HEADERS:
                headers, message = hpack.decoded(data), b""
            elif kind == DATA:
                message += data
                if flags & END_STREAM:
                    self.wfile.write(answer(stream, headers, message))
            elif kind == GOAWAY:
                return


class Agent(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if not TrustedKeys(settings.AGENT_GITLAB_URL, settings.AGENT_CUSTOMER_PORTAL_URL).gitlabs():
        # The original asks for the keys before it listens, and ends where it gets none.
        log.event("No keys found", gitlab=settings.AGENT_GITLAB_URL)
        sys.exit(1)
    log.event("Started server", port=PORT)
    Agent(("0.0.0.0", PORT), Call).serve_forever()


main()
