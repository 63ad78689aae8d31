import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the environment department. */
export const environment: DepartmentTemplates = {
  en: {
    train: [
      'We have piles of cardboard and foam left, who takes them?',
      'There is an ancient {product} in the garage, could somebody haul it off?',
      'Does the fee of {money} include the pick-up of the old one?',
      'Is the {product} made of recycled plastic?',
      'What do you charge for scrapping {num} worn-out appliances?',
      'I have {num} old machines, can you collect them?',
      'Which bin do the empty cells of the {product} belong in?',
      'My city does not accept the {product} as garbage.',
      'May I leave the styrofoam with your driver?',
      'Please pick up the old {product} on {day}.',
      'What happens to the appliances that you collect?',
      "We are clearing our parents' house and want to get rid of a {product}.",
      'Do I need a recycling ticket for the {product}?',
      'Can a {product} go into the metal waste?',
    ],
    validation: [
      'How do I recycle the packaging of the {product}?',
      'Where can I throw away used batteries?',
      'The dump refused our {product}, is there another collection point?',
      'Could you take back the cardboard boxes?',
    ],
    test: [
      'Can I hand in a broken {product} at your shop?',
      'Will you take away my old {product} when you bring the new one?',
      'How much does it cost to dispose of a {product}?',
      'Is the gas in the old {product} harmful to nature?',
      'How do I get rid of a {product} that nobody wants?',
      'I wonder whether the junk you gather is really reused.',
    ],
  },
  ja: {
    train: [
      '車庫に大昔の{product}があり、運び出してほしい。',
      '古い{product}のガスは自然に害がありますか。',
      '段ボール箱を持ち帰ってもらえますか。',
      '誰も要らない{product}はどう捨てればいいですか。',
      '集めた家電はその後どうなりますか。',
      '使い終わった電池はどこに捨てればいいですか。',
      '{product}は金属ごみに出せますか。',
      '{product}の包装はどうリサイクルしますか。',
      '段ボールや詰め物が山ほど残ったが、誰が引き取りますか。',
      '発泡スチロールを運転手に渡してもいいですか。',
      '{day}に古い{product}を引き取りに来てください。',
      '{product}の空になった電池は何ごみですか。',
      '古い家電が{num}台あります。回収してもらえますか。',
      '{money}の料金に古いものの回収は入っていますか。',
    ],
    validation: [
      'ごみ処理場で{product}を断られたが、ほかの回収場所はありますか。',
      '新しい{product}と引き換えに古いものを持っていってもらえますか。',
      '{product}は再生プラスチックで作られていますか。',
      '{product}にリサイクル券は必要ですか。',
    ],
    test: [
      '使えなくなった家電{num}台の廃棄はいくらですか。',
      '壊れた{product}を店に持ち込めますか。',
      '市では{product}をごみに出せません。',
      '実家を片付けていて{product}を処分したいです。',
      '{product}の処分はいくらかかりますか。',
      '集めた不用品が本当に再利用されるのか気になる。',
    ],
  },
};
