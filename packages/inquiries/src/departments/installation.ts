import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the installation department. */
export const installation: DepartmentTemplates = {
  en: {
    train: [
      'Please install the {product} on {day}.',
      'Does the installation of the {product} cost extra?',
      'Can you mount the {product} on a concrete wall?',
      'The hose of the new {product} does not reach the tap.',
      'Do I need a special socket for the {product}?',
      'Will the {product} fit through a door of {num} centimetres?',
      'We are moving, can you take down and set up the {product} again?',
      'The fitter did not come on {day}.',
      'I would like somebody to look at the room before the {product} is put in.',
      'Can I connect the {product} by myself?',
      'The {product} wobbles since your men set it up.',
      'We live on the {num}th floor without a lift, can you carry it up?',
      'How long does it take to fit the {product}?',
      'Where should the outdoor unit be placed?',
    ],
    validation: [
      'Is wiring included when you set up the {product}?',
      'Please change the date of the installation to {day}.',
      'There is no hole in the wall for the pipe of the {product}.',
      'How much space must I leave behind the {product}?',
    ],
    test: [
      'Can your men hang the {product} above the fireplace?',
      'The stairs are narrow, will you manage to carry the {product} up?',
      'I need a fitter who drills the wall and lays the cable.',
      'Which plug does it need, there is only an old socket here.',
      'Connecting the water to the {product} is too difficult for me.',
      'It is not level, please come and put it up properly.',
    ],
  },
  ja: {
    train: [
      '{day}に{product}の設置をお願いします。',
      '{product}の取り付けに別料金はかかりますか。',
      'コンクリートの壁に{product}を取り付けられますか。',
      '新しい{product}のホースが蛇口まで届きません。',
      '{product}には専用のコンセントが要りますか。',
      '幅{num}センチの扉から{product}は入りますか。',
      '引っ越すので{product}の取り外しと取り付けを頼みたいです。',
      '{day}に工事の人が来ませんでした。',
      '{product}を入れる前に部屋を見に来てほしいです。',
      '{product}は自分でつなげますか。',
      '置いてもらった{product}がぐらつきます。',
      '{num}階でエレベーターがありませんが運べますか。',
      '{product}の工事は何時間かかりますか。',
      '室外機はどこに置けばいいですか。',
    ],
    validation: [
      '{product}の設置に配線は含まれますか。',
      '工事の日を{day}に変えてください。',
      '{product}の管を通す穴が壁にありません。',
      '{product}の後ろはどれくらい空ければいいですか。',
    ],
    test: [
      '暖炉の上に{product}を掛けてもらえますか。',
      '階段が狭いけれど{product}を上まで運べますか。',
      '壁に穴を開けて配線もできる作業の方を頼みたい。',
      '古いコンセントしかないが、差し込みは合うだろうか。',
      '{product}を水道につなぐのは私には難しい。',
      '水平になっていないので、据え付けをやり直してほしい。',
    ],
  },
};
