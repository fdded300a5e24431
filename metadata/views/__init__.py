"""The chart that a table is shown with when nobody has made one: a line over time or a ranking, or none.

`view_spec` decides by the schema and the statistics, `rows_for` takes the figures from the canonical CSV, `vega_lite`
writes the specification with its data inside (at most 500 points) and no colours: those are the page's. `default_view`
does all three.
"""

from metadata.views.plan import ChartPlan, view_spec
from metadata.views.rows import ChartData, rows_for
from metadata.views.vega import default_view, vega_lite

__all__ = ["ChartData", "ChartPlan", "default_view", "rows_for", "vega_lite", "view_spec"]
