"""Hashes of preprocessed images of the shared data sets, by Pillow and torchvision:

    python test/golden/pixels_sets.py

The first 40 images of every set in order of their names, converted to RGB, shorter side to 64 and to 224, centre crop:
SHA-256 of all levels [40, size, size, 3] in a row.
"""

import hashlib
import io
import json
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
from PIL import Image
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize

here = Path(__file__).parent
data = here / "../../../shared/data"
sets = ["ucm", "rsscn7", "magento", "clothing", "openstax", "wesnoth", "wesnoth-unlabelled", "flickr8k-train", "openclipart"]


def first_images(name):
    with tarfile.open(data / f"{name}.tar") as archive:
        names = sorted(member.name for member in archive if member.isfile() and "/images/" in member.name)[:40]
        files = [archive.extractfile(one).read() for one in names]
    return [Image.open(io.BytesIO(file)).convert("RGB") for file in files]


def digest(images, size):
    transform = Compose([Resize(size, interpolation=InterpolationMode.BICUBIC), CenterCrop(size)])
    return hashlib.sha256(b"".join(np.asarray(transform(image)).tobytes() for image in images)).hexdigest()


golden = {
    "versions": {"python": sys.version.split()[0], **{name: version(name) for name in ["pillow", "torchvision"]}},
    "sets": {name: {size: digest(first_images(name), size) for size in (64, 224)} for name in sets},
}
(here / "pixels_sets.json").write_text(json.dumps(golden, indent=2) + "\n")
