import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the returns department. */
export const returns: DepartmentTemplates = {
  en: {
    train: [
      'The {product} is too large for my kitchen, can I swap it?',
      'I would like to exchange the {product} for a white one.',
      'It looks different from the photo, I do not want to keep it.',
      'Not happy with the colour of the {product}, I would prefer to get my cash back.',
      'When do I get my money back for order {order}?',
      'Where do I get the return label?',
      'May I trade the unused {product} for a smaller size?',
      'Please cancel order {order}, I changed my mind.',
      'I no longer need what I bought on {day}, take it back please.',
      'Can I give it back without the original box?',
      'The refund for the {product} is still missing.',
      'How many days do I have to return an unopened {product}?',
      'I sent the goods back on {day} and still wait for the {money}.',
      'I received a {product} as a gift and would like a different one.',
    ],
    validation: [
      'Please undo my purchase {order}, we found another one.',
      'The size does not match what I ordered.',
      'I ordered two by mistake and would like to return one.',
      'I opened the box but never used the {product}. Can it go back?',
    ],
    test: [
      'My refund of {money} has not arrived since {day}.',
      'I want to send back the {product}, it is the wrong colour.',
      'You delivered a {product} of the wrong model, please exchange it.',
      'It was bought by accident and is still sealed, what are my options?',
      'This is not the model I picked, so I am shipping it back.',
      'Who pays the shipping when I return something?',
    ],
  },
  ja: {
    train: [
      '{product}の返金がまだされていません。',
      '使っていない{product}を小さいサイズと取り替えたい。',
      '箱を開けましたが{product}は使っていません。戻せますか。',
      '{day}に品を返送したのに{money}がまだ戻らない。',
      '{day}から待っていますが返金の{money}が来ません。',
      '頼んだものとサイズが違います。',
      '{product}の色が気に入らず、お金を戻してほしい。',
      '{day}に買ったものが不要になったので引き取ってほしい。',
      '{product}が台所に入りません。小さいものに替えられますか。',
      '色が違ったので{product}を返したいです。',
      '間違えて二つ頼んだので一つ返したいです。',
      '返品用の送り状はどこでもらえますか。',
      'うっかり買ってしまい封も切っていません。',
      '{product}を白いものに取り替えてもらえますか。',
    ],
    validation: [
      '未開封の{product}は何日以内なら返品できますか。',
      '別のを見つけたので購入{order}をなかったことにしたい。',
      '気が変わったので注文{order}を取り消してください。',
      '元の箱がなくても返せますか。',
    ],
    test: [
      '型番の違う{product}が届いたので交換してください。',
      '注文{order}の返金はいつになりますか。',
      '返すときの送料はどちらが払いますか。',
      '贈り物でもらった{product}を別のものに替えたいです。',
      '写真と違うので要りません。',
      '選んだ機種ではなかったので送り返します。',
    ],
  },
};
