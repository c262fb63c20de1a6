"""The serial console: a pty, of which the machine has one end and a file gets what comes out of the other."""
import os
import threading
import tty


class Console:
    def __init__(self, path):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.name = os.ttyname(self.slave)
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        threading.Thread(target=self._run, daemon=True, name="console").start()

    def _run(self):
        while data := os.read(self.master, 4096):
            os.write(self.file, data)
