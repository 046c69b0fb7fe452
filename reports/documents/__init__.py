"""Reports as files: paper, workbook and rows for programs."""

from .flat import csv_of, parquet_of
from .paper import html_of, pdf_of
from .workbook import workbook_of

__all__ = ["csv_of", "html_of", "parquet_of", "pdf_of", "workbook_of"]
