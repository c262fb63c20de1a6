"""Signed tokens: RS256 and nothing else, tried with every key there is, whatever key id the token names."""
import base64
import json
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "gitlab-ai-gateway"
ISSUER = "gitlab-ai-gateway"


class Refused(Exception):
    pass


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def private_key(pem):
    """Raises ValueError when it is not an RSA key; also where it is missing."""
    # In files of settings a line break is often written as two characters.
    key = serialization.load_pem_private_key(pem.replace("\\n", "\n").encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")
    return key


def public_jwk(pem, name):
    numbers = private_key(pem).public_key().public_numbers()
    n, e = (encoded(v.to_bytes((v.bit_length() + 7) // 8, "big")) for v in (numbers.n, numbers.e))
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": name, "n": n, "e": e}


def matches(jwk, signed, signature):
    try:
        n, e = (int.from_bytes(decoded(jwk[k]), "big") for k in ("n", "e"))
        rsa.RSAPublicNumbers(e, n).public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        return True
    except (InvalidSignature, KeyError, ValueError):
        return False


def claims(token, keys):
    """What a token says that one of the keys has signed, for this audience and for now."""
    parts = token.split(".")
    if len(parts) != 3:
        raise Refused("Not enough segments")
    try:
        header, body, signature = json.loads(decoded(parts[0])), json.loads(decoded(parts[1])), decoded(parts[2])
    except ValueError as problem:
        raise Refused("Error decoding token headers.") from problem
    if header.get("alg") != "RS256":
        raise Refused("The specified alg value is not allowed")
    signed = (parts[0] + "." + parts[1]).encode()
    if not any(matches(k, signed, signature) for k in keys):
        raise Refused("Signature verification failed.")
    audience = body.get("aud")
    if AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
        raise Refused("Invalid audience")
    if body.get("exp", time.time() + 1) < time.time():
        raise Refused("Signature has expired.")
    if body.get("nbf", 0) > time.time():
        raise Refused("The token is not yet valid (nbf)")
    return body


def issue(pem, subject, realm, scopes):
    """A token for an editor that speaks with the gateway directly; ValueError without a signing key."""
    key, now = private_key(pem), int(time.time())
    body = {"iss": ISSUER, "sub": subject, "aud": AUDIENCE, "exp": now + 3600, "nbf": now, "iat": now,
            "gitlab_realm": realm, "scopes": scopes}
    signed = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, body))
    return signed + "." + encoded(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())), body["exp"]
