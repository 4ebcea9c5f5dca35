"""Five steps of AdamW on a small CLIP: initial weights, batches, losses, final weights.

Computed in float64. AdamW divides each gradient by its size, so rounding decides where gradients are near zero. A
ReLU whose input is nearer to zero than float32 resolves (1e-6 here) may pass on one side and not on the other, which
moves the gradients below it by about 1e-3 of their length: hence the smaller rate of the ResNet.

    python training.py vit|resnet FOLDER

writes open_clip_config.json, open_clip_model.safetensors, batches.safetensors (step.<i>.images, .ids, .end) and
answer.safetensors (losses, and the weights and running statistics behind the last step, by open_clip's names).
"""

import json
import math
import sys
from pathlib import Path

import open_clip
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

TEXT = dict(context_length=32, vocab_size=1024, width=128, heads=4, layers=4)
MODELS = {
    "vit": dict(embed_dim=96, quick_gelu=True, vision_cfg=dict(image_size=64, patch_size=16, width=192, layers=4), text_cfg=TEXT),
    "resnet": dict(embed_dim=96, vision_cfg=dict(image_size=64, layers=[1, 2, 2, 1], width=16, patch_size=None), text_cfg=TEXT),
}
PAIRS = 32
PEAKS = {"vit": 5e-4, "resnet": 2e-5}
SCHEDULE = [0.2, 1.0, 0.8, 0.6, 0.2]


def random_batch(cfg):
    text = cfg["text_cfg"]
    end = torch.randint(2, text["context_length"], (PAIRS,))
    ids = torch.randint(1, text["vocab_size"] - 2, (PAIRS, text["context_length"]))
    place = torch.arange(text["context_length"])
    ids[place > end[:, None]] = 0
    ids[torch.arange(PAIRS), end] = text["vocab_size"] - 1
    ids[:, 0] = text["vocab_size"] - 2
    return torch.randn(PAIRS, 3, cfg["vision_cfg"]["image_size"], cfg["vision_cfg"]["image_size"]), ids, end


def is_decayed(name, value):
    return value.ndim >= 2 and not any(part in name for part in ("bn", "ln", "bias", "logit_scale"))


def main(kind, folder):
    torch.manual_seed(3)
    cfg = MODELS[kind]
    model = open_clip.CLIP(**cfg).train()
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name.endswith("bn3.weight"):
                value.fill_(0.5)  # a zero would hide the branch behind it
    save_file({k: v.clone() for k, v in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    (folder / "open_clip_config.json").write_text(json.dumps(dict(model_cfg=cfg, preprocess_cfg={})))
    named = list(model.double().named_parameters())
    groups = [
        dict(params=[p for n, p in named if is_decayed(n, p)], weight_decay=0.2),
        dict(params=[p for n, p in named if not is_decayed(n, p)], weight_decay=0.0),
    ]
    optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), eps=1e-6)
    batches, losses = {}, []
    for step, share in enumerate(SCHEDULE):
        images, ids, end = random_batch(cfg)
        batches.update({
            f"step.{step}.images": images.permute(0, 2, 3, 1).contiguous(),
            f"step.{step}.ids": ids.int(),
            f"step.{step}.end": end.int(),
        })
        for group in optimizer.param_groups:
            group["lr"] = PEAKS[kind] * share
        optimizer.zero_grad()
        image = F.normalize(model.encode_image(images.double()), dim=-1)
        text = F.normalize(model.encode_text(ids), dim=-1)
        logits = model.logit_scale.exp() * image @ text.T
        target = torch.arange(PAIRS)
        loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(100))
        losses.append(loss.item())
    save_file(batches, folder / "batches.safetensors")
    answer = {k: v.float() for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    save_file({**answer, "losses": torch.tensor(losses)}, folder / "answer.safetensors")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
