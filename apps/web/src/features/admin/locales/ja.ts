import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { en } from './en.ts';
import { jaCreate } from './ja-create.ts';

export const ja: Translated<typeof en> = {
  ...jaCreate,
  actions: {
    start: '開始',
    pause: '一時停止',
    resume: '再開',
    stop: '完全に終了する…',
    invite: '招待',
    more: 'その他',
    next: '次のラウンドの設定を変える…',
    rollBack: 'ラウンドまで巻き戻す…',
    audit: '監査ログ',
  },
  stop: {
    title: 'この共同学習を終了しますか？',
    text: '進行中のラウンドは中止され、次は始まりません。アダプター、数値、監査ログは残ります。終了した共同学習は再開できません。',
    confirm: '完全に終了する',
  },
  rollBack: {
    title: '巻き戻し',
    text: '選んだラウンドのアダプターが現在のものになります。進行中のラウンドは中止されます。参加者が使ったプライバシー予算は戻りません。',
    round: '戻る先',
    start: '開始時（ベースモデル）',
    of: 'ラウンド {{round}}',
    confirm: 'ラウンド {{round}} まで巻き戻す',
  },
  next: {
    title: '次のラウンドの設定',
    text: '次のラウンドから有効になります。参加者が同意した内容（プライバシー、精度、課題）は、ここでは変えられません。',
    confirm: '次のラウンドから使う',
  },
  remove: {
    button: '外す',
    label: '{{name}} を外す',
    title: '{{name}} を外しますか？',
    text: 'この参加者は切断され、この共同学習には戻れません。すでに集計された更新はアダプターに残ります。',
  },
  audit: {
    title: '監査ログ',
    empty: 'まだ記録がありません。',
    time: '日時',
    actor: '操作者',
    action: '操作',
    detail: '詳細',
  },
  invite: {
    title: '参加者を招待する',
    role: '役割',
    roles: { contributor: '参加者', viewer: '閲覧者' },
    roleNotes: {
      contributor: '文章を端末に置いたまま学習します。',
      viewer: 'このダッシュボードを見られます。変更はできません。',
    },
    expires: 'リンクの有効期間',
    expiry: { hour: '1 時間', day: '1 日', week: '1 週間', month: '30 日' },
    kind: '使える人',
    kinds: { person: '特定の一人', open: 'リンクを持つ人すべて' },
    kindNotes: {
      person:
        'どの端末でも同じ人として扱います。ブラウザーのデータを消しても、別の端末から参加しても、同じプライバシー予算の続きになります。',
      open: 'このリンクで参加する人を、ハブは区別できません。誰も予算を新しく始められないように、このリンクで最も多く使った人と同じだけ使ったところから始まります。',
    },
    person: '参加者の名前',
    personNote: 'このハブの別の共同学習の参加者も指定できます。同じ名前は同じ予算になります。',
    uses: '使える人数',
    usesNote: '空欄なら制限はありません。',
    unlimited: '制限なし',
    make: 'リンクを作る',
    qr: '招待リンクの QR コード',
    link: '招待リンク',
    until: '{{role}}、{{date}} まで有効',
    untilPerson: '{{role}}：{{name}} さん、{{date}} まで有効',
    oncePerson:
      'リンクが表示されるのは今だけです。ハブは控えを持ちません。{{name}} さんだけに渡してください。開いた人は、その人の予算を使います。',
    once: 'リンクが表示されるのは今だけです。ハブは控えを持ちません。リンクを持つ人は誰でも参加できます。',
    local:
      'このアドレスはこの端末でしか使えません。ほかの端末から使うには、公開アドレス（PUBLIC_URL、https）でハブを起動してください。',
    another: '別の招待を作る',
    copy: 'リンクをコピー',
    copied: 'コピーしました',
  },
  exports: {
    title: '書き出し',
    metrics: '全ラウンドの数値',
    records: '操作、同意、確認の署名の記録',
    consents: '同意の記録（JSON）',
    receipts: '確認済みの控え（JSON）',
    csv: '数値（CSV）',
    json: '数値（JSON）',
    audit: '監査ログ（JSON）',
    adapter: '{{round}} ラウンド後のアダプター（PEFT で読み込めます）',
    adapterStart: '最初のラウンド前のアダプター（PEFT で読み込めます）',
    safetensors: 'adapter_model.safetensors',
    config: 'adapter_config.json',
  },
  example: {
    name: '問い合わせの振り分け',
    purpose: '架空の会社に届く問い合わせを、担当の部署に振り分けます。',
  },
};
