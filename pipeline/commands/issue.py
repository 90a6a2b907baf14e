"""Commands of issues: the queue, one issue, and what people do to its identity - merge, split, move, title, undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.issue_pages import Page, event_lines, issue_json, queue_table, suggestion_lines
from pipeline.office import ConfigOption, JsonOption, Office, results
from tanggap.desk.curation import Curator
from tanggap.desk.deciding import Deciding
from tanggap.desk.service import Desk
from tanggap.desk.undoing import Undoing
from tanggap.errors import UsageError
from tanggap.issues.folding import Fold, folded
from tanggap.records import Issue, Status, User
from tanggap.store import issue_events, issues, people, suggestions

app = typer.Typer(no_args_is_help=True, help="The queue and the identity of issues; every act can be taken back.")

IssueArgument = Annotated[str, typer.Argument(help="Number of the issue, like ISU-20261122-0001.")]
ByOption = Annotated[str, typer.Option("--as", help="Your account; what you do is written under it.")]
NoteOption = Annotated[str, typer.Option(help="Reason, link or reference, where the act asks for one.")]


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    parent.add_typer(app, name="issue")


@app.command("list")
def list_issues(
    everything: Annotated[bool, typer.Option("--all", help="Closed and merged ones too.")] = False,
    unfolded: Annotated[bool, typer.Option("--unfolded", help="Each single report on its own line.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Shows the queue, the most urgent first; single nuisance reports of one service and district share a line.

    Example: tanggap issue list --limit 20
    """
    desk = _desk(config)
    with desk.store.read() as db:
        found = issues.queue(db, limit=limit) if everything else issues.open_issues(db)
    if as_json:
        typer.echo(json.dumps([issue_json(item) for item in found[:limit]], ensure_ascii=False, indent=2))
        return
    apart = [Fold(title=item.title, issues=(item,)) for item in found]
    results.print(queue_table((apart if unfolded or everything else folded(found, desk.city))[:limit], desk.workflow))


@app.command()
def show(issue: IssueArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Shows one issue with its posts and what the machine suggests; an old number leads to the living issue.

    Example: tanggap issue show ISU-20261122-0001
    """
    desk = _desk(config)
    with desk.store.read() as db:
        page = Page.read(db, _living(desk, issue))
    if as_json:
        typer.echo(json.dumps(page.plain(desk.city), ensure_ascii=False, indent=2))
        return
    for line in page.lines(desk.workflow, desk.city, asked=issue):
        typer.echo(line)


@app.command()
def log(issue: IssueArgument, config: ConfigOption = None) -> None:
    """Shows what happened to the identity of an issue, oldest first, with the numbers that `undo` takes.

    Example: tanggap issue log ISU-20261122-0001
    """
    desk = _desk(config)
    with desk.store.read() as db:
        events = issue_events.log(db, issue)
    for line in event_lines(events):
        typer.echo(line)


@app.command("suggestions")
def list_suggestions(
    issue: Annotated[str | None, typer.Argument(help="Only those of one issue.")] = None, config: ConfigOption = None
) -> None:
    """Shows what waits to be checked ("perlu dicek"), the most alike first, with the reasons.

    Example: tanggap issue suggestions
    """
    desk = _desk(config)
    with desk.store.read() as db:
        found = suggestions.open_ones(db, issue)
    for line in suggestion_lines(found):
        typer.echo(line)


@app.command()
def accept(
    number: Annotated[int, typer.Argument(help="Number of the suggestion.")], by: ByOption, config: ConfigOption = None
) -> None:
    """Does what is suggested.

    Example: tanggap issue accept 12 --as sari
    """
    desk = _desk(config)
    _told(Deciding(Curator(desk)).accept(number, _person(desk, by)))


@app.command()
def reject(
    number: Annotated[int, typer.Argument(help="Number of the suggestion.")],
    by: ByOption,
    note: NoteOption = "",
    config: ConfigOption = None,
) -> None:
    """Refuses a suggestion for good.

    Example: tanggap issue reject 12 --as sari --note "kali yang lain"
    """
    desk = _desk(config)
    Deciding(Curator(desk)).reject(number, _person(desk, by), note)
    typer.echo(f"Saran {number} ditolak; mesin tidak mengulanginya.")


@app.command()
def merge(issue: IssueArgument, into: IssueArgument, by: ByOption, config: ConfigOption = None) -> None:
    """Lets an issue live on in another; its number leads there for good.

    Example: tanggap issue merge ISU-20261122-0002 ISU-20261122-0001 --as sari
    """
    desk = _desk(config)
    Curator(desk).merge(issue, into, _person(desk, by), version=_living(desk, issue).version)
    typer.echo(f"{issue} digabung ke {into}. {_undo(desk, issue)}")


@app.command()
def split(
    issue: IssueArgument,
    posts: Annotated[list[int], typer.Argument(help="Numbers of the posts that leave, as `show` tells them.")],
    by: ByOption,
    title: Annotated[str, typer.Option(help="Title of the new issue.")] = "",
    config: ConfigOption = None,
) -> None:
    """Makes an issue of its own out of some posts and their copies.

    Example: tanggap issue split ISU-20261122-0001 17 23 --as sari --title "Pompa mati"
    """
    desk = _desk(config)
    child = Curator(desk).split(issue, posts, _person(desk, by), version=_living(desk, issue).version, title=title)
    typer.echo(f"{child.id} dibuat dari {child.posts} kiriman: {child.title}. {_undo(desk, issue)}")


@app.command()
def move(
    what: Annotated[str, typer.Argument(help="Number of a post, or of an issue.")],
    to: Annotated[str, typer.Argument(help="For a post an issue, or `-` for none; for an issue its new state.")],
    by: ByOption,
    note: NoteOption = "",
    agency: Annotated[str | None, typer.Option(help="The body that gets a disposition or referral.")] = None,
    config: ConfigOption = None,
) -> None:
    """Moves a post into another issue, or an issue into another state.

    Example: tanggap issue move 17 ISU-20261122-0002 --as sari
    """
    desk = _desk(config)
    person = _person(desk, by)
    if not what.isdecimal():
        version = _living(desk, what).version
        _told(desk.move(what, _status(to), person, version=version, note=note, agency=agency))
        return
    target = None if to == "-" else to
    with desk.store.read() as db:
        link = issues.link_of(db, int(what))
    home = link.issue if link else target
    version = _living(desk, home).version if home else 0
    Curator(desk).move(int(what), target, person, version=version)
    typer.echo(f"Kiriman {what} {f'pindah ke {target}' if target else 'dikeluarkan'}. {_undo(desk, home or '')}")


@app.command()
def title(
    issue: IssueArgument,
    text: Annotated[str, typer.Argument(help="The title.")],
    by: ByOption,
    config: ConfigOption = None,
) -> None:
    """Names an issue; the machine leaves that name alone.

    Example: tanggap issue title ISU-20261122-0001 "Banjir Kali Pasir" --as sari
    """
    desk = _desk(config)
    _told(Curator(desk).title(issue, text, _person(desk, by), version=_living(desk, issue).version))


@app.command()
def undo(
    number: Annotated[int, typer.Argument(help="Number in `tanggap issue log`.")],
    by: ByOption,
    config: ConfigOption = None,
) -> None:
    """Takes an act back.

    Example: tanggap issue undo 41 --as sari
    """
    desk = _desk(config)
    done = Undoing(Curator(desk)).undo(number, _person(desk, by))
    typer.echo(f"Tindakan {number} pada {done.issue} dibatalkan; {len(done.posts)} kiriman kembali.")


@app.command()
def assign(
    issue: IssueArgument,
    by: ByOption,
    holder: Annotated[str | None, typer.Option(help="Account of the person who holds it.")] = None,
    agency: Annotated[str | None, typer.Option(help="Code of the body.")] = None,
    config: ConfigOption = None,
) -> None:
    """Names the holder of an issue, the responsible body, or both.

    Example: tanggap issue assign ISU-20261122-0001 --holder budi --as sari
    """
    desk = _desk(config)
    version = _living(desk, issue).version
    _told(desk.assign(issue, _person(desk, by), version=version, holder=holder, agency=agency))


@app.command()
def answer(
    issue: IssueArgument,
    url: Annotated[str, typer.Argument(help="Link of the published answer.")],
    by: ByOption,
    config: ConfigOption = None,
) -> None:
    """Notes that a public answer is out.

    Example: tanggap issue answer ISU-20261122-0001 https://jakarta.go.id/siaran/7 --as sari
    """
    desk = _desk(config)
    _told(desk.move(issue, Status.ANSWERED, _person(desk, by), version=_living(desk, issue).version, note=url))


@app.command()
def reopen(issue: IssueArgument, by: ByOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Opens a closed issue again.

    Example: tanggap issue reopen ISU-20261122-0001 --as sari --note "warga melapor lagi"
    """
    desk = _desk(config)
    _told(desk.move(issue, Status.WAITING, _person(desk, by), version=_living(desk, issue).version, note=note))


def _desk(config: Path | None) -> Desk:
    office = Office.open(config)
    return Desk(office.store, office.city, office.settings.now)


def _living(desk: Desk, issue_id: str) -> Issue:
    with desk.store.read() as db:
        found = issues.get(db, issue_id)
    if found is None:
        raise UsageError(f"There is no issue {issue_id}; `tanggap issue list --all` shows them.")
    return found


def _person(desk: Desk, name: str) -> User:
    with desk.store.read() as db:
        found = people.get(db, name)
    if found is None:
        raise UsageError(f"There is no account `{name}`; `tanggap user list` shows them.")
    return found


def _status(word: str) -> Status:
    try:
        return Status(word)
    except ValueError:
        raise UsageError(f"`{word}` is no state; they are {', '.join(status.value for status in Status)}.") from None


def _undo(desk: Desk, issue_id: str) -> str:
    """How to take the last act back."""
    with desk.store.read() as db:
        standing = issue_events.standing(issue_events.log(db, issue_id))
    return f"Batalkan dengan: tanggap issue undo {standing[-1].id}" if standing else ""


def _told(issue: Issue) -> None:
    typer.echo(f"{issue.id} · {issue.title} · {issue.posts} kiriman")
