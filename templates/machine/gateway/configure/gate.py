# What the gateway needs before it starts, asked for from where it will run: GitLab's keys over valid TLS, and the model.
# Arguments: GitLab's URL, the model server's, the model. Prints a digest of the keys. 3: GitLab, 4: the model server, 5: TLS.
import hashlib
import json
import ssl
import sys
import urllib.request

gitlab, models, model = sys.argv[1:]
trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile="/tmp/ca-certificates.crt"))
web = urllib.request.build_opener(urllib.request.ProxyHandler({}), trust)


def ask(url):
    with web.open(url, timeout=15) as answer:
        return json.load(answer)


def end(code, why):
    print(why, file=sys.stderr)
    sys.exit(code)


try:
    keys = ask(gitlab + "/.well-known/openid-configuration")["jwks_uri"]
    if not keys.startswith("https://"):
        end(3, "GitLab's keys are not offered over https: " + keys)
    keys = sorted(json.dumps(k, sort_keys=True) for k in ask(keys)["keys"])
    if not keys:
        end(3, "GitLab has no keys yet")
except Exception as problem:
    end(5 if "CERTIFICATE_VERIFY_FAILED" in str(problem) else 3, f"GitLab: {problem}")
print(hashlib.sha256("\n".join(keys).encode()).hexdigest(), flush=True)
try:
    names = [m["id"] for m in ask(models.rstrip("/") + "/models")["data"] or []]
except Exception as problem:
    end(4, f"model server: {problem}")
if model not in names and model + ":latest" not in names:
    end(4, "the model server does not list " + model)
