"""X through its API."""
