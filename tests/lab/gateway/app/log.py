"""One JSON line per event on standard error, as the original writes them; never a token or a key."""
import datetime
import json
import sys


def event(text, **fields):
    at = datetime.datetime.now(datetime.timezone.utc).isoformat()
    print(json.dumps({"event": text, **fields, "timestamp": at}), file=sys.stderr, flush=True)
