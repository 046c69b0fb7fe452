"""Reading and computing together: the figures of a period.

Everything here imports pandas, which a web process has no use for: pages read what a task has
stored (`reports.models.ReportSnapshot`), so no module here is imported from `views`.
"""
