import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the wholesale department. */
export const wholesale: DepartmentTemplates = {
  en: {
    train: [
      'Please register us as a corporate customer.',
      'We would like to become a reseller of your {product}.',
      'Our store would love to stock your {product} on its shelves.',
      'Can our firm pay by invoice at the end of the month?',
      'What are your conditions for business customers?',
      'Please have a sales representative visit our office in {place}.',
      'Our restaurant chain is interested in your {product}.',
      'We are opening a second branch in {place} and want a framework agreement.',
      'We are a clinic and want to lease {num} {product}s.',
      'The city hall asks for a formal offer covering {num} pieces.',
      'We run a hotel and need a {product} for every room.',
      'The school needs {num} units before {month}.',
      'Can you print our company logo on the {product}?',
      'We need the purchase order confirmed for {num} offices.',
    ],
    validation: [
      'What would the unit price be if our firm took {num} of them?',
      'Who handles corporate clients who buy in large volumes?',
      'I manage a dormitory and have to equip {num} rooms.',
      'Please quote a price for {num} units of the {product}.',
    ],
    test: [
      'I would like to discuss a yearly contract for our {num} branches.',
      'Do you export the {product} to dealers in {place}?',
      'Our purchasing department needs a written offer for the {product}.',
      'Could we meet on {day} about a partnership?',
      'Our company wants to buy {num} {product}s, please send a quotation.',
      'Do you give discounts for orders of {num} or more?',
    ],
  },
  ja: {
    train: [
      '学校で{month}までに{num}台必要です。',
      '{num}支店分の年間契約について相談したいです。',
      '会社宛てに月末の請求書払いはできますか。',
      '法人として登録をお願いします。',
      '{place}の事務所に営業の方に来ていただきたいです。',
      '{num}台以上の注文で割引はありますか。',
      '{place}に二つ目の支店を開くので、取引契約を結びたい。',
      '法人向けの条件を教えてください。',
      '弊社が{num}個まとめて買うと単価はどうなりますか。',
      '私どもの店の棚に御社の{product}を並べたい。',
      '医院ですが{product}を{num}台リースしたいです。',
      '{product}{num}台分の価格を出してください。',
      '購買部に出す{product}の正式な見積もりが要ります。',
      'ホテルを経営しており、全室に{product}が必要です。',
    ],
    validation: [
      '寮を管理しており、{num}部屋分をそろえる必要がある。',
      '{num}か所の事務所分の発注書を確認してください。',
      '当社で{product}を{num}台購入したいので見積書をください。',
      '提携の件で{day}にお会いできますか。',
    ],
    test: [
      '大量に買う企業の窓口はどなたですか。',
      '役所に出すため{num}点分の正式な提案書がほしい。',
      '{place}の販売店に{product}を輸出していますか。',
      '弊社の飲食店で{product}の導入を考えています。',
      '御社の{product}の代理店になりたいです。',
      '{product}に会社のロゴを入れられますか。',
    ],
  },
};
