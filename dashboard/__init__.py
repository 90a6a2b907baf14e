"""The web room: sign in, read the queue, decide, and pass the brief on; the only room that draws screens."""
