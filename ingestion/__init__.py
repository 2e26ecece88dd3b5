"""Extraction: one package per vendor, from its API to the lake."""
