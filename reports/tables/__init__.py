"""The lists of records that figures count."""

from .records import TABLES, RecordTable, name_of, register, table_of

__all__ = ["TABLES", "RecordTable", "name_of", "register", "table_of"]
