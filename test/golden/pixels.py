"""Goldens of the image preprocessing from Pillow, torchvision and OpenCLIP:

    python test/golden/pixels.py

Each case holds an encoded file (base64) and what the reference makes of it once it is converted to RGB: resized and
cropped levels [size, size, 3] (base64). One case holds OpenCLIP's normalised tensor, the crops hold the boxes of
torchvision's RandomResizedCrop for given draws, the regions what Pillow's resize makes of a box of parts of pixels.
"""

import base64
import io
import json
import math
import struct
import sys
import zlib
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from open_clip.transform import image_transform
from PIL import Image, ImageCms
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, RandomResizedCrop, Resize
from torchvision.transforms.functional import resized_crop

modes = {"bicubic": InterpolationMode.BICUBIC, "bilinear": InterpolationMode.BILINEAR}


def text(data):
    return base64.b64encode(data).decode()


def picture(width, height):
    """Gradients, a checkerboard and some noise: [height, width, 3]."""
    y, x = np.mgrid[0:height, 0:width]
    board = ((x // 3 + y // 4) % 2) * 200
    noise = np.random.RandomState(width * 1000 + height).randint(-30, 30, (height, width, 3))
    levels = np.stack([x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1), board], -1)
    return Image.fromarray(np.clip(levels + noise, 0, 255).astype(np.uint8))


def encoded(image, kind, **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def png16(levels, colour_type):
    """Pillow writes no 16-bit colour."""
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in levels)
    height, width = levels.shape[:2]

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def evaluated(file, size, interpolation="bicubic"):
    image = Image.open(io.BytesIO(file)).convert("RGB")
    transform = Compose([Resize(size, interpolation=modes[interpolation]), CenterCrop(size)])
    return np.asarray(transform(image))


def case(name, file, size=12, interpolation="bicubic"):
    levels = evaluated(file, size, interpolation)
    return {"name": name, "size": size, "interpolation": interpolation, "file": text(file), "levels": text(levels.tobytes())}


def size_cases():
    sizes = [(40, 29, 16), (29, 40, 16), (33, 20, 16), (20, 35, 16), (16, 16, 16), (16, 23, 16), (9, 9, 16), (7, 30, 12)]
    sizes += [(90, 6, 12), (5, 64, 12), (1, 1, 8), (3, 2, 9), (96, 70, 14), (61, 47, 33)]
    for width, height, size in sizes:
        for interpolation in modes:
            yield case(f"{width} x {height} to {size}, {interpolation}", encoded(picture(width, height), "PNG"), size, interpolation)


def format_cases():
    image = picture(26, 19)
    alpha = Image.fromarray(np.dstack([np.asarray(image), np.arange(26 * 19, dtype=np.uint8).reshape(19, 26)]))
    indexed = image.convert("P", palette=Image.Palette.ADAPTIVE, colors=32)
    exif = Image.Exif()
    exif[0x112] = 6
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = np.asarray(image).astype(np.uint32) * 257 - np.minimum(np.asarray(image), 100)
    return [
        case("JPEG", encoded(image, "JPEG", quality=85)),
        case("JPEG, full colour resolution", encoded(image, "JPEG", quality=60, subsampling=0)),
        case("JPEG, progressive", encoded(image, "JPEG", progressive=True)),
        case("JPEG, grey", encoded(image.convert("L"), "JPEG")),
        case("JPEG, CMYK", encoded(image.convert("CMYK"), "JPEG", quality=90)),
        case("JPEG, turned by EXIF (not followed)", encoded(image, "JPEG", exif=exif)),
        case("JPEG, colour profile (not followed)", encoded(image, "JPEG", icc_profile=srgb)),
        case("PNG, grey", encoded(image.convert("L"), "PNG")),
        case("PNG, black and white", encoded(image.convert("1"), "PNG")),
        case("PNG, alpha (dropped)", encoded(alpha, "PNG")),
        case("PNG, grey and alpha", encoded(alpha.convert("LA"), "PNG")),
        case("PNG, palette", encoded(indexed, "PNG")),
        case("PNG, palette with a transparent entry", encoded(indexed, "PNG", transparency=3)),
        case("PNG, 16 bit", png16(wide, 2)),
        case("PNG, 16 bit and alpha", png16(np.dstack([wide, wide[..., :1]]), 6)),
        case("WebP", encoded(image, "WEBP", quality=70)),
        case("WebP, lossless", encoded(image, "WEBP", lossless=True)),
        case("WebP, alpha", encoded(alpha, "WEBP", quality=70)),
        case("WebP, animated (first frame)", encoded(image, "WEBP", save_all=True, append_images=[image.rotate(180)])),
        case("GIF", encoded(indexed, "GIF")),
        case("GIF, animated (first frame)", encoded(indexed, "GIF", save_all=True, append_images=[indexed.rotate(180)])),
        case("TIFF", encoded(image, "TIFF", compression="tiff_lzw")),
        case("TIFF, CMYK", encoded(image.convert("CMYK"), "TIFF")),
    ]


def crop_case(width, height, draws):
    """RandomResizedCrop with its random numbers replaced by the draws; they are used up by the first try."""
    area, ratio, top, left = draws
    numbers = iter([area, ratio] * 10)
    places = iter([top, left])
    uniform, randint = torch.Tensor.uniform_, torch.randint
    torch.Tensor.uniform_ = lambda self, low, high: self.fill_(low + (high - low) * next(numbers))
    torch.randint = lambda low, high, size: torch.tensor([math.floor(next(places) * (high - low)) + low])
    image = picture(width, height)
    try:
        i, j, h, w = RandomResizedCrop.get_params(image, scale=[0.9, 1.0], ratio=[3 / 4, 4 / 3])
    finally:
        torch.Tensor.uniform_, torch.randint = uniform, randint
    levels = np.asarray(resized_crop(image, i, j, h, w, [13, 13], modes["bicubic"]))
    box = {"left": j, "top": i, "width": w, "height": h}
    file = text(encoded(image, "PNG"))
    return {"width": width, "height": height, "draws": draws, "box": box, "file": file, "levels": text(levels.tobytes())}


def crop_cases():
    fits = [(40, 40, [0.4, 0.5, 0.3, 0.9]), (40, 40, [0.0, 0.45, 0.0, 0.0]), (40, 40, [0.02, 0.52, 0.999, 0.999])]
    fits += [(51, 40, [0.5, 0.9, 0.7, 0.2]), (30, 39, [0.3, 0.06, 0.5, 0.5]), (64, 47, [0.999, 0.97, 0.1, 0.6])]
    never = [(90, 20, [0.5, 0.5, 0.5, 0.5]), (21, 80, [0.1, 0.9, 0.2, 0.3])]
    return [crop_case(*one) for one in fits + never]


def region_case(width, height, size, region, interpolation="bicubic"):
    filters = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}
    image = picture(width, height)
    levels = np.asarray(image.resize(tuple(size), filters[interpolation], box=tuple(region)))
    names = {"width": width, "height": height, "size": size, "region": region, "interpolation": interpolation}
    return {**names, "file": text(encoded(image, "PNG")), "levels": text(levels.tobytes())}


def region_cases():
    regions = [(40, 30, [12, 12], [2.3, 1.7, 37.9, 29.2]), (40, 30, [16, 9], [0.0, 0.0, 40.0, 30.0])]
    # Pillow 13 begins with the columns where that is less work, which rounds otherwise: none of these is such a case
    regions += [(47, 31, [20, 20], [4.125, 3.6, 25.33, 28.9]), (17, 19, [24, 24], [3.1, 4.7, 12.9, 15.2])]
    regions += [(90, 64, [11, 11], [1 / 3, 2 / 3, 89.9, 63.1])]
    return [region_case(*one, interpolation) for one in regions for interpolation in modes]


def normalized():
    file = encoded(picture(31, 22), "PNG")
    transform = image_transform(10, is_train=False)
    tensor = transform(Image.open(io.BytesIO(file)).convert("RGB")).permute(1, 2, 0).contiguous()
    return {"size": 10, "file": text(file), "values": text(tensor.numpy().astype("<f4").tobytes())}


packages = ["pillow", "torch", "torchvision", "open_clip_torch", "numpy"]
golden = {
    "versions": {"python": sys.version.split()[0], **{name: version(name) for name in packages}},
    "normalized": normalized(),
    "sizes": list(size_cases()),
    "formats": format_cases(),
    "crops": crop_cases(),
    "regions": region_cases(),
}
lines = json.dumps(golden).replace('{"name"', '\n{"name"').replace('{"width"', '\n{"width"')
Path(__file__).with_suffix(".json").write_text(lines + "\n")
