"""Checks: what a landed table, a mart and a release must look like."""
