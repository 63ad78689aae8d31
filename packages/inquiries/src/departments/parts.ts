import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the parts department. */
export const parts: DepartmentTemplates = {
  en: {
    train: [
      'Please sell me {num} screws that fit the {product}.',
      'I need a new filter for my {product}.',
      'The charger for the {product} is broken, do you sell it separately?',
      'I dropped the cover of the {product} and need another lid.',
      'The cable of the {product} is torn, is it sold separately?',
      'Can I buy the knob of the {product} alone?',
      'How often should the filter of the {product} be replaced?',
      'Do you still have the glass tray for an old {product}?',
      'Where can I buy the lid of the {product}?',
      'How much is a replacement hose for the {product}?',
      'I am looking for the lamp inside the {product}.',
      'Which battery fits the {product}?',
      'What is the item number of the rubber seal?',
      'One little wheel came off, can I get only that piece?',
    ],
    validation: [
      'Is the brush of the old {product} the same as the new one?',
      'Are bags and filters for the {product} of {num} years ago still made?',
      'The rubber ring around the door is worn, please tell me the order number.',
      'The handle of my {product} broke off, I want to order just that.',
    ],
    test: [
      'A screw was missing from the bag of the {product}.',
      'Do cheap batteries from another maker fit the {product}?',
      'My dog chewed the remote for the {product}, where do I find a new one?',
      'I would like {num} dust bags for the {product}.',
      'The remote control of the {product} is lost, can I order another?',
      'Please send me one more shelf for the {product}.',
    ],
  },
  ja: {
    train: [
      '古い{product}のガラス皿はまだありますか。',
      '{product}の袋にねじが一本足りませんでした。',
      '{product}の棚板をもう一枚送ってください。',
      '古い{product}のブラシは新しいものと同じですか。',
      '{product}の替えのホースはいくらですか。',
      '{product}のふたを落として割り、もう一つ必要だ。',
      '{product}のフィルターはどのくらいで替えますか。',
      '{product}の取っ手が折れたので、それだけ注文したいです。',
      '他社の安い電池でも{product}に合いますか。',
      '{product}のふたはどこで買えますか。',
      '{product}に合うねじを{num}本売ってほしい。',
      '{num}年前の{product}の紙パックやフィルターは今も作っていますか。',
      'ゴムパッキンの品番は何ですか。',
      '扉のまわりのゴムが傷んだので、品番を教えてほしい。',
    ],
    validation: [
      '{product}のコードが切れました。単品で売っていますか。',
      '{product}のリモコンをなくしました。注文できますか。',
      '小さな車輪が一つ取れたが、それだけ手に入りますか。',
      '犬が{product}のリモコンをかんでしまい、新しいのが要る。',
    ],
    test: [
      '{product}の中の電球を探しています。',
      '{product}の紙パックを{num}枚ください。',
      '{product}に合う電池はどれですか。',
      '{product}のつまみだけ買えますか。',
      '{product}の充電器が壊れました。別売りはありますか。',
      '{product}の新しいフィルターがほしいです。',
    ],
  },
};
