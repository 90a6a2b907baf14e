"""The open networks: Mastodon, Bluesky, YouTube, Telegram."""
