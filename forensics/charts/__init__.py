"""Pictures of a case and the sentence under each."""

from forensics.charts.activity import activity_chart
from forensics.charts.picture import Picture
from forensics.charts.sentences import describe_activity, describe_timeline
from forensics.charts.svg import to_svg
from forensics.charts.timeline import timeline
from forensics.charts.validity import validity
from forensics.charts.validity_words import describe_validity

__all__ = [
    "Picture",
    "activity_chart",
    "describe_activity",
    "describe_timeline",
    "describe_validity",
    "timeline",
    "to_svg",
    "validity",
]
