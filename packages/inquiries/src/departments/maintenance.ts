import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the maintenance department. */
export const maintenance: DepartmentTemplates = {
  en: {
    train: [
      'What does a blinking red lamp on the {product} mean?',
      'The {product} is dead since this morning.',
      'The technician came on {day}, but the fault is back.',
      'There is a burning smell when I switch on the {product}.',
      'The {product} no longer gets warm.',
      'The motor hums but nothing moves.',
      'The display is black and no button reacts.',
      'Smoke came out of the {product} when I used it on {day}.',
      'Is it worth mending a {product} that is {num} years old?',
      'My {product} shows error {num}, what does it mean?',
      'When will my {product} come back from the workshop?',
      'Water leaks from the bottom of the {product}.',
      'Please send someone to repair my {product}.',
      'I would like an estimate for the broken {product}.',
    ],
    validation: [
      'My {product} stopped cooling and the light keeps flashing.',
      'Nothing happens when I push the power switch.',
      'After {num} minutes it shuts down by itself.',
      'The {product} makes a terrible noise since {day}.',
    ],
    test: [
      'Can I have the {product} inspected at home?',
      'It broke only {num} months after I bought it, is it still under warranty?',
      'It is rattling and dripping, can a mechanic look at it?',
      'The {product} stops after a few minutes.',
      'How much would fixing the {product} cost?',
      'The {product} does not turn on any more.',
    ],
  },
  ja: {
    train: [
      'がたがた鳴って水も垂れるので、技術の方に見てほしい。',
      '{num}分たつと勝手に切れてしまう。',
      '家で{product}を点検してもらえますか。',
      '{num}年使った{product}は直す価値がありますか。',
      '{product}を直すといくらかかりますか。',
      '画面が真っ暗でボタンも効きません。',
      '{product}をつけると焦げ臭いです。',
      '{day}に直してもらいましたが、また同じ症状です。',
      '{product}にエラー{num}と出ます。どういう意味ですか。',
      '買って{num}か月で壊れました。保証は効きますか。',
      '今朝から{product}がまったく動きません。',
      '{product}の修理に来てください。',
      'モーターの音はしますが回りません。',
      'スイッチを押しても何も起こらない。',
    ],
    validation: [
      '{product}が温まらなくなりました。',
      '修理に出した{product}はいつ戻りますか。',
      '{product}が冷えず、明かりがずっと点滅している。',
      '壊れた{product}の見積もりがほしいです。',
    ],
    test: [
      '{product}の電源が入らなくなりました。',
      '{product}が数分で止まります。',
      '{product}の赤いランプが点滅するのは何ですか。',
      '{day}に使ったら{product}から煙が出た。',
      '{product}の下から水が漏れています。',
      '{day}から{product}がひどい音を立てます。',
    ],
  },
};
