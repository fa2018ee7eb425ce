"""What is printed, to the letter."""

from copycar.cli.output import log, tell


def test_nothing_in_a_line_is_taken_for_markup_or_an_emoji(capsys):
    line = "proof   A2:CD:D9:ID:00 [bold]runs/:car:/x"
    tell(log, line)
    assert capsys.readouterr().err == f"{line}\n"
