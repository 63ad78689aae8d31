import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the parts department. */
export const parts: DepartmentTemplates = {
  en: {
    train: [
      'I need a new filter for my {product}.',
      'Where can I buy the lid of the {product}?',
      'The remote control of the {product} is lost, can I order another?',
      'A screw was missing from the bag of the {product}.',
      'Which battery fits the {product}?',
      'Do you still have the glass tray for an old {product}?',
      'The handle of my {product} broke off, I want to order just that.',
      'How much is a replacement hose for the {product}?',
      'What is the item number of the rubber seal?',
      'I would like {num} dust bags for the {product}.',
      'The charger for the {product} is broken, do you sell it separately?',
      'How often should the filter of the {product} be replaced?',
      'Can I buy the knob of the {product} alone?',
      'Is the brush of the old {product} the same as the new one?',
    ],
    validation: [
      'Please send me one more shelf for the {product}.',
      'The cable of the {product} is torn, is it sold separately?',
      'I am looking for the lamp inside the {product}.',
      'Do cheap batteries from another maker fit the {product}?',
    ],
    test: [
      'One little wheel came off, can I get only that piece?',
      'The rubber ring around the door is worn, please tell me the order number.',
      'My dog chewed the remote for the {product}, where do I find a new one?',
      'Are bags and filters for the {product} of {num} years ago still made?',
      'I dropped the cover of the {product} and need another lid.',
      'Please sell me {num} screws that fit the {product}.',
    ],
  },
  ja: {
    train: [
      '{product}の新しいフィルターがほしいです。',
      '{product}のふたはどこで買えますか。',
      '{product}のリモコンをなくしました。注文できますか。',
      '{product}の袋にねじが一本足りませんでした。',
      '{product}に合う電池はどれですか。',
      '古い{product}のガラス皿はまだありますか。',
      '{product}の取っ手が折れたので、それだけ注文したいです。',
      '{product}の替えのホースはいくらですか。',
      'ゴムパッキンの品番は何ですか。',
      '{product}の紙パックを{num}枚ください。',
      '{product}の充電器が壊れました。別売りはありますか。',
      '{product}のフィルターはどのくらいで替えますか。',
      '{product}のつまみだけ買えますか。',
      '古い{product}のブラシは新しいものと同じですか。',
    ],
    validation: [
      '{product}の棚板をもう一枚送ってください。',
      '{product}のコードが切れました。単品で売っていますか。',
      '{product}の中の電球を探しています。',
      '他社の安い電池でも{product}に合いますか。',
    ],
    test: [
      '小さな車輪が一つ取れたが、それだけ手に入りますか。',
      '扉のまわりのゴムが傷んだので、品番を教えてほしい。',
      '犬が{product}のリモコンをかんでしまい、新しいのが要る。',
      '{num}年前の{product}の紙パックやフィルターは今も作っていますか。',
      '{product}のふたを落として割り、もう一つ必要だ。',
      '{product}に合うねじを{num}本売ってほしい。',
    ],
  },
};
