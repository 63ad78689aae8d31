export const simulateUsage = `Usage: npm run --silent simulate -- --data FILE --text COLUMN --label COLUMN [options]
       npm run --silent simulate -- --data FILE --prompt COLUMN --response COLUMN [options]
       npm run --silent simulate -- --routing [options]
       npm run --silent simulate -- compare|reproduce|attack --help

A whole federation in one process, without a network: the participants, the privacy accounting, the
round machine and the aggregation are those of the real product. Progress goes to standard error.

Data
  --data FILE            csv, tsv, json, jsonl or txt
  --text, --label        columns for classification: the label set is what the file holds
  --prompt, --response   columns for generation
  --encoding E           auto (default), utf-8, utf-16, shift_jis, euc-jp, latin1
  --split S              iid (default), label-skew (Dirichlet 1/2), column:NAME (one client per value,
                         or its values spread over --clients)
  --held-out SHARE       share of the rows to evaluate on, default 0.2, at most 1000 rows
  --template TEXT        prompt with {text} ending in {label}, or with {prompt} ending in {response}
  --routing              the seeded routing federation of the demonstration
    --examples N         messages of each client, default 300
    --evaluate-on SET    test (default) or validation

Federation
  --clients N            default 8
  --rounds R             default 10
  --local-steps S        steps of a client in a round; default is that of the demonstration, for --data
                         without differential privacy 30 (classification) or 5 (generation)
  --method M             ffa-lora (default), lora, fedsvd, zeroth-order or fedlpp
    --base-method M      what fedlpp quantizes on the way down: ffa-lora (default), lora or fedsvd
    --codebook-bits W    fedlpp's bits per value, 1 to 4 (default 4)
    --period N           fedsvd's rounds between two refactorings (default 1)
    of zeroth-order:
    --directions K       directions of one local step (default 16)
    --scale MU           how far the two forward passes stand from the weights
    --distribution D     rademacher (default) or gaussian directions
    --noise N            gaussian (default) or laplace, which clips in L1 and protects examples only
    --weights W          B (default), or adapter tensors by name: model.layers.0.o_proj.lora_B,…
    --stages R[:GAMMA]   DP-ZOSO: rounds of its first stage, pull to a stage's start (default 0.0005)
    --mask-share S       DP-ZOPO: share of the coordinates that move
      --mask-end E       lowest (default) or highest of the data-free ranking
      --mask-mode M      normal (default) or rank
  --epsilon E|none       ε of the whole run for each client, the noise is calibrated to it;
                         default none for --data, 8 for --routing
  --delta D              default 1e-5
  --privacy-unit U       what ε protects: example (default), with noise at every local step, or client, with
                         noise once on each client's whole update, clipped to --clipping-norm
  --model FOLDER         base model in Hugging Face layout; default is the embedded one
  --backend B            wasm (default) or cpu
  --seed K               fixes everything but the privacy noise; default 1

Training (each default is the federation's own; with --epsilon none there is no clipping)
  --learning-rate X  --final-learning-rate-factor X  --optimizer sgd|adam  --sampling-rate Q
  --batch-divisor B  --clipping-norm C  --rank R  --alpha A  --preset fast|papers
  --a-init orthonormal|kaiming  --max-tokens T  --upload-bits 4|8  --download fp16|q8|q4

Output
  --linear-probe         also score softmax regression on the frozen base model, trained in one place
  --no-attacks           of fedlpp: leave out what one client can make of what it was sent
  --save-adapter FOLDER  the final adapter in PEFT layout
  --json                 one JSON object as the last line of standard output
  --help
`;
