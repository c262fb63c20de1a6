"""python3 -m servers --folder F --apt A [--host 10.0.2.2] [--cloud aws|gcp]: starts them all, prints a JSON of URLs, ends with its standard input.

Each further line of input is a command (lab.py), each answer a line.
"""
import argparse
import json
import sys

from .lab import OLLAMA, Lab
from .registry import Registry

options = argparse.ArgumentParser()
options.add_argument("--folder", required=True)
options.add_argument("--apt", required=True)
options.add_argument("--host", default="127.0.0.1", help="name or address by which machines reach this one")
options.add_argument("--listen", default="127.0.0.1")
options.add_argument("--region", default="eu-north-1")
options.add_argument("--cloud", choices=["aws", "gcp"], help="also its metadata service and its secrets, each on a port of its own")
options.add_argument("--gateway", help="also a registry over this OCI layout")
asked = options.parse_args()

lab = Lab(asked.folder, asked.apt, asked.region)
said = {"mirrors": lab.mirrors(asked.host, asked.listen), "ca": lab.ca, "certificate": lab.pair[0], "key": lab.pair[1], "ollama": {"version": OLLAMA, "sha256": lab.sum}}
if asked.gateway:
    registry = Registry(asked.gateway)
    said["mirrors"]["gateway_registry"] = f"{asked.host}:{lab.start('registry', (asked.listen, 0), registry.handle)}"
    said["images"] = registry.digests
if asked.cloud:
    ports = getattr(lab, asked.cloud)((asked.listen, 0), (asked.listen, 0))
    said |= {name: f"{'http' if name == 'metadata' else 'https'}://{asked.host}:{port}" for name, port in ports.items()}
print(json.dumps(said), flush=True)
for line in sys.stdin:
    print(json.dumps(lab.command(json.loads(line))), flush=True)
