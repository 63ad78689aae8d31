import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the sales department. */
export const sales: DepartmentTemplates = {
  en: {
    train: [
      'Which {product} do you recommend for a family of {num}?',
      'What is the difference between the two {product} models?',
      'Is the {product} in stock in {place}?',
      'I am looking for a quiet {product} for a small flat.',
      'Which {product} uses the least electricity?',
      'Can I see the {product} in a showroom?',
      'My budget is {money}, which {product} is good?',
      'Does the {product} have a timer?',
      "Is the new {product} better than last year's model?",
      'My mother is eighty and needs a {product} with simple buttons.',
      'Do you have the {product} in red?',
      'When does the new {product} come out?',
      'What size of {product} suits {num} people?',
      'I want to give a {product} as a wedding present, any ideas?',
    ],
    validation: [
      'I cannot decide which {product} to buy.',
      'Does this {product} work abroad?',
      'How heavy is the lightest {product} you have?',
      'Will the {product} become cheaper in {month}?',
    ],
    test: [
      'We are {num} at home, how big should our {product} be?',
      'Is there something easy to use for my grandmother?',
      'Please compare the cheap and the expensive {product} for me.',
      'I live alone and care about low power use, any suggestion?',
      'Do you sell a {product} that I can try before I decide?',
      'What can I get for about {money} that is not noisy?',
    ],
  },
  ja: {
    train: [
      '{num}人家族にはどの{product}がおすすめですか。',
      '二つの{product}の違いは何ですか。',
      '{place}の店に{product}の在庫はありますか。',
      '狭い部屋なので静かな{product}を探しています。',
      '電気代が一番安い{product}はどれですか。',
      '{product}の実物を展示場で見られますか。',
      '予算は{money}です。どの{product}がいいですか。',
      'その{product}にタイマーは付いていますか。',
      '新しい{product}は去年の機種より良いですか。',
      '八十歳の母でも使える簡単な{product}はありますか。',
      '{product}の赤はありますか。',
      '新しい{product}はいつ発売ですか。',
      '{num}人ならどの大きさの{product}が合いますか。',
      '結婚祝いに{product}を贈りたいのですが、何がいいでしょう。',
    ],
    validation: [
      'どの{product}を買うか決められません。',
      'この{product}は海外でも使えますか。',
      '一番軽い{product}は何キロですか。',
      '{product}は{month}に安くなりますか。',
    ],
    test: [
      'うちは{num}人ですが、{product}はどのくらいの大きさがよいでしょう。',
      '祖母でも楽に扱えるものはありますか。',
      '安い{product}と高い{product}を比べて説明してほしい。',
      '一人暮らしで消費電力の少ないものを選びたい。',
      '決める前に試せる{product}は売っていますか。',
      '{money}ほどで音の静かな品は何がありますか。',
    ],
  },
};
