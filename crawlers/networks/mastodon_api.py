"""One Mastodon server, asked through Mastodon.py over our guarded session; its refusals told as error classes."""

from __future__ import annotations

from typing import Any

from crawlers.web.session import Session, refusal, wait_until
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings


class Instance:
    """The calls we make to an instance.

    Records are taken as they came: Mastodon.py's types turn what they cannot read into None, which would hide drift.
    """

    def __init__(self, source: Source, settings: Settings) -> None:
        from mastodon import Mastodon

        self.source, self.now = source, settings.now
        self.session = Session(settings, pace_s=source.pace_s)
        self.token = settings.secrets.mastodon_access_token
        self.client: Any = Mastodon(
            api_base_url=source.address,
            access_token=self.token or None,
            session=self.session,
            user_agent=settings.crawler.user_agent,
            ratelimit_method="throw",
            request_timeout=settings.limits.page_timeout_s,
        )

    def page(self, tag: str, size: int, **bounds: Any) -> list[Any]:
        """Statuses of a tag right above `min_id`, newest first.

        Raises:
            SourceError: the instance did not answer with a list of statuses.
        """
        if not self.ask(lambda: self.client.timeline_is_available("hashtag", with_auth=bool(self.token))):
            told = (
                "gives its tags to members only; set TANGGAP_MASTODON_ACCESS_TOKEN" if not self.token else "is closed"
            )
            raise SourceError(f"{self.source.id}: {self.source.address} {told}.", "auth")
        self.ask(lambda: self.client.timeline_hashtag(tag, limit=size, **bounds))
        found = self.session.last.json()
        if not isinstance(found, list):
            raise SourceError(f"{self.source.id}: the answer for #{tag} is no list of statuses.", "layout")
        return found

    def status(self, native_id: str) -> Any:
        """One status; None once it is gone."""
        found = self.ask(lambda: self.client.status(native_id), gone=True)
        return None if found is None else self.session.last.json()

    def ask(self, call: Any, *, gone: bool = False) -> Any:
        """What `call` gives; with `gone`, None for 404 and 410.

        Raises:
            SourceError: the instance refused or could not be reached.
        """
        from mastodon.errors import MastodonAPIError, MastodonError, MastodonNetworkError, MastodonRatelimitError

        source, name = self.source.id, self.source.address
        try:
            return call()
        except MastodonNetworkError as error:
            if isinstance(error.__context__, SourceError):
                raise error.__context__ from None
            kind = type(error.__context__).__name__
            raise SourceError(f"{source}: {name} cannot be reached ({kind}).", "network") from None
        except MastodonRatelimitError:
            raise refusal(source, name, 429, retry_at=wait_until(self.session.last.headers, self.now())) from None
        except MastodonAPIError as error:
            status = error.args[1] if len(error.args) > 2 and isinstance(error.args[1], int) else 0
            if gone and status in (404, 410):
                return None
            if not status:
                raise SourceError(f"{source}: {name} did not answer with JSON.", "layout") from None
            raise refusal(source, name, status) from None
        except MastodonError as error:
            raise SourceError(f"{source}: {name} is not understood ({type(error).__name__}).", "layout") from None
