import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the billing department. */
export const billing: DepartmentTemplates = {
  en: {
    train: [
      'I lost the payment slip for the {product}, what now?',
      'Somebody charged me {money} and I have no idea what for.',
      'My credit card shows the same purchase two times.',
      'Please reissue the receipt in the name of my husband.',
      'I need a receipt for my tax return, order {order}.',
      'What date does the money leave my bank for the {product}?',
      'My monthly payment was taken even though I had paid in cash.',
      'You took {money} from my card two times on {day}.',
      'The tax on the invoice for the {product} looks wrong.',
      'Please correct the company name on my receipt.',
      'The receipt does not list the tax.',
      'Could you send the invoice for order {order} again?',
      'Please move the due date of this bill to the end of {month}.',
      'Why does my bill for {month} show {money} more than usual?',
    ],
    validation: [
      'Can I pay for the {product} in {num} instalments?',
      'Is there an extra fee when I pay at the convenience store?',
      'I was billed twice for the {product}, please check.',
      'I transferred {money} on {day}, but you sent me a reminder anyway.',
    ],
    test: [
      'When will the amount be debited from my bank?',
      'The payment page rejects my card every time.',
      'How do I switch from card to bank transfer?',
      'There is an unknown charge of {money} on my statement.',
      'I would like to spread the cost over {num} months.',
      'I settled invoice {order} last week, yet another reminder came.',
    ],
  },
  ja: {
    train: [
      'クレジットの明細に同じ買い物が二つ載っている。',
      '確定申告に使うので領収書をください。注文は{order}です。',
      '領収書に税額が書かれていません。',
      '{day}に振り込んだのに督促状が来ました。',
      '{product}の代金が二重に引き落とされています。',
      '費用を{num}か月に分けて納めたい。',
      '何の料金か分からないまま{money}取られた。',
      'カード払いから口座振替に変えたいです。',
      '{product}の請求書の消費税がおかしいです。',
      '引き落としはいつになりますか。',
      '明細に覚えのない{money}の引き落としがあります。',
      '{day}にカードから{money}が二度引かれています。',
      'コンビニ払いの手数料はかかりますか。',
      '夫の名義で領収書を出し直してほしい。',
    ],
    validation: [
      '支払い画面でカードが何度もはじかれます。',
      '{month}の請求額がいつもより{money}高いのはなぜですか。',
      '領収書の会社名を直してください。',
      '{product}は{num}回の分割で払えますか。',
    ],
    test: [
      '先週入金したのにまた請求の手紙が届いた。',
      '現金で払ったのに口座からも引かれました。',
      '支払いの期日を{month}の末まで待ってもらえますか。',
      '{product}の振込用紙をなくしてしまいました。',
      '{product}の代金はいつ銀行から落ちますか。',
      '注文{order}の請求書をもう一度送ってください。',
    ],
  },
};
