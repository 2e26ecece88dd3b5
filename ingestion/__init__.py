"""Extraction: one package per vendor, from its API to the lake.

Holds two settings that dlt reads once, when it is first imported, from whatever folder
it is started: so they stand here, before any import of it.
Tests: tests/ingestion/test_main.py
"""

import os

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
# dlt logs every failed try with its traceback and then raises: one of them is enough.
os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")
