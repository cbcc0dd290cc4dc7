"""What people hand over instead of a log: lines copied, quoted, folded, shortened, told.

`lines` joins what a page or a terminal took apart, `decorations` takes off what Markdown put around a line, `records`
makes a record of what is left, and `blocks` says of lines that no envelope knows which record they belong to.
`chats` is for texts without any record.
"""

from forensics.parsers.pastes.blocks import Piece, divide
from forensics.parsers.pastes.chats import spoken_records
from forensics.parsers.pastes.columns import joined_columns
from forensics.parsers.pastes.records import mended, record_of

__all__ = ["Piece", "divide", "joined_columns", "mended", "record_of", "spoken_records"]
