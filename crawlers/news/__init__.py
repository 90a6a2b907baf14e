"""News: from a feed, sitemap or listing to articles."""
