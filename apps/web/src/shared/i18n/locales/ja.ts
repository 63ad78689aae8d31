import type { Translated } from '../i18n.ts';
import type { en } from './en.ts';

export const ja: Translated<typeof en> = {
  nav: {
    label: 'ページ',
    skip: '本文へ移動',
    contribute: '参加する',
    dashboard: 'ダッシュボード',
  },
  language: { label: '表示言語' },
  scheme: { toLight: '明るい配色にする', toDark: '暗い配色にする' },
  footer: {
    promise: '文章はこのタブの中だけで読み取られます。送られるのは数値だけです。',
  },
  notFound: {
    title: 'この席には誰もいません',
    text: 'このページはありません。リンクが途中で切れている可能性があります。',
    back: '最初に戻る',
  },
  methods: {
    'ffa-lora': 'FFA-LoRA',
    lora: 'LoRA',
    fedsvd: 'FedSVD',
    fedlpp: 'FedLPP',
    'zeroth-order': 'ゼロ次最適化',
    fedlppOn: 'FedLPP（w = {{bits}}、{{base}}）',
    zerothOrderWith: 'ゼロ次最適化（K = {{directions}}）',
  },
  common: {
    cancel: 'やめる',
    close: '閉じる',
    back: '戻る',
    next: '次へ',
    retry: 'もう一度試す',
    download: '保存する',
    delete: '削除する',
    loading: '読み込んでいます…',
    none: 'なし',
  },
  errors: {
    unreachable: {
      happened: 'ハブにつながりません。',
      todo: 'ネットワークを確認して、もう一度お試しください。続く場合は、招待した方にご連絡ください。',
    },
    'unexpected-answer': {
      happened: 'ハブの応答を、このページが理解できませんでした。',
      todo: 'ページを再読み込みしてください。繰り返す場合は、ハブとページの版が異なっています。',
    },
  },
  refusal: {
    'protocol-version': 'このページとハブの版が異なります。ページを再読み込みしてください。',
    unauthenticated: 'サインインが切れています。招待リンクをもう一度開いてください。',
    'token-expired': 'リンクまたはサインインの期限が切れています。新しいリンクを依頼してください。',
    'token-used': 'このリンクはすでに使われています。新しいリンクを依頼してください。',
    forbidden: 'あなたの役割では、この操作はできません。',
    malformed: 'ハブがメッセージを読み取れませんでした。ページを再読み込みしてください。',
    'unknown-event': 'ハブの知らないメッセージです。ページを再読み込みしてください。',
    'too-large': 'メッセージがハブの受け付ける大きさを超えています。',
    'rate-limited': '短い時間に要求が多すぎました。まもなく自動でやり直します。',
    'unknown-federation': 'この共同学習はもう存在しません。',
    'federation-not-open': 'この共同学習は現在、参加を受け付けていません。',
    'consent-outdated': '同意後に条件が変わりました。もう一度お読みください。',
    removed: '管理者がこの共同学習からあなたの参加を外しました。',
    'not-in-cohort': '今回のラウンドには選ばれませんでした。次のラウンドで選ばれることがあります。',
    'wrong-round': '別のラウンドの更新だったため、集計されませんでした。',
    'round-closed': 'ラウンドがすでに終わっていたため、更新は集計されませんでした。',
    'wrong-participant': '更新に別の参加者の名前が付いていたため、集計されませんでした。',
    'wrong-shape': '更新の形がこの共同学習と合わず、集計されませんでした。',
    'wrong-bits': '更新の精度が取り決めと異なり、集計されませんでした。',
    'wrong-length': '更新の長さが正しくなく、集計されませんでした。',
    'checksum-mismatch': '更新が途中で壊れたため、集計されませんでした。',
    'not-finite': '更新に正しくない数値が含まれ、集計されませんでした。',
    'norm-too-large': '更新が取り決めの上限より大きく、集計されませんでした。',
    'conflicting-update': 'このラウンドでは、あなたの別の更新がすでに集計されています。',
    'bad-receipt':
      '控えが更新と合わず、集計されませんでした。このラウンドは使ったものと数えます。ページがハブより古い可能性があるため、再読み込みしてください。',
    'not-found': '見つかりません。すでに削除された可能性があります。',
    conflict:
      'ほかで使用中です。同時に別の変更があったか、別の端末で参加しています。確認してからやり直してください。',
    'invalid-settings': '設定の組み合わせが正しくありません。',
    unavailable: 'ハブが今は対応できません。少し待ってからもう一度お試しください。',
  },
};
