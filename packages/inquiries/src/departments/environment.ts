import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the environment department. */
export const environment: DepartmentTemplates = {
  en: {
    train: [
      'Will you take away my old {product} when you bring the new one?',
      'How much does it cost to dispose of a {product}?',
      'Where can I throw away used batteries?',
      'I have {num} old machines, can you collect them?',
      'How do I recycle the packaging of the {product}?',
      'My city does not accept the {product} as garbage.',
      'Can I hand in a broken {product} at your shop?',
      'Do I need a recycling ticket for the {product}?',
      'Please pick up the old {product} on {day}.',
      'Is the {product} made of recycled plastic?',
      'What happens to the appliances that you collect?',
      "We are clearing our parents' house and want to get rid of a {product}.",
      'Could you take back the cardboard boxes?',
      'Is the gas in the old {product} harmful to nature?',
    ],
    validation: [
      'How do I get rid of a {product} that nobody wants?',
      'Does the fee of {money} include the pick-up of the old one?',
      'May I leave the styrofoam with your driver?',
      'Can a {product} go into the metal waste?',
    ],
    test: [
      'There is an ancient {product} in the garage, could somebody haul it off?',
      'Which bin do the empty cells of the {product} belong in?',
      'What do you charge for scrapping {num} worn-out appliances?',
      'We have piles of cardboard and foam left, who takes them?',
      'The dump refused our {product}, is there another collection point?',
      'I wonder whether the junk you gather is really reused.',
    ],
  },
  ja: {
    train: [
      '新しい{product}と引き換えに古いものを持っていってもらえますか。',
      '{product}の処分はいくらかかりますか。',
      '使い終わった電池はどこに捨てればいいですか。',
      '古い家電が{num}台あります。回収してもらえますか。',
      '{product}の包装はどうリサイクルしますか。',
      '市では{product}をごみに出せません。',
      '壊れた{product}を店に持ち込めますか。',
      '{product}にリサイクル券は必要ですか。',
      '{day}に古い{product}を引き取りに来てください。',
      '{product}は再生プラスチックで作られていますか。',
      '集めた家電はその後どうなりますか。',
      '実家を片付けていて{product}を処分したいです。',
      '段ボール箱を持ち帰ってもらえますか。',
      '古い{product}のガスは自然に害がありますか。',
    ],
    validation: [
      '誰も要らない{product}はどう捨てればいいですか。',
      '{money}の料金に古いものの回収は入っていますか。',
      '発泡スチロールを運転手に渡してもいいですか。',
      '{product}は金属ごみに出せますか。',
    ],
    test: [
      '車庫に大昔の{product}があり、運び出してほしい。',
      '{product}の空になった電池は何ごみですか。',
      '使えなくなった家電{num}台の廃棄はいくらですか。',
      '段ボールや詰め物が山ほど残ったが、誰が引き取りますか。',
      'ごみ処理場で{product}を断られたが、ほかの回収場所はありますか。',
      '集めた不用品が本当に再利用されるのか気になる。',
    ],
  },
};
