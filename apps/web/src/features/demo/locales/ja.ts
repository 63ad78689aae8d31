import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { en } from './en.ts';

export const ja: Translated<typeof en> = {
  simulated: 'シミュレーションの参加者',
  simulatedText:
    '「シミュレーション」と書かれた参加者は、架空の文章を持つこの端末上のプログラムです。本物の参加者と同じノイズ、同じ接続で、実際に学習しています。',
  crowd: 'シミュレーションの参加者数',
  crowdNow: '希望 {{wanted}} 人のうち {{connected}} 人が接続中',
  add: '1 人増やす',
  remove: '1 人減らす',
  apply: 'この人数にする',
  over: 'この回は終了しました。新しい人数はリセット後に有効になります。',
  reset: 'デモをリセットする',
  resetTitle: 'デモを最初から始めますか？',
  resetText:
    'デモの共同学習は、ラウンドとアダプターを含めて削除され、新しく始まります。ほかの共同学習は残ります。招待は有効なままです。',
  resetConfirm: '削除して最初から始める',
  resetGone: 'デモが新しく始まりました。',
  toNew: '新しい回を開く',
  projector: '投影モード',
  leave: '投影モードを終える（Esc）',
  beforeAfter: '学習の前と後',
  before: 'ベースモデル',
  after: '{{rounds}} ラウンド後',
  correct: 'テスト問い合わせ 100 件のうち正しい部署に届く数：{{count}}',
  gain: '文章を端末から出さずに {{points}} ポイント向上',
  waiting: '最初のラウンドの評価が済むと表示されます。',
};
