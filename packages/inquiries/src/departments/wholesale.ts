import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the wholesale department. */
export const wholesale: DepartmentTemplates = {
  en: {
    train: [
      'Our company wants to buy {num} {product}s, please send a quotation.',
      'We run a hotel and need a {product} for every room.',
      'Do you give discounts for orders of {num} or more?',
      'We would like to become a reseller of your {product}.',
      'Can our firm pay by invoice at the end of the month?',
      'Please have a sales representative visit our office in {place}.',
      'The school needs {num} units before {month}.',
      'What are your conditions for business customers?',
      'I would like to discuss a yearly contract for our {num} branches.',
      'Our purchasing department needs a written offer for the {product}.',
      'Can you print our company logo on the {product}?',
      'We are a clinic and want to lease {num} {product}s.',
      'Please register us as a corporate customer.',
      'Do you export the {product} to dealers in {place}?',
    ],
    validation: [
      'Please quote a price for {num} units of the {product}.',
      'Our restaurant chain is interested in your {product}.',
      'Could we meet on {day} about a partnership?',
      'We need the purchase order confirmed for {num} offices.',
    ],
    test: [
      'I manage a dormitory and have to equip {num} rooms.',
      'What would the unit price be if our firm took {num} of them?',
      'We are opening a second branch in {place} and want a framework agreement.',
      'Our store would love to stock your {product} on its shelves.',
      'The city hall asks for a formal offer covering {num} pieces.',
      'Who handles corporate clients who buy in large volumes?',
    ],
  },
  ja: {
    train: [
      '当社で{product}を{num}台購入したいので見積書をください。',
      'ホテルを経営しており、全室に{product}が必要です。',
      '{num}台以上の注文で割引はありますか。',
      '御社の{product}の代理店になりたいです。',
      '会社宛てに月末の請求書払いはできますか。',
      '{place}の事務所に営業の方に来ていただきたいです。',
      '学校で{month}までに{num}台必要です。',
      '法人向けの条件を教えてください。',
      '{num}支店分の年間契約について相談したいです。',
      '購買部に出す{product}の正式な見積もりが要ります。',
      '{product}に会社のロゴを入れられますか。',
      '医院ですが{product}を{num}台リースしたいです。',
      '法人として登録をお願いします。',
      '{place}の販売店に{product}を輸出していますか。',
    ],
    validation: [
      '{product}{num}台分の価格を出してください。',
      '弊社の飲食店で{product}の導入を考えています。',
      '提携の件で{day}にお会いできますか。',
      '{num}か所の事務所分の発注書を確認してください。',
    ],
    test: [
      '寮を管理しており、{num}部屋分をそろえる必要がある。',
      '弊社が{num}個まとめて買うと単価はどうなりますか。',
      '{place}に二つ目の支店を開くので、取引契約を結びたい。',
      '私どもの店の棚に御社の{product}を並べたい。',
      '役所に出すため{num}点分の正式な提案書がほしい。',
      '大量に買う企業の窓口はどなたですか。',
    ],
  },
};
