"""Numbers by formula: the same float32 weights and images in Python and in TypeScript (test/support/formula-weights.ts).

unit(name, i) is the finaliser of MurmurHash3 over FNV-1a(name) + i * 0x9E3779B9 (mod 2**32), as a fraction of 2**32;
i counts in PyTorch's order (row-major; convolution kernels [out, in, h, w]).
"""

import numpy as np


def unit(name: str, size: int) -> np.ndarray:
    """`size` numbers in [0, 1), float64."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 % 2**32
    h = (np.arange(size, dtype=np.uint64) * 0x9E3779B9 + seed) & 0xFFFFFFFF
    h ^= h >> 16
    h = h * 0x85EBCA6B & 0xFFFFFFFF
    h ^= h >> 13
    h = h * 0xC2B2AE35 & 0xFFFFFFFF
    h ^= h >> 16
    return h.astype(np.float64) / 2**32


def signed(name: str, shape) -> np.ndarray:
    """Numbers in [-1, 1), float64."""
    return (2 * unit(name, int(np.prod(shape))) - 1).reshape(shape)


def tensor(name: str, shape) -> np.ndarray:
    """A weight or running statistic by its OpenCLIP name and PyTorch shape, float32."""
    values = signed(name, shape)
    if name == "logit_scale":
        values = np.array(2.0)
    elif name.endswith("running_var"):
        values = 1 + 0.5 * values
    elif name.endswith("running_mean"):
        values = 0.2 * values
    elif len(shape) == 1 and name.endswith("weight"):
        values = 1 + 0.3 * values
    elif len(shape) == 1:
        values = 0.2 * values
    else:
        values = values * np.sqrt(3 / (values.size // shape[0]))
    return values.astype(np.float32)


def fill(model) -> None:
    """Overwrites all weights and running statistics of an open_clip CLIP."""
    import torch

    with torch.no_grad():
        for name, value in model.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                value.copy_(torch.from_numpy(tensor(name, tuple(value.shape))))
