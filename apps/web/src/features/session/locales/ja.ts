import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { en } from './en.ts';

export const ja: Translated<typeof en> = {
  join: {
    title: 'あなたの席が用意されています',
    text: '言語モデルの共同学習に招待されました。学習に使う文章は、あなたの端末から出ません。内容を読んで同意するまで、何も始まりません。',
    name: '管理者に見せる名前（任意）',
    nameHint:
      '管理者に見えるのは、この名前、接続しているかどうか、送った更新の回数です。空欄でもかまいません。',
    open: '招待の内容を見る',
    again: 'このブラウザーではすでに参加しています。',
    continue: '続ける',
    missing: 'このリンクには招待が含まれていません。',
    missingTodo: '招待のリンク全体を開くか、ここに貼り付けてください。',
    paste: '招待リンク',
    use: 'このリンクを使う',
  },
  signIn: {
    title: 'ダッシュボードにサインイン',
    working: 'サインインしています…',
    text: 'ハブの起動時に表示されたサインイン用リンクを開くか、名前とパスワードでサインインしてください。',
    user: '名前',
    password: 'パスワード',
    submit: 'サインイン',
    signedIn: '{{role}}としてサインインしています。',
    toDashboard: 'ダッシュボードへ',
    signOut: 'サインアウト',
    roles: { admin: '管理者', viewer: '閲覧者', contributor: '参加者' },
  },
};
