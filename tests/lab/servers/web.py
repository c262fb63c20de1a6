"""One HTTP(S) server: a function from request to answer, with byte ranges, faults and a log."""
import http.server
import json
import os
import re
import socket
import ssl
import struct
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

CHUNK = 1 << 16


@dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: object
    body: bytes


@dataclass
class Answer:
    """body: bytes, the path of a file, or an iterator of bytes (sent in chunks, each at once)."""

    status: int = 200
    body: object = b""
    headers: dict = field(default_factory=dict)


def as_json(value, status=200, **headers):
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


class Site(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, name, address, handle, faults, tls=None):
        self.name, self.handle, self.faults = name, handle, faults
        super().__init__(address, Connection)
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*tls)
        threading.Thread(target=self.serve_forever, daemon=True, name=name).start()

    def finish_request(self, request, client_address):
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls:
            request.settimeout(30)
            request = self.tls.wrap_socket(request, server_side=True)
            request.settimeout(None)
        try:
            super().finish_request(request, client_address)
        finally:
            if self.tls:
                try:
                    request.unwrap()
                except (OSError, ValueError):
                    pass
                request.close()

    def handle_error(self, request, client_address):
        """Clients that break off are what the lab is for."""


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lab"

    def log_message(self, *_):
        """Kept in the log of faults.py instead."""

    def _go(self):
        at = urllib.parse.urlsplit(self.path)
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b"".join(self._chunks())
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, urllib.parse.unquote(at.path), dict(urllib.parse.parse_qsl(at.query, keep_blank_values=True)), self.headers, body)
        fault = self.server.faults.next(self.server.name, self.command, request.path)
        self.sent, self.status = 0, None
        entry = {"site": self.server.name, "method": self.command, "path": request.path, "range": self.headers.get("Range")}
        try:
            if fault and fault["do"] == "status":
                answer = Answer(fault["code"], fault.get("body", "").encode(), fault.get("headers", {}))
            else:
                answer = self.server.handle(request)
            self._send(answer, fault)
        except (OSError, ssl.SSLError):
            self.close_connection = True
        finally:
            self.server.faults.record(**entry, status=self.status, bytes=self.sent, fault=fault and fault["do"])

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _go

    def _chunks(self):
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send(self, answer, fault):
        body, status, headers = answer.body, answer.status, dict(answer.headers)
        if isinstance(body, str):
            if "ETag" not in headers:
                state = os.stat(body)
                headers["ETag"] = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
        chunked = not isinstance(body, (bytes, str))
        start = end = 0
        if not chunked:
            total = os.path.getsize(body) if isinstance(body, str) else len(body)
            end = total
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if wanted and status == 200 and self.command == "GET" and not (fault and fault["do"] == "whole"):
                start, end = int(wanted[1]), min(total, int(wanted[2]) + 1 if wanted[2] else total)
                if start >= total:
                    status, body, start, end = 416, b"", 0, 0
                    headers["Content-Range"] = f"bytes */{total}"
                else:
                    status = 206
                    headers["Content-Range"] = f"bytes {start}-{end - 1}/{total}"
            headers["Content-Length"] = str(end - start)
            headers.setdefault("Accept-Ranges", "bytes")
        else:
            headers["Transfer-Encoding"] = "chunked"
        if fault and fault["do"] in ("hang", "reset") and fault["bytes"] < 0:
            self._break(fault, b"")
            return
        self.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if chunked:
            for piece in body:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.sent += len(piece)
            self.wfile.write(b"0\r\n\r\n")
            return
        began = time.monotonic()
        for piece in self._pieces(body, start, end):
            if fault and fault["do"] == "wrong":
                piece, fault = bytes([piece[0] ^ 1]) + piece[1:], None
            if fault and fault["do"] in ("truncate", "hang", "reset") and self.sent + len(piece) >= fault["bytes"]:
                self._break(fault, piece[:fault["bytes"] - self.sent])
                return
            self.wfile.write(piece)
            self.sent += len(piece)
            if fault and fault["do"] == "slow":
                time.sleep(max(0, began + self.sent / fault["bytes_per_second"] - time.monotonic()))

    @staticmethod
    def _pieces(body, start, end):
        if isinstance(body, bytes):
            for at in range(start, end, CHUNK):
                yield body[at:min(at + CHUNK, end)]
            return
        with open(body, "rb") as file:
            file.seek(start)
            while start < end and (piece := file.read(min(CHUNK, end - start))):
                start += len(piece)
                yield piece

    def _break(self, fault, piece):
        self.close_connection = True
        if piece:
            self.wfile.write(piece)
            self.wfile.flush()
            self.sent += len(piece)
        if fault["do"] == "hang":
            # Until whoever waits has enough.
            self.connection.settimeout(fault.get("seconds", 3600))
            try:
                self.connection.recv(1)
            except OSError:
                pass
            time.sleep(0)
        if fault["do"] == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
