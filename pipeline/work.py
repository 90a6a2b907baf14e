"""The jobs by name, as schedules and workers know them: each takes one id, and may be killed and done again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from pipeline import jobs
from pipeline.office import Office
from pipeline.running import Job, Running
from tanggap.clock import city_day
from tanggap.desk.closing import Closing
from tanggap.desk.promising import Promising, official_accounts
from tanggap.desk.service import Desk
from tanggap.errors import SettingsError, SourceError, UsageError
from tanggap.records import Source, SourceKind
from tanggap.store import briefs, freshness, issues, posts, sources, voices, waits

#: Seconds to wait for more before understanding or grouping what came in.
GATHER_S = 1.0
SETTLE_S = 2.0
#: Parts of a backlog asked for at once; the next slot asks for more.
PARTS = 500

#: A check at X is begun this long after the one before: deletions are honoured within a day.
SWEEP = timedelta(hours=12)


def crawl(running: Running) -> Mapping[str, int]:
    """Reads one source; when anything waits to be understood, understanding is asked for at once."""
    source = _source(running.office, running.run.argument)
    if not source.enabled:
        running.note = "sumber ini dimatikan"
        return {}
    found = jobs.crawl(running.office.store, source, running.office.settings)
    running.cost_usd, running.note = found.cost_usd, found.message
    # Even when nothing is new: the try before this one may have died right after storing posts.
    running.ask("score", in_s=GATHER_S)
    if found.failure == "network" and not _waits(running.office, source.id):
        raise SourceError(found.message, "network")
    return {"fetched": found.fetched, "new": found.new, "duplicate": found.duplicate, "failed": found.failed}


def _waits(office: Office, source: str) -> bool:
    """Whether a source is to be left alone for now: trying it again before that would only use up the tries."""
    with office.store.read() as db:
        wait = waits.until(db, source)
    return wait is not None and wait.until > office.settings.now()


def score(running: Running) -> Mapping[str, int]:
    """Understands new posts, then asks for grouping; a slot of its schedule also looks for what was left behind.

    What is too much for one worker is asked for in parts, which all workers share.
    """
    office, size = running.office, running.office.settings.jobs.score_part
    scored = _understand(running, fresh=True, most=size)
    if running.run.slot or scored >= size:
        with office.store.read() as db:
            left = posts.backlog(db, office.scorer.version, size)
        if sum(left.values()) <= size:
            scored += _understand(running)
        for cell in sorted(left, reverse=True)[:PARTS] if sum(left.values()) > size else ():
            running.ask("score_part", str(cell))
    # A try after a broken one may find everything scored, and nobody asked to group it.
    if scored or running.run.attempt > 1 or running.run.crashes:
        running.ask("group", in_s=SETTLE_S)
    return {"scored": scored}


def score_part(running: Running) -> Mapping[str, int]:
    """Understands what is new among some ids: a cell of `[jobs] score_part` posts."""
    size = running.office.settings.jobs.score_part
    if not running.run.argument.isdecimal():
        raise UsageError(f"`{running.run.argument}` is no part of the posts; `score` asks for them.")
    start = int(running.run.argument) * size
    scored = _understand(running, within=range(start, start + size))
    running.ask("group", in_s=SETTLE_S)
    return {"scored": scored}


def _understand(running: Running, **which: Any) -> int:
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        running.progress(done)

    office = running.office
    return jobs.score(office.store, office.scorer, batch=office.settings.jobs.score_batch, progress=count, **which)


def group(running: Running) -> Mapping[str, int]:
    """Finds issues, and notes from when on the posts could be seen."""
    office = running.office
    found = jobs.group(office.store, office.city, office.settings, office.ranking)
    window = timedelta(days=office.settings.issues.window_days)
    with office.store.write() as db:
        seen = freshness.record(db, office.settings.now(), window)
    running.ask("alert", in_s=SETTLE_S)
    return {"opened": found.opened, "linked": found.linked, "merged": found.merged, "visible": seen}


def brief(running: Running) -> Mapping[str, int]:
    """Composes the brief of a day; of the day before its slot when no day is named. One run makes one edition."""
    office, run = running.office, running.run
    now = office.settings.now()
    named = run.argument or (city_day(run.slot or now) - timedelta(days=1)).isoformat()
    try:
        day = date.fromisoformat(named)
    except ValueError:
        raise UsageError(f"`{named}` is no day; write one like 2026-11-21.") from None
    with office.store.read() as db:
        made = briefs.latest(db, day)
    again = run.attempt > 1 or run.crashes  # the try before this one may have died right after saving
    if made is None or not again or made.made_at < run.asked_at:
        made = jobs.brief(office.store, office.city, day, now)
    return {"items": len(made.items), "edition": made.edition}


def purge(running: Running) -> Mapping[str, int]:
    """Empties the texts whose time is over."""
    done = jobs.retain(running.office.store, running.office.settings)
    return {"emptied": sum(kept.emptied for kept in done.sources), "set aside": done.samples, "leads": done.leads}


def comply(running: Running) -> Mapping[str, int]:
    """One round of asking X which stored posts are gone there; begins a check twice a day and takes its answer in."""
    office = running.office
    with office.store.read() as db:
        asked = [one for one in sources.all_sources(db) if one.kind is SourceKind.X and one.agreement]
    done = [jobs.comply(office.store, one, office.settings, every=SWEEP) for one in asked]
    return {"checked": sum(one.checked for one in done), "erased": sum(one.erased.posts for one in done)}


def alert(running: Running) -> Mapping[str, int]:
    """Calls people for what needs them; a channel that cannot be used keeps nothing from being noted."""
    from pipeline.channels import channels  # Apprise is loaded by those who need it
    from pipeline.jobs.alerting import alert as call

    office = running.office
    try:
        ready = channels(office.settings)
    except SettingsError as error:
        ready, running.note = [], str(error)
    done = call(office.store, office.city, office.settings, ready, {name: job.title for name, job in JOBS.items()})
    if done.away:
        running.note = f"saluran tidak menerima: {', '.join(done.away)}; dicoba lagi"
    return {"noted": done.noted, "sent": done.sent}


def tell(running: Running) -> Mapping[str, int]:
    """Sends webhook messages that are due."""
    from pipeline.jobs.webhooks import send_webhooks  # the network session is loaded by those who need it

    done = send_webhooks(running.office.store, running.office.settings)
    return {"delivered": done.delivered, "failed": done.failed, "given up": done.given_up}


def look_after(running: Running) -> Mapping[str, int]:
    """Looks for promises of official accounts on open issues, and for disputes of closed ones."""
    office = running.office
    desk = Desk(office.store, office.city, office.settings.now)
    official = official_accounts(office.city, office.settings.pseudonym_key)
    promising = Promising(desk)
    with office.store.read() as db:
        waiting = {issue.id for issue in issues.open_issues(db)}
        found = [name for name in voices.spoken_by(db, official) if name in waiting] if official else []
    promised = sum(len(promising.read_posts(name, official)) for name in found)
    return {"promises": promised, "disputes": len(Closing(desk).watch())}


def back_up(running: Running) -> Mapping[str, int]:
    """Saves the store into a file; the same run never writes two."""
    moment = running.run.slot or running.run.asked_at
    office = running.office
    path, made = jobs.back_up(office.store, office.settings, moment, progress=running.progress)
    running.note = path.name
    return {"rows": made.rows, "bytes": path.stat().st_size}


def copies(running: Running) -> Mapping[str, int]:
    """Links syndicated news."""
    return {"linked": jobs.link_copies(running.office.store, running.office.settings)}


def health(running: Running) -> Mapping[str, int]:
    """Looks after the sources."""
    found = jobs.check_sources(running.office.store, running.office.settings)
    running.ask("alert", in_s=SETTLE_S)
    return {"opened": len(found.opened), "standing": len(found.standing), "cleared": len(found.cleared)}


def notice(running: Running) -> Mapping[str, int]:
    """Says what is out of the usual."""
    found = jobs.notice(running.office.store, running.office.city, running.office.settings)
    running.note = found.withheld
    return {"opened": found.opened, "standing": found.standing, "ended": found.ended}


def score_archive(running: Running) -> Mapping[str, int]:
    """Scores one shard of an archive."""
    from pipeline import archive  # polars is loaded by those who need it

    return archive.score(running)


def _source(office: Office, name: str) -> Source:
    with office.store.read() as db:
        found = sources.get(db, name)
    if found is None:
        raise UsageError(f"There is no source `{name}`; `tanggap source list` shows them.")
    return found


def host(office: Office, name: str) -> str:
    """The host a source is read from; sources without an address are a host of their own."""
    try:
        source = _source(office, name)
    except UsageError:
        return name
    return urlsplit(source.address).hostname or source.kind.value


def drift(running: Running) -> Mapping[str, int]:
    """Compares the day before the slot, or a named one, with the week before it."""
    office = running.office
    now = office.settings.now()
    day = running.run.argument or (city_day(running.run.slot or now) - timedelta(days=1)).isoformat()
    found = jobs.measure_drift(office.store, office.scorer, date.fromisoformat(day), now).content
    return {"words": len(found["words"]), "shifted": sum(told["beyond"] for told in found["answers"].values())}


#: More are added by name where their code lives.
JOBS: dict[str, Job] = {
    "crawl": Job(title="Membaca sumber", do=crawl, lane=host, crawls=True),
    "score": Job(title="Memahami kiriman", do=score, lane=lambda *_: "score", follows_itself=True),
    "score_part": Job(title="Memahami sebagian kiriman", do=score_part, heavy=True),
    "group": Job(title="Mengelompokkan isu", do=group, lane=lambda *_: "group", follows_itself=True),
    "archive": Job(title="Memahami arsip", do=score_archive, heavy=True),
    "copies": Job(title="Berita kembar", do=copies, lane=lambda *_: "copies"),
    "health": Job(title="Kesehatan sumber", do=health, lane=lambda *_: "health"),
    "signals": Job(title="Mencari yang tidak biasa", do=notice, lane=lambda *_: "signals"),
    "brief": Job(title="Ringkasan harian", do=brief, lane=lambda *_: "brief"),
    "drift": Job(title="Pergeseran bahasa", do=drift, lane=lambda *_: "drift"),
    "purge": Job(title="Mengosongkan teks lama", do=purge, lane=lambda *_: "purge"),
    "alert": Job(title="Memanggil petugas", do=alert, lane=lambda *_: "alert", follows_itself=True),
    "webhooks": Job(title="Mengirim webhook", do=tell, lane=lambda *_: "webhooks"),
    "desk": Job(title="Janji dan bantahan", do=look_after, lane=lambda *_: "desk"),
    "backup": Job(title="Mencadangkan data", do=back_up, lane=lambda *_: "backup"),
    "comply": Job(title="Memeriksa penghapusan di X", do=comply, lane=lambda *_: "comply"),
}
