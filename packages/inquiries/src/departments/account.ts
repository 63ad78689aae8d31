import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the account department. */
export const account: DepartmentTemplates = {
  en: {
    train: [
      'I forgot my password and cannot log in.',
      'Please change my e-mail address to a new one.',
      'How do I delete my account?',
      'The confirmation code never reaches my phone.',
      'My account has been locked after {num} attempts.',
      'I got married, how do I change my name in my profile?',
      'Please stop sending me the newsletter.',
      'I cannot register, it says the address is in use.',
      'Somebody logged in to my account from {place}.',
      'How can I turn on two-step sign-in?',
      'I changed my phone number, where do I update it?',
      'The link for resetting the password has expired.',
      'Can my wife and I use one account?',
      'The app logs me out every day.',
    ],
    validation: [
      'I cannot get into my page since {day}.',
      'Please correct the birthday in my profile.',
      'I would like to quit my membership.',
      'The app does not accept my user name.',
    ],
    test: [
      'It keeps saying wrong password although I typed it carefully.',
      'My old mail does not exist any more, how do I enter the new one?',
      'I want all my personal details removed from your site.',
      'No code comes when I try to sign in with my mobile.',
      'A stranger seems to be using my login.',
      'How do I unsubscribe from the mails you send each week?',
    ],
  },
  ja: {
    train: [
      'パスワードを忘れてログインできません。',
      'メールアドレスを新しいものに変えてください。',
      'アカウントを削除するにはどうしますか。',
      '携帯に確認コードが届きません。',
      '{num}回間違えてアカウントがロックされました。',
      '結婚したので登録の名前を変えたいです。',
      'メールマガジンを止めてください。',
      'アドレスが使用中と出て登録できません。',
      '{place}から誰かが私のアカウントに入りました。',
      '二段階認証はどうやって有効にしますか。',
      '電話番号が変わりました。どこで直せますか。',
      'パスワード再設定のリンクの期限が切れました。',
      '夫婦で一つのアカウントを使えますか。',
      'アプリから毎日ログアウトされます。',
    ],
    validation: [
      '{day}からマイページに入れません。',
      '登録した誕生日を訂正してください。',
      '会員をやめたいです。',
      'アプリがユーザー名を受け付けません。',
    ],
    test: [
      '慎重に打ってもパスワードが違うと言われ続ける。',
      '古いメールはもうないので、新しいのを入れたい。',
      'そちらのサイトから私の個人情報を全部消してほしい。',
      '携帯で認証しようとしても番号が送られてこない。',
      '他人が私のIDを使っているようだ。',
      '毎週来るお知らせのメールを解除したい。',
    ],
  },
};
