"""A Llama-style language model in PyTorch: what the embedded base model is trained with."""

import json
import math
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        d, self.heads = config["hidden_size"], config["num_attention_heads"]
        self.kv_heads = config["num_key_value_heads"]
        self.size = d // self.heads
        self.q_proj = nn.Linear(d, d, bias=False)
        self.k_proj = nn.Linear(d, self.kv_heads * self.size, bias=False)
        self.v_proj = nn.Linear(d, self.kv_heads * self.size, bias=False)
        self.o_proj = nn.Linear(d, d, bias=False)

    def forward(self, x, rotary, mask):
        rows, length, d = x.shape
        q = self.q_proj(x).view(rows, length, self.heads, self.size).transpose(1, 2)
        k = self.k_proj(x).view(rows, length, self.kv_heads, self.size).transpose(1, 2)
        v = self.v_proj(x).view(rows, length, self.kv_heads, self.size).transpose(1, 2)
        q, k = rotate(q, rotary), rotate(k, rotary)
        if self.kv_heads != self.heads:
            k = k.repeat_interleave(self.heads // self.kv_heads, dim=1)
            v = v.repeat_interleave(self.heads // self.kv_heads, dim=1)
        scores = q @ k.transpose(-1, -2) / math.sqrt(self.size) + mask
        mixed = torch.softmax(scores, dim=-1) @ v
        return self.o_proj(mixed.transpose(1, 2).reshape(rows, length, d))


class FeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        d, inner = config["hidden_size"], config["intermediate_size"]
        self.gate_proj = nn.Linear(d, inner, bias=False)
        self.up_proj = nn.Linear(d, inner, bias=False)
        self.down_proj = nn.Linear(inner, d, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class RootMeanSquareNorm(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(config["hidden_size"]))
        self.epsilon = config["rms_norm_eps"]

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon)


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm = RootMeanSquareNorm(config)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RootMeanSquareNorm(config)
        self.mlp = FeedForward(config)

    def forward(self, x, rotary, mask):
        x = x + self.self_attn(self.input_layernorm(x), rotary, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Llama(nn.Module):
    """Parameter names equal those of the published layout after the prefix `model.`."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))
        self.norm = RootMeanSquareNorm(config)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                scale = 1 / math.sqrt(parameter.shape[1])
                if name.endswith(("o_proj.weight", "down_proj.weight")):
                    scale /= math.sqrt(2 * config["num_hidden_layers"])
                nn.init.normal_(parameter, std=0.05 if "embed" in name else scale)

    def forward(self, ids, documents):
        """Hidden states after the last norm. ids, documents: [rows, length]; attention stays in a document."""
        length = ids.shape[1]
        rotary = rotary_table(self.config, length)
        same = documents[:, None, :, None] == documents[:, None, None, :]
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        mask = torch.zeros(same.shape).masked_fill_(~(same & causal), -1e9)
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, rotary, mask)
        return self.norm(x)

    def logits(self, hidden):
        return hidden @ self.embed_tokens.weight.t()


def rotary_table(config, length):
    half = config["hidden_size"] // config["num_attention_heads"] // 2
    frequencies = config["rope_theta"] ** (-torch.arange(half, dtype=torch.float32) / half)
    angles = torch.arange(length, dtype=torch.float32)[:, None] * frequencies
    return torch.cos(angles), torch.sin(angles)


def rotate(x, rotary):
    """Half-split rotary embedding, as in Hugging Face's Llama."""
    cos, sin = rotary
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def write_safetensors(path, state):
    """Writes float16 tensors in the safetensors layout, under the published names."""
    header, chunks, end = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in state.items():
        data = tensor.detach().numpy().astype(np.float16).tobytes()
        header["model." + name] = {
            "dtype": "F16",
            "shape": list(tensor.shape),
            "data_offsets": [end, end + len(data)],
        }
        chunks.append(data)
        end += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def read_safetensors(path):
    """The float16 tensors of `write_safetensors` as a float32 state dictionary."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    state = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], dtype=np.float16).astype(np.float32)
        state[name.removeprefix("model.")] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return state
