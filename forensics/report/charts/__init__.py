"""Pictures of a case and the sentence under each; a file with a `CHART` adds one."""

from forensics.registry import constants
from forensics.report.charts.activity import activity_chart, describe_activity
from forensics.report.charts.chart import Chart, charts_of
from forensics.report.charts.explore import Explorer, explore
from forensics.report.charts.picture import Picture
from forensics.report.charts.sentences import describe_timeline
from forensics.report.charts.svg import to_svg
from forensics.report.charts.timeline import timeline
from forensics.report.charts.validity import validity
from forensics.report.charts.validity_words import describe_validity

CHARTS: tuple[Chart, ...] = charts_of(constants(__name__, __path__, "CHART"))

__all__ = [
    "CHARTS",
    "Chart",
    "Explorer",
    "Picture",
    "activity_chart",
    "charts_of",
    "describe_activity",
    "describe_timeline",
    "describe_validity",
    "explore",
    "timeline",
    "to_svg",
    "validity",
]
