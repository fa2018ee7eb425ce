"""LeRobot datasets v3, as one format. Knows nothing but where its halves are."""

from copycar.tubs.formats.format import Format
from copycar.tubs.formats.lerobot_info import detect
from copycar.tubs.formats.lerobot_read import Reading, read
from copycar.tubs.formats.lerobot_write import Writing, write

FORMAT = Format("a LeRobot dataset", detect, read, write, Reading, Writing)
