"""Releases, what they bundle, who let them go, and where they run."""

from .release import GateDecision, Release, ReleaseChange
from .rollout import Deployment, Wave

__all__ = ["Deployment", "GateDecision", "Release", "ReleaseChange", "Wave"]
