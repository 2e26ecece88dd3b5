"""The embedded sandbox: an HTTP server that speaks the vendors' APIs over a world.

Holds its own simulation, its own renderers and no knowledge of the connectors; the
connectors in turn know only base URLs and credentials.
Tests: tests/ingestion/sandbox/
"""
