"""Configuration items, how they depend on each other, and their history."""

from .history import ItemEvent, ItemEventKind
from .importing import ItemImport
from .item import ConfigurationItem, Criticality, Environment, ItemClass
from .label import ItemLabel
from .relation import Relation, RelationType

__all__ = [
    "ConfigurationItem",
    "Criticality",
    "Environment",
    "ItemClass",
    "ItemEvent",
    "ItemEventKind",
    "ItemImport",
    "ItemLabel",
    "Relation",
    "RelationType",
]
