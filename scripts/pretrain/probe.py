"""Linear probe of a trained model: multinomial logistic regression on the state of the last token.

Input: a model folder and one or more JSON files {name, train, validation, test}, each split a list
of {ids, label}. Prints one JSON line per file: test accuracy, penalty chosen on validation.
"""

import argparse
import json
import os

import torch
from torch.nn import functional as F

from model import Llama, read_safetensors


@torch.no_grad()
def last_states(model, examples, batch=128):
    states = []
    for begin in range(0, len(examples), batch):
        part = [example["ids"] for example in examples[begin : begin + batch]]
        longest = max(len(ids) for ids in part)
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in part])
        hidden = model(ids, torch.zeros_like(ids))
        ends = torch.tensor([len(row) - 1 for row in part])
        states.append(hidden[torch.arange(len(part)), ends])
    return torch.cat(states)


def fit(features, labels, classes, penalty):
    weight = torch.zeros(features.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=150, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(features @ weight + bias, labels) + penalty * weight.pow(2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weight.detach(), bias.detach()


def probe(model, data):
    labels = sorted({example["label"] for example in data["train"]})
    index = {label: k for k, label in enumerate(labels)}
    splits = {}
    for split in ("train", "validation", "test"):
        examples = data[split]
        targets = torch.tensor([index[example["label"]] for example in examples])
        splits[split] = (last_states(model, examples), targets)
    mean, deviation = splits["train"][0].mean(0), splits["train"][0].std(0) + 1e-6
    best = None
    for penalty in (1e-4, 1e-3, 3e-3, 1e-2, 3e-2):
        weight, bias = fit((splits["train"][0] - mean) / deviation, splits["train"][1], len(labels), penalty)

        def predict(split):
            return ((splits[split][0] - mean) / deviation @ weight + bias).argmax(1)

        accuracy = {s: (predict(s) == splits[s][1]).float().mean().item() for s in ("validation", "test")}
        if best is None or accuracy["validation"] > best["validation"]:
            best = {"penalty": penalty, **accuracy, "predictions": predict("test").tolist()}
    best["perLabel"] = {
        label: sum(p == k for p, t in zip(best["predictions"], splits["test"][1].tolist()) if t == k)
        / max(1, int((splits["test"][1] == k).sum()))
        for label, k in index.items()
    }
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True, nargs="+")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with open(os.path.join(options.model, "config.json"), encoding="utf-8") as file:
        model = Llama(json.load(file))
    model.load_state_dict(read_safetensors(os.path.join(options.model, "model.safetensors")))
    for path in options.data:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        result = probe(model, data)
        names = sorted({example["label"] for example in data["train"]})
        predictions = result.pop("predictions")
        print(json.dumps({"name": data["name"], **result}), flush=True)
        if options.details:
            tallies = {}
            for prediction, example in zip(predictions, data["test"]):
                key = (example.get("template", ""), example["label"], names[prediction])
                tallies[key] = tallies.get(key, 0) + 1
            for (template, label, guess), count in sorted(tallies.items()):
                if label != guess:
                    print(count, label, "->", guess, template)


if __name__ == "__main__":
    main()
