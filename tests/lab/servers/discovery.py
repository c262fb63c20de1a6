"""What the gateway asks of GitLab: the OpenID document and the keys that GitLab signs with. Real RSA keys, made by openssl."""
import base64
import hashlib
import subprocess

from .web import Answer, as_json


class Discovery:
    """keys of state: gitlab_keys, a list of words; each word is a key of its own."""

    def __init__(self, state, url):
        self.state, self.url = state, url
        self.made = {}

    def pem(self, word):
        if word not in self.made:
            self.made[word] = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True).stdout
        return self.made[word]

    def jwk(self, word):
        said = subprocess.run(["openssl", "rsa", "-noout", "-modulus"], input=self.pem(word), check=True, capture_output=True).stdout.decode()
        modulus = bytes.fromhex(said.strip().removeprefix("Modulus="))
        n = base64.urlsafe_b64encode(modulus).rstrip(b"=").decode()
        return {"kty": "RSA", "n": n, "e": "AQAB", "use": "sig", "alg": "RS256", "kid": hashlib.sha256(modulus).hexdigest()[:43]}

    def handle(self, request):
        if request.path == "/.well-known/openid-configuration":
            return as_json({"issuer": self.url, "jwks_uri": self.url + "/oauth/discovery/keys"})
        if request.path == "/oauth/discovery/keys":
            return as_json({"keys": [self.jwk(word) for word in self.state["gitlab_keys"]]})
        return Answer(404, b"not found\n")
