"""Alerts: what needs a person now, in which words, and how many of them at once; pure functions."""
