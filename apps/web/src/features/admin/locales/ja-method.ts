import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { enMethod } from './en-method.ts';

export const jaMethod: Translated<typeof enMethod> = {
  sections: {
    method: {
      title: '手法',
      note: '端末での学習方法と、通信する内容を決めます。全手法の比較はこのフォームの下にあります。',
    },
    zerothOrder: {
      tensorsNote:
        'アダプターのファイルと同じ名前です（モジュールのパスに lora_A または lora_B）。',
      stages: '段階に分ける（DP-ZOSO）',
      stagesNote: '段階ごとに期間を 2 倍、学習率を半分にします。',
      mask: '一部の重みだけを学習する（DP-ZOPO）',
      maskNote: 'データを見ない順位付けで重みの一部を残します。プライバシー予算は使いません。',
    },
  },
  names: {
    'ffa-lora': 'FFA-LoRA（A は固定）',
    lora: 'LoRA（A と B。比較用）',
    fedsvd: 'FedSVD（ハブが A と B を分解し直す）',
    fedlpp: 'FedLPP（配信をコードブックで量子化）',
    'zeroth-order': 'ゼロ次最適化（順方向の計算のみ）',
  },
  notes: {
    'ffa-lora':
      '平均が正確で、送信量は LoRA の半分です。ランクの低いランダムな A では、必要な方向が欠けることがあります。',
    lora: '両方の因子を学習します。平均は近似で、ノイズは二重に入ります。比較用です。',
    fedsvd:
      'ラウンドの後に A の行を正規直交にします。保護は FFA-LoRA と同じです。当方の測定では、A を正規直交で始めた FFA-LoRA と差がありませんでした。',
    fedlpp:
      '配信のビット数を減らします。参加者の手元のモデルがどれだけ劣るかは毎ラウンド測定し、約束はしません。',
    'zeroth-order':
      '端末はモデルを順方向に動かすだけで、モデルの大きさによらず、少数の数値だけを送ります。1 ラウンドあたりの学習は遅めです。',
  },
  fields: {
    directions: '1 ステップの方向の数 K',
    scale: '二つの計算点の距離 μ',
    distribution: '方向の分布',
    noise: 'スカラーに加えるノイズ',
    weights: '動かす重み',
    tensors: 'テンソル',
    stages: { firstStageRounds: '最初の段階のラウンド数', proximal: '段階の始点へ引き戻す強さ γ' },
    mask: { share: '残す割合', end: '順位のどちら側を残すか', mode: '残した重みの扱い' },
  },
  choices: {
    distribution: { rademacher: '±1（ラデマッハー）', gaussian: 'ガウス' },
    noise: { gaussian: 'ガウス', laplace: 'ラプラス（DP-ZO）' },
    weights: { B: 'B のすべて', named: '名前で指定' },
    mask: {
      end: { lowest: 'スコアの低い側', highest: 'スコアの高い側' },
      mode: { normal: 'すべて同じ', rank: '順位に応じて 1.2～0.8' },
    },
  },
};
