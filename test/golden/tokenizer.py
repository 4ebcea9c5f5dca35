"""Goldens of the tokenizer from OpenCLIP, transformers and ftfy, over the small tokenizer of test/fixtures:

    python test/golden/tokenizer.py

For every text of tokenizer_texts.json: the text mended by ftfy, unescaped by Python, cleaned by OpenCLIP; the tokens of
OpenCLIP's SimpleTokenizer from the merge table, and of transformers' CLIPTokenizer.
"""

import gzip
import html
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import ftfy
from open_clip.tokenizer import SimpleTokenizer, _clean_lower
from transformers import CLIPTokenizer

here = Path(__file__).parent
context_length = 24
source = json.loads((here / "../fixtures/tiny-tokenizer/tokenizer.json").read_text())
texts = json.loads((here / "tokenizer_texts.json").read_text())


def well_formed(text):
    """transformers takes no lone surrogates; they become what UTF-8 writers make of them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


with tempfile.TemporaryDirectory() as folder:
    table = Path(folder) / "bpe.txt.gz"
    lines = ["#version: 0.2", *(" ".join(pair) for pair in source["model"]["merges"])]
    table.write_bytes(gzip.compress("\n".join(lines).encode()))
    open_clip = SimpleTokenizer(str(table), context_length=context_length)
    (Path(folder) / "vocab.json").write_text(json.dumps(source["model"]["vocab"]))
    (Path(folder) / "merges.txt").write_text("\n".join(lines) + "\n")
    hf = CLIPTokenizer.from_pretrained(folder)

cases = []
for text in texts:
    settings = {"padding": "max_length", "max_length": context_length, "truncation": True}
    cases.append(
        {
            "text": text,
            "mended": ftfy.fix_text(text),
            "unescaped": html.unescape(text),
            "cleaned": _clean_lower(text),
            "openClip": open_clip([text])[0].tolist(),
            "hf": hf(well_formed(text), **settings)["input_ids"],
        }
    )

packages = ["open_clip_torch", "transformers", "tokenizers", "ftfy", "regex"]
versions = {"python": sys.version.split()[0], **{name: version(name) for name in packages}}
head = {"versions": versions, "contextLength": context_length, "vocabSize": open_clip.vocab_size}
lines = ",\n".join(json.dumps(case) for case in cases)
(here / "tokenizer.json").write_text(f'{json.dumps(head)[:-1]}, "cases": [\n{lines}\n]}}\n')
