"""How far training frames may be varied: the settings alone, so that `--help` needs no torch."""

from pydantic import Field

from copycar.core.config import Settings


class Augmentation(Settings):
    """How far the variations go; zero switches one off."""

    mirror: bool = True
    """Show half of the frames mirrored, with the steering's sign turned round."""
    shift_m: float = Field(default=0.15, ge=0)
    """Largest sideways shift of the car, metres; needs the camera's mounting."""
    turn_deg: float = Field(default=6.0, ge=0, le=45)
    """Largest turn of the car, degrees; needs the camera's mounting. PilotNet and TF++ use about 5."""
    displaced_share: float = Field(default=0.5, ge=0, le=1)
    """Share of frames that are shifted and turned."""
    look_ahead_m: float = Field(default=1.0, gt=0)
    """How far ahead the displaced car aims to be back on its path, metres."""
    brightness: float = Field(default=0.25, ge=0, le=1)
    """Largest change of brightness, share of full scale."""
    contrast: float = Field(default=0.25, ge=0, lt=1)
    """Largest change of contrast, share."""
    colour: float = Field(default=0.1, ge=0, lt=1)
    """Largest change of one colour channel against the others, share."""

    @property
    def changes_light(self) -> bool:
        """Whether brightness, contrast or colour are varied at all."""
        return bool(self.brightness or self.contrast or self.colour)


OFF = Augmentation(mirror=False, shift_m=0, turn_deg=0, displaced_share=0, brightness=0, contrast=0, colour=0)
