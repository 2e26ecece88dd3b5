"""Candidate, audit, release, rollback: what readers get and how it gets there.

Holds the way from the private work file to the published link. Does not hold the
checks themselves (`expectations`) nor Dagster, which only calls this package.
Tests: tests/orchestration/publication/
"""
