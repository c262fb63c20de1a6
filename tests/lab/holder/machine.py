"""One machine: its network, its disks, its servers, and its first process, started again when it reboots."""
import contextlib
import os
import signal
import subprocess
import threading
import time
import uuid

from servers.lab import OLLAMA, Lab

from . import around_gateway, loop, tree
from .cgroup import Cgroup
from .clock import Clock
from .console import Console

METADATA = "169.254.169.254"


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


class Machine:
    def __init__(self, options, here):
        self.options, self.here = options, here
        self.work = os.path.abspath(options.work)
        self.mount = self.work + "/mount"
        self.root = self.mount + "/root"
        self.shared = self.mount + "/shared"
        self.init = self.cgroup = None
        self.up = threading.Event()
        self.boots = 0
        self.wanted = True

    def start(self):
        o = self.options
        run("mount", "--make-rprivate", "/")
        os.makedirs(self.mount, exist_ok=True)
        # All that the machine writes lies in memory that only this namespace sees.
        run("mount", "-t", "tmpfs", "-o", f"size={o.size},mode=755", "tmpfs", self.mount)
        for name in ("upper", "overlay", "root", "shared"):
            os.mkdir(f"{self.mount}/{name}")
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={o.tree},upperdir={self.mount}/upper,workdir={self.mount}/overlay", self.root)
        self._network()
        self.lab = Lab(o.cache, o.apt, o.region)
        self.clock = Clock(self.shared, o.speed)
        self.console = Console(self.work + "/console")
        self.cgroup = Cgroup(self.mount + "/cgroup", os.readlink("/proc/self"))
        hosts = ["127.0.0.1 mirror.lab.test storage.lab.test", f"127.0.0.2 ssm.{o.region}.amazonaws.com", "127.0.0.3 secretmanager.googleapis.com", "127.0.0.4 acme.lab.test", *o.host]
        tree.furnish(self.root, self.here, o.apt, hosts, self.lab.state["instance_id"], self.lab.ca if o.trust else None)
        self.disks = [(*loop.attach(self._image(number, d.partition(":")[0])), d.partition(":")[2]) for number, d in enumerate(o.disk)]
        said = {"mirrors": self.lab.mirrors("mirror.lab.test", "127.0.0.1", (8080, 8443, 8444, 8446, 8449), "storage.lab.test"), "ca": self.lab.ca, "certificate": self.lab.pair[0], "key": self.lab.pair[1],
                "ollama": {"version": OLLAMA, "sha256": self.lab.sum}}
        self.lab.names()
        if o.cloud == "aws":
            self.lab.aws((METADATA, 80), ("127.0.0.2", 443))
        if o.cloud == "gcp":
            self.lab.gcp((METADATA, 80), ("127.0.0.3", 443))
        if o.acme:
            said["acme"] = self.lab.acme(o.tree, self.work)
        if o.gateway:
            said |= around_gateway.surround(self, o.gateway)
        threading.Thread(target=self._keep, daemon=True, name="power").start()
        return said | self._wait_up(0)

    def _image(self, number, size):
        path = f"{self.mount}/disk{number}"
        run("truncate", "-s", size, path)
        return path

    def _network(self):
        run("ip", "link", "set", "lo", "up")
        run("ip", "address", "add", METADATA + "/32", "dev", "lo")
        run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "lab0")
        for address in self.options.address:
            run("ip", "address", "add", address, "dev", "eth0")
        run("ip", "link", "set", "eth0", "up")
        run("ip", "link", "set", "lab0", "up")

    def _keep(self):
        """Power stays on: what ends, by reboot or by a fault, starts again with the same disk."""
        while self.wanted:
            with open(self.shared + "/boot_id", "w", encoding="ascii") as file:
                file.write(f"{uuid.uuid4()}\n")
            for name in ("init", "up"):
                with contextlib.suppress(FileNotFoundError):
                    os.remove(f"{self.shared}/{name}")
            nodes = " ".join(f"{name}:{major}:{minor}:{link}" for name, major, minor, _, link in self.disks)
            environment = {"PATH": os.environ["PATH"], "ROOT": self.root, "SHARED": self.shared, "CONSOLE": self.console.name,
                           "NODES": nodes, "TMPFS": " ".join(self.options.tmpfs)}
            with open(self.work + "/enter.log", "ab") as log:
                self.init = subprocess.Popen(
                    ["unshare", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child=SIGKILL", "bash", self.here + "/enter"],
                    env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self.cgroup.join)
            self.boots += 1
            self.up.set()
            self.init.wait()
            self.up.clear()
            time.sleep(0.2)

    def _wait_up(self, boots):
        """Until a boot after that many is far enough for services to be started: {"pid", "boots"}."""
        end = time.monotonic() + 90
        while time.monotonic() < end:
            if self.boots > boots and os.path.exists(self.shared + "/up"):
                with open(self.shared + "/init", encoding="ascii") as file:
                    return {"pid": int(file.read()), "boots": self.boots}
            time.sleep(0.1)
        raise TimeoutError(f"the machine does not start: {open(self.work + '/enter.log', encoding='utf-8').read()[-2000:]}")

    def command(self, asked):
        do = asked["do"]
        if do == "skip":
            self.clock.skip(asked["seconds"])
            return {}
        if do == "speed":
            self.clock.set_speed(asked["speed"])
            return {}
        if do == "disk":
            run("mke2fs", "-q", "-F", "-t", "ext4", "-L", asked["label"], "-d", asked["folder"], "/dev/" + self.disks[asked["number"]][0])
            return {}
        if do == "crash":
            boots = self.boots
            self._kill()
            return self._wait_up(boots)
        if do == "wait-boot":
            return self._wait_up(asked["boots"])
        if do in ("there", "gitlab-key"):
            return around_gateway.command(self, asked)
        return self.lab.command(asked)

    def _kill(self):
        """Power off, as by a cut cable: no process is asked. Its disk keeps what had reached it."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            self.init.send_signal(signal.SIGKILL)

    def stop(self):
        self.wanted = False
        if self.init:
            self._kill()
            self.init.wait()
        if self.cgroup:
            self.cgroup.remove()
