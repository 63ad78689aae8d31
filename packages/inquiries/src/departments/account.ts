import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the account department. */
export const account: DepartmentTemplates = {
  en: {
    train: [
      'How do I delete my account?',
      'I forgot my password and cannot log in.',
      'Somebody logged in to my account from {place}.',
      'Please stop sending me the newsletter.',
      'The confirmation code never reaches my phone.',
      'The link for resetting the password has expired.',
      'A stranger seems to be using my login.',
      'I got married, how do I change my name in my profile?',
      'My account has been locked after {num} attempts.',
      'No code comes when I try to sign in with my mobile.',
      'I changed my phone number, where do I update it?',
      'Please change my e-mail address to a new one.',
      'The app logs me out every day.',
      'My old mail does not exist any more, how do I enter the new one?',
    ],
    validation: [
      'Please correct the birthday in my profile.',
      'It keeps saying wrong password although I typed it carefully.',
      'How do I unsubscribe from the mails you send each week?',
      'How can I turn on two-step sign-in?',
    ],
    test: [
      'The app does not accept my user name.',
      'I want all my personal details removed from your site.',
      'Can my wife and I use one account?',
      'I cannot register, it says the address is in use.',
      'I cannot get into my page since {day}.',
      'I would like to quit my membership.',
    ],
  },
  ja: {
    train: [
      'アカウントを削除するにはどうしますか。',
      '夫婦で一つのアカウントを使えますか。',
      'パスワードを忘れてログインできません。',
      'アドレスが使用中と出て登録できません。',
      '登録した誕生日を訂正してください。',
      '他人が私のIDを使っているようだ。',
      '毎週来るお知らせのメールを解除したい。',
      '古いメールはもうないので、新しいのを入れたい。',
      '二段階認証はどうやって有効にしますか。',
      '{day}からマイページに入れません。',
      'アプリから毎日ログアウトされます。',
      'メールマガジンを止めてください。',
      '結婚したので登録の名前を変えたいです。',
      '慎重に打ってもパスワードが違うと言われ続ける。',
    ],
    validation: [
      '会員をやめたいです。',
      'メールアドレスを新しいものに変えてください。',
      '{place}から誰かが私のアカウントに入りました。',
      '携帯に確認コードが届きません。',
    ],
    test: [
      '携帯で認証しようとしても番号が送られてこない。',
      '{num}回間違えてアカウントがロックされました。',
      'アプリがユーザー名を受け付けません。',
      'そちらのサイトから私の個人情報を全部消してほしい。',
      '電話番号が変わりました。どこで直せますか。',
      'パスワード再設定のリンクの期限が切れました。',
    ],
  },
};
