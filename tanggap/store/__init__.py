"""The store room: SQLAlchemy Core on SQLite or PostgreSQL, one module per noun, one transaction per act."""

from tanggap.store import alert_tables as _alert_tables  # noqa: F401 - fills the metadata of tables.py
from tanggap.store import desk_tables as _desk_tables  # noqa: F401
from tanggap.store import grouping_tables as _grouping_tables  # noqa: F401
from tanggap.store import issue_tables as _issue_tables  # noqa: F401
from tanggap.store import job_tables as _job_tables  # noqa: F401
from tanggap.store import model_tables as _model_tables  # noqa: F401
from tanggap.store import privacy_tables as _privacy_tables  # noqa: F401
from tanggap.store import signal_tables as _signal_tables  # noqa: F401
from tanggap.store.database import Store

__all__ = ["Store"]
