import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the loyalty department. */
export const loyalty: DepartmentTemplates = {
  en: {
    train: [
      'How many points do I have?',
      'My points for order {order} have not been added.',
      'When do my points expire?',
      'The coupon code does not work for the {product}.',
      'Can I use points and a coupon together?',
      'I lost {num} points last month, why?',
      'How do I reach the gold rank?',
      'Can I transfer my points to my sister?',
      'I entered the {month} campaign but got no prize.',
      'My friend used my code, where is my bonus?',
      'How do I pay for the {product} with points?',
      'The birthday discount was not applied.',
      'I found an old gift card of {money}, is it still valid?',
      'How many points do I get for a {product}?',
    ],
    validation: [
      'The {num} points from {day} are missing.',
      'I did not get the coupon that you promised in {month}.',
      'Why did my rank go down?',
      'Is there a stamp card in the app?',
    ],
    test: [
      'I invited a friend, but the reward never showed up.',
      'My voucher of {money} is refused at the checkout.',
      'The bonus for buying a {product} is not in my balance.',
      'Can my husband and I put our points in one pot?',
      'Until when must I spend what I collected?',
      'I thought members get a discount in {month}, but the price stayed the same.',
    ],
  },
  ja: {
    train: [
      '今ポイントはいくつありますか。',
      '注文{order}のポイントが付いていません。',
      'ポイントの期限はいつですか。',
      '{product}にクーポンコードが使えません。',
      'ポイントとクーポンは一緒に使えますか。',
      '先月{num}ポイント減ったのはなぜですか。',
      'ゴールド会員になるにはどうすればいいですか。',
      '妹にポイントを移せますか。',
      '{month}のキャンペーンに応募しましたが何も来ません。',
      '友達が紹介コードを使いましたが特典がありません。',
      'ポイントで{product}を買うにはどうしますか。',
      '誕生日の割引が適用されませんでした。',
      '{money}の古いギフトカードはまだ使えますか。',
      '{product}を買うと何ポイント付きますか。',
    ],
    validation: [
      '{day}の{num}ポイントが反映されません。',
      '{month}にもらえるはずのクーポンが来ません。',
      'ランクが下がったのはどうしてですか。',
      'アプリにスタンプカードはありますか。',
    ],
    test: [
      '友人を紹介したのに特典が出てこない。',
      'レジで{money}の商品券を断られた。',
      '{product}を買ったボーナスが残高に入っていない。',
      '夫とためた分を一つにまとめられますか。',
      '集めた分はいつまでに使えばよいか。',
      '{month}は会員割引と聞いたが、値段が変わらなかった。',
    ],
  },
};
