"""Headers of HTTP/2 (RFC 7541), as a plain client writes them: the static table and literals, no Huffman code and no table of its own."""

# The entries that a call of gRPC uses; RFC 7541, appendix A.
STATIC = {1: (":authority", ""), 2: (":method", "GET"), 3: (":method", "POST"), 4: (":path", "/"), 6: (":scheme", "http"), 8: (":status", "200"),
          31: ("content-type", "")}


class Unknown(ValueError):
    """A client that speaks less plainly."""


def number(data, at, bits):
    """An integer with a prefix of so many bits, and where it ends."""
    most = (1 << bits) - 1
    value, at, shift = data[at] & most, at + 1, 0
    while value >= most:
        value += (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 0x80:
            break
    return value, at


def text(data, at):
    if data[at] & 0x80:
        raise Unknown("Huffman code")
    size, at = number(data, at, 7)
    return data[at:at + size].decode(), at + size


def decoded(data):
    headers, at = {}, 0
    while at < len(data):
        if data[at] & 0x80:
            index, at = number(data, at, 7)
            name, value = STATIC[index]
        else:
            # With bit 6 it would go into a table of the connection.
            if data[at] & 0x60:
                raise Unknown("a table of its own")
            index, at = number(data, at, 4)
            name, at = (STATIC[index][0], at) if index else text(data, at)
            value, at = text(data, at)
        headers[name] = value
    return headers


def plain(name, value):
    return b"\x00" + b"".join(bytes((len(word),)) + word.encode() for word in (name, value))


def status(code):
    return b"\x88" if code == 200 else b"\x08" + bytes((3,)) + str(code).encode()
