"""Reading and computing together: the figures of a period.

Modules here that import pandas or NumPy are not imported from `views` when the process starts:
pages read what a task has stored (`reports.models.ReportSnapshot`), and what-if is imported when
somebody asks.
"""
