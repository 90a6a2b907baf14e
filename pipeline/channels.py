"""The channels people are called on: mail, chat or whatever else Apprise speaks. Their addresses appear nowhere."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from apprise import Apprise, AppriseAsset, NotifyFormat, PersistentStoreMode

from tanggap import __version__
from tanggap.alerts.message import Message
from tanggap.errors import SettingsError, TanggapError
from tanggap.settings import Settings

#: Seconds a channel may take for one message.
LIMIT_S = 30.0


class ChannelError(TanggapError):
    """A channel did not take a message; it is tried again later."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach people."""

    name: str
    speaker: Apprise = field(repr=False)

    def send(self, message: Message) -> None:
        """Delivers one message.

        Raises:
            ChannelError: the channel cannot be reached, or refuses.
        """
        done = self.speaker.notify(
            title=message.title, body=message.body, body_format=NotifyFormat.TEXT, timeout=LIMIT_S
        )
        if not done:
            raise ChannelError(f"The channel {self.name} took no message; check its address and whether it is there.")


def channels(settings: Settings) -> list[Channel]:
    """The channels of an installation.

    Raises:
        SettingsError: one has no address, or one that Apprise cannot read; the address is not told.
    """
    logging.getLogger("apprise").disabled = True  # its messages may quote addresses, which hold passwords
    return [_channel(name, settings.secrets.alerts.get(name, "")) for name in settings.alerts.channels]


def _channel(name: str, address: str) -> Channel:
    if not address:
        raise SettingsError(
            f"The alert channel {name} has no address; set TANGGAP_ALERT_{name.upper()}, "
            f"or write {name} into the table [alerts] of secrets.toml."
        )
    asset = AppriseAsset(
        app_id=f"Tanggap {__version__}",
        app_desc="Tanggap",
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,
    )
    speaker = Apprise(asset=asset)
    if not speaker.add(address):
        raise SettingsError(
            f"The address of the alert channel {name} cannot be read; https://appriseit.com/services/ shows how."
        )
    return Channel(name, speaker)
