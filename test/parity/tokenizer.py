"""Tokens of texts by OpenCLIP and transformers: tokenizer.py FOLDER

Reads FOLDER/texts.json and writes FOLDER/table (OpenAI's merge table), FOLDER/pair (the same vocabulary as vocab.json and
merges.txt) and FOLDER/tokens.json with the rows of both tokenizers, 77 tokens each, without padding.
"""

import json
import shutil
import sys
from pathlib import Path

from open_clip.tokenizer import SimpleTokenizer, default_bpe
from transformers import CLIPTokenizer

folder = Path(sys.argv[1])
texts = json.loads((folder / "texts.json").read_text())

(folder / "table").mkdir()
shutil.copy(default_bpe(), folder / "table")
open_clip = SimpleTokenizer()

(folder / "pair").mkdir()
names = {"<start_of_text>": "<|startoftext|>", "<end_of_text>": "<|endoftext|>"}
vocabulary = {names.get(symbol, symbol): token for symbol, token in open_clip.encoder.items()}
(folder / "pair/vocab.json").write_text(json.dumps(vocabulary))
merges = "\n".join(" ".join(pair) for pair in open_clip.bpe_ranks)
(folder / "pair/merges.txt").write_text(f"#version: 0.2\n{merges}\n")
hf = CLIPTokenizer.from_pretrained(folder / "pair")


def well_formed(text):
    """transformers takes no lone surrogates; they become what UTF-8 writers make of them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def until_end(row):
    return row[: row.index(49407, 1) + 1]


hf_rows = hf([well_formed(text) for text in texts], max_length=77, truncation=True)["input_ids"]
rows = {
    "openClip": [until_end(open_clip([text])[0].tolist()) for text in texts],
    "hf": [until_end(row) for row in hf_rows],
}
(folder / "tokens.json").write_text(json.dumps(rows))
