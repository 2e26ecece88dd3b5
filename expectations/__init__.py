"""Checks: what a landed table, a mart and a release must look like."""

import os

# Before anything imports Great Expectations: it reads this once, then it calls home.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
