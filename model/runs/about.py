"""What people say of a run: its name and notes.

They are kept in a file of their own, so that they can be changed while the run's trainer writes run.json.
"""

from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError
from model.files import explaining_os_errors, read_json, write_json
from model.runs.values import text

ABOUT_FILE = "about.json"
MAX_TITLE, MAX_NOTES, MAX_LINES = 60, 1_000, 30  # characters of a name and of notes, and lines of notes


@dataclass(frozen=True)
class About:
    """What people say of a run; empty texts if they say nothing."""

    title: str = ""
    """A name, in one line. The name of the folder stays what it was."""
    notes: str = ""
    """Any number of lines."""


def read_about(folder: Path) -> About:
    """What is said of the run in a folder; whatever is damaged is left out."""
    content = read_json(folder / ABOUT_FILE)
    notes = content.get("notes")
    lines = notes[: 2 * MAX_NOTES].splitlines()[:MAX_LINES] if isinstance(notes, str) else []
    return About(
        title=text(content.get("title"), MAX_TITLE) or "",
        notes="\n".join(text(line, MAX_NOTES) or "" for line in lines)[:MAX_NOTES],
    )


def write_about(folder: Path, about: About) -> None:
    """Keeps what is said of the run in a folder. Raises InputError if it cannot be kept."""
    content = {"title": check_title(about.title), "notes": check_notes(about.notes)}
    with explaining_os_errors("The name of the run cannot be kept"):
        write_json(folder / ABOUT_FILE, content)


def check_title(title: str) -> str:
    """A name as it is kept, without spaces around it. Raises InputError if it cannot be one."""
    title = " ".join(title.split())
    if len(title) > MAX_TITLE or not title.isprintable():
        raise InputError(f"A run's name has at most {MAX_TITLE} characters, all of which can be seen.")
    return title


def check_notes(notes: str) -> str:
    """Notes as they are kept. Raises InputError if they are too long, or hold what cannot be shown."""
    lines = [line.rstrip() for line in notes.strip().splitlines()]
    kept = "\n".join(line.replace("\t", " ") for line in lines)
    if len(kept) > MAX_NOTES or len(lines) > MAX_LINES or not all(map(str.isprintable, kept.splitlines())):
        raise InputError(f"Notes have at most {MAX_NOTES:,} characters in {MAX_LINES} lines, all of which can be seen.")
    return kept
