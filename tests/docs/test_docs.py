"""The documentation says what the program does: its commands parse, its tables are true, its Python runs."""

import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import torch

from copycar.cli.job_words import options_first
from copycar.cli.main import VERBS, app
from copycar.cli.verbs import EXPLAIN_VERBS, GROUND_VERBS, REMOTE_VERBS
from copycar.core.config import Settings
from copycar.core.mounting import CameraSettings, CarSettings
from copycar.ground.settings import GroundSettings
from copycar.learning.augment.settings import Augmentation
from copycar.learning.cost import build_example
from copycar.learning.pipeline import OPERATIONS, Pipeline
from copycar.learning.policies.network import NETWORKS
from copycar.learning.settings import AUGMENTATIONS, TrainSettings
from copycar.testing.tub import make_tub

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


def commands(page: Path) -> list[str]:
    """Return the `copycar …` lines of a page's shell blocks, without comments and optional parts."""
    blocks = re.findall(r"```\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [re.sub(r"\s*\[.*?\]", "", line).replace("…", "") for line in lines if line.startswith("copycar ")]


EVERY_COMMAND = [(page.name, command) for page in PAGES for command in commands(page)]


@pytest.mark.parametrize(("page", "command"), EVERY_COMMAND, ids=[f"{page}: {line}" for page, line in EVERY_COMMAND])
def test_every_command_in_the_documentation_is_understood(
    page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run.toml").touch()  # what pages give to --config
    app.parse_args(options_first(shlex.split(command)[1:]), exit_on_error=False, print_error=False)


OF_GROUPS = [*(f"ground {verb}" for verb in GROUND_VERBS), *(f"remote {verb}" for verb in REMOTE_VERBS)]
OF_GROUPS += [f"explain {verb}" for verb in EXPLAIN_VERBS]


@pytest.mark.parametrize("verb", [*VERBS, "tub info", *OF_GROUPS])
def test_every_verb_is_shown_somewhere(verb: str) -> None:
    assert any(f"copycar {verb}" in page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert not missing


def _default(value: object) -> object:
    """Return a default as the tables have it; a group of settings has a table of its own."""
    return "automatic" if value is None or isinstance(value, Settings) else value


def test_the_tables_of_augmentation_are_true() -> None:
    text = (ROOT / "docs/augmentation.md").read_text(encoding="utf-8")
    for name, field in Augmentation.model_fields.items():
        cells = " | ".join(_amount(getattr(preset, name)) for preset in AUGMENTATIONS.values())
        assert f"| `{name}` | {cells} | {field.description} |" in text
    for table in (CameraSettings, CarSettings):
        for name, field in table.model_fields.items():
            assert f"| `{name}` | {field.description} |" in text


def _amount(value: float) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:g}"


def test_the_table_of_training_settings_is_true() -> None:
    rows = [
        f"| `{name}` | {_default(field.default)} | {field.description} |"
        for name, field in TrainSettings.model_fields.items()
    ]
    text = (ROOT / "docs/train.md").read_text(encoding="utf-8")
    assert "\n".join(rows) in text, "docs/train.md should hold these rows:\n" + "\n".join(rows)


def test_the_table_of_ground_settings_is_true() -> None:
    rows = [
        f"| `{name}` | {'automatic' if field.default is None else field.default} | {field.description} |"
        for name, field in GroundSettings.model_fields.items()
    ]
    text = (ROOT / "docs/ground.md").read_text(encoding="utf-8")
    assert "\n".join(rows) in text, "docs/ground.md should hold these rows:\n" + "\n".join(rows)


def test_the_table_of_networks_is_true() -> None:
    text = (ROOT / "docs/networks.md").read_text(encoding="utf-8")
    for name in NETWORKS:
        count = sum(parameter.numel() for parameter in build_example(name, (120, 160)).parameters())
        assert re.search(rf"\| `{name}` \|.*\| {count:,} \|", text), f"{name} has {count:,} parameters"


def test_the_table_of_picture_operations_is_true() -> None:
    text = (ROOT / "docs/pictures.md").read_text(encoding="utf-8")
    for name in OPERATIONS:
        row = re.search(rf"^\| `{name}` \| .*$", text, flags=re.MULTILINE)
        assert row, f"{name} has no row"
        told = "the same names" in row[0]
        fields = set(OPERATIONS.get(name).model_fields) - {"op"}
        assert told or fields == fields & set(re.findall(r"`(\w+)`", row[0])), f"{name} has {fields}"


def test_the_operation_on_the_page_about_pictures_runs() -> None:
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs/pictures.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    names: dict[str, Any] = {"__name__": "docs_pictures"}
    exec(compile(code, "docs/pictures.md", "exec"), names)
    pipeline = Pipeline((8, 8), [names["Sepia"](strength=0.5)])
    assert pipeline(torch.full((1, 8, 8, 3), 100))[0, :, 0, 0].tolist() == [100, 90, 80]


@pytest.mark.slow
def test_the_python_on_the_page_for_programs_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_tub(tmp_path / "data", n_frames=60)
    code = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        exec(compile("\n".join(code), "docs/python.md", "exec"), {})
    finally:
        os.chdir(before)
    assert "m from the middle" in capsys.readouterr().out
