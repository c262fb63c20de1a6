"""Whether a request carries the signature that AWS would compute for it (Signature Version 4)."""
import hashlib
import hmac
import re
import urllib.parse


def signature(secret, region, service, request, signed, date):
    query = "&".join(f"{urllib.parse.quote(k, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for k, v in sorted(request.query.items()))
    headers = "".join(f"{name}:{' '.join((request.headers.get(name) or '').split())}\n" for name in signed)
    canonical = "\n".join([request.method, request.path, query, headers, ";".join(signed), hashlib.sha256(request.body).hexdigest()])
    scope = f"{date[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in (date[:8], region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def is_signed(request, credentials, region, service):
    """credentials: id, key, token. Everything AWS insists on has to be among the signed headers."""
    said = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
                        request.headers.get("Authorization", ""))
    date = request.headers.get("X-Amz-Date", "")
    if not said or said[1] != credentials["id"] or (said[3], said[4]) != (region, service) or date[:8] != said[2]:
        return False
    signed = said[5].split(";")
    wanted = {"host", "x-amz-date", "x-amz-security-token", "x-amz-target"}
    if signed != sorted(signed) or not wanted <= set(signed) or request.headers.get("X-Amz-Security-Token") != credentials["token"]:
        return False
    return hmac.compare_digest(said[6], signature(credentials["key"], region, service, request, signed, date))
