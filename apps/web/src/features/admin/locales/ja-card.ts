import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { enCard } from './en-card.ts';

export const jaCard: Translated<typeof enCard> = {
  title: '手法ごとの費用とプライバシー',
  note: 'この画面のベースモデルと設定での、参加者一人あたりの値です。通信量と ε は計算値で、メモリー・時間・正解率は実測がある場合だけ表示します。',
  noteRunning:
    'この共同学習のベースモデルと設定での、参加者一人あたりの値です。通信量と ε（予算内での全ラウンド分）は計算値で、メモリー・時間・正解率は実測がある場合だけ表示します。',
  columns: {
    method: '手法',
    up: '1 ラウンドの送信量',
    down: '1 ラウンドの受信量',
    memory: '端末のメモリー',
    seconds: '1 ラウンドの時間',
    epsilonHub: 'ハブに対する ε',
    epsilonOutside: '外部に対する ε',
    lost: '正解率の低下',
  },
  use: '使う',
  chosen: '選択中',
  computing: '計算中…',
  unreachable: '届きません',
  notMeasured: '未測定',
  seconds: '{{value}} 秒',
  about: '約 {{value}} 秒',
  best: '測定した中で最良',
  points: '{{points}} ポイント',
  pointsWithin: '{{points}} ± {{half}} ポイント',
  otherStart: 'A の初期値は{{start}}',
  protects: '守るもの：',
  leaves: '守らないもの：',
  protection: {
    example: '一つ一つの例を、端末で加えるノイズで守ります。',
    client: '一人分のすべての例を、端末で加えるノイズでまとめて守ります。',
    none: '更新から知られうることに上限はありません。',
  },
  does: {
    'ffa-lora': 'ノイズが重みに入るのは一度だけで、平均も正確です。',
    lora: '両方の因子を学習し、両方にノイズを加えます。',
    fedsvd: 'ハブが分解し直すのはノイズを加えた後の数値なので、プライバシー予算は使いません。',
    fedlpp: '参加者が持つのは粗い複製で、正確なアダプターはハブだけが持ちます。',
    'zeroth-order': 'モデルの大きさによらず、端末から出るのは少数のスカラーだけです。',
  },
  doesNot: {
    'ffa-lora': 'アダプターは秘密になりません。参加者全員がすべてを持ちます。',
    lora: '平均は正確ではなく、一方の因子のノイズにもう一方が掛かります。アダプターは参加者全員が持ちます。',
    fedsvd:
      'A を正規直交で始めた FFA-LoRA と理論上は同じで、それより強い保護はありません。アダプターは参加者全員が持ちます。',
    fedlpp:
      '複製が大きく劣ることは約束しません。差は毎ラウンド測ります。何ラウンド分もの複製を合わせると、元に近づきます。',
    'zeroth-order':
      '送る量が少なくても ε は小さくなりません。方向は公開なので、アダプターは誰でも復元できます。',
  },
  noComparison: '{{model}} での比較結果はありません',
  noComparisonText:
    'このベースモデルでは、手法ごとのメモリー・時間・正解率を測定していません。「npm run simulate -- compare」で測定できます。',
  measured: '実測の結果',
  comparison: '比較',
  source: '{{data}}・ε = {{epsilon}}',
  sourceOpen: '{{data}}・差分プライバシーなし',
  facts:
    '学習に使っていないテスト用の {{rows}} 行、参加者 {{clients}} 人、{{rounds}} ラウンド、シード {{seeds}} 個、バックエンド {{backend}} での測定です。学習率は手法ごとに最良のものを選びました。時間とメモリーはその機械と設定での値で、メモリーはベースモデルを含みます。',
  spread: '± はシード間の 95 % 区間です。',
  single: 'シードが一つなので、差が偶然かどうかは分かりません。複数のシードで区間が得られます。',
  untrained: 'ベースモデルそのものは {{accuracy}} です（図の範囲にあれば破線）。',
  againstOpen:
    '正解率の低下は、同じデータで差分プライバシーなしの最良の手法との差を、シードごとに取ったものです。',
  againstBest:
    '正解率の低下は、この比較の中で最良の手法との差を、シードごとに取ったものです。ノイズなしの測定はありません。',
  unfair:
    'この比較には、FedSVD と並べるべき「A を正規直交で始めた FFA-LoRA」がないため、図を表示しません。',
  axis: '正解率と比べるもの',
  axes: { bytes: '1 ラウンドの通信量', memory: 'メモリー', seconds: '1 ラウンドの秒数' },
  chart: '測定した手法の正解率（横軸：{{axis}}）。数値は下の表にあります。',
  accuracy: '正解率',
  starts: { orthonormal: '正規直交の A', kaiming: 'Kaiming の A' },
  device: {
    title: '時間はどの端末の値？',
    theirs: '比較を実行した機械の値です（バックエンド {{backend}}）。',
    mine: 'この端末での推定値です。比較を実行した機械（バックエンド {{backend}}）の {{factor}} 倍としています。',
    measure: 'この端末を測る',
    measuring: '行列の積を計算中：{{of}} 回中 {{done}} 回目（1 回 2 秒）',
    reading: 'この端末：{{speed}} GFLOPS（毎秒 10 億回の演算が単位。バックエンド {{backend}}）。',
    rough: '学習は行列の積だけではないため、目安です。',
    noReference:
      '比較を実行した機械は同じ方法で測定していないため、時間はその機械の値のまま表示します。',
    failed: 'この端末を測定できませんでした。',
  },
};
