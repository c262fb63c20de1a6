# Whether the services of the container answer: on 5052 the HTTP health page, on 50052 gRPC's own health check. Arguments: address, ports.
# Prints a line for each that does not, its port first; then ends with 1. A plain VM has no gRPC: what the question takes of it is here.
import socket
import sys
import urllib.request

LIMIT = 10
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM = ACK = 1
END_HEADERS = 4
SERVING = b"\x08\x01"


def http(address, port):
    web = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with web.open(f"http://{address}:{port}/monitoring/healthz", timeout=LIMIT) as answer:
        if answer.status != 200:
            raise OSError(f"status {answer.status}")


def frame(kind, flags, stream, data=b""):
    return len(data).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + data


def word(text):
    return bytes((len(text),)) + text.encode()


def grpc(address, port):
    # RFC 9113, and RFC 7541 for the headers: by the static table, without Huffman's code. The message is empty: all services.
    asked = b"\x83\x86\x04" + word("/grpc.health.v1.Health/Check") + b"\x01" + word(f"{address}:{port}")
    asked += b"\x0f\x10" + word("application/grpc") + b"\x00" + word("te") + word("trailers")
    said = b""
    with socket.create_connection((address, port), LIMIT) as line, line.makefile("rb") as answers:
        line.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0)
                     + frame(HEADERS, END_HEADERS, 1, asked) + frame(DATA, END_STREAM, 1, bytes(5)))
        while True:
            head = answers.read(9)
            data = answers.read(int.from_bytes(head[:3], "big"))
            if len(head) < 9 or len(data) < int.from_bytes(head[:3], "big"):
                raise OSError("it hung up")
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big") & 0x7FFFFFFF
            if kind in (SETTINGS, PING) and not flags & ACK:
                line.sendall(frame(kind, ACK, 0, data if kind == PING else b""))
            elif kind == GOAWAY or (kind == RST_STREAM and stream == 1):
                raise OSError("it refused the question")
            elif kind in (DATA, HEADERS) and stream == 1:
                said += data if kind == DATA else b""
                if flags & END_STREAM:
                    break
    # No message is a refusal, and whoever refuses is there: older versions want a token for this question too.
    if said and said[5:] != SERVING:
        raise OSError("it does not serve")


dead = False
for port in map(int, sys.argv[2:]):
    try:
        (grpc if port == 50052 else http)(sys.argv[1], port)
    except (OSError, ValueError) as problem:
        problem = getattr(problem, "reason", problem)
        print(port, getattr(problem, "strerror", None) or problem)
        dead = True
sys.exit(dead)
