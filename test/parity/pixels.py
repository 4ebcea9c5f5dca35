"""Preprocessing and image features by open_clip, torchvision and transformers: pixels.py FOLDER MODEL

FOLDER/task.json names the size, mean and std and lists the image files of FOLDER. Writes FOLDER/levels.bin, what Resize
and CenterCrop make of them (uint8 [n, size, size, 3]), and, with a MODEL folder of transformers, FOLDER/features.bin
(float32 [n, d]) of the pixels that open_clip's evaluation transform makes.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from open_clip.transform import image_transform
from PIL import Image
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize
from transformers import CLIPModel

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
images = [Image.open(folder / name).convert("RGB") for name in task["files"]]

size = task["size"]
resize = Compose([Resize(size, interpolation=InterpolationMode.BICUBIC), CenterCrop(size)])
np.stack([np.asarray(resize(image)) for image in images]).tofile(folder / "levels.bin")

if len(sys.argv) > 2:
    model = CLIPModel.from_pretrained(sys.argv[2], dtype=torch.float32).eval()
    transform = image_transform(size, is_train=False, mean=tuple(task["mean"]), std=tuple(task["std"]))
    with torch.no_grad():
        pixels = torch.stack([transform(image) for image in images])
        pooled = model.vision_model(pixel_values=pixels).pooler_output
        model.visual_projection(pooled).numpy().astype("<f4").tofile(folder / "features.bin")
