"""The desk: states of an issue, the moves between them, their deadlines, and the service that applies them."""
