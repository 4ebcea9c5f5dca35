"""FLOP of open_clip's towers for one image and one text, as PyTorch counts them; writes flops.json.

    python flops.py
"""

import json
from pathlib import Path

import open_clip
import torch
from torch.utils.flop_counter import FlopCounterMode

MODELS = ("ViT-B-32", "ViT-B-16", "RN50")


def counted(compute):
    with FlopCounterMode(display=False) as counter:
        compute()
    return counter.get_total_flops()


def main():
    models = {}
    for name in MODELS:
        config = {key: value for key, value in open_clip.get_model_config(name).items() if key != "custom_text"}
        with torch.device("meta"):
            model = open_clip.CLIP(**config).train()
            image, text = torch.empty(1, 3, 224, 224), torch.zeros(1, 77, dtype=torch.long)
        models[name] = dict(
            image=counted(lambda: model.visual(image)),
            text=counted(lambda: model.encode_text(text)),
            training=counted(lambda: (model.visual(image).sum() + model.encode_text(text).sum()).backward()),
        )
    versions = dict(torch=torch.__version__, open_clip=open_clip.__version__)
    out = Path(__file__).with_suffix(".json")
    out.write_text(json.dumps(dict(versions=versions, models=models), indent=2) + "\n")


if __name__ == "__main__":
    main()
