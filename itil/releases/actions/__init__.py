"""What is done to releases."""

from .composing import add_change, add_wave, open_release, remove_change, remove_wave
from .moving import decide, move
from .rollout import fail_deployment, finish_deployment, start_deployment

__all__ = [
    "add_change",
    "add_wave",
    "decide",
    "fail_deployment",
    "finish_deployment",
    "move",
    "open_release",
    "remove_change",
    "remove_wave",
    "start_deployment",
]
