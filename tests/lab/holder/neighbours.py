"""The network around a machine: what its packets leave it for, so that forwarding rules are asked. Another network namespace."""
import concurrent.futures
import ctypes
import os
import subprocess
import threading

NEW_NETWORK = 0x40000000
ROUTER = "10.77.0.1"


class Neighbours:
    def __init__(self, addresses):
        """Moves the far end of the machine's cable, lab0, there; addresses are with their prefix length."""
        self.thread = concurrent.futures.ThreadPoolExecutor(1, "neighbours", self._leave)
        number = self.thread.submit(threading.get_native_id).result()
        run("ip", "link", "set", "lab0", "netns", str(number))
        self.there(lambda: [run("ip", "link", "set", name, "up") for name in ("lo", "lab0")])
        for address in (ROUTER + "/16", *addresses):
            self.there(lambda at=address: run("ip", "address", "add", at, "dev", "lab0"))
        run("ip", "route", "add", "default", "via", ROUTER)

    @staticmethod
    def _leave():
        # Of this thread alone; what it starts, and the sockets it opens, are there too.
        if ctypes.CDLL(None, use_errno=True).unshare(NEW_NETWORK):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def there(self, work):
        return self.thread.submit(work).result()


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
