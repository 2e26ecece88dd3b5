"""What is wrong with this installation and its data folder, and what to do about it.

Holds probes that only look: each says what it saw and, unless all is well, the next
step. Does not hold how they are shown (`orchestration.cli.doctor`) nor any repair.
Tests: tests/orchestration/doctor/
"""
