export const compareUsage = `Usage: npm run --silent simulate -- compare --data DATA --methods A,B,C [--epsilon E] [options]

Several methods on the same data, the same split and the same ε. The learning rate of each is chosen on a
validation split that nobody trains on; the test split is looked at once for each method and seed, at the end.

What is compared
  --data DATA            routing (the seeded federation), clinc150 (ten domains) or banking77 from
                         REFERENCE_DATA_DIR, or a FILE with --text and --label, or --prompt and --response
  --methods A,B,…        ffa-lora, lora, fedsvd, fedlpp, zeroth-order, each with marks if you like: :kaiming or
                         :orthonormal start of A, :client or :example as the unit of privacy. Beside fedsvd
                         there is always ffa-lora with the orthonormal start
  --epsilon E|none       ε of the whole run for each client, default 8
  --seeds K              data, split, start and rounding of seeds 1 to K, default 1; the learning rate is
                         sought on seed 1
  --grid [NAME=]X,Y,…    learning rates to try, for one method as written in --methods, or for all; may be given
                         again. Default: half, once and twice the method's own, and on while an end is best

Federation and training, as for simulate (--help without compare)
  --clients N  --rounds R  --local-steps S  --delta D  --privacy-unit U  --model FOLDER  --backend B
  --examples N  --encoding E  --split S (label-skew for clinc150 and banking77)  --held-out SHARE
  --template TEXT  --max-tokens T  --final-learning-rate-factor X  --optimizer O  --sampling-rate Q
  --batch-divisor B  --clipping-norm C  --rank R  --alpha A  --preset P  --a-init I  --upload-bits W
  --download D (not of fedlpp and zeroth-order)
  of fedlpp: --base-method M  --codebook-bits W      of fedsvd: --period N
  of zeroth-order: --directions K  --scale MU  --distribution D  --noise N  --weights W  --stages R[:GAMMA]
                   --mask-share S  --mask-end E  --mask-mode M

Output
  --keep FOLDER          keeps every finished run and takes it from there the next time: a comparison can be
                         interrupted, and methods added
  --plot FILE.svg        draws accuracy against ε (against bytes with --plot-by bytes, or rounds)
  --plot-by AXIS         epsilon (default), bytes or round
  --out FILE.json        the comparison, indented
  --json                 one JSON object as the last line of standard output
  --help
`;
