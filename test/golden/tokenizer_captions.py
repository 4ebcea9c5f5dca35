"""Hashes of the tokens of every text in the shared data sets, by OpenCLIP and transformers:

    python test/golden/tokenizer_captions.py

OpenCLIP: SimpleTokenizer over the shared merge table, 77 tokens. transformers: CLIPTokenizer over the tokenizer of
tiny-clip-rs, 32 tokens. A hash is the SHA-256 of all rows of a set as little-endian int32.
"""

import hashlib
import json
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
from open_clip.tokenizer import SimpleTokenizer
from transformers import CLIPTokenizer

here = Path(__file__).parent
shared = here / "../../../shared"
sets = ["ucm", "rsscn7", "magento", "clothing", "openstax", "wesnoth", "wesnoth-unlabelled", "flickr8k-train", "openclipart"]


def texts_of(name):
    """Every string of every row but file names, in order, lists of strings unfolded."""
    with tarfile.open(shared / f"data/{name}.tar") as archive:
        lines = archive.extractfile(f"{name}/manifest.jsonl").read().decode().strip().split("\n")
    values = [value for line in lines for key, value in json.loads(line).items() if key != "file"]
    return [text for value in values for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def digest(rows):
    return hashlib.sha256(np.asarray(rows, dtype="<i4").tobytes()).hexdigest()


if __name__ == "__main__":
    open_clip = SimpleTokenizer(str(shared / "data/bpe_simple_vocab_16e6.txt.gz"))
    hf = CLIPTokenizer.from_pretrained(str(shared / "models/tiny-clip-rs"))
    packages = ["open_clip_torch", "transformers", "tokenizers", "ftfy", "regex"]
    golden = {"versions": {"python": sys.version.split()[0], **{name: version(name) for name in packages}}, "sets": {}}
    for name in sets:
        texts = texts_of(name)
        tokens = hf(texts, padding="max_length", max_length=32, truncation=True)["input_ids"]
        golden["sets"][name] = {"texts": len(texts), "openClip": digest(open_clip(texts)), "hf": digest(tokens)}
    (here / "tokenizer_captions.json").write_text(json.dumps(golden, indent=2) + "\n")
