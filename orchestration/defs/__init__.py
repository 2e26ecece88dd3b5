"""Dagster's view of the warehouse; the only package that may import Dagster.

Holds assets, checks, jobs, schedules and resources, one module per step of the run.
Does not hold the work itself: every step calls a plain function of another package.
Tests: tests/orchestration/defs/
"""
