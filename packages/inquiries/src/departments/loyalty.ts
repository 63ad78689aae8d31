import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the loyalty department. */
export const loyalty: DepartmentTemplates = {
  en: {
    train: [
      'How do I reach the gold rank?',
      'How many points do I have?',
      'Is there a stamp card in the app?',
      'Until when must I spend what I collected?',
      'How do I pay for the {product} with points?',
      'When do my points expire?',
      'I found an old gift card of {money}, is it still valid?',
      'Can I transfer my points to my sister?',
      'Why did my rank go down?',
      'I entered the {month} campaign but got no prize.',
      'The birthday discount was not applied.',
      'Can my husband and I put our points in one pot?',
      'I thought members get a discount in {month}, but the price stayed the same.',
      'Can I use points and a coupon together?',
    ],
    validation: [
      'I invited a friend, but the reward never showed up.',
      'My voucher of {money} is refused at the checkout.',
      'My friend used my code, where is my bonus?',
      'I did not get the coupon that you promised in {month}.',
    ],
    test: [
      'The coupon code does not work for the {product}.',
      'The bonus for buying a {product} is not in my balance.',
      'I lost {num} points last month, why?',
      'My points for order {order} have not been added.',
      'How many points do I get for a {product}?',
      'The {num} points from {day} are missing.',
    ],
  },
  ja: {
    train: [
      '{product}にクーポンコードが使えません。',
      '集めた分はいつまでに使えばよいか。',
      '夫とためた分を一つにまとめられますか。',
      '{money}の古いギフトカードはまだ使えますか。',
      'レジで{money}の商品券を断られた。',
      '{product}を買うと何ポイント付きますか。',
      '妹にポイントを移せますか。',
      '友人を紹介したのに特典が出てこない。',
      '先月{num}ポイント減ったのはなぜですか。',
      '注文{order}のポイントが付いていません。',
      'ポイントで{product}を買うにはどうしますか。',
      'ゴールド会員になるにはどうすればいいですか。',
      '{month}にもらえるはずのクーポンが来ません。',
      'ポイントとクーポンは一緒に使えますか。',
    ],
    validation: [
      '{month}は会員割引と聞いたが、値段が変わらなかった。',
      'アプリにスタンプカードはありますか。',
      '誕生日の割引が適用されませんでした。',
      '{month}のキャンペーンに応募しましたが何も来ません。',
    ],
    test: [
      '{product}を買ったボーナスが残高に入っていない。',
      '友達が紹介コードを使いましたが特典がありません。',
      '今ポイントはいくつありますか。',
      'ランクが下がったのはどうしてですか。',
      'ポイントの期限はいつですか。',
      '{day}の{num}ポイントが反映されません。',
    ],
  },
};
