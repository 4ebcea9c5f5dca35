"""AdamW as the project sets it: fused, decay of the named weights only, gradients clipped, logit scale clamped."""

import math

import torch


def make_optimizer(model, training):
    """`training`: learningRate, beta1, beta2, epsilon, weightDecay, decayed (names of weights)."""
    decayed = set(training["decayed"])
    named = list(model.named_parameters())
    groups = [
        dict(params=[p for name, p in named if name in decayed], weight_decay=training["weightDecay"]),
        dict(params=[p for name, p in named if name not in decayed], weight_decay=0.0),
    ]
    betas = (training["beta1"], training["beta2"])
    return torch.optim.AdamW(groups, lr=training["learningRate"], betas=betas, eps=training["epsilon"], fused=True)


def update(model, optimizer, loss, clip_norm):
    """Backward, clip, update, clamp; returns the norm of the gradients before clipping."""
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), math.inf if clip_norm is None else clip_norm)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    with torch.no_grad():
        model.logit_scale.clamp_(0, math.log(100))
    return norm
