"""A contender of `bench train`: the training step in PyTorch, on request.

    python train.py PROBLEM_FOLDER '{"precision": "fp32", "compile": false, "channelsLast": false, ...}'
"""

from lines import claim_stdout, serve

answers = claim_stdout()

import json
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

from clip import autocast, load_model, matmul_rate, set_up, synchronize, versions
from objective import terms
from optimizer import make_optimizer, update

INDICES = ("ids", "end")


def load_batches(problem, device, memory_format):
    """The batches of the problem, with what all of them share."""
    shared, own = {}, {}
    for name, value in load_file(problem / "batches.safetensors").items():
        batch, part = name.split(".", 1) if name[0].isdigit() else (None, name)
        value = value.long() if part.endswith(INDICES) else value
        if part.endswith("images"):
            value = value.permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
        (shared if batch is None else own.setdefault(int(batch), {}))[part] = value.to(device)
    return [{**shared, **own[index]} for index in sorted(own)]


def main(folder, options):
    problem = Path(folder)
    training = json.loads((problem / "problem.json").read_text())["training"]
    device, precision = options["device"], options["precision"]
    memory_format = torch.channels_last if options["channelsLast"] else torch.contiguous_format
    set_up(options["threads"], device)
    model = load_model(problem / "model").train().to(device)
    model.visual.to(memory_format=memory_format)
    batches = load_batches(problem, device, memory_format)
    optimizer = make_optimizer(model, training)
    loss_terms = torch.compile(terms, dynamic=False) if options["compile"] else terms
    done = 0

    def steps(request):
        nonlocal done
        records = []
        start = time.perf_counter()
        for _ in range(request["count"]):
            with autocast(device, precision):
                parts = loss_terms(model, batches[done % len(batches)])
            loss = sum(parts.values())
            norm = update(model, optimizer, loss, training["clipNorm"])
            records.append((loss.detach(), norm, {name: part.detach() for name, part in parts.items()}))
            done += 1
        synchronize(device)
        seconds = time.perf_counter() - start
        numbers = [
            dict(loss=loss.item(), gradientNorm=norm.item(), terms={name: part.item() for name, part in parts.items()})
            for loss, norm, parts in records
        ]
        return dict(seconds=seconds, numbers=numbers)

    def matmul(request):
        return dict(gflops=matmul_rate(request["size"], device, precision))

    serve(answers, dict(versions=versions(device)), dict(steps=steps, matmul=matmul))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
