"""donkeycar's configuration as settings of `copycar train`: what each setting becomes, or why it becomes nothing.

Facts: donkeycar 5.3, `templates/cfg_complete.py`, `pipeline/`, `utils.py`. Knows no files.
"""

from collections.abc import Mapping
from typing import Any

from copycar.core.errors import CopycarError
from copycar.learning.augment.donkey import USUAL_RANGES, from_donkey
from copycar.learning.donkeycar.python_settings import Setting
from copycar.learning.donkeycar.sheet import Sheet
from copycar.learning.donkeycar.train_filter import as_where
from copycar.learning.donkeycar.transformations import FIELDS, as_tables, why_not

NETWORKS = {
    "3d": "conv3d",
    "behavior": "behavior",
    "categorical": "categorical",
    "imu": "imu",
    "inferred": "inferred",
    "linear": "linear",
    "localizer": "localizer",
    "memory": "memory",
    "resnet18": "resnet18",
    "rnn": "rnn",
}
"""donkeycar's model types and our networks."""

RUNTIMES = ("tflite_", "tensorrt_", "fastai_")
"""What donkeycar puts before a type to choose a runtime; our policy file is one for all."""

SIMPLE = {"BATCH_SIZE": "batch_size", "MAX_EPOCHS": "epochs", "LEARNING_RATE": "learning_rate"}

LENGTHS = {"rnn": "length", "conv3d": "length", "memory": "length"}
"""Networks that see several pictures or actions, and their option for how many."""

RANGE_OF = {
    "BLUR": "AUG_BLUR_RANGE",
    "BRIGHTNESS": "AUG_BRIGHTNESS_RANGE",
    "MULTIPLY": "AUG_BRIGHTNESS_RANGE",
}
"""Which setting says how far an augmentation goes."""

NOT_NEEDED = "not needed: "
WHY_LEFT = {
    "DEFAULT_AI_FRAMEWORK": NOT_NEEDED + "copycar trains with PyTorch",
    "OPTIMIZER": "copycar trains with AdamW",
    "LEARNING_RATE_DECAY": "the schedule lowers the learning rate by itself",
    "FREEZE_LAYERS": "copycar counts layers from the picture: --transfer RUN --freeze N",
    "NUM_LAST_LAYERS_TO_TRAIN": "copycar counts layers from the picture: --transfer RUN --freeze N",
    "AUG_MULTIPLY_RANGE": "donkeycar 5 does not read it",
    "MIN_DELTA": "copycar counts every better score",
    "SHOW_PLOT": NOT_NEEDED + "every run keeps its figures in metrics.jsonl",
    "VERBOSE_TRAIN": NOT_NEEDED + "progress is always shown",
    "PRINT_MODEL_SUMMARY": NOT_NEEDED + "see copycar networks",
    "CACHE_POLICY": NOT_NEEDED + "frames are kept decoded where they fit the memory",
    "CACHE_IMAGES": NOT_NEEDED + "frames are kept decoded where they fit the memory",
    "CREATE_TF_LITE": "a policy is one .onnx file; copycar export --to tflite makes others of it",
    "CREATE_TENSOR_RT": "a policy is one .onnx file; copycar export --to tensorrt makes others of it",
    "SAVE_MODEL_AS_H5": "a policy is one .onnx file; copycar export --to keras makes others of it",
    "MODEL_CATEGORICAL_MAX_THROTTLE_RANGE": NOT_NEEDED + "copycar's categorical covers the full throttle",
    "DATA_PATH": "name the tubs on the command line",
    "MODELS_PATH": "name the run's folder with --out",
    "CAR_PATH": "name folders on the command line",
    "PACKAGE_PATH": "name folders on the command line",
    "IMAGE_DEPTH": NOT_NEEDED + "pictures have three channels; what is grey repeats them",
}
"""Settings of a training that have no counterpart, and why."""

IS_OFF = "it is off"
OTHER_PROGRAMS = "it is about the car or another of donkeycar's programs, not about training"
NO_TRAINING_OF_OURS = "copycar train does nothing like it"
_PREFIXES_OF_TRAINING = ("PRUNE_", "FREEZE_", "TRAIN_", "AUG")


def carry_over(settings: Mapping[str, Setting]) -> Sheet:
    """Return what becomes of every setting.

    Args:
        settings: of config.py, with those of myconfig.py over them.
    """
    sheet = Sheet({name: setting for name, setting in settings.items() if name.isupper() or name == "*"})
    for part in (_network, _simple, _early_stop, _held_out, _filter, _size, _pictures, _augmentation):
        part(sheet)
    for name, setting in sheet.settings.items():
        sheet.leave(_why_left(setting), name)
    return sheet


def _network(sheet: Sheet) -> None:
    asked = sheet.read("DEFAULT_MODEL_TYPE")
    for flag, network in (("TRAIN_BEHAVIORS", "behavior"), ("TRAIN_LOCALIZER", "localizer")):
        if sheet.read(flag):
            asked = network
            sheet.note_carried(f"type = {network}", flag)
    if isinstance(asked, str):
        name = asked
        for runtime in RUNTIMES:
            name = name.removeprefix(runtime)
        if name in NETWORKS:
            sheet.carry("type", NETWORKS[name], "DEFAULT_MODEL_TYPE")
        else:
            sheet.leave(f"copycar has no network {asked!r}", "DEFAULT_MODEL_TYPE")
    _network_options(sheet, sheet.values.get("type", "copycar"))


def _network_options(sheet: Sheet, network: str) -> None:
    options: dict[str, Any] = {}
    wanted = {
        "SEQUENCE_LENGTH": LENGTHS,
        "MEM_DEPTH": {"memory": "depth"},
        "BEHAVIOR_LIST": {"behavior": "states"},
        "NUM_LOCATIONS": {"localizer": "locations"},
    }
    for name, option_of in wanted.items():
        value = sheet.read(name)
        if value is None:
            continue
        if network not in option_of:
            sheet.leave(f"it is of {', '.join(option_of)}, and the network is {network}", name)
            continue
        options[option_of[network]] = ",".join(map(str, value)) if isinstance(value, list | tuple) else value
        sheet.note_carried(f"network.{option_of[network]} = {options[option_of[network]]}", name)
    if options:
        sheet.values["network"] = options


def _simple(sheet: Sheet) -> None:
    for name, key in SIMPLE.items():
        if (value := sheet.read(name)) is not None:
            sheet.carry(key, value, name)


def _early_stop(sheet: Sheet) -> None:
    if not sheet.read("USE_EARLY_STOP", True):
        sheet.note_carried("no patience: the whole schedule is run", "USE_EARLY_STOP")
        sheet.leave("USE_EARLY_STOP is off", "EARLY_STOP_PATIENCE")
    elif (patience := sheet.read("EARLY_STOP_PATIENCE")) is not None:
        sheet.carry("patience", patience, "EARLY_STOP_PATIENCE", "USE_EARLY_STOP")


def _held_out(sheet: Sheet) -> None:
    share = sheet.read("TRAIN_TEST_SPLIT")
    if isinstance(share, int | float):
        sheet.carry("validation_share", round(1 - share, 6), "TRAIN_TEST_SPLIT")


def _filter(sheet: Sheet) -> None:
    setting = sheet.settings.get("TRAIN_FILTER")
    if setting is None or (setting.value is None and not setting.why):
        return  # not set, or None
    where = as_where(setting.node)
    if where is None:
        sheet.leave("it is no plain comparison of a record's fields: write it as `where`", "TRAIN_FILTER")
    else:
        sheet.carry("where", where, "TRAIN_FILTER")


def _size(sheet: Sheet) -> None:
    width, height = sheet.read("IMAGE_W"), sheet.read("IMAGE_H")
    if isinstance(width, int) and isinstance(height, int):
        sheet.carry("resize", f"{width}x{height}", "IMAGE_W", "IMAGE_H")
    else:
        sheet.leave("the size needs both IMAGE_W and IMAGE_H as whole numbers", "IMAGE_W", "IMAGE_H")


def _pictures(sheet: Sheet) -> None:
    tables: list[dict[str, Any]] = []
    if sheet.read("IMAGE_DEPTH") == 1:
        tables.append({"op": "grey"})
        sheet.note_carried("a first step that makes frames grey", "IMAGE_DEPTH")
    for key in ("TRANSFORMATIONS", "POST_TRANSFORMATIONS"):
        for name in _names(sheet, key):
            found = as_tables(name, sheet.readable())
            if found is None:
                sheet.notes.append(f"{name} is missing in the pipeline: {why_not(name)}")
            tables += found or []
            sheet.note_carried(f"op {name}", *FIELDS.get(name, {}).values())
    for name, fields in FIELDS.items():
        sheet.leave(f"{name} is in neither list of transformations", *fields.values())
    if tables:
        sheet.values["pipeline"] = tables


def _names(sheet: Sheet, key: str) -> list[str]:
    """Return the names in one of donkeycar's lists, and note what became of it."""
    names = sheet.read(key) or []
    if not isinstance(names, list | tuple):
        sheet.leave(f"it is {names!r} and no list", key)
        return []
    sheet.note_carried(", ".join(map(str, names)) or "nothing: it is empty", key)
    return [str(name) for name in names]


def _augmentation(sheet: Sheet) -> None:
    names = _names(sheet, "AUGMENTATIONS")
    fields: dict[str, float] = {}
    ranges = {key: value for key in USUAL_RANGES if (value := sheet.read(key)) is not None}
    for name in names:
        key = RANGE_OF.get(name, "")
        try:
            fields |= from_donkey([name], ranges)
        except CopycarError as refusal:
            sheet.notes.append(f"{name} is missing in the augmentation: {refusal.what}")
            sheet.leave(refusal.what, key)
        sheet.note_carried("augment", key)
    sheet.leave("its augmentation is not in AUGMENTATIONS", *USUAL_RANGES)
    if fields:
        sheet.carry("augment", fields, "AUGMENTATIONS")
    if "augment" in sheet.values:
        sheet.notes.append("frames are varied before the pipeline, and mirrored, shifted and turned too")
    elif not names and sheet.read("AUGMENTATIONS") is not None:
        sheet.notes.append(
            'no augmentation is named; copycar varies frames all the same: augmentation = "off" would not'
        )


def _why_left(setting: Setting) -> str:
    is_of_training = setting.name.startswith(_PREFIXES_OF_TRAINING)
    if not setting.why and setting.value is False and is_of_training:
        return IS_OFF
    return setting.why or WHY_LEFT.get(setting.name) or (NO_TRAINING_OF_OURS if is_of_training else OTHER_PROGRAMS)
