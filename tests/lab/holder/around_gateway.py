"""What surrounds the gateway's machine: GitLab, the model server and the licence portal as its container sees them, and the registry."""
import pathlib
import subprocess

from servers import authority
from servers.answering import Answering
from servers.discovery import Discovery
from servers.registry import Registry
from servers.static import static
from servers.web import Site

from .neighbours import Neighbours, run

GITLAB, MODELS = "10.77.0.10", "10.77.1.30"
PORTAL, ELSEWHERE = "203.0.113.7", "203.0.113.9"
METADATA = "169.254.169.254"
NAME, PORTAL_NAME = "gitlab.lab.test", "customers.gitlab.com"
REGISTRY_PORT = 8447


def surround(machine, layout):
    """Returns what a spec and a test need to know of it."""
    lab = machine.lab
    lab.state |= {"gitlab_keys": ["first"], "listed": ["mistral:instruct"]}
    # GitLab's certificate comes from another authority than the mirrors': a site's own.
    site = lab.folder + "/tls-site"
    gitlab = Discovery(lab.state, "https://" + NAME)
    registry = Registry(layout)
    lab.start("registry", ("127.0.0.1", REGISTRY_PORT), registry.handle)
    run("ip", "address", "del", METADATA + "/32", "dev", "lo")
    around = Neighbours([f"{a}/32" for a in (GITLAB, MODELS, PORTAL, ELSEWHERE, METADATA)])

    def sites():
        for name, address, handle, pair in (
            ("gitlab", (GITLAB, 443), gitlab.handle, authority.certificate(site, "gitlab", [NAME])),
            ("gitlab-web", (GITLAB, 80), gitlab.handle, None),
            ("portal", (PORTAL, 443), Discovery({"gitlab_keys": ["portal"]}, "https://" + PORTAL_NAME).handle,
             authority.certificate(lab.folder + "/tls", "portal", [PORTAL_NAME])),
            ("answers", (MODELS, 11434), Answering(lab.state).handle, None),
            ("models-ssh", (MODELS, 22), static({}), None),
            ("elsewhere", (ELSEWHERE, 443), static({}), None),
            ("link-local", (METADATA, 80), static({}), None),
            ("name-server", (METADATA, 53), static({}), None),
        ):
            lab.sites[name] = Site(name, address, handle, lab.faults, pair)

    around.there(sites)
    store = machine.root + "/var/lib/docker"
    pathlib.Path(store).mkdir(parents=True, exist_ok=True)
    # Docker cannot lay an overlay over the machine's; this one outlives a crash, as a disk does.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g,mode=710", "tmpfs", store], check=True)
    machine.around, machine.discovery = around, gitlab
    return {"registry": f"mirror.lab.test:{REGISTRY_PORT}", "images": registry.digests, "site_ca": authority.authority(site)[0]}


def command(machine, asked):
    """gitlab-key (word): what GitLab signs with. there (command): a program at the other end of the cable, with its exit code and output."""
    if asked["do"] == "gitlab-key":
        return {"pem": machine.discovery.pem(asked["word"]).decode()}
    done = machine.around.there(lambda: subprocess.run(asked["command"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False))
    return {"code": done.returncode, "out": done.stdout, "said": done.stderr}
