"""What an error text says, read once: whose words they are, status, type, message, request id, and what was cut.

Shared by log templates, stores and the reasoning; knows wordings, not releases (facts 2.3, 2.9, 6.3).
"""

from forensics.openclaw.error_text.model import ErrorText, Voice
from forensics.openclaw.error_text.reader import LONGEST, read_error_text
from forensics.openclaw.error_text.statuses import status_of_type
from forensics.openclaw.error_text.summary import Candidate, split_summary
from forensics.openclaw.error_text.wordings import wordings

__all__ = [
    "LONGEST",
    "Candidate",
    "ErrorText",
    "Voice",
    "read_error_text",
    "split_summary",
    "status_of_type",
    "wordings",
]
