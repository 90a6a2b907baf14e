"""Citizen reports and desks: payloads, tables, status words."""
