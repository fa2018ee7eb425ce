"""How the computer on the car feels."""

from copycar.driving.machine import machine_health


def test_the_hottest_sensor_and_the_battery_are_told(tmp_path):
    for zone, text in (
        ("thermal/thermal_zone0/temp", "48200\n"),
        ("thermal/thermal_zone1/temp", "61000\n"),
        ("power_supply/BAT0/capacity", "77\n"),
    ):
        (tmp_path / zone).parent.mkdir(parents=True)
        (tmp_path / zone).write_text(text)
    health = machine_health(tmp_path, tmp_path)
    assert (health.temperature_c, health.battery_pct) == (61.0, 77.0)
    assert health.disk_free_bytes > 0


def test_what_a_computer_does_not_tell_is_not_known(tmp_path):
    (tmp_path / "thermal/thermal_zone0").mkdir(parents=True)
    (tmp_path / "thermal/thermal_zone0/temp").write_text("asleep")
    health = machine_health(tmp_path / "no-such-folder", tmp_path)
    assert (health.temperature_c, health.battery_pct, health.disk_free_bytes) == (None, None, None)
