#!/usr/bin/env bash
# As the original's scripts/run.sh decides it: by whether there is any text, and with both services the container outlives either.
services=()
[[ -n $DISABLE_AI_GATEWAY ]] || services+=(serve.py)
[[ -z $ENABLE_DUO_WORKFLOW_SERVICE ]] || services+=(agent.py)
case ${#services[@]} in
    0) exit 1 ;;
    1) exec python3 -u "${services[0]}" ;;
esac
for service in "${services[@]}"; do python3 -u "$service" & done
wait
