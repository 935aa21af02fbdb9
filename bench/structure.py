"""How the source is arranged, in figures: `python -m bench.structure`. How expensive a change is depends on them."""

import re
from collections import Counter
from pathlib import Path
from statistics import median

from rich.console import Console

from ledger.facts import FACTS

ROOT = Path(__file__).parents[1]
MANY = 30


def _sources(folder: str) -> dict[str, str]:
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sorted((ROOT / folder).rglob("*.py"))}


def figures() -> dict[str, str]:
    """By what each is called."""
    source, tests = _sources("src"), _sources("tests")
    named = {file: FACTS.keys() & set(re.findall(r"\b[A-Z]\w+\b", text)) for file, text in source.items()}
    files_of = Counter(fact for facts in named.values() for fact in facts)
    lists = [f"{file} ({len(facts)})" for file, facts in named.items() if len(facts) > MANY]
    lines = {file: text.count("\n") for file, text in source.items()}
    longest = max(lines, key=lambda file: lines[file])
    words = [len(name.split("_")) for text in tests.values() for name in re.findall(r"def test_(\w+)\(", text)]
    return {
        "facts": str(len(FACTS)),
        "source files that name a fact, median": str(median(files_of[fact] for fact in FACTS)),
        f"source files that name more than {MANY} facts": ", ".join(lists) or "none",
        "lines in src": f"{sum(lines.values()):,}",
        "lines in tests": f"{sum(text.count(chr(10)) for text in tests.values()):,}",
        "longest source file": f"{longest}, {lines[longest]} lines",
        "words in the name of a test, mean": f"{sum(words) / len(words):.1f}",
    }


def main() -> None:
    console = Console(highlight=False)
    for name, value in figures().items():
        console.print(f"{name}: {value}")


if __name__ == "__main__":
    main()
