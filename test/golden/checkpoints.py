"""Writes checkpoints/: folders saved by transformers and open_clip, with the weights of formula_weights.py.

    python test/golden/checkpoints.py          (with the packages of test/parity/requirements.txt)
"""

import json
import shutil
from pathlib import Path

import open_clip
import safetensors
import torch
import transformers
from open_clip.push_to_hf_hub import save_config_for_hf
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

from formula_weights import fill
from towers import hf_state

TEXT = dict(context_length=7, vocab_size=32, width=16, heads=2, layers=1)
VIT = dict(image_size=8, patch_size=4, width=24, head_width=8, layers=2)
RESNET = dict(image_size=32, layers=[1, 2, 1, 1], width=4, head_width=32)
VIT_MODEL = dict(embed_dim=12, quick_gelu=True, vision_cfg=VIT, text_cfg=TEXT)
RESNET_MODEL = dict(embed_dim=12, vision_cfg=RESNET, text_cfg=TEXT)
ROOT = Path(__file__).with_suffix("")


def own(model_cfg):
    model = open_clip.CLIP(**model_cfg)
    fill(model)
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            value.fill_(7)
    return model


def hugging_face(eos, dtype, folder, **saving):
    text = dict(vocab_size=32, hidden_size=16, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
                max_position_embeddings=7, bos_token_id=30, eos_token_id=eos, pad_token_id=0)
    vision = dict(hidden_size=24, intermediate_size=96, num_hidden_layers=2, num_attention_heads=3, image_size=8, patch_size=4)
    model = CLIPModel(CLIPConfig(projection_dim=12, text_config=text, vision_config=vision))
    missing = model.load_state_dict(hf_state(own(VIT_MODEL)), strict=False)
    assert all("position_ids" in name for name in missing.missing_keys) and not missing.unexpected_keys, missing
    model.to(dtype).save_pretrained(ROOT / folder, **saving)
    return ROOT / folder


def open_clip_folder(model_cfg, dtype, folder):
    model = own(model_cfg)
    (ROOT / folder).mkdir(parents=True)
    tensors = {k: v.to(dtype) if v.is_floating_point() else v for k, v in model.state_dict().items()}
    save_file(tensors, ROOT / folder / "open_clip_model.safetensors", {"format": "pt"})
    model.visual.image_mean, model.visual.image_std = (0.5, 0.4, 0.3), (0.2, 0.25, 0.3)
    save_config_for_hf(model, ROOT / folder / "open_clip_config.json", model_cfg)


if __name__ == "__main__":
    shutil.rmtree(ROOT, ignore_errors=True)
    folder = hugging_face(31, torch.float32, "hf-f32")
    CLIPImageProcessor(size={"shortest_edge": 8}, crop_size=8, resample=2, image_mean=[0.5, 0.4, 0.3]).save_pretrained(folder)
    hugging_face(31, torch.bfloat16, "hf-bf16-sharded", max_shard_size="12KB")
    hugging_face(2, torch.float16, "hf-f16-legacy")
    open_clip_folder(VIT_MODEL, torch.float16, "open-clip-vit-f16")
    open_clip_folder(RESNET_MODEL, torch.float32, "open-clip-resnet-f32")
    versions = dict(torch=torch.__version__, open_clip=open_clip.__version__, transformers=transformers.__version__,
                    safetensors=safetensors.__version__)
    (ROOT / "versions.json").write_text(json.dumps(dict(madeBy="test/golden/checkpoints.py", versions=versions), indent=2) + "\n")
