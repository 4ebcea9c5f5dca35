"""Loads our model folders with transformers and open_clip, and makes pickle files. Used by checkpoint.test.ts.

    checkpoint.py features FOLDER OUT    features of seeded inputs, by the library whose layout FOLDER has
    checkpoint.py state FOLDER OUT       the state dict as the library holds it, float32
    checkpoint.py cached CACHE REPO NAME  where huggingface_hub finds a file of a cache that we filled, offline
    checkpoint.py pickle KIND FROM OUT   the tensors of a safetensors file as a pickle: plain, training or script
"""

import sys
from pathlib import Path

import open_clip
import torch
from huggingface_hub import hf_hub_download
from safetensors.torch import load_file, save_file
from transformers import CLIPImageProcessor, CLIPModel


def is_open_clip(folder):
    return (Path(folder) / "open_clip_config.json").exists()


def from_transformers(folder):
    model, report = CLIPModel.from_pretrained(folder, output_loading_info=True, dtype=torch.float32)
    found = {key: names for key, names in report.items() if names}
    assert not found, found
    if (Path(folder) / "preprocessor_config.json").exists():
        processor = CLIPImageProcessor.from_pretrained(folder)
        size = model.config.vision_config.image_size
        assert (processor.crop_size["height"], processor.size["shortest_edge"]) == (size, size), processor
    return model.eval()


def from_open_clip(folder):
    # load_state_dict is strict here: a missing or a surplus tensor ends it
    return open_clip.create_model(f"local-dir:{folder}").float().eval()


def inputs(size, context, vocabulary, start, end):
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randn(4, 3, size, size, generator=generator)
    ids = torch.randint(start + end + 3, vocabulary - 2, (4, context), generator=generator) if end < 10 else torch.randint(
        1, start, (4, context), generator=generator)
    for row, stop in enumerate([2, 5, context // 2, context - 1]):
        ids[row, 0] = start
        ids[row, stop] = end
        ids[row, stop + 1:] = 0 if end > 10 else end
    return pixels, ids


def features(folder, out):
    with torch.no_grad():
        if is_open_clip(folder):
            model = from_open_clip(folder)
            end = model.text_eos_id if model.text_pool_type == "eos" else model.vocab_size - 1
            size = model.visual.image_size
            pixels, ids = inputs(size if isinstance(size, int) else size[0], model.context_length, model.vocab_size, end - 1, end)
            found = dict(image=model.encode_image(pixels), text=model.encode_text(ids))
        else:
            model = from_transformers(folder)
            text, vision = model.config.text_config, model.config.vision_config
            pixels, ids = inputs(vision.image_size, text.max_position_embeddings, text.vocab_size, text.bos_token_id, text.eos_token_id)
            image = model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)
            found = dict(image=image, text=model.text_projection(model.text_model(input_ids=ids).pooler_output))
    save_file({name: value.contiguous() for name, value in found.items()}, out)


def state(folder, out):
    model = from_open_clip(folder) if is_open_clip(folder) else from_transformers(folder)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, out)


class Script(torch.nn.Module):
    """Anything scripted will do: what counts is its archive and its state dict."""

    def __init__(self, tensors):
        super().__init__()
        for name, value in tensors.items():
            *path, leaf = name.split(".")
            module = self
            for part in path:
                if not hasattr(module, part):
                    module.add_module(part, torch.nn.Module())
                module = getattr(module, part)
            module.register_buffer(leaf, value)
        self.register_buffer("input_resolution", torch.tensor(8))

    def forward(self):
        return self.input_resolution


def pickle(kind, source, out):
    tensors = load_file(source)
    if kind == "script":
        torch.jit.save(torch.jit.script(Script(tensors)), out)
    elif kind == "training":
        torch.save(dict(epoch=3, state_dict={f"module.{k}": v for k, v in tensors.items()}, optimizer=dict(lr=0.1)), out)
    else:
        torch.save(tensors, out)


def cached(cache, repository, name):
    print(hf_hub_download(repository, name, cache_dir=cache, local_files_only=True))


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    dict(features=features, state=state, cached=cached, pickle=pickle)[task](*arguments)
