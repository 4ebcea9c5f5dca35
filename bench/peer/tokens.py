"""The tokenizer in a model's folder: tokenizer.json by the tokenizers library, else open_clip's own."""

import json
from pathlib import Path

import open_clip
import torch
from tokenizers import Tokenizer


def load_tokenizer(folder, context_length):
    """A function from a list of texts to ids [n, t], padded to the context length."""
    path = Path(folder) / "tokenizer.json"
    if not path.exists():
        return open_clip.SimpleTokenizer(context_length=context_length)
    text = json.loads((Path(folder) / "open_clip_config.json").read_text())["model_cfg"]["text_cfg"]
    end = text.get("eos_id", text["vocab_size"] - 1)
    tokenizer = Tokenizer.from_file(str(path))

    def tokenize(texts):
        ids = torch.full((len(texts), context_length), text.get("pad_id", 0))
        for row, encoding in zip(ids, tokenizer.encode_batch(texts, add_special_tokens=False)):
            words = [end - 1, *encoding.ids[: context_length - 2], end]
            row[: len(words)] = torch.tensor(words)
        return ids

    return tokenize
