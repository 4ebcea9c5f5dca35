"""Features of a full-size CLIP with random weights, by open_clip and, where it can hold the model, by transformers.

    python features.py NAME FOLDER [hf]

writes into FOLDER: open_clip_config.json and open_clip_model.safetensors (with `hf`: a folder hf/ of transformers),
and answer.safetensors: images, ids, end; image, text (features before normalisation); hf_image, hf_text;
for ResNets train_image and train.<running statistic>, one forward pass in training mode.
"""

import json
import sys
from pathlib import Path

import open_clip
import torch
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
from hf_state import hf_features, hf_model

END = [5, 76, 1]


def random_model(cfg):
    """open_clip's initialisation, with norms and statistics moved away from ones and zeros."""
    model = open_clip.CLIP(**cfg)
    with torch.no_grad():
        for name, value in model.state_dict().items():
            norm = value.ndim == 1 and name.endswith("weight")
            if norm or name.endswith("running_var"):
                value.uniform_(0.5, 1.5)
            elif name.endswith("running_mean") or (value.ndim == 1 and name.endswith("bias")):
                value.normal_(std=0.1)
            if norm and "bn3" in name and "layer" in name:
                value.mul_(0.3)  # a deep sum of equal branches would grow without bound
    return model.eval()


def random_inputs(cfg):
    size, text = cfg["vision_cfg"]["image_size"], cfg["text_cfg"]
    ids = torch.zeros(len(END), text["context_length"], dtype=torch.int64)
    for row, end in enumerate(END):
        ids[row, 0] = text["vocab_size"] - 2
        ids[row, 1:end] = torch.randint(1, text["vocab_size"] - 2, (end - 1,))
        ids[row, end] = text["vocab_size"] - 1
    return torch.randn(2, 3, size, size), ids


def main(name, folder, *options):
    torch.manual_seed(7)
    cfg = open_clip.get_model_config(name)
    model = random_model(cfg)
    images, ids = random_inputs(cfg)
    state = {k: v.clone() for k, v in model.state_dict().items()}
    save_file(state, folder / "open_clip_model.safetensors")
    (folder / "open_clip_config.json").write_text(json.dumps(dict(model_cfg=cfg, preprocess_cfg={})))
    answer = dict(images=images.permute(0, 2, 3, 1).contiguous(), ids=ids.int(), end=torch.tensor(END).int())
    with torch.no_grad():
        answer.update(image=model.encode_image(images), text=model.encode_text(ids))
        if isinstance(cfg["vision_cfg"]["layers"], int):
            del model
            other = hf_model(cfg, state)
            answer["hf_image"], answer["hf_text"] = (x.contiguous() for x in hf_features(other, images, ids))
            if "hf" in options:
                other.save_pretrained(folder / "hf")
        else:
            answer["train_image"] = model.train().encode_image(images)
            answer.update({f"train.{k}": v for k, v in model.state_dict().items() if "running_" in k})
    save_file(answer, folder / "answer.safetensors")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
