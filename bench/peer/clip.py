"""open_clip's model from a folder in its own layout, and what every peer sets before it computes."""

import json
import os
import platform
import time
from pathlib import Path

import open_clip
import torch
from safetensors.torch import load_file


def set_up(threads, device):
    """All threads; TF32 on a GPU; numbers below the normal range are zero, as in TensorFlow's threads."""
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    if device == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True


def versions(device):
    facts = {"python": platform.python_version(), "torch": torch.__version__, "open_clip": open_clip.__version__}
    return {**facts, "gpu": torch.cuda.get_device_name()} if device == "cuda" else facts


def load_model(folder):
    """The model that open_clip_config.json describes, with its weights."""
    config = json.loads((Path(folder) / "open_clip_config.json").read_text())["model_cfg"]
    config = {key: value for key, value in config.items() if key != "custom_text"}
    model = open_clip.CLIP(**config)
    model.load_state_dict(load_file(Path(folder) / "open_clip_model.safetensors"))
    return model


def autocast(device, precision):
    return torch.autocast(device, torch.bfloat16, enabled=precision == "bf16")


def synchronize(device):
    if device == "cuda":
        torch.cuda.synchronize()


def matmul_rate(size, device, precision):
    """GFLOP/s of the fastest of five products [size, size] x [size, size]."""
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    a = torch.full((size, size), 0.5, dtype=dtype, device=device)
    best = float("inf")
    for _ in range(6):
        start = time.perf_counter()
        a @ a
        synchronize(device)
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def worker_count():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
