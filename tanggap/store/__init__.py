"""The store room: SQLAlchemy Core on SQLite or PostgreSQL, one module per noun, one transaction per act."""

from tanggap.store.database import Store

__all__ = ["Store"]
