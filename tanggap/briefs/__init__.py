"""The daily brief: composed once from what is known, saved whole, and drawn as page, chat text or JSON."""
