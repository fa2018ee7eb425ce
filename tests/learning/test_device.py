import pytest
import torch

from copycar.core.errors import CopycarError
from copycar.learning.device import PRECISION_NAMES, autocast, choose_device, choose_precision, keep_freed_memory

CPU = torch.device("cpu")


def test_the_best_device_there_is_gets_chosen(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device() == CPU
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose_device() == torch.device("mps")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device() == torch.device("cuda")
    assert choose_device("cpu") == CPU


def test_a_device_that_is_not_there_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(CopycarError, match="torch finds no cuda"):
        choose_device("cuda")


def test_a_named_precision_is_taken_at_its_word():
    assert choose_precision(CPU, "fp32") == torch.float32
    assert choose_precision(CPU, "bf16") == torch.bfloat16
    assert {str(choose_precision(CPU, name)) for name in PRECISION_NAMES.values()} == {
        f"torch.{name}" for name in PRECISION_NAMES
    }


def test_a_processor_without_bfloat16_computes_in_float32(monkeypatch):
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)
    assert choose_precision(CPU) == torch.float32


@pytest.mark.parametrize(("has_it", "expected"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_processor_that_only_imitates_bfloat16_computes_in_float32(monkeypatch, has_it, expected):
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: True)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has_it)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    assert choose_precision(CPU) == expected


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_layers_run_at_the_chosen_precision(precision):
    with autocast(CPU, precision):
        assert torch.nn.Linear(2, 2)(torch.zeros(1, 2)).dtype == precision


def test_keeping_memory_can_be_asked_for_anywhere():
    keep_freed_memory()
