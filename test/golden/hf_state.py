"""open_clip's state dict of a CLIP with transformers, under the names of transformers' CLIPModel."""

RENAMED = {
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
    "logit_scale": "logit_scale",
    "visual.ln_pre.weight": "vision_model.pre_layrnorm.weight",
    "visual.ln_pre.bias": "vision_model.pre_layrnorm.bias",
    "visual.ln_post.weight": "vision_model.post_layernorm.weight",
    "visual.ln_post.bias": "vision_model.post_layernorm.bias",
    "ln_final.weight": "text_model.final_layer_norm.weight",
    "ln_final.bias": "text_model.final_layer_norm.bias",
}
TRANSPOSED = {"visual.proj": "visual_projection.weight", "text_projection": "text_projection.weight"}
IN_BLOCKS = {
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "attn.out_proj": "self_attn.out_proj",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}


def hf_state(state):
    target = {}
    for name, value in state.items():
        if name in RENAMED:
            target[RENAMED[name]] = value
        elif name in TRANSPOSED:
            target[TRANSPOSED[name]] = value.T
        else:
            target.update(block_part(name, value))
    return target


def block_part(name, value):
    tower = "vision_model" if name.startswith("visual.") else "text_model"
    index, rest = name.split("resblocks.")[1].split(".", 1)
    prefix = f"{tower}.encoder.layers.{index}."
    if rest.startswith("attn.in_proj_"):
        part = rest.removeprefix("attn.in_proj_")
        return {f"{prefix}self_attn.{p}_proj.{part}": v for p, v in zip("qkv", value.chunk(3))}
    module, part = rest.rsplit(".", 1)
    return {f"{prefix}{IN_BLOCKS[module]}.{part}": value}


def hf_model(cfg, state):
    """A CLIPModel in evaluation mode with the weights of an open_clip model of the configuration `cfg`."""
    from transformers import CLIPConfig, CLIPModel

    text, vision = cfg["text_cfg"], cfg["vision_cfg"]
    activation = "quick_gelu" if cfg.get("quick_gelu") else "gelu"
    vocabulary = text["vocab_size"]
    config = CLIPConfig(
        projection_dim=cfg["embed_dim"],
        text_config=dict(
            vocab_size=vocabulary, hidden_size=text["width"], intermediate_size=4 * text["width"],
            num_hidden_layers=text["layers"], num_attention_heads=text["heads"], max_position_embeddings=text["context_length"],
            hidden_act=activation, bos_token_id=vocabulary - 2, eos_token_id=vocabulary - 1, pad_token_id=0,
        ),
        vision_config=dict(
            hidden_size=vision["width"], intermediate_size=4 * vision["width"], num_hidden_layers=vision["layers"],
            num_attention_heads=vision["width"] // vision.get("head_width", 64), image_size=vision["image_size"],
            patch_size=vision["patch_size"], hidden_act=activation,
        ),
    )
    model = CLIPModel(config)
    missing, unexpected = model.load_state_dict(hf_state(state), strict=False)
    assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
    return model.eval()


def hf_features(model, pixels, ids):
    """Image and text features before normalisation."""
    image = model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)
    return image, model.text_projection(model.text_model(input_ids=ids).pooler_output)
