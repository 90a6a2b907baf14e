"""`python -m crawlers`: the crawl process. Its reading process skips this module, and so does not load Scrapy."""

from crawlers.web.process import main

main()
