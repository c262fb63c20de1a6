"""What is to go wrong, per path, and what was asked for."""
import fnmatch
import threading


class Faults:
    """A fault: {"site", "path" (glob), "do", "times" (-1: always), ...}.

    do: status (code, headers), truncate (after bytes), wrong (one byte differs), hang (after bytes), reset (after bytes),
    slow (bytes_per_second, of each answer), whole (although a part was asked for).
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []
        self._log = []

    def add(self, fault):
        with self._lock:
            self._faults.append({"site": "*", "times": 1, "bytes": 0, "methods": "*", **fault})

    def clear(self):
        with self._lock:
            self._faults.clear()
            self._log.clear()

    def next(self, site, method, path):
        with self._lock:
            for fault in self._faults:
                if fault["times"] != 0 and fnmatch.fnmatchcase(site, fault["site"]) and fnmatch.fnmatchcase(path, fault["path"]) \
                        and fnmatch.fnmatchcase(method, fault["methods"]):
                    if fault["times"] > 0:
                        fault["times"] -= 1
                    return fault
        return None

    def record(self, **entry):
        with self._lock:
            self._log.append(entry)

    def log(self):
        with self._lock:
            return list(self._log)
