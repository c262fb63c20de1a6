"""A control group of version 2 for one machine; what killed labs left behind is swept."""
import contextlib
import os
import subprocess
import time


class Cgroup:
    def __init__(self, mount_at, pid):
        os.makedirs(mount_at)
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", mount_at], check=True)
        self.top = mount_at
        for name in os.listdir(mount_at):
            if name.startswith("baker-lab-") and not os.path.exists("/proc/" + name.rsplit("-", 1)[1]):
                self._remove(os.path.join(mount_at, name))
        self.path = os.path.join(mount_at, f"baker-lab-{pid}")
        os.makedirs(self.path, exist_ok=True)

    def join(self):
        with open(self.path + "/cgroup.procs", "w", encoding="ascii") as file:
            file.write("0")

    def remove(self):
        # The last processes may still be on their way out.
        for _ in range(50):
            self._remove(self.path)
            if not os.path.exists(self.path):
                return
            time.sleep(0.05)

    @staticmethod
    def _remove(path):
        for at, _, _ in os.walk(path, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(at)
