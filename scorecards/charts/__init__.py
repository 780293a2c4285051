"""Charts as plain view data: every number already placed, drawn by `templates/charts/`.

Pure functions over the shapes of the REST contract: no database, no request, no clock.
"""

from .conditions import conduciveness, factor_rows, hypothesis_bars, spark_points
from .incidents import incidents_by_quarter
from .integration import dimension_bars, index_line, stage_ladder
from .matrix import matrix
from .spread import Band, TornadoRow, band, spread_chart, tornado
from .timeline import KINDS, meeting_kind, timeline

__all__ = [
    "KINDS",
    "Band",
    "TornadoRow",
    "band",
    "conduciveness",
    "dimension_bars",
    "factor_rows",
    "hypothesis_bars",
    "incidents_by_quarter",
    "index_line",
    "matrix",
    "meeting_kind",
    "spark_points",
    "spread_chart",
    "stage_ladder",
    "timeline",
    "tornado",
]
