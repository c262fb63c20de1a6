"""A name server for every zone: authoritative for the names in state["names"] ({name: [addresses]}), and for nothing else."""
import ipaddress
import socket
import struct
import threading

SERVER = "ns.lab.test"
ADDRESS = "127.0.0.53"
TYPES = {1: "A", 2: "NS", 28: "AAAA"}


def _name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".") if part) + b"\0"


def _question(packet):
    at, labels = 12, []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode())
        at += 1 + packet[at]
    return ".".join(labels).lower(), TYPES.get(struct.unpack("!H", packet[at + 1:at + 3])[0]), packet[12:at + 5]


def answer(packet, names):
    """The answer to a query; a name that nobody gave does not exist."""
    name, kind, question = _question(packet)
    records = []
    known = {SERVER: [ADDRESS], **names}
    if kind == "NS" and any(n == name or n.endswith("." + name) for n in known):
        records.append((2, _name(SERVER)))
    for address in known.get(name, []) if kind in ("A", "AAAA") else []:
        parsed = ipaddress.ip_address(address)
        if parsed.version == (4 if kind == "A" else 6):
            records.append((1 if kind == "A" else 28, parsed.packed))
    exists = any(n == name or n.endswith("." + name) for n in known)
    flags = 0x8580 if exists else 0x8583
    body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", number, 1, 5, len(data)) + data for number, data in records)
    return packet[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0) + question + body


def serve(state):
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((ADDRESS, 53))

    def run():
        while True:
            packet, client = listener.recvfrom(4096)
            try:
                listener.sendto(answer(packet, state["names"]), client)
            except (IndexError, ValueError, struct.error, OSError):
                continue

    threading.Thread(target=run, daemon=True, name="dns").start()
