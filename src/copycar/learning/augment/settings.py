"""How far training frames may be varied: the settings alone, so that `--help` needs no torch."""

from pydantic import Field

from copycar.core.config import Settings


class Augmentation(Settings):
    """How far the variations go; a size or a share of zero switches one off."""

    mirror: bool = True
    """Show half of the frames mirrored, with the steering's sign turned round."""
    shift_m: float = Field(default=0.15, ge=0)
    """Largest sideways shift of the car, metres; needs the camera's mounting."""
    turn_deg: float = Field(default=6.0, ge=0, le=45)
    """Largest turn of the car, degrees; needs the camera's mounting. PilotNet and TF++ use about 5."""
    displaced_share: float = Field(default=0.5, ge=0, le=1)
    """Share of frames that are shifted and turned."""
    look_ahead_m: float = Field(default=0.65, gt=0)
    """How far ahead the displaced car aims to be back on its path, metres; shorter returns harder."""
    brightness: float = Field(default=0.25, ge=0, le=1)
    """Largest change of brightness, share of full scale."""
    contrast: float = Field(default=0.25, ge=0, lt=1)
    """Largest change of contrast, share."""
    gamma: float = Field(default=0.0, ge=0, le=2)
    """Largest change of the gamma curve: exponents 1 / (1 + gamma) … 1 + gamma, below 1 lightens dark places."""
    colour: float = Field(default=0.1, ge=0, lt=1)
    """Largest change of one colour channel against the others, share."""
    tone_share: float = Field(default=1.0, ge=0, le=1)
    """Share of frames whose brightness, contrast, gamma and colour change."""
    shadow: float = Field(default=0.0, ge=0, le=1)
    """Deepest shadow across the picture, share of the light that it takes."""
    shadow_share: float = Field(default=0.25, ge=0, le=1)
    """Share of frames with a shadow."""
    cutout: float = Field(default=0.0, ge=0, le=1)
    """Largest side of a rectangle painted over in one colour, share of the picture's side."""
    cutout_share: float = Field(default=0.25, ge=0, le=1)
    """Share of frames with such a rectangle."""
    blur_sigma_px: float = Field(default=0.0, ge=0, le=10)
    """Largest standard deviation of a Gaussian blur, pixels of the camera's frame."""
    blur_share: float = Field(default=0.1, ge=0, le=1)
    """Share of frames that are blurred."""
    motion_blur_px: float = Field(default=0.0, ge=0, le=40)
    """Longest sideways smear, as of a turning car, pixels of the camera's frame."""
    motion_blur_share: float = Field(default=0.1, ge=0, le=1)
    """Share of frames that are smeared."""
    noise_levels: float = Field(default=0.0, ge=0, le=128)
    """Largest standard deviation of the noise, grey levels of 255."""
    noise_share: float = Field(default=0.25, ge=0, le=1)
    """Share of frames with noise."""
    jpeg_quality: int = Field(default=100, ge=1, le=100)
    """Lowest quality of JPEG compression, libjpeg's scale; 100 switches it off."""
    jpeg_share: float = Field(default=0.1, ge=0, le=1)
    """Share of frames that are compressed."""

    @property
    def changes_light(self) -> bool:
        """Whether anything but the car's place is varied."""
        sizes = (self.brightness, self.contrast, self.gamma, self.colour, self.shadow, self.cutout)
        return any((*sizes, self.blur_sigma_px, self.motion_blur_px, self.noise_levels)) or self.jpeg_quality < 100


OFF = Augmentation(mirror=False, shift_m=0, turn_deg=0, brightness=0, contrast=0, colour=0)
