"""Who may ask: the header that GitLab sends, the token in it, and what the token allows."""
import log
import settings
import tokens
from trusted_keys import TrustedKeys

trusted = TrustedKeys(settings.GITLAB_URL, settings.CUSTOMER_PORTAL_URL)


class NotAuthenticated(Exception):
    """Answered with 401."""


class NoKeys(Exception):
    """Answered with 500 and an empty body, which is what the original makes of it."""


class Caller:
    def __init__(self, scopes, issuer="", everything=False):
        self.scopes, self.issuer, self.everything = scopes, issuer, everything

    def can(self, what):
        return self.everything or what in self.scopes


def caller(headers):
    if settings.BYPASS:
        log.event("Auth is disabled, all users allowed", level="critical")
        return Caller([], everything=True)
    if "Authorization" not in headers:
        raise NotAuthenticated("No authorization header presented")
    kind, _, token = headers["Authorization"].partition(" ")
    if kind.lower() != "bearer":
        raise NotAuthenticated("Invalid authorization header")
    if headers.get("X-Gitlab-Authentication-Type") != "oidc":
        raise NotAuthenticated("Invalid authentication token type - only OIDC is supported")
    keys = trusted.all()
    if not keys:
        raise NoKeys("No keys founds in JWKS; are OIDC providers up?")
    try:
        found = tokens.claims(token, keys)
    except tokens.Refused as problem:
        log.event("JWTError", error=str(problem))
        raise NotAuthenticated("Forbidden by auth provider") from problem
    return Caller(found.get("scopes", []), found.get("iss", ""))
