import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the delivery department. */
export const delivery: DepartmentTemplates = {
  en: {
    train: [
      'My {product} was supposed to arrive on {day} but it is not here.',
      'Can you change the delivery address of order {order}?',
      'The tracking number {order} does not work.',
      'Please bring the {product} in the evening instead of the morning.',
      'The driver left the parcel in front of the wrong house.',
      'When will the {product} be shipped?',
      'I was not at home, how do I arrange another delivery?',
      'The box with the {product} arrived soaked and torn.',
      'Can you deliver to an island?',
      'How much is express delivery to {place}?',
      'Only one of the two boxes has arrived so far.',
      'I would like to receive it on {day} between two and four.',
      'Can the courier leave the parcel with my neighbour?',
      'It has been {num} days and the status still says preparing.',
    ],
    validation: [
      'The parcel shows as delivered but I have nothing.',
      'Could the {product} come on {day} instead?',
      'I moved to {place}, please send the order there.',
      'Do you ship to {place}?',
    ],
    test: [
      'Where is my {product}? I have waited {num} days for it.',
      'Nobody came on {day} although I stayed in the whole afternoon.',
      'The tracking page has not changed since {day}.',
      'Drop the package at the door please, I am out until late.',
      'Can the truck come earlier than {day}?',
      'The courier handed my box to somebody I do not know.',
    ],
  },
  ja: {
    train: [
      '{day}に届くはずの{product}がまだ来ません。',
      '注文{order}のお届け先を変更できますか。',
      '追跡番号{order}で調べても出てきません。',
      '{product}を午前ではなく夜に持ってきてください。',
      '配達員が違う家の前に荷物を置いていきました。',
      '{product}はいつ発送されますか。',
      '留守にしていました。再配達をお願いします。',
      '{product}の箱がぬれて破れた状態で届きました。',
      '離島にも配達してもらえますか。',
      '{place}まで速達だといくらですか。',
      '二箱のうち一つしか届いていません。',
      '{day}の二時から四時の間に受け取りたいです。',
      '荷物を隣の家に預けてもらえますか。',
      '{num}日たっても準備中のままです。',
    ],
    validation: [
      '配達済みと出ていますが何も受け取っていません。',
      '{product}の到着を{day}にずらせますか。',
      '{place}に引っ越したのでそちらに送ってください。',
      '{place}にも送れますか。',
    ],
    test: [
      '{product}を{num}日も待っていますが、今どこでしょう。',
      '午後ずっと家にいたのに{day}は誰も来なかった。',
      '追跡の表示が{day}から変わらない。',
      '帰りが遅いので玄関の前に置いておいてほしい。',
      'トラックは{day}より早く来られますか。',
      '知らない人に私の荷物を渡したようだ。',
    ],
  },
};
