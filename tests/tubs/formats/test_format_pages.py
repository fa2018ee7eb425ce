"""The commands on the formats' pages run, on small recordings under the names that the pages use."""

import re
import shlex
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.tubs.formats.registry import FORMATS

PAGES = sorted((Path(__file__).resolve().parents[3] / "docs" / "formats").glob("*.md"))


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"```\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.startswith("copycar ")]


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_every_command_of_the_page_runs(page, sources, tmp_path, monkeypatch, capsys):
    sources.folder = tmp_path
    sources.tub("mycar/data"), sources.tub("data/drive"), sources.donkeycar_v1(), sources.udacity()
    sources.tensorkart("samples/luigi"), sources.autcar("autcar_training"), sources.autcar_balanced("balanced_dataset")
    table = sources.film().with_suffix(".csv")
    table.with_name("other.csv").write_bytes(table.read_bytes())
    monkeypatch.chdir(tmp_path)
    for command in commands(page):
        code = run(shlex.split(command)[1:])
        assert code == 0, f"{command}\n{capsys.readouterr().err}"
    assert not list(tmp_path.rglob("*.partial"))


def test_the_python_of_the_page_runs(sources, tmp_path, monkeypatch, capsys):
    sources.folder = tmp_path
    sources.tensorkart("samples/luigi")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(
        r"```python\n(.*?)```", (PAGES[0].parent / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    exec(compile(code, "docs/formats/README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("8 ")


def test_every_format_and_option_is_on_a_page():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in FORMATS:
        format_ = FORMATS.get(name)
        assert name.partition("-")[0] in text
        for options in (format_.reading, format_.writing):
            missing = [field for field in options.__dataclass_fields__ if f"--{field.replace('_', '-')}" not in text]
            assert missing in ([], ["fps"])


def test_every_format_is_named_in_the_help(capsys):
    assert run(["tub", "convert", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in FORMATS if FORMATS.get(name).write)
