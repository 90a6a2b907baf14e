"""The wheel as a stranger gets it: five packages, the configuration, and nothing that a checkout lends."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"tanggap", "pipeline", "crawlers", "nlp", "dashboard"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    key = ROOT / "config" / "secret.key"
    there = key.exists()
    key.touch(mode=0o600)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    if not there:
        key.unlink()
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; libraries come from PYTHONPATH, which runs no `.pth` of a checkout."""
    place = tmp_path_factory.mktemp("venv")
    venv.create(place, with_pip=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, text=True)
    return place


def run(place: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": sysconfig.get_paths()["purelib"], "PATH": "/usr/bin:/bin", "HOME": str(cwd)}
    return subprocess.run(
        [str(place / "bin" / "tanggap"), *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_the_five_packages_and_the_configuration(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")}
    assert tops == ROOMS
    assert "tanggap/_config/tanggap.toml" in names
    assert "tanggap/_config/secret.key" not in names
    assert any(name.startswith("tanggap/store/migrations/") for name in names)
    assert any(name.startswith("nlp/models/") and name.endswith(".npz") for name in names)


def test_an_empty_environment_sets_up_and_passes_the_doctor(installed: Path, tmp_path: Path) -> None:
    made = run(installed, tmp_path, "init")
    assert made.returncode == 0, made.stderr
    assert "password" in made.stdout
    looked = run(installed, tmp_path, "doctor")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "BAD" not in looked.stdout


def test_an_empty_environment_finds_issues(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "init")
    line = {"id": "1", "text": "banjir selutut di Jalan Melati, Tebet", "published_at": "2026-11-22T05:00:00+07:00"}
    (tmp_path / "posts.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    found = run(installed, tmp_path, "group", "--in", "posts.jsonl")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["id"] == "1"


def test_the_command_says_its_version_and_helps(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "--version").stdout.startswith("tanggap ")
    assert "crawl" in run(installed, tmp_path, "--help").stdout


def test_no_other_locked_distribution_uses_our_names() -> None:
    owners = packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, [])) <= {"tanggap-monitor"}, room


def test_the_lock_names_no_index_and_pins_every_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#", "-"))]
        assert entries
        assert all("==" in line and line.rstrip().endswith("\\") for line in entries)
