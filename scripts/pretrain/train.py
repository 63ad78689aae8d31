"""Trains the embedded base model on token ids that main.ts wrote. Offline step of `npm run pretrain`.

Input: <work>/train.bin and <work>/held-out.bin, uint16 ids, documents begin with bos (id 256).
Output: <work>/checkpoint.pt while it runs; config.json and model.safetensors in <out>;
<work>/training.json with what was measured.
"""

import argparse
import json
import math
import os
import sys
import time

import numpy as np
import torch
from torch.nn import functional as F

from model import Llama, write_safetensors

BOS, EOS = 256, 257


class Muon(torch.optim.Optimizer):
    """Momentum orthogonalised by five Newton-Schulz steps (Jordan et al. 2024), for matrices."""

    def __init__(self, parameters, lr, momentum=0.95, decay=0.01):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.state[parameter]
                if "buffer" not in state:
                    state["buffer"] = torch.zeros_like(parameter)
                buffer = state["buffer"].mul_(group["momentum"]).add_(parameter.grad)
                update = orthogonalise(parameter.grad + group["momentum"] * buffer)
                scale = math.sqrt(max(1, parameter.shape[0] / parameter.shape[1]))
                parameter.mul_(1 - group["lr"] * group["decay"])
                parameter.add_(update, alpha=-group["lr"] * scale)


def orthogonalise(matrix):
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.t()
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.t() if tall else x


def batch_at(tokens, step, rows, length):
    """Rows of `length` inputs and their targets, in order through the file; documents by bos."""
    span = rows * length
    begin = (step * span) % (len(tokens) - span - 1)
    chunk = torch.from_numpy(tokens[begin : begin + span + 1].astype(np.int64))
    ids, targets = chunk[:-1].view(rows, length), chunk[1:].view(rows, length)
    return ids, targets, (ids == BOS).cumsum(1)


def answer_weights(ids, targets, newline, weight):
    """1 for ordinary targets, `weight` after the first line break of a document, 0 for a bos target."""
    weights = torch.ones(targets.shape)
    lines = torch.zeros(ids.shape[0])
    for position in range(ids.shape[1]):
        here = ids[:, position]
        lines = torch.where(here == BOS, torch.zeros(()), lines + (here == newline))
        weights[:, position] = torch.where(lines > 0, float(weight), 1.0)
    return weights.masked_fill_(targets == BOS, 0.0)


def corrupt(ids, generator, share, vocabulary):
    """In half of the rows, replaces a share of the ordinary input ids by random ones."""
    rows = torch.rand(ids.shape[0], 1, generator=generator) < 0.5
    hit = (torch.rand(ids.shape, generator=generator) < share) & rows & (ids >= 258)
    return torch.where(hit, torch.randint(258, vocabulary, ids.shape, generator=generator), ids)


@torch.no_grad()
def held_out_loss(model, tokens, rows, length):
    total, count = 0.0, 0
    for step in range(max(1, len(tokens) // (rows * length) - 1)):
        ids, targets, documents = batch_at(tokens, step, rows, length)
        logits = model.logits(model(ids, documents)).flatten(0, 1)
        losses = F.cross_entropy(logits, targets.flatten(), reduction="none")
        kept = (targets != BOS).flatten()
        total += losses[kept].sum().item()
        count += int(kept.sum())
    return total / count


def ngram_losses(train, held_out, vocabulary):
    """Held-out loss of unigram and interpolated bigram counts; targets that are bos are left out."""
    unigram = np.bincount(train, minlength=vocabulary) + 1.0
    unigram[BOS] = 0.0
    unigram /= unigram.sum()
    pairs = np.bincount(
        train[:-1].astype(np.int64) * vocabulary + train[1:], minlength=vocabulary**2
    ).reshape(vocabulary, vocabulary)
    left, right = held_out[:-1].astype(np.int64), held_out[1:].astype(np.int64)
    kept = right != BOS
    left, right = left[kept], right[kept]
    seen = pairs.sum(1)[left]
    prior = 8.0
    bigram = (pairs[left, right] + prior * unigram[right]) / (seen + prior)
    return -np.log(unigram[right]).mean(), -np.log(bigram).mean()


def schedule(step, steps, warmup):
    """Constant after the warm-up, linear to a fiftieth over the last 35 %: `steps` may grow on resuming."""
    if step < warmup:
        return (step + 1) / warmup
    return max(0.02, min(1.0, (steps - step) / (0.35 * steps)))


def optimisers(model, lr):
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() != 2 or "embed" in n]
    adam = torch.optim.AdamW(others, lr=0.2 * lr, betas=(0.9, 0.98), weight_decay=0.0)
    return [Muon(matrices, lr=lr), adam]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--config", required=True, help="JSON of the model's config.json")
    parser.add_argument("--newline", type=int, required=True, help="id of the line break")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--length", type=int, default=96)
    parser.add_argument("--lr", type=float, default=0.02)
    parser.add_argument("--answer-weight", type=float, default=4.0)
    parser.add_argument("--corrupt", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint-every", type=int, default=500)
    return parser.parse_args()


def train(options, config, model, tokens, held_out):
    groups = optimisers(model, options.lr)
    base_rates = [group["lr"] for o in groups for group in o.param_groups]
    generator = torch.Generator().manual_seed(options.seed)
    path = os.path.join(options.work, "checkpoint.pt")
    first, spent = 0, 0.0
    if os.path.exists(path):
        saved = torch.load(path)
        model.load_state_dict(saved["model"])
        for optimiser, state in zip(groups, saved["optimisers"]):
            optimiser.load_state_dict(state)
        generator.set_state(saved["generator"])
        first, spent = saved["step"], saved["seconds"]
        print(f"resumed at step {first}", flush=True)
    began, window = time.time(), []
    for step in range(first, options.steps):
        factor = schedule(step, options.steps, 100)
        rates = iter(base_rates)
        for optimiser in groups:
            for group in optimiser.param_groups:
                group["lr"] = factor * next(rates)
        ids, targets, documents = batch_at(tokens, step, options.rows, options.length)
        weights = answer_weights(ids, targets, options.newline, options.answer_weight)
        inputs = corrupt(ids, generator, options.corrupt, config["vocab_size"])
        logits = model.logits(model(inputs, documents)).flatten(0, 1)
        losses = F.cross_entropy(logits, targets.flatten(), reduction="none")
        loss = (losses * weights.flatten()).sum() / weights.sum()
        for optimiser in groups:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()
        for optimiser in groups:
            optimiser.step()
        window.append(loss.item())
        if (step + 1) % 100 == 0:
            seconds = spent + time.time() - began
            rate = (step + 1 - first) * options.rows * options.length / (time.time() - began)
            print(f"step {step + 1} loss {np.mean(window):.4f} {rate:.0f} tokens/s", flush=True)
            window = []
        if (step + 1) % options.checkpoint_every == 0 or step + 1 == options.steps:
            seconds = spent + time.time() - began
            save(path, options, model, groups, generator, step + 1, seconds)
            export(options, config, model)
            loss = held_out_loss(model, held_out[:40_000], options.rows, options.length)
            print(f"step {step + 1} held-out loss {loss:.4f} seconds {seconds:.0f}", flush=True)
    return spent + time.time() - began


def save(path, options, model, groups, generator, step, seconds):
    state = {
        "model": model.state_dict(),
        "optimisers": [optimiser.state_dict() for optimiser in groups],
        "generator": generator.get_state(),
        "step": step,
        "seconds": seconds,
    }
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)


def export(options, config, model):
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "model.safetensors")
    write_safetensors(path + ".new", model.state_dict())
    os.replace(path + ".new", path)
    with open(os.path.join(options.out, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file, indent=2)
        file.write("\n")


def main():
    options = arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    with open(options.config, encoding="utf-8") as file:
        config = json.load(file)
    tokens = np.memmap(os.path.join(options.work, "train.bin"), dtype=np.uint16, mode="r")
    held_out = np.fromfile(os.path.join(options.work, "held-out.bin"), dtype=np.uint16)
    model = Llama(config)
    print(f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    seconds = train(options, config, model, tokens, held_out)
    export(options, config, model)
    unigram, bigram = ngram_losses(np.asarray(tokens), held_out, config["vocab_size"])
    model_loss = held_out_loss(model, held_out, options.rows, options.length)
    report = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "steps": options.steps,
        "tokensSeen": options.steps * options.rows * options.length,
        "seconds": round(seconds),
        "perplexity": {
            "model": math.exp(model_loss),
            "bigram": math.exp(bigram),
            "unigram": math.exp(unigram),
        },
    }
    with open(os.path.join(options.work, "training.json"), "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    sys.exit(main())
