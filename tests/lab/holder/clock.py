"""The machine's own time since power-on: /proc/uptime for its programs, and the speed that its `sleep` follows."""
import os
import threading
import time


class Clock:
    def __init__(self, folder, speed):
        self.folder = folder
        self.lock = threading.Lock()
        self.at, self.real, self.speed = 30.0, time.monotonic(), speed
        self.file = os.open(folder + "/uptime", os.O_RDWR | os.O_CREAT, 0o644)
        self.set_speed(speed)
        threading.Thread(target=self._run, daemon=True, name="clock").start()

    def now(self):
        real = time.monotonic()
        self.at += (real - self.real) * self.speed
        self.real = real
        return self.at

    def _write(self):
        # The same length every time, in one write: no reader sees half of it.
        os.pwrite(self.file, (b"%.2f 0.00" % self.now()).ljust(31) + b"\n", 0)

    def _run(self):
        while True:
            with self.lock:
                self._write()
            time.sleep(0.02)

    def skip(self, seconds):
        with self.lock:
            self.at += seconds
            self._write()

    def set_speed(self, speed):
        with self.lock:
            self.now()
            self.speed = speed
            self._write()
        with open(self.folder + "/speed.new", "w", encoding="ascii") as file:
            file.write(f"{speed}\n")
        os.replace(self.folder + "/speed.new", self.folder + "/speed")
