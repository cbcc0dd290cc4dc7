"""Pictures of a case and the sentence under each."""

from forensics.report.charts.activity import activity_chart
from forensics.report.charts.picture import Picture
from forensics.report.charts.sentences import describe_activity, describe_timeline
from forensics.report.charts.svg import to_svg
from forensics.report.charts.timeline import timeline
from forensics.report.charts.validity import validity
from forensics.report.charts.validity_words import describe_validity

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
