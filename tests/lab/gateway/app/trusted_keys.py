"""The keys that tokens are checked with: its own, GitLab's and the licence portal's.

As in the original they are looked for at the first request, and what was found then is kept for a day: also when it was nothing.
"""
import json
import os
import ssl
import time
import urllib.parse
import urllib.request

import log
import settings
import tokens

KEPT_SECONDS = 86400
TIMEOUT_SECONDS = 10


def trust():
    # The original's HTTP library takes this variable and, without it, a bundle of its own; SSL_CERT_FILE is for the model's side.
    return ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE") or "/etc/ssl/certs/ca-certificates.crt")


def fetch(url):
    # Proxies are those of the environment, as in the original.
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust()))
    with opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
        return json.load(answer)


class TrustedKeys:
    def __init__(self, gitlab, portal):
        self.providers = (("Gitlab", gitlab), ("CustomersDot", portal))
        self.keys, self.until = None, 0.0

    def all(self):
        if self.keys is None or time.time() >= self.until:
            self.keys, self.until = self.own() + self.gitlabs(), time.time() + KEPT_SECONDS
            log.event("JWKS refreshed", kids=[k.get("kid") for k in self.keys])
        return self.keys

    def own(self):
        try:
            return [tokens.public_jwk(settings.SIGNING_KEY, "gitlab_ai_gateway_signing_key"),
                    tokens.public_jwk(settings.VALIDATION_KEY, "gitlab_ai_gateway_validation_key")]
        except ValueError as problem:
            log.event("JWKError", error=f"Unable to parse an RSA_JWK: {type(problem).__name__}")
            return []

    def gitlabs(self):
        found = []
        for name, base in self.providers:
            try:
                # With a bare name instead of a URL nothing but the path is left, and with it no request.
                known = fetch(urllib.parse.urljoin(base, "/.well-known/openid-configuration"))
                found += fetch(known["jwks_uri"])["keys"]
            except (OSError, ValueError, KeyError, TypeError) as problem:
                log.event("keys not fetched", oidc_provider=name, error=str(problem))
        return found
