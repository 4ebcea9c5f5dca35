"""The objectives of the methods clip and s-clip (its defaults), written plainly in PyTorch."""

import torch
import torch.nn.functional as F


def encode(model, batch):
    """Unit rows of captioned images, uncaptioned images, captions and keywords; the absent ones are empty.

    Images share one pass of a transformer, which is faster. A ResNet takes two, since batch norm would mix them.
    """
    images, queries = batch["paired.images"], batch.get("unpaired.images")
    texts, words = batch["paired.ids"], batch.get("keywords.ids")
    if queries is None:
        return encode_images(model, images), None, encode_texts(model, texts), None
    if hasattr(model.visual, "attnpool"):
        features = encode_images(model, images), encode_images(model, queries)
    else:
        features = encode_images(model, torch.cat([images, queries])).split(len(images))
    text_features = encode_texts(model, torch.cat([texts, words])).split([len(texts), len(words)])
    return *features, *text_features


def encode_images(model, images):
    return F.normalize(model.encode_image(images).float(), dim=-1)


def encode_texts(model, ids):
    return F.normalize(model.encode_text(ids).float(), dim=-1)


def terms(model, batch):
    """The terms of the loss by name; their sum is the loss."""
    scale = model.logit_scale.exp()
    images, queries, texts, words = encode(model, batch)
    target = torch.arange(len(images), device=images.device)
    candidates = images if queries is None else torch.cat([images, queries])
    contrastive = (
        F.cross_entropy(scale * images @ texts.T, target) + F.cross_entropy(scale * texts @ candidates.T, target)
    ) / 2
    if queries is None:
        return {"contrastive": contrastive}
    plan, shares = pseudo_labels(scale, images, queries, words, batch["keywords.labels"])
    return {
        "contrastive": contrastive,
        "caption": soft_cross_entropy(scale * queries @ texts.T, plan) / 2,
        "keyword": soft_cross_entropy(scale * queries @ words.T, shares) / 2,
    }


@torch.no_grad()
def pseudo_labels(scale, images, queries, words, labels):
    """How each uncaptioned image is spread over the captions, and over the keywords of its nearest one."""
    plan = transport(scale * queries @ images.T)
    candidates = labels[plan.argmax(1)]
    shares = torch.softmax(scale * queries @ words.T + (candidates - 1) * 1e9, 1) * candidates
    return plan, shares


def transport(logits, iterations=10):
    """Sinkhorn in the log domain, columns first; rows sum to 1."""
    for _ in range(iterations):
        logits = torch.log_softmax(logits, 0)
        logits = torch.log_softmax(logits, 1)
    return logits.exp()


def soft_cross_entropy(logits, targets):
    return -(targets * torch.log_softmax(logits, 1)).sum(1).mean()
