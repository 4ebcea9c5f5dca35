"""Writes towers.json: what open_clip computes for tiny CLIPs whose weights come from formula_weights.py.

    python test/golden/towers.py          (with the packages of test/parity/requirements.txt)

Everything is computed in float64. Gradients and changes of weights are stored by their norm and by their inner product
with signed("probe:" + name), both in PyTorch's layout. transformers' CLIPModel must agree where it can hold the model.
"""

import json
from pathlib import Path

import numpy as np
import open_clip
import torch
import torch.nn.functional as F
import transformers

from formula_weights import fill, signed
from hf_state import hf_features, hf_model

TEXT = dict(context_length=12, vocab_size=64, width=24, heads=3, layers=3)
VIT = dict(image_size=16, patch_size=4, width=32, head_width=8, layers=2)
RESNET = dict(image_size=64, layers=[1, 2, 1, 1], width=8, head_width=64)
MODELS = {
    "vit-quick-gelu": dict(embed_dim=20, quick_gelu=True, vision_cfg=VIT, text_cfg=TEXT),
    "vit-gelu": dict(embed_dim=20, quick_gelu=False, vision_cfg=VIT, text_cfg=TEXT),
    "resnet": dict(embed_dim=20, quick_gelu=True, vision_cfg=RESNET, text_cfg=TEXT),
}
END = [3, 11, 1, 6]
ADAMW = dict(lr=2e-4, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.2)
STEPS = 5


def token_ids():
    """Start, text, end at END, zeros: [4, 12]."""
    ids = np.zeros((len(END), TEXT["context_length"]), np.int64)
    for row, end in enumerate(END):
        ids[row, 0] = 62
        ids[row, 1:end] = 1 + (7 * np.arange(1, end) + 13 * row) % 61
        ids[row, end] = 63
    return ids


def images(n, size):
    return torch.from_numpy((2 * signed("images", (n, 3, size, size))).astype(np.float32)).double()


def open_clip_model(name):
    model = open_clip.CLIP(**MODELS[name])
    fill(model)
    return model.double()


def contrastive(model, pixels, ids):
    """CLIP's loss, and the features before normalisation."""
    image, text = model.encode_image(pixels), model.encode_text(ids)
    logits = model.logit_scale.exp() * F.normalize(image, dim=-1) @ F.normalize(text, dim=-1).T
    target = torch.arange(len(ids))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2, image, text


def summary(named):
    """Norm and inner product with the probe, by name."""
    return {
        name: [value.norm().item(), (value * torch.from_numpy(signed("probe:" + name, tuple(value.shape)))).sum().item()]
        for name, value in named
    }


def statistics(model):
    return {k: v.clone() for k, v in model.state_dict().items() if "running_" in k}


def is_decayed(name, value):
    return value.ndim >= 2 and not any(part in name for part in ("bn", "ln", "bias", "logit_scale"))


def train(name, pixels, ids):
    """Losses of five steps of AdamW with S-CLIP's decay groups and clamp, and how far the weights have moved."""
    model = open_clip_model(name).train()
    named = list(model.named_parameters())
    start = {n: p.detach().clone() for n, p in named}
    groups = [
        dict(params=[p for n, p in named if is_decayed(n, p)]),
        dict(params=[p for n, p in named if not is_decayed(n, p)], weight_decay=0.0),
    ]
    optimizer, losses = torch.optim.AdamW(groups, **ADAMW), []
    for step in range(STEPS):
        # another order of the pairs in every step, so that no batch repeats
        shown = [(i + step) % len(ids) for i in range(len(ids) - 1)]
        optimizer.zero_grad()
        loss = contrastive(model, pixels[shown], ids[shown])[0]
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, np.log(100))
        losses.append(loss.item())
    moved = summary((n, p.detach() - start[n]) for n, p in named)
    return dict(losses=losses, moved=moved, state=summary(statistics(model).items()))


def tokens(model, pixels, ids):
    """Token outputs of both towers of a transformer, behind the last norms."""
    visual = model.visual
    image = visual.ln_post(visual.transformer(visual._embeds(pixels)))
    text = model.ln_final(model.transformer(model.token_embedding(ids) + model.positional_embedding, attn_mask=model.attn_mask))
    return dict(imageTokens=summary([("imageTokens", image)])["imageTokens"], textTokens=summary([("textTokens", text)])["textTokens"])


def check_transformers(name, pixels, ids, image, text):
    """The same weights in transformers' layout give the same features."""
    model = hf_model(MODELS[name], open_clip_model(name).state_dict()).double()
    with torch.no_grad():
        other_image, other_text = hf_features(model, pixels, ids)
    assert torch.allclose(other_image, image, atol=1e-9) and torch.allclose(other_text, text, atol=1e-9), name


def golden(name):
    ids = torch.from_numpy(token_ids())
    pixels = images(len(END), MODELS[name]["vision_cfg"]["image_size"])
    model = open_clip_model(name).eval()
    with torch.no_grad():
        _, image, text = contrastive(model, pixels, ids)
        extra = tokens(model, pixels, ids) if name.startswith("vit") else {}
    if name.startswith("vit"):
        check_transformers(name, pixels, ids, image, text)
    model.train()
    loss, trained_image, _ = contrastive(model, pixels, ids)
    loss.backward()
    return dict(
        model=MODELS[name], images=image.tolist(), texts=text.tolist(), **extra,
        training=dict(
            images=trained_image.tolist(), loss=loss.item(),
            gradients=summary((n, p.grad) for n, p in model.named_parameters()),
            state=summary(statistics(model).items()),
        ),
        steps=train(name, pixels, ids),
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    made = dict(torch=torch.__version__, open_clip=open_clip.__version__, transformers=transformers.__version__, numpy=np.__version__)
    document = dict(
        madeBy="test/golden/towers.py", versions=made, ids=token_ids().tolist(), end=END,
        optimizer=dict(learningRate=ADAMW["lr"], beta1=0.9, beta2=0.98, epsilon=1e-6, weightDecay=0.2),
        models={name: golden(name) for name in MODELS},
    )
    Path(__file__).with_suffix(".json").write_text(json.dumps(document) + "\n")
