"""A contender of `bench embed`: open_clip's model and transform behind a DataLoader, on request.

    python embed.py '{"model": FOLDER, "images": FOLDER, "texts": FILE, "workers": 0, "threads": 2}'
"""

from lines import claim_stdout, serve

answers = claim_stdout()

import json
import sys
import time
from pathlib import Path

import open_clip
import torch
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from clip import load_model, set_up, versions
from tokens import load_tokenizer

BATCH = 64


class Pictures(Dataset):
    def __init__(self, files, transform):
        self.files, self.transform = files, transform

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        return self.transform(Image.open(self.files[index]).convert("RGB"))


def transform_of(folder, size):
    preprocess = json.loads((Path(folder) / "open_clip_config.json").read_text())["preprocess_cfg"]
    return open_clip.image_transform(size, is_train=False, mean=preprocess["mean"], std=preprocess["std"])


@torch.inference_mode()
def embed_images(model, loader):
    return torch.cat([F.normalize(model.encode_image(images), dim=-1) for images in loader])


@torch.inference_mode()
def embed_texts(model, tokenize, texts):
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    return torch.cat([F.normalize(model.encode_text(tokenize(batch)), dim=-1) for batch in batches])


def timed(work):
    start = time.perf_counter()
    count = len(work())
    return dict(count=count, seconds=time.perf_counter() - start)


def main(options):
    set_up(options["threads"], "cpu")
    model = load_model(options["model"]).eval()
    tokenize = load_tokenizer(options["model"], model.context_length)
    size = model.visual.image_size
    transform = transform_of(options["model"], size if isinstance(size, int) else size[0])
    files = sorted(Path(options["images"]).glob("*.jpg"))
    texts = json.loads(Path(options["texts"]).read_text())
    workers = options["workers"]
    # the workers stay from one turn to the next: their start is not what is measured
    loader = DataLoader(Pictures(files, transform), BATCH, num_workers=workers, persistent_workers=workers > 0)

    def features(request):
        few = DataLoader(Pictures(files[: request["count"]], transform), BATCH)
        return dict(
            images=embed_images(model, few).flatten().tolist(),
            texts=embed_texts(model, tokenize, texts[: request["count"]]).flatten().tolist(),
        )

    handlers = dict(
        images=lambda _: timed(lambda: embed_images(model, loader)),
        texts=lambda _: timed(lambda: embed_texts(model, tokenize, texts)),
        features=features,
    )
    serve(answers, dict(versions=versions("cpu")), handlers)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
