"""The tables of the store; migrations/ builds them, the modules beside this one read and write them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from tanggap.clock import aware

#: Newest migration; Store.open refuses a store of another one.
REVISION = "0015"


class Moment(TypeDecorator[datetime]):
    """An aware UTC time: `timestamptz` on PostgreSQL, sortable UTC text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in; SQLite keeps no zone, so it gets none."""
        if value is None:
            return None
        moment = aware(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


#: A 64-bit key; on SQLite it must be INTEGER to be the row id.
Key = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("pace_s", Float, nullable=False),
    Column("limit", Integer, nullable=False),
    Column("expected_per_day", Integer, nullable=False),
    Column("columns", Json, nullable=False),
    Column("area", Text, nullable=False),
    Column("topic_guard", Json, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("price_usd", Float, nullable=False),
    Column("budget_items", Integer, nullable=False),
    Column("budget_usd", Float, nullable=False),
    Column("retention_days", Integer, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("display", Text, nullable=False),
    #: Who changed or added it in the store, and when; NULL while it is as sources.toml declares it.
    Column("edited_by", Text),
    Column("edited_at", Moment),
)

#: Until when a source is not to be asked: its network, its budget or our circuit breaker said so.
source_wait = Table(
    "source_wait",
    metadata,
    Column("source", Text, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("failure", Text, nullable=False),
    Column("why", Text, nullable=False),
)

#: What a source took and cost on a UTC day, the day networks bill by.
spending = Table(
    "spending",
    metadata,
    Column("source", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("items", Integer, nullable=False),
    Column("usd", Float, nullable=False),
)

#: Records that could not be read, masked, for an analyst to look at.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source", Text, nullable=False),
    Column("run", Key, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told", Text, nullable=False),
    Column("sample", Text, nullable=False),
    Index(None, "source", "id"),
)

#: How a web host is to be treated by all crawls together: pace, pauses, circuit breaker, robots.txt.
host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    #: When the next request may go.
    Column("next_at", Moment, nullable=False),
    Column("strikes", Integer, nullable=False),
    Column("closed_until", Moment),
    Column("why", Text, nullable=False),
    Column("robots", Text),
    Column("robots_status", Integer),
    Column("robots_at", Moment),
)

#: Something about a source that a person should look at, from the first sign until it is well again.
alarm = Table(
    "alarm",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("cleared_at", Moment),
    Column("message", Text, nullable=False),
    Index(None, "source", "cleared_at"),
)

#: Headlines a search engine shows, and the post of ours that tells the same story, if we have one.
lead = Table(
    "lead",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("published_at", Moment, nullable=False, index=True),
    Column("post", Key),
    UniqueConstraint("source", "native_id"),
)

crawl_run = Table(
    "crawl_run",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("fetched", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("duplicate", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("refused", Json, nullable=False),
    Column("cost_usd", Float, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("failure", Text),
    Column("message", Text, nullable=False),
    Index(None, "source", "id"),
)

post = Table(
    "post",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("published_at", Moment, nullable=False),
    Column("collected_at", Moment, nullable=False),
    Column("author", Text),
    Column("likes", BigInteger, nullable=False),
    Column("replies", BigInteger, nullable=False),
    Column("reposts", BigInteger, nullable=False),
    Column("views", BigInteger, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("reply_to", Text),
    Column("status", Text),
    Column("extra", Json, nullable=False),
    #: Stored article this one repeats, for syndicated news.
    Column("copy_of", Key, index=True),
    #: SHA-256 of title and text: another hash is another text.
    Column("content_hash", Text, nullable=False),
    #: Folded words of the text and of its score, each once: what full text search reads.
    Column("terms", Text, nullable=False),
    #: Hour of published_at, and below what the rollup counts of the current score; "" where there is none.
    Column("hour", Moment, nullable=False),
    Column("model", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("sentiment", Text, nullable=False),
    #: Kelurahan within the area, "" where none is named.
    Column("kelurahan", Text, nullable=False, server_default=""),
    #: When its retention ended: words and author are gone, the row still counts and takes no text again.
    Column("blanked_at", Moment),
    UniqueConstraint("source", "native_id"),
    Index(None, "published_at", "source"),
    Index(None, "model", "published_at"),
    Index(None, "hour", "source", "topic", "area", "sentiment"),
    sqlite_autoincrement=True,
)

post_version = Table(
    "post_version",
    metadata,
    Column("id", Key, primary_key=True),
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text),
    Column("text", Text, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)

score = Table(
    "score",
    metadata,
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True),
    Column("model", Text, primary_key=True),
    Column("relevant", Boolean),
    Column("relevance", Float),
    Column("sentiment", Text),
    Column("sentiment_probs", Json, nullable=False),
    Column("topic", Text),
    Column("topic_probs", Json, nullable=False),
    Column("complaint", Boolean),
    Column("urgency", Integer),
    Column("urgency_probs", Json, nullable=False),
    Column("places", Json, nullable=False),
    Column("agency", Text),
    Column("language", Text),
    Column("reasons", Json, nullable=False),
    Column("abstained", Json, nullable=False),
    Column("terms", Text, nullable=False),
    Column("toward", Json, nullable=False),
    #: What the machine had said where a person's label stands.
    Column("machine", Json, nullable=False, server_default="{}"),
)

hour_count = Table(
    "hour_count",
    metadata,
    Column("hour", Moment, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("sentiment", Text, primary_key=True),
    Column("posts", Integer, nullable=False),
)

issue = Table(
    "issue",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("priority", Text, nullable=False),
    #: The most urgent class since it was opened or reopened.
    Column("highest", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("reasons", Json, nullable=False),
    #: Codes with a blank before and after each, so that one LIKE finds a code or what lies inside it.
    Column("areas", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("agency", Text),
    Column("holder", Text),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("status_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("reopened", Integer, nullable=False),
    Column("reopened_at", Moment),
    Column("followed_s", Integer, nullable=False),
    Column("posts", Integer, nullable=False),
    Column("accounts", Integer, nullable=False),
    Column("news", Integer, nullable=False),
    Column("reach", BigInteger, nullable=False),
    Column("negative", Integer, nullable=False),
    Column("merged_into", Text, ForeignKey("issue.id")),
    Column("version", Integer, nullable=False),
    #: Folded title, place and id for the search box of the queue.
    Column("terms", Text, nullable=False),
    Index(None, "status", "score"),
)

#: Last number given to an issue of a day.
issue_number = Table(
    "issue_number",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

issue_link = Table(
    "issue_link",
    metadata,
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False),
    Column("similarity", Float, nullable=False),
    Column("copy_of", Key, ForeignKey("post.id", ondelete="SET NULL"), index=True),
    Column("suggested", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    #: Copied from the post, where they never change, so that members and sparklines read one index.
    Column("published_at", Moment, nullable=False, index=True),
    Column("hour", Moment, nullable=False),
    Index(None, "issue", "published_at", "hour"),
)

status_change = Table(
    "status_change",
    metadata,
    Column("id", Key, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("note", Text, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("name", Text, primary_key=True),
    Column("full_name", Text, nullable=False),
    Column("roles", Json, nullable=False),
    Column("agency", Text),
    Column("area", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("password_hash", Text, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("name", Text, ForeignKey("person.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("name", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)

brief = Table(
    "brief",
    metadata,
    Column("day", Date, primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("content", Json, nullable=False),
)
