"""Keeps what OpenClaw forgets: the facts of its stores whenever they change, and the log lines that matter.

Runs for months beside the gateway, so nothing here loads what reads a case: a few megabytes, and no work while nothing
changes.
"""
