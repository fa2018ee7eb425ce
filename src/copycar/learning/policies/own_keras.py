"""Somebody's own Keras model as a torch module, and the pictures that it declares. Needs no Keras to be imported.

Keras 3 computes with torch where it is told so before its first import; its models are torch modules then.
"""

import copy
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.learning.policies.own_pictures import Layout, Taken, Values

BACKEND = "KERAS_BACKEND"
OTHER_BACKENDS = ("tensorflow", "jax", "openvino")


@contextmanager
def keras_on_torch() -> Iterator[None]:
    """Let Keras compute with torch, where it is imported for the first time inside and nothing else is asked for.

    Raises:
        CopycarError: what is imported inside needs another backend of Keras.
    """
    os.environ.setdefault(BACKEND, "torch")
    try:
        yield
    except CopycarError as error:
        missing = error.__cause__
        if isinstance(missing, ModuleNotFoundError) and (missing.name or "").partition(".")[0] in OTHER_BACKENDS:
            raise _wrong_backend(str(missing.name)) from error
        raise


def is_keras(thing: Any) -> bool:
    """Return whether `thing` is a Keras model or a class of them.

    Raises:
        CopycarError: it is, and Keras computes with something else than torch.
    """
    keras: Any = sys.modules.get("keras")
    kind = thing if isinstance(thing, type) else type(thing)
    if keras is None or not issubclass(kind, keras.Model):
        return False
    if keras.config.backend() != "torch":
        raise _wrong_backend(keras.config.backend())
    return True


class KerasModule(nn.Module):
    """A Keras model whose weights have names that do not change with every model that is made.

    Args:
        model: built, or to be built by its first picture.
        example: a picture for that, (1, …).
    """

    def __init__(self, model: Any, example: Tensor) -> None:
        super().__init__()
        # in a tuple: torch would list its weights under Keras' names, which count every layer made so far
        self._model = (model,)
        self._example = example
        with torch.no_grad():
            self(example)
        self.weights = nn.ParameterList(variable.value for variable in model.variables)
        self.cpu()  # Keras makes them on the graphics card where there is one; the training decides that

    def forward(self, pictures: Tensor) -> Any:
        """Return what the model answers."""
        # Keras has a device of its own, and moves to it whatever lies elsewhere
        with sys.modules["keras"].device(str(pictures.device)):
            return self._model[0](pictures, training=self.training)

    def __deepcopy__(self, memo: dict[int, Any]) -> "KerasModule":
        """Return another model with the same weights: a running mean of the weights begins as a copy."""
        twin = KerasModule(_twin(self._model[0]), self._example)
        twin.load_state_dict(self.state_dict())
        memo[id(self)] = twin
        return twin.train(self.training)


def _twin(model: Any) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Keras 3.15 copies arrays as numpy 1 did
            return copy.deepcopy(model)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise CopycarError(
            "your Keras network cannot be copied, which a running mean of its weights (--ema) needs",
            " ".join(str(error).split()[:30]),
            "leave --ema out, or register your class: @keras.saving.register_keras_serializable()",
        ) from error


def keras_module(
    model: Any, size: tuple[int, int], layout: Layout, values: Values
) -> tuple[KerasModule, Taken, tuple[str, ...]]:
    """Return the module, the pictures that the model takes, and remarks.

    Args:
        model: Keras model with one input.
        size: (height, width) of the pictures where the model declares none.
        layout: what to go on with where the model contradicts itself.
        values: what the numbers shall be.

    Raises:
        CopycarError: it declares no picture, or one that its own layers would read in another order.
    """
    of_layers, declared = _of_layers(model), _declared(model)
    if declared is None:
        usual = of_layers or _order(sys.modules["keras"].config.image_data_format())
        taken = Taken(size, 3, (usual if layout == "auto" else layout) == "channels-last", values)
    else:
        taken = _taken(declared, size, values)
    remarks = (taken.words, *_contradictions(declared, taken, of_layers, layout))
    return KerasModule(model, taken(torch.zeros(1, 3, *taken.size))), taken, remarks


def declared_size(model: Any) -> tuple[int, int] | None:
    """Return (height, width) of the pictures that a Keras model declares; None where it leaves them open."""
    shape = _declared(model)
    if shape is None:
        return None
    height, width = _taken(shape, (0, 0), "unit").size
    return (height, width) if height and width else None


def _declared(model: Any) -> tuple[int | None, ...] | None:
    """Return the shape that its input layer declares, without the batch; None where it has none yet."""
    shape = getattr(model, "input_shape", None)
    if shape is None:
        return None
    if not isinstance(shape, tuple) or len(shape) != 4:
        raise CopycarError(
            f"your Keras network declares the input {shape}",
            "it has to take pictures, and nothing else: (height, width, channels)",
            "name it by a function that makes a model of one picture",
        )
    return shape[1:]


def _taken(shape: tuple[int | None, ...], size: tuple[int, int], values: Values) -> Taken:
    is_last = shape[2] in {1, 3}
    if not is_last and shape[0] not in {1, 3}:
        raise CopycarError(
            f"your Keras network declares pictures of shape {shape}",
            "neither its first nor its last number is 3 (colours) or 1 (grey)",
            "declare (height, width, 3)",
        )
    height, width = (shape[0], shape[1]) if is_last else (shape[1], shape[2])
    channels = 1 if shape[2 if is_last else 0] == 1 else 3
    return Taken((height or size[0], width or size[1]), channels, is_last, values)


def _contradictions(declared: Any, taken: Taken, of_layers: Layout | None, layout: Layout) -> tuple[str, ...]:
    """Return what to say of layers that read a picture in another order than it is declared in.

    Raises:
        CopycarError: they do, and nobody has asked to go on with it.
    """
    of_taken = "channels-last" if taken.is_channels_last else "channels-first"
    if of_layers is None or of_layers == of_taken:
        return ()
    if layout == of_taken:
        return (f"BEWARE: its layers are {of_layers}: their filters do not slide over height and width",)
    height, width = taken.size
    if of_layers == "channels-last":
        right, read_as, (rows, columns, colours) = (height, width, taken.channels), "height x width x colours", declared
    else:
        right, read_as, (colours, rows, columns) = (taken.channels, height, width), "colours x height x width", declared
    raise CopycarError(
        f"your Keras network declares pictures of {declared}, but its layers are {of_layers}",
        f"they read that as {read_as}: {rows} rows, {columns} columns and {colours} colours. So every filter slides "
        "over the wrong axes, and what it learns is not a picture. Keras says nothing about it",
        f"write InputLayer(shape={right}); to go on as declared all the same: layout {of_taken} (--network.layout, in "
        "Python layout=)",
    )


def _of_layers(model: Any) -> Layout | None:
    flatten = sys.modules["keras"].layers.Flatten  # it takes every order, and always says channels-last
    layers = (layer for layer in _layers(model) if not isinstance(layer, flatten))
    formats = {_order(layer.data_format) for layer in layers if hasattr(layer, "data_format")}
    if len(formats) > 1:
        raise CopycarError(
            "some layers of your Keras network are channels-first, others channels-last",
            fix="give all of them the same data_format",
        )
    return formats.pop() if formats else None


def _order(data_format: str) -> Layout:
    return "channels-first" if data_format == "channels_first" else "channels-last"


def _layers(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "layers", []):
        yield layer
        yield from _layers(layer)


def _wrong_backend(name: str) -> CopycarError:
    return CopycarError(
        f"your Keras network computes with {name}, and copycar with torch",
        "Keras chooses at its first import what it computes with",
        f'{BACKEND}=torch before the command, or os.environ["{BACKEND}"] = "torch" before the first "import keras"; '
        "import from keras, not from tensorflow.keras",
    )
