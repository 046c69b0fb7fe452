"""The form that people fill in, made of its definition."""

from .answering import AnswerForm
from .editing import ExampleForm, FieldSetForm
from .files import AnswerFile

__all__ = ["AnswerFile", "AnswerForm", "ExampleForm", "FieldSetForm"]
