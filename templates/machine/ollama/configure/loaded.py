# What Ollama has in memory, a line each. Read: the answers of /api/ps and /api/tags, as a list of two. Arguments: its models' folder, the digest of the model meant.
# /api/ps keeps the name that loaded the weights; another name of the same weights does not show.
# First word: "own", the weights of the model meant; "gone", what that name no longer stands for; else "other". Then name, size, how much of it is in the GPU, context.
import hashlib
import json
import pathlib
import sys

loaded, listed = json.load(sys.stdin)
digests = {model["name"]: model["digest"] for model in listed["models"] or []}
weights = {}
for path in pathlib.Path(sys.argv[1], "manifests").glob("*/*/*/*"):
    data = path.read_bytes()
    try:
        weights[hashlib.sha256(data).hexdigest()] = [layer["digest"] for layer in json.loads(data)["layers"] if layer["mediaType"].endswith(".model")]
    except (KeyError, TypeError, ValueError):
        # No model to Ollama either.
        continue
for model in loaded["models"] or []:
    kind = "other"
    if model["digest"] != digests.get(model["name"]):
        kind = "gone"
    elif weights.get(model["digest"]) and weights[model["digest"]] == weights.get(sys.argv[2]):
        kind = "own"
    print(kind, model["name"], model["size"], model["size_vram"], model.get("context_length", 0))
