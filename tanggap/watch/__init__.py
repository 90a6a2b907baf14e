"""Watches over the sources: what each usually brings, what is wrong with it now, and every edit of one."""

from tanggap.watch.health import LABELS, Health, State
from tanggap.watch.survey import survey

__all__ = ["LABELS", "Health", "State", "survey"]
