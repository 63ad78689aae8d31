import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the installation department. */
export const installation: DepartmentTemplates = {
  en: {
    train: [
      'Where should the outdoor unit be placed?',
      'I need a fitter who drills the wall and lays the cable.',
      'I would like somebody to look at the room before the {product} is put in.',
      'The hose of the new {product} does not reach the tap.',
      'Can you mount the {product} on a concrete wall?',
      'We are moving, can you take down and set up the {product} again?',
      'The {product} wobbles since your men set it up.',
      'Will the {product} fit through a door of {num} centimetres?',
      'Connecting the water to the {product} is too difficult for me.',
      'Which plug does it need, there is only an old socket here.',
      'The stairs are narrow, will you manage to carry the {product} up?',
      'The fitter did not come on {day}.',
      'Please change the date of the installation to {day}.',
      'Please install the {product} on {day}.',
    ],
    validation: [
      'It is not level, please come and put it up properly.',
      'There is no hole in the wall for the pipe of the {product}.',
      'How much space must I leave behind the {product}?',
      'How long does it take to fit the {product}?',
    ],
    test: [
      'Do I need a special socket for the {product}?',
      'Does the installation of the {product} cost extra?',
      'Is wiring included when you set up the {product}?',
      'Can I connect the {product} by myself?',
      'We live on the {num}th floor without a lift, can you carry it up?',
      'Can your men hang the {product} above the fireplace?',
    ],
  },
  ja: {
    train: [
      '水平になっていないので、据え付けをやり直してほしい。',
      '{product}の設置に配線は含まれますか。',
      '室外機はどこに置けばいいですか。',
      '{product}は自分でつなげますか。',
      '古いコンセントしかないが、差し込みは合うだろうか。',
      '置いてもらった{product}がぐらつきます。',
      '{product}の工事は何時間かかりますか。',
      '幅{num}センチの扉から{product}は入りますか。',
      '{product}の後ろはどれくらい空ければいいですか。',
      '{product}の管を通す穴が壁にありません。',
      '{product}を水道につなぐのは私には難しい。',
      '暖炉の上に{product}を掛けてもらえますか。',
      '{product}を入れる前に部屋を見に来てほしいです。',
      '工事の日を{day}に変えてください。',
    ],
    validation: [
      '{day}に工事の人が来ませんでした。',
      '新しい{product}のホースが蛇口まで届きません。',
      '{day}に{product}の設置をお願いします。',
      '壁に穴を開けて配線もできる作業の方を頼みたい。',
    ],
    test: [
      'コンクリートの壁に{product}を取り付けられますか。',
      '{product}には専用のコンセントが要りますか。',
      '{num}階でエレベーターがありませんが運べますか。',
      '{product}の取り付けに別料金はかかりますか。',
      '階段が狭いけれど{product}を上まで運べますか。',
      '引っ越すので{product}の取り外しと取り付けを頼みたいです。',
    ],
  },
};
