import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the sales department. */
export const sales: DepartmentTemplates = {
  en: {
    train: [
      'My budget is {money}, which {product} is good?',
      'My mother is eighty and needs a {product} with simple buttons.',
      'How heavy is the lightest {product} you have?',
      'Is there something easy to use for my grandmother?',
      'Will the {product} become cheaper in {month}?',
      'What can I get for about {money} that is not noisy?',
      'I am looking for a quiet {product} for a small flat.',
      'Does this {product} work abroad?',
      'When does the new {product} come out?',
      'I want to give a {product} as a wedding present, any ideas?',
      'I cannot decide which {product} to buy.',
      'What size of {product} suits {num} people?',
      'Which {product} uses the least electricity?',
      'Please compare the cheap and the expensive {product} for me.',
    ],
    validation: [
      'What is the difference between the two {product} models?',
      'Do you sell a {product} that I can try before I decide?',
      'Does the {product} have a timer?',
      "Is the new {product} better than last year's model?",
    ],
    test: [
      'Do you have the {product} in red?',
      'Can I see the {product} in a showroom?',
      'Is the {product} in stock in {place}?',
      'I live alone and care about low power use, any suggestion?',
      'We are {num} at home, how big should our {product} be?',
      'Which {product} do you recommend for a family of {num}?',
    ],
  },
  ja: {
    train: [
      '祖母でも楽に扱えるものはありますか。',
      'この{product}は海外でも使えますか。',
      '{money}ほどで音の静かな品は何がありますか。',
      '予算は{money}です。どの{product}がいいですか。',
      '{num}人家族にはどの{product}がおすすめですか。',
      '新しい{product}はいつ発売ですか。',
      '二つの{product}の違いは何ですか。',
      '安い{product}と高い{product}を比べて説明してほしい。',
      'うちは{num}人ですが、{product}はどのくらいの大きさがよいでしょう。',
      '{place}の店に{product}の在庫はありますか。',
      '{product}は{month}に安くなりますか。',
      '新しい{product}は去年の機種より良いですか。',
      '{product}の赤はありますか。',
      'どの{product}を買うか決められません。',
    ],
    validation: [
      'その{product}にタイマーは付いていますか。',
      '{product}の実物を展示場で見られますか。',
      '結婚祝いに{product}を贈りたいのですが、何がいいでしょう。',
      '一人暮らしで消費電力の少ないものを選びたい。',
    ],
    test: [
      '八十歳の母でも使える簡単な{product}はありますか。',
      '電気代が一番安い{product}はどれですか。',
      '狭い部屋なので静かな{product}を探しています。',
      '一番軽い{product}は何キロですか。',
      '決める前に試せる{product}は売っていますか。',
      '{num}人ならどの大きさの{product}が合いますか。',
    ],
  },
};
