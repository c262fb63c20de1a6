#!/usr/bin/env bash
# The original starts two programs; here one listens on both ports.
exec python3 -u serve.py
