"""What cannot be rebuilt, in one file, and back again.

Holds the archive (`archive`) and how its contents take their place (`restore`). Does
not hold the command (`orchestration.cli`).
Tests: tests/orchestration/backup/
"""
