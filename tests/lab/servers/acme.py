"""An ACME server that checks as Let's Encrypt does: pebble, which asks the lab's name server and then port 80."""
import json
import pathlib
import ssl
import subprocess
import time
import urllib.request

from . import authority, dns

NAME, ADDRESS = "acme.lab.test", "127.0.0.4"


def serve(tree, tls, work):
    """Returns its directory, the root of what it issues (another one each time) and the path of its log."""
    pair = authority.certificate(tls, "acme", [NAME, ADDRESS])
    settings = pathlib.Path(work, "acme.json")
    settings.write_text(json.dumps({"pebble": {
        "listenAddress": ADDRESS + ":14000", "managementListenAddress": ADDRESS + ":15000", "certificate": pair[0], "privateKey": pair[1],
        "httpPort": 80, "tlsPort": 443}}), encoding="ascii")
    # What it checks is checked at once; nonces are good, and who has proven a name need not do so again: as with Let's Encrypt.
    environment = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "100"}
    log = pathlib.Path(work, "acme.log")
    with open(log, "wb") as out:
        # By the tree's own loader: this system may have another C library.
        subprocess.Popen([tree + "/lib64/ld-linux-x86-64.so.2", "--library-path", tree + "/usr/lib/x86_64-linux-gnu", tree + "/usr/bin/pebble",
                          "-config", settings, "-dnsserver", dns.ADDRESS + ":53"], env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    return {"directory": f"https://{NAME}:14000/dir", "root": _root(authority.authority(tls)[0]), "log": str(log)}


def _root(ca):
    web = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
    end = time.monotonic() + 20
    while True:
        try:
            with web.open(f"https://{ADDRESS}:15000/roots/0", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
