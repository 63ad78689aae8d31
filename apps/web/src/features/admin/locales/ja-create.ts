import { jaCard } from './ja-card.ts';
import { jaMethod } from './ja-method.ts';
import { jaStart } from './ja-start.ts';

export const jaCreate = {
  ...jaMethod.sections,
  card: jaCard,
  startFrom: jaStart,
  create: {
    submit: '共同学習を作る',
    incomplete: '直しが必要な項目があります。印の付いた欄をご覧ください。',
    impossible: 'この設定では共同学習を作れません。',
    noFile: '評価用のファイルがなければ、正解率と損失の推移なしで動きます。',
    noModel: 'このハブにはまだベースモデルがありません',
    noModelText:
      'Hugging Face 形式のモデルのフォルダーを --model で指定して、ハブを起動してください。',
  },
  task: {
    title: '学習の内容',
    preset: '課題の種類',
    presets: {
      inquiries: '例：問い合わせ',
      classification: '独自のラベル',
      generation: '質問と回答',
    },
    baseModel: 'ベースモデル',
    addModel: '別のベースモデル…',
    modelFolder: 'ハブのコンピューター上のフォルダー',
    modelFolderNote:
      'Hugging Face 形式のフォルダー（config.json、model.safetensors、tokenizer.json）です。',
    addModelButton: '追加',
    modelAdded: '{{id}} を選べるようになりました。',
    template: 'テンプレート',
    templateNotes: {
      classification: '{text} を含み、{label} で終わります。',
      generation: '{prompt} を含み、{response} で終わります。',
    },
    labels: 'ラベル（{{count}}）',
    labelsNote:
      '入力して Enter を押すか、一覧を貼り付けます。評価用のファイルから取り込むこともできます。',
    labelsExample: '請求、修理、営業 など',
  },
  evaluation: {
    title: '評価',
    note: '各ラウンドの後にハブが採点するデータです。ハブに保存されるため、秘密の文章は使わないでください。',
    kinds: { sample: '例のデータ', file: 'ファイル', none: 'なし' },
    sample: '日本語と英語の架空の問い合わせ 576 件。学習用のひな形とは別のものです。',
    noneTitle: '評価なしで動かします',
    noneText:
      'ラウンドは通常どおり進みますが、モデルが良くなっているかは分かりません。損失と正解率の推移は空のままです。',
    choose: 'ファイルを選ぶ',
    formats: 'csv、tsv、json、jsonl',
    columns: {
      classification: { input: '文章の列', output: 'ラベルの列' },
      generation: { input: '質問の列', output: '回答の列' },
    },
    usable: '{{rows}} 行を使えます',
    blank: '空欄のある {{rows}} 行は使いません。',
    over: '上限の 20,000 行を超えた {{rows}} 行は使いません。',
    unknown: '一覧にないラベルの {{rows}} 行は使いません。',
    takeLabels: 'ファイルの {{count}} 種類のラベルを一覧にする',
    kept: 'フォームの内容は変わっていません。',
    failures: {
      'too-large': 'ファイルが大きすぎます。',
      binary: 'テキストファイルではありません。',
      encoding: '文字コードを読み取れませんでした。',
      format: 'この種類のファイルは読めません。csv、tsv、json、jsonl で保存してください。',
      'invalid-json': '正しい JSON ではありません。',
      empty: 'ファイルが空です。',
      'no-rows': '見出しだけで、データの行がありません。',
      'missing-column': '列が二つ必要です。',
      other: 'ファイルを読めませんでした。',
    },
  },
  people: {
    title: '参加者とプライバシー',
    target: '参加人数',
    examples: '一人あたりの標準的な件数',
  },
  privacy: {
    on: '各端末で差分プライバシーを使う',
    epsilon: '全体のプライバシー予算 ε（小さいほど強く守ります）',
    unit: '守る単位',
    units: { example: '一つの例', client: '一人分すべて' },
    unitNotes: {
      example:
        'ある一行がその人の例に含まれていたかどうかを、誰がどれだけ見分けられるかを ε が抑えます。多くの行に繰り返し現れる事柄は、守りが弱くなります。',
      client:
        'その人のすべての行について、誰がどれだけ知り得るかを ε がまとめて抑えます。はるかに多くのノイズが必要で、参加者が多いか、学習する数値がごく少ないときだけ学習できます。',
    },
    ceilings: 'この組織の上限は ε = {{epsilon}}、1 ラウンドの最少人数は {{cohort}} 人です。',
    required: 'ここでは差分プライバシーをオフにできません。',
    offTitle: '差分プライバシーなし',
    offText:
      '更新がノイズなしで端末から出ます。元の文章が復元されるおそれがあります。秘密でないデータのときだけ選んでください。',
  },
  cost: {
    title: '費用',
    note: '参加者一人あたり。設定を変えるとすぐに計算します。',
    privacyTitle: 'プライバシー',
    privacyNote: '参加者一人あたり。設定を変えると、裏で計算し直します。',
    totalHub: 'ハブに対する ε',
    totalBroadcast: '共有モデルの ε',
    first: '1 ラウンドの ε',
    noise: 'ノイズの倍率 σ',
    noiseHint: '予算に合わせて自動調整',
    signal: '信号対ノイズ比',
    signalHints: { run: '全ラウンドでの最良の場合', round: '1 ラウンドでの最良の場合' },
    signalUnknown: 'ラプラスノイズでは不明です',
    stageQuick: 'すぐに出る上限値です。正確な値を計算しています。',
    stageExact: '正確な値です。参加者にもこの値が表示されます。',
    unreachable: 'どのノイズでもこの目標に届きません。',
    proof: {
      proven:
        '共有モデルだけを見る人に対する ε は小さくなります。更新が合計され、ノイズも重なるためです。',
      'several-steps':
        '共有モデルだけを見る人：1 ラウンドに複数回ノイズを加える場合、より小さい ε は証明されていません。',
      'nonlinear-upload':
        '共有モデルだけを見る人：更新を組ごとに丸めるため、より小さい ε は証明されていません。',
      'other-noise':
        '共有モデルだけを見る人：ラプラスノイズの合計は別の種類のノイズになるため、より小さい ε は証明されていません。',
      'too-few-clients':
        '共有モデルだけを見る人：1 ラウンドの人数が少なすぎるため、より小さい ε にはなりません。3 人以上が必要です。',
    },
    drowned: '信号がノイズに埋もれます（比 {{ratio}}、1 未満）。',
    drownedTodo: {
      example:
        '参加者か例を増やす、学習する数値を減らす（ランクやモジュールを減らす）、または ε を大きくしてください。',
      client:
        '一人分ではなく一つの例を守る設定にするか、学習する数値を大幅に減らす（ランクやモジュールを減らす）、参加者を増やす、または ε を大きくしてください。',
    },
    up: '1 ラウンドの送信量',
    down: '1 ラウンドの受信量',
    parameters: '{{count}} 個の数値',
    meaning: {
      example:
        'ε は、参加者が送るものすべてから一件のデータについて誰かが知りうることの上限です。ハブも含みます。ノイズは送る前に参加者の端末で加えます。',
      client:
        'ε は、参加者が送るものすべてから、その人のデータ全体について誰かが知りうることの上限です。ハブも含みます。ノイズは送る前に参加者の端末で加えます。',
    },
    unknown: 'すべての項目を入力すると計算します。',
    noMeaning: 'ハブが更新から知りうることに上限はありません。',
    impossible: 'このベースモデルでは、このアダプターを使えません。',
  },
  advanced: {
    title: '詳細設定',
    adapter: 'アダプター',
    noWire: 'スカラーは送受信とも公開の格子の整数で送るため、設定はありません。',
    training: '端末での学習',
    privacy: 'プライバシー',
    noPrivacy: '差分プライバシーは使いません。',
    cohort: 'ラウンドと参加者',
    wire: '通信',
    modulesNote: 'モジュール名の最後の部分です。',
    layersNote: '「all」または番号。−1 は最後の層です。',
  },
  fields: {
    baseMethod: 'コードブックの下の手法',
    codebookBits: '配信の 1 値あたりのビット数',
    zerothOrder: jaMethod.fields,
    fedSvd: { period: '再分解までのラウンド数' },
    name: '名前',
    purpose: '目的（参加者に表示されます）',
    rounds: 'ラウンド数',
    method: '手法',
    task: { maxTokens: '最長の入力（トークン）' },
    adapter: {
      rank: 'ランク r',
      alpha: 'アルファ',
      modules: 'モジュール',
      layers: '層',
      aInit: 'A の初期値',
      aSeed: 'A の公開シード',
    },
    training: {
      localSteps: '1 ラウンドのステップ数',
      learningRate: '学習率',
      finalLearningRateFactor: '最後の学習率（最初に対する割合）',
      samplingRate: 'サンプリング率 q',
      batchDivisor: '除数 b',
      maxExamplesPerStep: '1 ステップの最大件数',
      optimizer: '最適化手法',
    },
    privacy: { epsilonBudget: 'ε の予算', delta: 'δ', clippingNorm: 'クリッピング C' },
    cohort: {
      minimum: '最少人数',
      target: '希望人数',
      overSelection: '余分に選ぶ倍率',
      deadlineSeconds: '期限（秒）',
      minimumFraction: '必要な更新の割合',
    },
    wire: {
      uploadBits: '送る数値のビット数',
      uploadBlockSize: 'ブロックの大きさ',
      download: 'アダプターのファイル',
    },
  },
  methodNotes: jaMethod.notes,
  choices: {
    method: jaMethod.names,
    zerothOrder: jaMethod.choices,
    adapter: { aInit: { orthonormal: '正規直交', kaiming: 'Kaiming 一様' } },
    training: { optimizer: { sgd: 'SGD', adam: 'Adam' } },
    wire: {
      uploadBits: { '8': '8 ビット', '4': '4 ビット' },
      download: { fp16: '16 ビット浮動小数', q8: '8 ビットブロック', q4: '4 ビットブロック' },
    },
  },
  issues: {
    'organization-most': 'この組織の上限は {{limit}} です。',
    'organization-least': 'この組織では {{limit}} 以上にしてください。',
    'organization-privacy': 'この組織では差分プライバシーをオフにできません。',
    'page-most': '{{limit}} を超えると、参加者のページが断ります。',
    'page-least': '{{limit}} を下回ると、参加者のページが断ります。',
    minimumAboveTarget: '最少人数は希望人数以下にしてください。',
    template: 'テンプレートに必要な部分がないか、末尾にありません。',
    labels: 'ラベルは 2～200 種類、それぞれ 100 文字までです。',
    empty: '入力してください。',
    tooLong: '{{limit}} 文字までです。',
    atLeast: '{{limit}} 以上にしてください。',
    above: '{{limit}} より大きくしてください。',
    atMost: '{{limit}} 以下にしてください。',
    number: '範囲内の数値を入力してください。',
  },
};
