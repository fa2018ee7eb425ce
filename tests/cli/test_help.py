import shlex

import pytest

from copycar import __version__
from copycar.cli.job_words import options_first
from copycar.cli.main import app, run
from copycar.cli.verbs import GROUPS, VERBS, VERBS_OF

EXAMPLES = {verb: example for verb, (_, _, example) in VERBS.items()} | {
    f"{group} {verb}": example for group, verbs in VERBS_OF.items() for verb, (_, _, example) in verbs.items()
}


@pytest.mark.parametrize("verb", EXAMPLES)
def test_help_has_one_example_that_is_understood(verb, capsys):
    assert run([*verb.split(), "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.count("Example:") == 1
    assert f"Example: {EXAMPLES[verb]}" in " ".join(out.split())
    assert err == ""
    assert EXAMPLES[verb].split()[: 1 + len(verb.split())] == ["copycar", *verb.split()]
    app.parse_args(options_first(shlex.split(EXAMPLES[verb])[1:]), exit_on_error=False, print_error=False)


def test_help_names_every_verb(capsys):
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for name in [*VERBS, *GROUPS]:
        assert f" {name} " in out
    assert set(EXAMPLES) >= set(VERBS)


@pytest.mark.parametrize("verb", EXAMPLES)
def test_no_switch_has_an_idle_opposite(verb, capsys):
    run([*verb.split(), "--help"])
    out = capsys.readouterr().out
    assert "--no-json" not in out
    assert "--empty-" not in out


def test_no_verb_waits_for_torch_before_it_begins(python):
    places = sorted(
        {place.partition(":")[0] for verbs in (VERBS, *VERBS_OF.values()) for place, _, _ in verbs.values()}
    )
    program = f"""
import importlib, sys
for place in {places}:
    importlib.import_module(f"copycar.cli.{{place}}")
    assert "torch" not in sys.modules, place
"""
    result = python(program)
    assert (result.returncode, result.stderr) == (0, "")


def test_no_verb_at_all_shows_the_help(capsys):
    assert run([]) == 0
    assert "Commands" in capsys.readouterr().out


def test_the_version_is_printed(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__
