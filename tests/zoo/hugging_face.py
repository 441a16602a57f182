"""Architectures of `transformers` in tiny configurations, without weights from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import transformers
from tests.zoo.registry import Zoo
from torch import Tensor

HUGGING_FACE = Zoo()
Inputs = Callable[[], dict[str, Any]]

SIZES = {
    2: (
        *("num_hidden_layers", "n_layer", "num_layers", "n_layers", "encoder_layers", "decoder_layers"),
        *("num_attention_heads", "n_head", "num_heads", "n_heads", "num_key_value_heads"),
        *("encoder_attention_heads", "decoder_attention_heads"),
    ),
    8: ("head_dim",),
    16: ("hidden_size", "d_model", "n_embd", "dim", "embedding_size", "d_kv"),
    24: (
        *("intermediate_size", "d_ff", "ffn_dim", "hidden_dim", "n_inner"),
        *("encoder_ffn_dim", "decoder_ffn_dim"),
    ),
    32: ("max_position_embeddings", "n_positions"),
    40: ("vocab_size",),
}
"""What the configurations call their sizes; each takes those that it has."""


def tiny(kind: str, **settings: Any) -> Any:
    """A configuration of a class of `transformers`, with as few and as narrow layers as it can have."""
    config = getattr(transformers, kind)
    known = config().to_dict()
    given = {name: size for size, names in SIZES.items() for name in names if name in known}
    special = {name: 0 for name in ("pad_token_id",) if name in known}
    others = {name: 1 for name in ("bos_token_id", "eos_token_id") if name in known}
    return config(**{**given, **special, **others, **settings})


def tokens(name: str = "input_ids", length: int = 6) -> Tensor:
    return torch.randint(3, 40, (2, length))


def text() -> dict[str, Any]:
    return {"input_ids": tokens(), "attention_mask": torch.ones(2, 6, dtype=torch.long)}


def two_texts() -> dict[str, Any]:
    return {**text(), "decoder_input_ids": tokens(length=4)}


def pixels() -> dict[str, Any]:
    return {"pixel_values": torch.rand(2, 3, 32, 32)}


def wave() -> dict[str, Any]:
    return {"input_values": torch.randn(2, 400)}


def labelled() -> dict[str, Any]:
    ids = tokens()
    return {"input_ids": ids, "labels": ids}


IMAGE = {"image_size": 32, "patch_size": 8}
STAGES = {"hidden_sizes": [8, 8, 16, 16], "depths": [1, 1, 1, 1], "embedding_size": 8}
SPEECH = {
    "conv_dim": (8, 8),
    "conv_kernel": (8, 4),
    "conv_stride": (4, 2),
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
    "mask_time_prob": 0.0,
}

MOBILE = {"image_size": 32, "hidden_sizes": [8, 8, 8], "neck_hidden_sizes": [8] * 7}
MASKED = {**IMAGE, "decoder_hidden_size": 16, "decoder_intermediate_size": 24}
SEGFORMER = {"hidden_sizes": [8, 8, 8, 8], "num_attention_heads": [1, 1, 2, 2], "depths": [1, 1, 1, 1]}
SWIN = {"image_size": 32, "depths": [1, 1], "num_heads": [2, 2], "embed_dim": 8, "window_size": 4}

TABLE: list[tuple[str, str, Inputs, dict[str, Any]]] = [
    # Encoders
    ("AlbertModel", "AlbertConfig", text, {}),
    ("BertForSequenceClassification", "BertConfig", text, {}),
    ("BertForMaskedLM", "BertConfig", labelled, {}),
    ("CamembertModel", "CamembertConfig", text, {}),
    ("ConvBertModel", "ConvBertConfig", text, {"head_ratio": 2}),
    ("DebertaV2Model", "DebertaV2Config", text, {}),
    ("DistilBertModel", "DistilBertConfig", text, {}),
    ("ElectraForPreTraining", "ElectraConfig", text, {}),
    ("FNetModel", "FNetConfig", lambda: {"input_ids": tokens()}, {}),
    ("FunnelModel", "FunnelConfig", text, {"block_sizes": [1, 1], "d_head": 8, "d_inner": 24}),
    ("MPNetModel", "MPNetConfig", text, {}),
    ("ModernBertModel", "ModernBertConfig", text, {}),
    ("RobertaModel", "RobertaConfig", text, {}),
    ("RoFormerModel", "RoFormerConfig", text, {}),
    ("SqueezeBertModel", "SqueezeBertConfig", text, {}),
    ("XLNetModel", "XLNetConfig", text, {"d_inner": 24}),
    # Decoders
    ("BloomForCausalLM", "BloomConfig", text, {}),
    ("CTRLModel", "CTRLConfig", text, {"dff": 24}),
    ("FalconForCausalLM", "FalconConfig", text, {}),
    ("GemmaForCausalLM", "GemmaConfig", text, {}),
    ("GPT2LMHeadModel", "GPT2Config", labelled, {}),
    ("GPTNeoXForCausalLM", "GPTNeoXConfig", text, {}),
    ("LlamaForCausalLM", "LlamaConfig", text, {}),
    ("MambaForCausalLM", "MambaConfig", lambda: {"input_ids": tokens()}, {"state_size": 4}),
    ("MistralForCausalLM", "MistralConfig", text, {}),
    ("MixtralForCausalLM", "MixtralConfig", text, {"num_local_experts": 3}),
    ("OPTForCausalLM", "OPTConfig", text, {"word_embed_proj_dim": 16}),
    ("PhiForCausalLM", "PhiConfig", text, {}),
    ("Qwen2ForCausalLM", "Qwen2Config", text, {}),
    ("Qwen3ForCausalLM", "Qwen3Config", text, {}),
    ("RwkvModel", "RwkvConfig", lambda: {"input_ids": tokens()}, {"attention_hidden_size": 16}),
    # Both
    ("BartForConditionalGeneration", "BartConfig", two_texts, {}),
    ("M2M100Model", "M2M100Config", two_texts, {}),
    ("PegasusModel", "PegasusConfig", two_texts, {}),
    ("T5ForConditionalGeneration", "T5Config", two_texts, {}),
    # Images
    ("BeitModel", "BeitConfig", pixels, IMAGE),
    ("ConvNextModel", "ConvNextConfig", pixels, STAGES),
    ("DeiTModel", "DeiTConfig", pixels, IMAGE),
    ("Dinov2Model", "Dinov2Config", pixels, IMAGE),
    (
        "MobileViTModel",
        "MobileViTConfig",
        pixels,
        MOBILE,
    ),
    ("PoolFormerModel", "PoolFormerConfig", pixels, {"hidden_sizes": [8, 8, 8, 8], "depths": [1, 1, 1, 1]}),
    ("ResNetModel", "ResNetConfig", pixels, STAGES),
    ("SegformerModel", "SegformerConfig", pixels, SEGFORMER),
    ("SwinModel", "SwinConfig", pixels, SWIN),
    ("ViTModel", "ViTConfig", pixels, IMAGE),
    (
        "ViTMAEForPreTraining",
        "ViTMAEConfig",
        pixels,
        MASKED,
    ),
    # Sound, and several kinds at once
    ("HubertModel", "HubertConfig", wave, SPEECH),
    ("Wav2Vec2ForCTC", "Wav2Vec2Config", wave, SPEECH),
    (
        "WhisperModel",
        "WhisperConfig",
        lambda: {"input_features": torch.randn(2, 80, 32), "decoder_input_ids": tokens(length=4)},
        {"max_source_positions": 16, "max_target_positions": 16, "decoder_start_token_id": 2},
    ),
    (
        "CLIPModel",
        "CLIPConfig",
        lambda: {**text(), **pixels()},
        {
            "text_config": tiny("CLIPTextConfig").to_dict(),
            "vision_config": tiny("CLIPVisionConfig", **IMAGE).to_dict(),
            "projection_dim": 8,
        },
    ),
]


def _register(model: str, config: str, inputs: Inputs, settings: dict[str, Any]) -> None:
    def build() -> Any:
        return getattr(transformers, model)(tiny(config, **settings)), inputs()

    HUGGING_FACE.add(name=model)(build)


for row in TABLE:
    _register(*row)
