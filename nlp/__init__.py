"""The language room: understands a post. Knows records and text, no store and no network."""
