import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the returns department. */
export const returns: DepartmentTemplates = {
  en: {
    train: [
      'I want to send back the {product}, it is the wrong colour.',
      'You delivered a {product} of the wrong model, please exchange it.',
      'How many days do I have to return an unopened {product}?',
      'When do I get my money back for order {order}?',
      'I ordered two by mistake and would like to return one.',
      'The {product} is too large for my kitchen, can I swap it?',
      'Please cancel order {order}, I changed my mind.',
      'Who pays the shipping when I return something?',
      'I opened the box but never used the {product}. Can it go back?',
      'My refund of {money} has not arrived since {day}.',
      'The size does not match what I ordered.',
      'I received a {product} as a gift and would like a different one.',
      'Where do I get the return label?',
      'It looks different from the photo, I do not want to keep it.',
    ],
    validation: [
      'I would like to exchange the {product} for a white one.',
      'The refund for the {product} is still missing.',
      'Can I give it back without the original box?',
      'I no longer need what I bought on {day}, take it back please.',
    ],
    test: [
      'This is not the model I picked, so I am shipping it back.',
      'Not happy with the colour of the {product}, I would prefer to get my cash back.',
      'May I trade the unused {product} for a smaller size?',
      'I sent the goods back on {day} and still wait for the {money}.',
      'Please undo my purchase {order}, we found another one.',
      'It was bought by accident and is still sealed, what are my options?',
    ],
  },
  ja: {
    train: [
      '色が違ったので{product}を返したいです。',
      '型番の違う{product}が届いたので交換してください。',
      '未開封の{product}は何日以内なら返品できますか。',
      '注文{order}の返金はいつになりますか。',
      '間違えて二つ頼んだので一つ返したいです。',
      '{product}が台所に入りません。小さいものに替えられますか。',
      '気が変わったので注文{order}を取り消してください。',
      '返すときの送料はどちらが払いますか。',
      '箱を開けましたが{product}は使っていません。戻せますか。',
      '{day}から待っていますが返金の{money}が来ません。',
      '頼んだものとサイズが違います。',
      '贈り物でもらった{product}を別のものに替えたいです。',
      '返品用の送り状はどこでもらえますか。',
      '写真と違うので要りません。',
    ],
    validation: [
      '{product}を白いものに取り替えてもらえますか。',
      '{product}の返金がまだされていません。',
      '元の箱がなくても返せますか。',
      '{day}に買ったものが不要になったので引き取ってほしい。',
    ],
    test: [
      '選んだ機種ではなかったので送り返します。',
      '{product}の色が気に入らず、お金を戻してほしい。',
      '使っていない{product}を小さいサイズと取り替えたい。',
      '{day}に品を返送したのに{money}がまだ戻らない。',
      '別のを見つけたので購入{order}をなかったことにしたい。',
      'うっかり買ってしまい封も切っていません。',
    ],
  },
};
