"""The way out: which addresses may be asked, how politely, and the process that asks."""
