"""The job of `bench adapt` written plainly: S-CLIP on a captioned tar with PyTorch and open_clip, from start to end.

    python adapt.py JOB.json

Prints one JSON line a step; writes checkpoints and the model to the folder that the job names.
"""

import io
import json
import math
import random
import sys
import tarfile
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from clip import autocast, load_model, set_up
from objective import terms
from optimizer import make_optimizer, update
from tokens import load_tokenizer

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def read_tar(path, split):
    """Rows of the manifest in the split: where each image lies in the tar, and its captions."""
    with tarfile.open(path) as tar:
        places = {member.name: (member.offset_data, member.size) for member in tar if member.isfile()}
        manifest = next(name for name in places if name.endswith("manifest.jsonl"))
        lines = tar.extractfile(manifest).read().decode().splitlines()
    folder = manifest.removesuffix("manifest.jsonl") + "images/"
    rows = [json.loads(line) for line in lines]
    return [(places[folder + row["file"]], row["captions"]) for row in rows if row["split"] == split]


class Rows(Dataset):
    """(pixels, one of the captions), or pixels alone."""

    def __init__(self, path, rows, size, captioned):
        self.path, self.rows, self.captioned, self.file = path, rows, captioned, None
        self.transform = v2.Compose([
            v2.RandomResizedCrop(size, scale=(0.9, 1.0), interpolation=v2.InterpolationMode.BICUBIC),
            v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(MEAN, STD),
        ])

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        (offset, size), captions = self.rows[index]
        self.file = self.file or open(self.path, "rb")
        self.file.seek(offset)
        pixels = self.transform(Image.open(io.BytesIO(self.file.read(size))).convert("RGB"))
        return (pixels, random.choice(captions)) if self.captioned else pixels


def forever(loader):
    while True:
        yield from loader


def keyword_labels(keywords, captions):
    return torch.tensor([[float(f" {word} " in f" {caption} ") for word in keywords] for caption in captions])


def rate_at(step, job):
    if step < job["warmupSteps"]:
        return job["learningRate"] * (step + 1) / job["warmupSteps"]
    share = (step - job["warmupSteps"]) / (job["steps"] - job["warmupSteps"])
    return 0.5 * (1 + math.cos(math.pi * share)) * job["learningRate"]


def batches(job, model, tokenize):
    rows = read_tar(job["data"], job["split"])
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(job["seed"])).tolist()
    kept = int(len(rows) * job["labelRatio"])
    size = model.visual.image_size
    size = size if isinstance(size, int) else size[0]
    workers = dict(num_workers=job["workers"], persistent_workers=job["workers"] > 0)

    def loader(chosen, captioned):
        data = Rows(job["data"], [rows[i] for i in chosen], size, captioned)
        return forever(DataLoader(data, job["batch"], shuffle=True, drop_last=True, **workers))

    keyword_ids = tokenize(job["keywords"])
    for (images, captions), unpaired in zip(loader(order[:kept], True), loader(order[kept:], False)):
        yield {
            "paired.images": images,
            "paired.ids": tokenize(list(captions)),
            "unpaired.images": unpaired,
            "keywords.ids": keyword_ids,
            "keywords.labels": keyword_labels(job["keywords"], captions),
        }


def save_checkpoint(out, step, model, optimizer):
    torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict()), out / f"step-{step}.pt")


def main(path):
    job = json.loads(Path(path).read_text())
    set_up(job["threads"], "cpu")
    random.seed(job["seed"])
    out = Path(job["out"])
    out.mkdir(parents=True)
    model = load_model(job["model"]).train()
    optimizer = make_optimizer(model, job)
    data = batches(job, model, load_tokenizer(job["model"], model.context_length))
    for step in range(job["steps"]):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, job)
        with autocast("cpu", job["precision"]):
            loss = sum(terms(model, next(data)).values())
        update(model, optimizer, loss, None)
        print(json.dumps(dict(type="step", step=step + 1, loss=loss.item())), flush=True)
        if (step + 1) % job["checkpointEvery"] == 0 or step + 1 == job["steps"]:
            save_checkpoint(out, step + 1, model, optimizer)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, out / "model.safetensors")


if __name__ == "__main__":
    main(sys.argv[1])
