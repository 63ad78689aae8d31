import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the maintenance department. */
export const maintenance: DepartmentTemplates = {
  en: {
    train: [
      'The {product} does not turn on any more.',
      'My {product} shows error {num}, what does it mean?',
      'Water leaks from the bottom of the {product}.',
      'The {product} makes a terrible noise since {day}.',
      'Please send someone to repair my {product}.',
      'How much would fixing the {product} cost?',
      'The {product} stops after a few minutes.',
      'There is a burning smell when I switch on the {product}.',
      'The display is black and no button reacts.',
      'It broke only {num} months after I bought it, is it still under warranty?',
      'When will my {product} come back from the workshop?',
      'The {product} no longer gets warm.',
      'Can I have the {product} inspected at home?',
      'The technician came on {day}, but the fault is back.',
    ],
    validation: [
      'The {product} is dead since this morning.',
      'What does a blinking red lamp on the {product} mean?',
      'I would like an estimate for the broken {product}.',
      'The motor hums but nothing moves.',
    ],
    test: [
      'Smoke came out of the {product} when I used it on {day}.',
      'After {num} minutes it shuts down by itself.',
      'It is rattling and dripping, can a mechanic look at it?',
      'Nothing happens when I push the power switch.',
      'My {product} stopped cooling and the light keeps flashing.',
      'Is it worth mending a {product} that is {num} years old?',
    ],
  },
  ja: {
    train: [
      '{product}の電源が入らなくなりました。',
      '{product}にエラー{num}と出ます。どういう意味ですか。',
      '{product}の下から水が漏れています。',
      '{day}から{product}がひどい音を立てます。',
      '{product}の修理に来てください。',
      '{product}を直すといくらかかりますか。',
      '{product}が数分で止まります。',
      '{product}をつけると焦げ臭いです。',
      '画面が真っ暗でボタンも効きません。',
      '買って{num}か月で壊れました。保証は効きますか。',
      '修理に出した{product}はいつ戻りますか。',
      '{product}が温まらなくなりました。',
      '家で{product}を点検してもらえますか。',
      '{day}に直してもらいましたが、また同じ症状です。',
    ],
    validation: [
      '今朝から{product}がまったく動きません。',
      '{product}の赤いランプが点滅するのは何ですか。',
      '壊れた{product}の見積もりがほしいです。',
      'モーターの音はしますが回りません。',
    ],
    test: [
      '{day}に使ったら{product}から煙が出た。',
      '{num}分たつと勝手に切れてしまう。',
      'がたがた鳴って水も垂れるので、技術の方に見てほしい。',
      'スイッチを押しても何も起こらない。',
      '{product}が冷えず、明かりがずっと点滅している。',
      '{num}年使った{product}は直す価値がありますか。',
    ],
  },
};
