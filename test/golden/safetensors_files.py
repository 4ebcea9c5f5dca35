"""Writes safetensors_files.json: small files made by the reference library. Run: python safetensors_files.py"""

import base64
import json
import pathlib
import tempfile

import safetensors
import torch
from safetensors.torch import save_file

CASES = {
    "every readable dtype": {
        "floats": torch.tensor([[1.5, -2.25], [3.0e-5, 65504.0]], dtype=torch.float16),
        "brain": torch.tensor([1.0, -3.140625, 1e30], dtype=torch.bfloat16),
        "single": torch.tensor([0.1, -0.2, 3e38], dtype=torch.float32),
        "double": torch.tensor([0.1, -0.2], dtype=torch.float64),
        "whole": torch.tensor([[1, -2, 2147483647]], dtype=torch.int32),
        "long": torch.tensor(-2147483648, dtype=torch.int64),
    },
    "order and alignment": {
        "b": torch.ones(3, dtype=torch.float16),
        "a": torch.zeros(2, 2),
        "z": torch.tensor(5, dtype=torch.int64),
        "2": torch.tensor([7], dtype=torch.int32),
        "10": torch.tensor([8], dtype=torch.int32),
        "c": torch.ones(1, dtype=torch.bfloat16),
        'é"\\\n': torch.ones(0, 3),
        "\U0001f600": torch.ones(1),
        "\uff21": torch.ones(1),
    },
}


def encode(tensors):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.safetensors"
        save_file(tensors, path, metadata={"format": "pt"})
        values = {
            name: {
                "dtype": str(tensor.dtype).removeprefix("torch."),
                "shape": list(tensor.shape),
                "values": tensor.double().flatten().tolist(),
            }
            for name, tensor in tensors.items()
        }
        return {"file": base64.b64encode(path.read_bytes()).decode(), "tensors": values}


golden = {
    "made by": "test/golden/safetensors_files.py",
    "versions": {"safetensors": safetensors.__version__, "torch": torch.__version__},
    "cases": {name: encode(tensors) for name, tensors in CASES.items()},
}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n")
