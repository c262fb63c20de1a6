"""All servers of a lab, what they know, and the commands that change it."""
import fcntl
import hashlib
import os
import pathlib

from . import acme, authority, dns, gitlab, release, ssm
from .faults import Faults
from .gce import Gce
from .imds import Imds
from .models import Models
from .static import static
from .web import Site

HERE = pathlib.Path(__file__).resolve().parent.parent
OLLAMA = "0.32.7"
SECURE = ["mirror.lab.test", "storage.lab.test", "localhost", "127.0.0.1", "10.0.2.2", "secretmanager.googleapis.com"]


class Lab:
    """folder: writable, kept between runs. apt: folder of tests/lab/packages."""

    def __init__(self, folder, apt, region="eu-north-1"):
        self.folder = os.path.abspath(folder)
        self.faults = Faults()
        self.state = {
            "region": region, "instance_id": "i-0123456789abcdef0", "public_ip": "", "role": "duo-role", "user_data": b"", "user_data_encoding": "",
            "credentials": {"id": "ASIAIOSFODNN7LABLAB0", "key": "lab+secret/key", "token": "lab-session-token=="},
            "secrets": {}, "parameters": {}, "denied": [], "names": {}, "models": {"library/mistral:instruct": "mistral"}, "model_bytes": 8 << 20, "params": {"stop": ["[INST]"]}, "registry": {},
        }
        tls, program = self.folder + "/tls", HERE / "ollama/bin/ollama"
        # Another program, another folder.
        self.ollama = f"{self.folder}/ollama-{hashlib.sha256(program.read_bytes()).hexdigest()[:12]}"
        # Other names, another certificate.
        names = hashlib.sha256(" ".join(SECURE).encode()).hexdigest()[:8]
        os.makedirs(self.folder, exist_ok=True)
        with open(self.folder + "/lock", "w", encoding="ascii") as lock:
            # Several labs may share the folder.
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.ca = authority.authority(tls)[0]
            self.pair = authority.certificate(tls, f"servers-{region}-{names}", [*SECURE, f"ssm.{region}.amazonaws.com"])
            self.sum = release.release(self.ollama, program, OLLAMA)
        self.packages, self.fingerprint = gitlab.repository(self.folder, HERE / "gitlab")
        self.models = Models(self.state, self.folder + "/models")
        self.imds, self.gce, self.ssm = Imds(self.state), Gce(self.state), ssm.Ssm(self.state)
        self.apt = apt
        self.sites = {}

    def start(self, name, address, handle, tls=True):
        self.sites[name] = Site(name, address, handle, self.faults, self.pair if tls else None)
        return self.sites[name].server_address[1]

    def mirrors(self, host, address, ports=(0, 0, 0, 0, 0), storage=None):
        """apt by HTTP, the others by HTTPS; the keys of `mirrors` in a spec."""
        apt = self.start("apt", (address, ports[0]), static({"/debian/": self.apt}), tls=False)
        ollama = self.start("release", (address, ports[1]), static({"/ollama/": self.ollama}))
        models = self.start("models", (address, ports[2]), self.models.handle)
        self.models.storage = f"https://{storage or host}:" + str(self.start("storage", (address, ports[4]), self.models.stored))
        packages = f"https://{host}:" + str(self.start("gitlab", (address, ports[3]), static({"/": self.packages + "/gitlab-ee"})))
        return {"gitlab_packages": packages + "/ubuntu/", "gitlab_packages_key": packages + "/gpgkey", "gitlab_packages_fingerprint": self.fingerprint,
                "apt": f"http://{host}:{apt}/debian", "ollama": f"https://{host}:{ollama}/ollama", "models": f"https://{host}:{models}"}

    def names(self):
        """Answers for state["names"]."""
        dns.serve(self.state)

    def acme(self, tree, work):
        """What acme.serve returns."""
        return acme.serve(tree, self.folder + "/tls", work)

    def aws(self, link_local, secure):
        """Addresses of the metadata service and of SSM."""
        return {"metadata": self.start("metadata", link_local, self.imds.handle, tls=False), "ssm": self.start("ssm", secure, self.ssm.handle)}

    def gcp(self, link_local, secure):
        """Addresses of the metadata service and of Secret Manager."""
        return {"metadata": self.start("metadata", link_local, self.gce.handle, tls=False),
                "secretmanager": self.start("secretmanager", secure, self.gce.secrets)}

    def command(self, asked):
        """set (keys of state), fault, clear, log, digest, signed; returns what the caller is told."""
        do = asked["do"]
        if do == "set":
            values = dict(asked["state"])
            if "user_data" in values:
                values["user_data"] = pathlib.Path(values["user_data"]).read_bytes() if values["user_data"] else b""
            self.state.update(values)
            return {}
        if do == "fault":
            self.faults.add(asked["fault"])
            return {}
        if do == "clear":
            self.faults.clear()
            return {}
        if do == "log":
            return {"log": self.faults.log()}
        if do == "digest":
            return {"digest": self.models.digest(asked["model"])}
        if do == "signed":
            return self.state["signed"]
        raise ValueError(do)
