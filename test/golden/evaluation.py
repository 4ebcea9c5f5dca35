"""Writes evaluation.json: what PyTorch and transformers measure with the small checkpoint, for test/data/evaluate.test.ts.

    python test/golden/evaluation.py ../shared

Needs torch, transformers, tokenizers, pillow and numpy. Sorts every row of scores; nothing is shared with the sources.
"""

import io
import json
import pathlib
import sys
import tarfile

import numpy as np
import PIL
import torch
import transformers
from PIL import Image
from tokenizers import Tokenizer

SHARED = pathlib.Path(sys.argv[1])
MODEL = SHARED / "models" / "tiny-clip-rs"
SIZE, LENGTH, START, END = 64, 32, 0, 1
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], dtype=np.float32)
STD = np.array([0.26862954, 0.26130258, 0.27577711], dtype=np.float32)

model = transformers.CLIPModel.from_pretrained(MODEL, dtype=torch.float32).eval()
tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))


def pixels(image):
    image = image.convert("RGB")
    width, height = image.size
    shape = (SIZE, int(SIZE * height / width)) if width <= height else (int(SIZE * width / height), SIZE)
    image = image.resize(shape, Image.BICUBIC)
    left, top = round((shape[0] - SIZE) / 2), round((shape[1] - SIZE) / 2)
    image = image.crop((left, top, left + SIZE, top + SIZE))
    return ((np.asarray(image, dtype=np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)


@torch.no_grad()
def image_features(images):
    parts = []
    for at in range(0, len(images), 100):
        batch = torch.tensor(np.stack([pixels(image) for image in images[at : at + 100]]))
        parts.append(model.visual_projection(model.vision_model(pixel_values=batch).pooler_output))
    return torch.nn.functional.normalize(torch.cat(parts), dim=-1).double().numpy()


@torch.no_grad()
def text_features(texts):
    rows = []
    for text in texts:
        ids = [START] + tokenizer.encode(text, add_special_tokens=False).ids[: LENGTH - 2] + [END]
        rows.append(ids + [END] * (LENGTH - len(ids)))
    ids = torch.tensor(rows)
    hidden = model.text_model(input_ids=ids).last_hidden_state
    end = (ids == END).int().argmax(1)
    features = model.text_projection(hidden[torch.arange(len(ids)), end])
    return torch.nn.functional.normalize(features, dim=-1).double().numpy()


def read_set(name, split):
    archive = tarfile.open(SHARED / "data" / f"{name}.tar")
    lines = archive.extractfile(f"{name}/manifest.jsonl").read().decode().splitlines()
    rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if split is None or row["split"] == split]
    read = lambda row: Image.open(io.BytesIO(archive.extractfile(f"{name}/images/{row['file']}").read()))
    return rows, image_features([read(row) for row in rows])


def zero_shot(rows, images, template):
    labels = sorted({row["class"] for row in rows})
    scores = images @ text_features([template.replace("{}", label) for label in labels]).T
    order = np.argsort(-scores, axis=1, kind="stable")
    truth = np.array([labels.index(row["class"]) for row in rows])
    right = order[:, 0] == truth
    return {
        "template": template,
        "right": int(right.sum()),
        "rightOfFive": int((order[:, :5] == truth[:, None]).any(axis=1).sum()),
        "meanPerClassRecall": float(np.mean([right[truth == c].mean() for c in range(len(labels))])),
    }


def retrieval(rows, images):
    key = lambda text: " ".join(text.split()).lower()
    captions = [caption for row in rows for caption in row["captions"]]
    keys = [key(caption) for caption in captions]
    distinct = {k: caption for k, caption in zip(reversed(keys), reversed(captions))}
    by_key = dict(zip(distinct, text_features(list(distinct.values()))))
    scores = images @ np.stack([by_key[k] for k in keys]).T
    right = np.array([[k in {key(c) for c in row["captions"]} for k in keys] for row in rows])

    def ranks(scores, right):
        # of equal scores the wrong ones first
        order = np.lexsort((right, -scores), axis=1)
        return np.argmax(np.take_along_axis(right, order, axis=1), axis=1)

    def summary(ranks):
        return {**{f"R@{k}": int((ranks < k).sum()) for k in (1, 5, 10)}, "queries": len(ranks), "meanRank": float(ranks.mean() + 1)}

    return {"imageToText": summary(ranks(scores, right)), "textToImage": summary(ranks(scores.T, right.T))}


templates = ["an aerial photograph of {}.", "an aerial photograph of a {}."]
ucm, ucm_images = read_set("ucm", "val")
rsscn7, rsscn7_images = read_set("rsscn7", None)
golden = {
    "versions": {
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "pillow": PIL.__version__,
    },
    "ucm": {
        "images": len(ucm),
        "zeroShot": [zero_shot(ucm, ucm_images, template) for template in templates],
        "retrieval": retrieval(ucm, ucm_images),
    },
    "rsscn7": {
        "images": len(rsscn7),
        "zeroShot": [zero_shot(rsscn7, rsscn7_images, template) for template in templates],
    },
}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(golden, indent=2) + "\n")
