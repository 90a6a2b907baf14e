"""Signals: bursts, breaks, coordinated posting, rumours, quiet places: pure functions over counts and readings."""
