import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the delivery department. */
export const delivery: DepartmentTemplates = {
  en: {
    train: [
      'I was not at home, how do I arrange another delivery?',
      'The courier handed my box to somebody I do not know.',
      'The box with the {product} arrived soaked and torn.',
      'Could the {product} come on {day} instead?',
      'When will the {product} be shipped?',
      'I would like to receive it on {day} between two and four.',
      'It has been {num} days and the status still says preparing.',
      'Nobody came on {day} although I stayed in the whole afternoon.',
      'How much is express delivery to {place}?',
      'Drop the package at the door please, I am out until late.',
      'Can the courier leave the parcel with my neighbour?',
      'The driver left the parcel in front of the wrong house.',
      'The parcel shows as delivered but I have nothing.',
      'Can you change the delivery address of order {order}?',
    ],
    validation: [
      'I moved to {place}, please send the order there.',
      'Can you deliver to an island?',
      'Can the truck come earlier than {day}?',
      'The tracking page has not changed since {day}.',
    ],
    test: [
      'Please bring the {product} in the evening instead of the morning.',
      'Where is my {product}? I have waited {num} days for it.',
      'The tracking number {order} does not work.',
      'My {product} was supposed to arrive on {day} but it is not here.',
      'Only one of the two boxes has arrived so far.',
      'Do you ship to {place}?',
    ],
  },
  ja: {
    train: [
      '{product}はいつ発送されますか。',
      '{product}の箱がぬれて破れた状態で届きました。',
      '留守にしていました。再配達をお願いします。',
      '{day}に届くはずの{product}がまだ来ません。',
      '追跡の表示が{day}から変わらない。',
      '二箱のうち一つしか届いていません。',
      '{place}にも送れますか。',
      '追跡番号{order}で調べても出てきません。',
      '午後ずっと家にいたのに{day}は誰も来なかった。',
      '配達済みと出ていますが何も受け取っていません。',
      '{day}の二時から四時の間に受け取りたいです。',
      '{product}の到着を{day}にずらせますか。',
      '{product}を{num}日も待っていますが、今どこでしょう。',
      'トラックは{day}より早く来られますか。',
    ],
    validation: [
      '注文{order}のお届け先を変更できますか。',
      '荷物を隣の家に預けてもらえますか。',
      '{product}を午前ではなく夜に持ってきてください。',
      '離島にも配達してもらえますか。',
    ],
    test: [
      '{num}日たっても準備中のままです。',
      '知らない人に私の荷物を渡したようだ。',
      '{place}まで速達だといくらですか。',
      '配達員が違う家の前に荷物を置いていきました。',
      '{place}に引っ越したのでそちらに送ってください。',
      '帰りが遅いので玄関の前に置いておいてほしい。',
    ],
  },
};
