import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { en } from './en.ts';

export const ja: Translated<typeof en> = {
  title: 'ダッシュボード',
  new: '新しい共同学習',
  newTitle: '新しい共同学習',
  newText:
    '初期値のままでも動きます。必要なところだけ変えてください。参加者はこの設定を見て同意します。',
  back: '共同学習の一覧',
  compare: 'ほかの学習と比べる',
  signOut: 'サインアウト',
  roles: { admin: '管理者', viewer: '閲覧者' },
  locked: {
    title: 'ダッシュボードを見るにはサインインしてください',
    text: 'ハブの起動時に表示されたサインイン用リンクを開くか、名前とパスワードでサインインしてください。',
    open: 'サインイン',
  },
  empty: {
    title: 'まだ共同学習がありません',
    admin: '最初の共同学習を作りましょう。初期値のままでも動きます。',
    viewer: '管理者が作ると、ここに自動で表示されます。',
  },
  gone: {
    title: 'この共同学習は見つかりません',
    text: '削除されたか、このサインインでは見られません。',
  },
};
