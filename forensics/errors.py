"""Errors a person reads: one sentence saying what, where, and what to do."""


class ForensicsError(Exception):
    """Base of every error this package raises on purpose; its text is one line."""


class EvidenceError(ForensicsError):
    """The evidence cannot be used at all (missing, unreadable, nothing of OpenClaw in it)."""


class ParameterError(ForensicsError):
    """A command line option or notebook parameter is misspelt, ill-typed or out of range."""


class ReportError(ForensicsError):
    """The report could not be written."""


class RedactionError(ForensicsError):
    """Something that must not leave was found in what was about to be written."""


class BundleError(ForensicsError):
    """Evidence could not be collected into a bundle, or a file is none."""
